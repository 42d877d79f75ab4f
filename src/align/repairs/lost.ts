import { cloneWorld, step, type World } from '../../engine/index.ts';
import type { EventOf, TraceEvent } from '../../format/index.ts';
import type { Op, Repair } from './edit.ts';
import { add, connOf, connsOf, leaves, type Misfit, type Scene, streamsOn } from './scene.ts';

/*
 * Events that the capture may have lost: what let a connection go, what held one, what came over it.
 */

/** The names of streams that repairs add; no trace of an importer has such. */
const GHOST = 'guessed';
/** Connections that streams which no line shows hold at one place. */
const GHOSTS_MAX = 6;

/** Events that the capture may have lost just before a place. */
export function* addedBefore(misfit: Misfit, scene: Scene): Generator<Repair> {
  const { event, at } = misfit;
  const { world } = scene;
  yield* releases(misfit, scene);
  yield* ghostsOnOthers(misfit, scene);
  for (const id of connsOf(event)) {
    if (!world.connections.has(id)) continue;
    const streams = streamsOn(world, id);
    if (streams.length > 1) yield streams.map((strm) => leaves(at, world, strm));
    for (const strm of streams) yield [leaves(at, world, strm)];
    for (const set of ['SOCK_RD_SH', 'ERROR']) {
      yield [add(at, { event: 'conn_update', conn: id, set: [set] }, event.thread)];
    }
    yield [add(at, { event: 'conn_update', conn: id, clear: ['WAIT_XPRT'] }, event.thread)];
    yield* usedAgain(event, at, id);
  }
}

/** What was found instead goes, or moves behind the others, as often as it takes. */
function* releases({ event, at }: Misfit, { world, isUsedFrom }: Scene): Generator<Repair> {
  if (event.event !== 'connect_server') return;
  for (const way of ['mux_release', 'requeue'] as const) {
    const ops: Op[] = [];
    for (const gone of foundInstead(event, world, way)) {
      // What is used later has not gone.
      if (way === 'mux_release' && isUsedFrom(gone.conn, event)) break;
      ops.push(add(at, gone, event.thread));
      yield [...ops];
    }
  }
}

interface Gone {
  readonly event: string;
  readonly conn: string;
}

/** The connection that a stream finds in the place of what it claims; null for none. */
export function otherFound(event: EventOf<'connect_server'>, world: World): string | null {
  const claimed = event.expect?.reused === false ? null : connOf(event);
  const outcome = step(cloneWorld(world), event);
  const { conn = null, reused = false } = outcome.kind === 'done' ? outcome.returned : {};
  return conn === null || !reused || conn.id === claimed ? null : conn.id;
}

/** One after the other what is found in the place of what is claimed, and what lets it go. */
function* foundInstead(
  event: EventOf<'connect_server'>,
  world: World,
  way: 'mux_release' | 'requeue',
): Generator<Gone> {
  const w = cloneWorld(world);
  const met = new Set<string>();
  for (;;) {
    const conn = otherFound(event, w);
    if (conn === null || met.has(conn)) return;
    met.add(conn);
    const gone: Gone =
      way === 'mux_release'
        ? { event: 'mux_release', conn }
        : ({ event: 'conn_update', conn, requeue: true } as Gone);
    if (step(w, gone as TraceEvent).kind !== 'done') return;
    yield gone;
  }
}

/** Streams that no line shows hold what would be found instead, until this one has its own. */
function* ghostsOnOthers({ event, at }: Misfit, { world }: Scene): Generator<Repair> {
  if (event.event !== 'connect_server') return;
  const { sess, target, thread = 0, not_first = false } = event;
  const later = not_first ? { not_first } : {};
  const w = cloneWorld(world);
  const before: Op[] = [];
  const after: Op[] = [];
  for (let number = 1; number <= GHOSTS_MAX; number++) {
    const conn = otherFound(event, w);
    if (conn === null) return;
    const strm = `${GHOST}.${event.strm}.${number}`;
    const ghost = { event: 'connect_server', strm, sess, target, conn, ...later };
    if (step(w, { ...ghost, thread } as TraceEvent).kind !== 'done') return;
    before.push(add(at, ghost, thread));
    after.push(add(at + 1, { event: 'detach', strm }, thread));
    yield [...before, ...after];
  }
}

/** A later request has used the connection before, which makes it safe for any. */
function* usedAgain(event: TraceEvent, at: number, conn: string): Generator<Repair> {
  if (event.event !== 'connect_server') return;
  const { sess, target, thread } = event;
  const strm = `${GHOST}.${event.strm}`;
  const ghost = { event: 'connect_server', strm, sess, target, conn, not_first: true };
  yield [add(at, ghost, thread), add(at, { event: 'detach', strm }, thread)];
}

/** Streams that no line shows use a server while another one leaves it, ever more of them. */
export function* ghostsAround(
  end: number,
  event: TraceEvent,
  connect: EventOf<'connect_server'>,
): Generator<Repair> {
  const { sess, target, strm } = connect;
  const before: Op[] = [];
  const after: Op[] = [];
  for (let number = 1; number <= GHOSTS_MAX; number++) {
    const ghost = `${GHOST}.${strm}.${number}`;
    const gets = { event: 'connect_server', strm: ghost, sess, target };
    before.push(add(end, gets, event.thread));
    after.push(add(end + 1, { event: 'detach', strm: ghost }, event.thread));
    yield [...before, ...after];
  }
}
