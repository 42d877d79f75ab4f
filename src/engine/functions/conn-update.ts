import type { EventOf } from '../../format/index.ts';
import { IO_FLAGS } from '../../state/co-fl.ts';
import {
  CO_FL_LIST_MASK,
  CO_FL_SAFE_LIST,
  type Connection,
  MUX_FL_ALL,
} from '../objects/connection-t.ts';
import { Impossible } from '../objects/crash.ts';
import { rulesOf } from '../objects/rule.ts';
import type { World } from '../objects/world.ts';
import { MultiplexedContext } from './mux/multiplexed.ts';
import { H1c } from './mux/mux-h1.ts';
import { H2c } from './mux/mux-h2.ts';

const io = rulesOf('conn_fd_handler', 'src/connection.c');
const UPDATED = io(
  'io.update',
  'the outside world changed flags of {0|the connection}, or what its mux has seen',
);
const LIMITED = io(
  'io.limits',
  'the peer of {0|the connection} has changed what it takes, or went away[ (streams free now: {1})]',
  'avail_streams',
);

const process = rulesOf('h2_process', 'src/mux_h2.c');
const UNLINKED = process(
  'io.unlink',
  '{0|the connection} is in error or read shut with streams left: it leaves the {1|available} list',
  'list toremove',
  'leaves-list',
);

const STAYS_AVAILABLE = process(
  'io.unlink.available',
  '{0|the connection} is in error or read shut with streams left, and no idle list is to lose it: it stays where it is until somebody looks it up',
  'list',
);

const requeue = rulesOf('h1_io_cb', 'src/mux_h1.c');
const REQUEUED = requeue(
  'io.requeue',
  'I/O is over on {0|the connection}: it goes to the end of the {1|idle or safe} list, which its flag names',
  'list toremove',
);

const ALL_FLAGS = ~0;

const WAITS_FOR_REMOVAL = requeue(
  'io.requeue.removal',
  'I/O is over on {0|the connection}, which waits to be removed: it stays there',
  'list toremove',
);

type ConnUpdate = Omit<EventOf<'conn_update'>, 'event' | 'conn'>;

/** The outside world changes a connection; semantics 3.22, 8.4 and 8.5. */
export function connUpdate(w: World, conn: Connection, update: ConnUpdate): void {
  const refused = refusal(conn, update);
  if (refused) throw new Impossible(refused);
  w.touch(conn);
  noteHandshake(w, conn, update);
  const seen = w.rules.muxErrors === 'own' ? ALL_FLAGS : ~MUX_FL_ALL;
  for (const flag of update.set ?? []) conn.flags |= IO_FLAGS[flag] & seen;
  for (const flag of update.clear ?? []) conn.flags &= ~(IO_FLAGS[flag] & seen);
  const { ctx } = conn;
  if (ctx instanceof MultiplexedContext) {
    ctx.nbStreams = update.nb_streams ?? ctx.nbStreams;
    ctx.streamsLimit = update.streams_limit ?? ctx.streamsLimit;
    ctx.goaway = update.goaway ?? ctx.goaway;
    ctx.failed = update.mux_error ?? ctx.failed;
  } else if (ctx instanceof H1c) {
    ctx.csError = update.mux_error ?? ctx.csError;
  }
  if (ctx instanceof MultiplexedContext && limits(update)) {
    w.log.decide(LIMITED, conn, ctx.availStreams());
  } else if (!update.unlink && !update.requeue) {
    w.log.decide(UPDATED, conn);
  }
  if (update.unlink) {
    unlinkInError(w, conn);
  }
  if (update.requeue) w.rules.idleIo.connIo(w, conn, { via: 'io', released: false });
}

/** h2_process, src/mux_h2.c, on error or read0 while streams remain; semantics 3.22, releases R6.2. */
function unlinkInError(w: World, conn: Connection): void {
  if (w.rules.errorUnlinks === 'pooled' && !conn.has(CO_FL_LIST_MASK)) {
    w.log.decide(STAYS_AVAILABLE, conn);
    return;
  }
  const left = conn.list.list ?? (w.rules.pool.agesArePending ? conn.toremoveList.list : null);
  w.log.decide(UNLINKED, conn, left?.name);
  w.listDel(conn);
}

/** What the update tells of the handshake: whether it is over, or that something came over it. */
function noteHandshake(w: World, conn: Connection, update: ConnUpdate): void {
  const { set, clear, streams_limit, goaway } = update;
  if (set?.includes('WAIT_XPRT') || clear?.includes('WAIT_XPRT')) w.tellsHandshakes = true;
  const hasFrames = streams_limit !== undefined || goaway === true;
  if (hasFrames) conn.proven = true;
}

/** Whether an update can change how many streams a multiplexed connection takes. */
function limits({ nb_streams, streams_limit, goaway, mux_error }: ConnUpdate): boolean {
  return [nb_streams, streams_limit, goaway, mux_error].some((input) => input !== undefined);
}

/** Why the connection cannot have changed like that, or null. */
function refusal(conn: Connection, update: ConnUpdate): string | null {
  const { ctx } = conn;
  const mux = ctx ? `has the mux ${ctx.mux.name}` : 'has no mux';
  const counts = update.nb_streams !== undefined || update.streams_limit !== undefined;
  if (counts && !(ctx instanceof MultiplexedContext)) {
    return `${conn.id} ${mux}, which neither counts nor limits its streams`;
  }
  if (update.goaway && !(ctx instanceof H2c)) return `${conn.id} ${mux}, which knows no GOAWAY`;
  if (update.mux_error && (!ctx || ctx.mux.name === 'pt')) {
    return `${conn.id} ${mux}, which knows no error of its own`;
  }
  if (update.requeue && !conn.has(CO_FL_LIST_MASK)) {
    return `${conn.id} has neither SAFE_LIST nor IDLE_LIST: no list to go back to`;
  }
  return null;
}

/** The end of an I/O callback on a pooled connection, src/mux_h1.c and its siblings. It must be pooled. */
export function requeueToPool(w: World, conn: Connection): void {
  const { srv } = conn;
  if (w.rules.ioOnRemoval === 'ignored' && conn.toremoveList.linked) {
    // 3a7b539b1: it is marked as pooled, and is not.
    w.log.decide(WAITS_FOR_REMOVAL, conn);
    return;
  }
  if (!srv || !w.rules.pool.hasPlaces(srv)) {
    throw new Error(`connection ${conn.id} is flagged as pooled where no pool exists`);
  }
  const isSafe = conn.has(CO_FL_SAFE_LIST);
  w.log.decide(REQUEUED, conn, isSafe ? 'safe' : 'idle');
  w.listDel(conn);
  w.rules.pool.addIdle(w, srv, conn, isSafe);
}
