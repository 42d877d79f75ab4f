import { CO_FL_LIST_MASK, CO_FL_XPRT_READY, type Connection } from '../objects/connection-t.ts';
import { Crash } from '../objects/crash.ts';
import type { ConnList } from '../objects/list.ts';
import { rulesOf } from '../objects/rule.ts';
import {
  REUSE_AGGR,
  REUSE_ALWS,
  REUSE_NEVR,
  reuseName,
  type Server,
  type Target,
  whyNever,
} from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import { setIdleTime } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';
import { threadsFromOwn } from './server.ts';

const lookup = rulesOf('connect_server', 'src/backend.c');
const SESSION_NO_ENTRY = lookup(
  'connect.session.no-entry',
  '{0|the session} lists no connection to {1|this target}',
  'reused conn',
);
const SESSION_NOT_READY = lookup(
  'connect.session.not-ready',
  '{1|the session} lists {0|a connection}, which {2|has no transport or no mux}: passed over',
  'reused conn',
);
const SESSION_NO_STREAM = lookup(
  'connect.session.no-stream',
  '{1|the session} lists {0|a connection}, which has no stream free (in use: {2|all}, free: {3|none}): passed over',
  'reused conn',
);
const SESSION_NONE_USABLE = lookup(
  'connect.session.none-usable',
  'of the connections that {0|the session} lists to {1|this target} none can take a stream',
  'reused conn',
);
const SESSION_FOUND = lookup(
  'connect.session.found',
  '{0|a connection} is the first that {1|the session} lists to {2|this target} with a stream free: it serves, whatever the reuse mode',
  'reused conn used_streams',
);
const POOL_NO_SERVER = lookup(
  'connect.pool.no-server',
  'the target {0|} is a backend, not a server: there is no pool',
  'reused conn',
);
const POOL_AVAILABLE = lookup(
  'connect.pool.available',
  '{0|a connection} heads the available list of {1|the server}: it is taken, first request or not (http-reuse {2|not never})',
  'reused conn available list used_streams',
);
const POOL_EMPTY = lookup(
  'connect.pool.empty',
  '{0|the server} has nothing available on this thread, and nothing idle',
  'reused conn',
);
const POOL_NEVER = lookup(
  'connect.pool.never',
  '{1|http-reuse never}: the connections of {0|the server} are not looked at',
  'reused conn',
);
const POOL_LATER_REQUEST = lookup(
  'connect.pool.later-request',
  'not the first request of its client: {0|the server} is asked for an idle connection, then for a safe one (it keeps {1|some} idle, {2|some} safe)',
  'reused conn calls',
);
const POOL_SAFE = lookup(
  'connect.pool.safe',
  'a first request under http-reuse {1|aggressive or always}: {0|the server} is asked for a safe connection and no other (it keeps {2|some} idle, {3|some} safe)',
  'reused conn calls',
);
const POOL_IDLE = lookup(
  'connect.pool.idle',
  'a first request under http-reuse always, and no safe connection at all: {0|the server} is asked for an idle one (it keeps {1|some})',
  'reused conn calls',
);
const POOL_FIRST_REQUEST = lookup(
  'connect.pool.first-request',
  'a first request under http-reuse {1|safe or aggressive}: of what {0|the server} keeps ({2|some} idle, {3|some} safe) it may have none',
  'reused conn',
);

const get = rulesOf('conn_backend_get', 'src/backend.c');
const GET_OWN = get(
  'backend-get.own',
  '{0|the connection} is the oldest in the {2|} list that {1|the server} has on this thread: it moves to the available list',
  'reused conn idle safe flags list curr_idle_conns curr_idle_nb curr_safe_nb',
);
const GET_NOT_SHARED = get(
  'backend-get.not-shared',
  'this thread has none of {0|the server}, and threads do not share their pools (tune.idle-pool.shared off)',
  'reused conn',
);
const GET_SPARE = get(
  'backend-get.spare',
  'this thread has none of {0|the server}, which keeps too few to take one from another thread (idle: {1|fewer}, pool-low-conn {2|}; descriptors: {3|fewer}, pool-low-count {4|})',
  'reused conn',
);
const GET_TAKEOVER = get(
  'backend-get.takeover',
  '{0|the connection} is taken over from thread {2|}, the oldest there of {1|the server} that can be: it moves to the available list here',
  'reused conn idle safe flags list curr_idle_conns curr_idle_nb curr_safe_nb',
);
const GET_TAKEOVER_FAILED = get(
  'backend-get.takeover-failed',
  'the takeover runs out of memory and frees {0|the connection} while the search still holds its list element: an endless loop',
  'crash',
);
const GET_NONE = get(
  'backend-get.none',
  'this thread has none of {0|the server}, and no other thread that is visited has one to take over',
  'reused conn',
);

/** connect_server, step 2: the first usable connection of the session's first matching entry. */
export function sessionLookup(w: World, sess: Session, target: Target): Connection | null {
  const entry = sess.srvList.find((e) => e.target === target);
  if (!entry) {
    w.log.decide(SESSION_NO_ENTRY, sess, target.id);
    return null;
  }
  for (let node = entry.connList.first; node; node = node.next) {
    const conn = node.conn;
    const { ctx } = conn;
    if (!conn.has(CO_FL_XPRT_READY) || !ctx) {
      w.log.decide(SESSION_NOT_READY, conn, sess, ctx ? 'has its transport closed' : 'has no mux');
    } else if (ctx.availStreams() > 0) {
      w.log.decide(SESSION_FOUND, conn, sess, target.id);
      return conn;
    } else {
      w.log.decide(SESSION_NO_STREAM, conn, sess, ctx.usedStreams(), ctx.availStreams());
    }
  }
  w.log.decide(SESSION_NONE_USABLE, sess, target.id);
  return null;
}

/** What connect_server found in the server's pool. */
export interface PoolFind {
  readonly conn: Connection | null;
  /** It was idle (`reuse_orphan`), not in the available list. */
  readonly wasIdle: boolean;
  /** An idle list was asked, so whatever serves now was not counted as used before. */
  readonly wasUnused: boolean;
}

/** connect_server, step 3: the available list, then the idle lists by mode and request. */
export function poolLookup(w: World, target: Target, mode: number, notFirst: boolean): PoolFind {
  const srv = target.kind === 'srv' ? target : null;
  const nothing = { conn: null, wasIdle: false, wasUnused: false };
  if (!srv) {
    w.log.decide(POOL_NO_SERVER, target.id);
    return nothing;
  }
  const available = srv.availableConns[w.thread]?.first;
  if (available && mode !== REUSE_NEVR) {
    w.log.decide(POOL_AVAILABLE, available.conn, srv, reuseName(mode));
    return { conn: available.conn, wasIdle: false, wasUnused: false };
  }
  if (srv.currIdleConns === 0 || mode === REUSE_NEVR) {
    if (mode === REUSE_NEVR) w.log.decide(POOL_NEVER, srv, whyNever(target));
    else w.log.decide(POOL_EMPTY, srv);
    return nothing;
  }
  let conn: Connection | null;
  if (notFirst && (srv.currIdleNb + srv.currSafeNb) >>> 0 > 0) {
    w.log.decide(POOL_LATER_REQUEST, srv, srv.currIdleNb, srv.currSafeNb);
    conn = connBackendGet(w, srv, false);
  } else if ((notFirst || mode >= REUSE_AGGR) && srv.currSafeNb > 0) {
    w.log.decide(POOL_SAFE, srv, reuseName(mode), srv.currIdleNb, srv.currSafeNb);
    conn = connBackendGet(w, srv, true);
  } else if (mode === REUSE_ALWS && srv.currIdleNb > 0) {
    w.log.decide(POOL_IDLE, srv, srv.currIdleNb);
    conn = connBackendGet(w, srv, false);
  } else {
    w.log.decide(POOL_FIRST_REQUEST, srv, reuseName(mode), srv.currIdleNb, srv.currSafeNb);
    return nothing;
  }
  if (conn) conn.flags &= ~CO_FL_LIST_MASK;
  return { conn, wasIdle: conn !== null, wasUnused: true };
}

/** A connection that conn_backend_get found, and where. */
interface Found {
  readonly conn: Connection;
  readonly isSafe: boolean;
  readonly thread: number;
}

/** conn_backend_get, src/backend.c; semantics 3.11 and 8.11, 8.12, 8.23. */
function connBackendGet(w: World, srv: Server, isSafe: boolean): Connection | null {
  const call = w.enter('conn_backend_get', null, null, srv, isSafe ? 1 : 0);
  const found = takeOwn(w, srv, isSafe) ?? takeOver(w, srv, isSafe);
  if (!found) {
    call.ret = null;
    return null;
  }
  const { conn, thread } = found;
  w.touch(srv);
  w.touch(conn);
  w.listDel(conn);
  setIdleTime(conn, false);
  srv.nextTakeover = (thread + 1) % w.nbthread;
  srv.currIdleConns = (srv.currIdleConns - 1) >>> 0;
  srv.currIdleThr[thread] = ((srv.currIdleThr[thread] ?? 0) - 1) >>> 0;
  if (found.isSafe) srv.currSafeNb = (srv.currSafeNb - 1) >>> 0;
  else srv.currIdleNb = (srv.currIdleNb - 1) >>> 0;
  const available = srv.availableConns[w.thread];
  if (available) w.listAppend(available, conn);
  call.ret = conn;
  return conn;
}

/** conn_backend_get, step 1: the head of the thread's own list. */
function takeOwn(w: World, srv: Server, isSafe: boolean): Found | null {
  const own = (list: readonly ConnList[] | null) => list?.[w.thread]?.first?.conn;
  const first = own(isSafe ? srv.safeConns : srv.idleConns);
  const conn = first ?? (srv.currSafeNb > 0 ? own(srv.safeConns) : undefined);
  if (!conn) return null;
  w.log.decide(GET_OWN, conn, srv, conn.list.list?.name ?? null);
  return { conn, isSafe: isSafe || !first, thread: w.thread };
}

/**
 * conn_backend_get, steps 2 to 4: other threads, round robin from the one after next_takeover,
 * which itself is never visited.
 */
function takeOver(w: World, srv: Server, isSafe: boolean): Found | null {
  if (!w.idlePoolShared) {
    w.log.decide(GET_NOT_SHARED, srv);
    return null;
  }
  if (srv.currIdleConns < srv.lowIdleConns && w.usedFds < w.poolLowCount) {
    w.log.decide(GET_SPARE, srv, srv.currIdleConns, srv.lowIdleConns, w.usedFds, w.poolLowCount);
    return null;
  }
  const after = (thread: number) => (thread + 1) % w.nbthread;
  for (let i = after(srv.nextTakeover); i !== srv.nextTakeover; i = after(i)) {
    if (i === w.thread || (srv.currIdleThr[i] ?? 0) === 0) continue;
    const first = firstTakenOver(w, (isSafe ? srv.safeConns : srv.idleConns)?.[i]);
    const conn = first ?? (srv.currSafeNb > 0 ? firstTakenOver(w, srv.safeConns?.[i]) : undefined);
    if (conn) {
      w.log.decide(GET_TAKEOVER, conn, srv, i);
      return { conn, isSafe: isSafe || !first, thread: i };
    }
  }
  w.log.decide(GET_NONE, srv);
  return null;
}

/**
 * The takeover operation of h1, h2 and fcgi on the first connection of a list that has one. When
 * its task or tasklet cannot be allocated it releases the connection on the wrong thread, while
 * the search still holds the list element; semantics 6.12.
 */
function firstTakenOver(w: World, list: ConnList | undefined): Connection | undefined {
  for (let node = list?.first ?? null; node; node = node.next) {
    const { conn } = node;
    if (!conn.ctx?.mux.takesOver) continue;
    if (w.alloc('takeover')) return conn;
    w.log.decide(GET_TAKEOVER_FAILED, conn);
    conn.listBusy = true;
    conn.ctx.mux.release(w, conn);
    throw new Crash('conn_free');
  }
  return undefined;
}

const pressure = rulesOf('connect_server', 'src/backend.c');
const PRESSURE_OWN = pressure(
  'connect.pressure.own',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}: {0|the connection}, oldest in the idle list of this thread, is destroyed',
  'conn idle curr_idle_conns curr_idle_nb',
);
const PRESSURE_OTHER = pressure(
  'connect.pressure.other-thread',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}: {0|a connection} of thread {3|} goes to the removal list there',
  'list idle safe',
);
const PRESSURE_NONE = pressure(
  'connect.pressure.none',
  '{1|too many} file descriptors are in use, pool-high-count is {2|lower}, but {0|the server} has nothing idle that could be closed',
  'idle safe',
);

/** connect_server, step 5: file descriptor pressure costs the server an idle connection. */
export function killIdleUnderPressure(w: World, srv: Server | null): void {
  if (w.usedFds <= w.poolHighCount || !srv?.idleConns) return;
  const own = srv.idleConns[w.thread]?.first?.conn;
  if (own) {
    w.log.decide(PRESSURE_OWN, own, w.usedFds, w.poolHighCount);
    w.listDel(own);
    own.ctx?.mux.destroy(w, own);
    return;
  }
  for (const thread of threadsFromOwn(w).slice(1)) {
    const other = srv.idleConns[thread]?.first?.conn ?? srv.safeConns?.[thread]?.first?.conn;
    const toremove = w.toremove[thread];
    if (other && toremove) {
      w.log.decide(PRESSURE_OTHER, other, w.usedFds, w.poolHighCount, thread);
      w.listDel(other);
      w.listAppend(toremove, other);
      return;
    }
  }
  w.log.decide(PRESSURE_NONE, srv, w.usedFds, w.poolHighCount);
}
