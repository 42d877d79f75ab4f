import type { EventOf, TraceEvent } from '../../format/index.ts';
import { AHEAD } from './bounds.ts';
import type { Repair } from './edit.ts';
import { ghostsAround } from './lost.ts';
import { connsOf, type Misfit, type Scene } from './scene.ts';

/*
 * A connection ends where it cannot have, or lives on where it ended.
 */

type Detach = EventOf<'detach'>;

/** Repairs of the place where a connection goes that is used later on. */
export function* aroundLoss({ event, at, lost }: Misfit, scene: Scene): Generator<Repair> {
  if (lost.length === 0) return;
  if (event.event === 'detach') {
    yield* keptIdle(event, at);
    yield* busier(at, at, scene);
    yield* ghosts(at, event, scene);
  } else if (event.event !== 'session_free') yield [{ op: 'drop', at }];
}

/** The place where a connection went that should be there still. */
export function* aroundEnd({ event, at }: Misfit, scene: Scene): Generator<Repair> {
  const { events, oldest, freedAt } = scene;
  for (const id of connsOf(event)) {
    const end = freedAt.get(id);
    if (end === undefined || end < oldest || end >= at || scene.world.connections.has(id)) continue;
    const ended = events[end];
    if (ended === undefined) continue;
    yield [{ op: 'move', from: end, before: at }];
    if (ended.event !== 'detach') yield [{ op: 'drop', at: end }];
    yield* busier(end, at, scene);
    if (ended.event !== 'detach') continue;
    yield* keptIdle(ended, end);
    yield* ghosts(end, ended, scene);
  }
}

/** The exchange was complete, and the connection waits for the next one. */
function* keptIdle(event: Detach, at: number): Generator<Repair> {
  const { strm, thread, source, note, expect, at: when } = event;
  const kept = { event: 'detach', at: when, thread, strm, note, source, expect };
  const told = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  if (Object.keys(told).length === Object.keys(event).length) return;
  yield [{ op: 'amend', at, event: told as TraceEvent }];
}

/** A stream left what is no more without an exchange that was complete. */
export function* notKept({ event, at, differences }: Misfit, { world }: Scene): Generator<Repair> {
  const isGone = differences.some(
    ({ subject: { kind }, expected }) => kind === 'conn' && expected === null,
  );
  if (!isGone || event.event !== 'detach') return;
  const mux = world.streams.get(event.strm)?.conn.ctx?.mux.name;
  if (mux === 'h1') {
    yield [{ op: 'amend', at, event: { ...event, idle: false, shutdown: true } }];
  }
}

/** More streams use the server at that place: they came earlier, or left later. */
function* busier(end: number, at: number, { events, oldest }: Scene): Generator<Repair> {
  for (let place = end - 1; place >= Math.max(oldest, end - AHEAD); place--) {
    if (events[place]?.event === 'detach') yield [{ op: 'move', from: place, before: end + 1 }];
  }
  const last = Math.min(events.length, at + AHEAD);
  for (let place = end + 1; place < last; place++) {
    if (events[place]?.event === 'connect_server') yield [{ op: 'move', from: place, before: end }];
  }
}

/** Streams that no line shows use the server meanwhile. */
function* ghosts(end: number, event: Detach, { events, oldest }: Scene): Generator<Repair> {
  const first = Math.max(0, oldest - AHEAD);
  const connect = events
    .slice(first, end)
    .findLast((each) => each.event === 'connect_server' && each.strm === event.strm);
  if (connect?.event === 'connect_server') yield* ghostsAround(end, event, connect);
}
