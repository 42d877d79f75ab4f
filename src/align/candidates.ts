import { cloneWorld, step, viewConn, type World } from '../engine/index.ts';
import type { EventOf, TraceEvent } from '../format/index.ts';
import { AHEAD } from './bounds.ts';
import type { Op, Repair } from './edit.ts';

/** A place at which a trace does not fit. */
export interface Misfit {
  readonly event: TraceEvent;
  readonly at: number;
}

/** What surrounds it. */
export interface Scene {
  readonly events: readonly TraceEvent[];
  /** The first place that a repair may change. */
  readonly oldest: number;
  /** The state before the event of the place. */
  readonly world: World;
  /** Where connections went that are no more. */
  readonly freedAt: ReadonlyMap<string, number>;
  /** Connections that events name: a trace can say something of these only. */
  readonly named: Set<string>;
}

/** How far an event is exchanged with those beside it, whatever they are. */
const BESIDE = 12;
/** The names of streams that repairs add; no trace of an importer has such. */
export const GHOST = 'guessed';

export function add(before: number, event: object): Op {
  return { op: 'add', before, event: event as TraceEvent };
}

/** A connection that an event is about: the one that it names. */
export function connOf(event: TraceEvent): string | null {
  return 'conn' in event && typeof event.conn === 'string' ? event.conn : null;
}

/** Ids of connections that an event says something of, named or expected. */
function connsOf(event: TraceEvent): string[] {
  const named = connOf(event);
  return [...(named === null ? [] : [named]), ...Object.keys(event.expect?.conn ?? {})];
}

export function streamsOn(world: World, id: string): readonly string[] {
  const conn = world.connections.get(id);
  return conn === undefined ? [] : viewConn(world, conn).streams;
}

function strmOf(event: TraceEvent): string | null {
  return 'strm' in event ? event.strm : null;
}

/** Repairs of a place that may do, those that cost least first, the likely ones before others. */
export function* candidatesFor(misfit: Misfit, scene: Scene): Generator<Repair> {
  const seen = new Set<string>();
  const all = [
    ...addedBefore(misfit, scene),
    ...aroundEnd(misfit, scene),
    ...challenges(misfit, scene),
    ...moves(misfit, scene),
    ...drops(misfit, scene),
  ];
  const cheapest = all.toSorted((one, other) => one.length - other.length);
  for (const repair of [...cheapest, ...pairs(cheapest)]) {
    const key = JSON.stringify(repair);
    if (seen.has(key) || !repair.every((op) => canBeSaid(op, scene))) continue;
    seen.add(key);
    yield repair;
  }
}

/** Whether a trace has names for what an event that is added is about. */
export function canBeSaid(op: Op, { named }: Pick<Scene, 'named'>): boolean {
  const conn = op.op === 'add' ? connOf(op.event) : null;
  return conn === null || named.has(conn);
}

/** Two repairs of one part each at a time. */
function* pairs(cheapest: readonly Repair[]): Generator<Repair> {
  const singles = cheapest.filter(({ length }) => length === 1);
  for (const [at, one] of singles.entries()) {
    for (const other of singles.slice(at + 1)) yield [...one, ...other];
  }
}

/** Events that the capture may have lost just before the place. */
function* addedBefore(misfit: Misfit, scene: Scene): Generator<Repair> {
  const { event, at } = misfit;
  const { world } = scene;
  yield* releases(misfit, scene);
  for (const id of connsOf(event)) {
    if (!world.connections.has(id)) continue;
    const streams = streamsOn(world, id);
    if (streams.length > 1) yield streams.map((strm) => add(at, { event: 'detach', strm }));
    for (const strm of streams) yield [add(at, { event: 'detach', strm })];
    for (const set of ['SOCK_RD_SH', 'ERROR']) {
      yield [add(at, { event: 'conn_update', conn: id, set: [set] })];
    }
    yield [add(at, { event: 'conn_update', conn: id, clear: ['WAIT_XPRT'] })];
    yield* usedAgain(event, at, id);
  }
}

/** What was found instead goes, or moves behind the others, as often as it takes. */
function* releases({ event, at }: Misfit, { events, world }: Scene): Generator<Repair> {
  if (event.event !== 'connect_server') return;
  const claimed = event.expect?.reused === false ? null : connOf(event);
  const later = usedFrom(at, events);
  for (const way of ['mux_release', 'requeue'] as const) {
    const ops: Op[] = [];
    for (const gone of foundInstead(event, world, claimed, way)) {
      // What is used later has not gone.
      if (way === 'mux_release' && later.has(gone.conn)) break;
      ops.push(add(at, gone));
      yield [...ops];
    }
  }
}

/** Connections that a stream is on at a place or behind it. */
function usedFrom(at: number, events: readonly TraceEvent[]): Set<string> {
  const used = new Set<string>();
  for (let place = at; place < events.length; place++) {
    const event = events[place];
    const conn = event?.event === 'connect_server' ? connOf(event) : null;
    if (conn !== null) used.add(conn);
  }
  return used;
}

/** One after the other what is found in the place of what is claimed, and what lets it go. */
export function* foundInstead(
  event: TraceEvent,
  world: World,
  claimed: string | null,
  way: 'mux_release' | 'requeue',
): Generator<{ readonly event: string; readonly conn: string }> {
  const w = cloneWorld(world);
  const met = new Set<string>();
  for (;;) {
    const outcome = step(cloneWorld(w), event);
    const { conn = null, reused = false } = outcome.kind === 'done' ? outcome.returned : {};
    if (conn === null || !reused || conn.id === claimed || met.has(conn.id)) return;
    met.add(conn.id);
    const gone =
      way === 'mux_release'
        ? { event: 'mux_release', conn: conn.id }
        : { event: 'conn_update', conn: conn.id, requeue: true };
    if (step(w, gone as TraceEvent).kind !== 'done') return;
    yield gone;
  }
}

/** A later request has used the connection before, which makes it safe for any. */
function* usedAgain(event: TraceEvent, at: number, conn: string): Generator<Repair> {
  if (event.event !== 'connect_server') return;
  const { sess, target } = event;
  const strm = `${GHOST}.${event.strm}`;
  yield [
    add(at, { event: 'connect_server', strm, sess, target, conn, not_first: true }),
    add(at, { event: 'detach', strm }),
  ];
}

/** The place where a connection went that should be there still. */
function* aroundEnd({ event, at }: Misfit, scene: Scene): Generator<Repair> {
  const { events, oldest, freedAt } = scene;
  for (const id of connsOf(event)) {
    const end = freedAt.get(id);
    if (end === undefined || end < oldest || end >= at || scene.world.connections.has(id)) continue;
    const ended = events[end];
    if (ended === undefined) continue;
    yield [{ op: 'move', from: end, before: at }];
    if (ended.event !== 'detach') yield [{ op: 'drop', at: end }];
    yield* busier(end, at, scene);
    if (ended.event === 'detach') yield* ghostAround(end, ended, events);
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

/** A stream that no line shows uses the server meanwhile. */
function* ghostAround(
  end: number,
  { strm }: EventOf<'detach'>,
  events: readonly TraceEvent[],
): Generator<Repair> {
  const connect = events
    .slice(0, end)
    .findLast((each) => each.event === 'connect_server' && each.strm === strm);
  if (connect?.event !== 'connect_server') return;
  const { sess, target } = connect;
  const ghost = `${GHOST}.${strm}`;
  yield [
    add(end, { event: 'connect_server', strm: ghost, sess, target }),
    add(end + 1, { event: 'detach', strm: ghost }),
  ];
}

/** What makes a connection private comes, or does not, before the stream leaves it. */
function* challenges({ event, at }: Misfit, { events, oldest, world }: Scene): Generator<Repair> {
  const strm = strmOf(event);
  const headers = { 'WWW-Authenticate': ['NTLM'] };
  const challenge = (by: string) => ({
    ...{ event: 'http_wait_for_response', strm: by, status: 401, headers },
  });
  if (event.event === 'detach' && strm !== null) yield [add(at, challenge(strm))];
  for (const id of connsOf(event)) {
    for (const by of streamsOn(world, id)) yield [add(at, challenge(by))];
    const users = new Set<string>();
    for (let place = at; place >= oldest; place--) {
      const each = events[place];
      if (each?.event === 'connect_server' && each.conn === id) users.add(each.strm);
    }
    for (let place = at; place >= oldest; place--) {
      const each = events[place];
      if (each === undefined || !users.has(strmOf(each) ?? '')) continue;
      if (each.event === 'detach') yield [add(place, challenge(each.strm))];
      if (each.event === 'http_wait_for_response') yield [{ op: 'drop', at: place }];
    }
  }
}

/** Events that stand on the wrong side of the place. */
function* moves({ event, at }: Misfit, { events, oldest, world }: Scene): Generator<Repair> {
  const conns = connsOf(event);
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
function* drops({ event, at }: Misfit, { events, oldest, world }: Scene): Generator<Repair> {
  const strm = strmOf(event);
  const isDetached = event.event === 'detach' && strm !== null && !world.streams.has(strm);
  if (OUTSIDE.has(event.event) || isDetached) yield [{ op: 'drop', at }];
  const conns = connsOf(event);
  for (let place = at - 1; place >= oldest; place--) {
    const each = events[place];
    if (each === undefined || !OUTSIDE.has(each.event)) continue;
    if (connsOf(each).some((id) => conns.includes(id))) yield [{ op: 'drop', at: place }];
  }
}
