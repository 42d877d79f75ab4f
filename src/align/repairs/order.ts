import { AHEAD } from './bounds.ts';
import type { Repair } from './edit.ts';
import { connOf, connsOf, type Misfit, type Scene, streamsOn, strmOf } from './scene.ts';
import { isTestimony } from './testimony.ts';

/** How far an event is exchanged with those beside it, whatever they are. */
const BESIDE = 12;

/** Events that stand on the wrong side of the place. */
export function* moves({ event, at, lost }: Misfit, scene: Scene): Generator<Repair> {
  const { events, oldest, world } = scene;
  const conns = [...connsOf(event), ...lost];
  const streams = new Set(conns.flatMap((id) => streamsOn(world, id)));
  const last = Math.min(events.length - 1, at + AHEAD);
  for (let place = at + 1; place <= last; place++) {
    const each = events[place];
    if (each === undefined) continue;
    const concerns =
      streams.has(strmOf(each) ?? '') || conns.includes(connOf(each) ?? '') || place <= at + BESIDE;
    if (!concerns) continue;
    yield [{ op: 'move', from: place, before: at }];
    yield [{ op: 'move', from: at, before: place + 1 }];
  }
  for (let place = at - 1; place >= Math.max(oldest, at - BESIDE); place--) {
    yield [{ op: 'move', from: at, before: place }];
    yield [{ op: 'move', from: place, before: at + 1 }];
  }
}

/** What tells of the outside world only, and can be left out. */
const OUTSIDE: ReadonlySet<string> = new Set([
  ...['mux_release', 'conn_update', 'conn_create_mux', 'conn_io', 'stream_destroy'],
  ...['http_wait_for_response', 'srv_cleanup_idle_connections', 'srv_cleanup_connections'],
  'srv_cleanup_toremove_connections',
]);

/** Events that did not happen. */
export function* drops({ event, at }: Misfit, { events, oldest, world }: Scene): Generator<Repair> {
  const strm = strmOf(event);
  const isDetached = event.event === 'detach' && strm !== null && !world.streams.has(strm);
  if (OUTSIDE.has(event.event) || isDetached) yield [{ op: 'drop', at }];
  else if (event.event !== 'session_new' && !isTestimony(event)) yield [{ op: 'drop', at }];
  const conns = connsOf(event);
  for (let place = at - 1; place >= oldest; place--) {
    const each = events[place];
    if (each === undefined || !OUTSIDE.has(each.event)) continue;
    if (connsOf(each).some((id) => conns.includes(id))) yield [{ op: 'drop', at: place }];
  }
}
