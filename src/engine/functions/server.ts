import {
  CO_FL_IDLE_LIST,
  CO_FL_LIST_MASK,
  CO_FL_PRIVATE,
  CO_FL_SAFE_LIST,
  type Connection,
} from '../objects/connection-t.ts';
import { type Rule, rulesOf } from '../objects/rule.ts';
import { REUSE_NEVR, type Server } from '../objects/server-t.ts';
import type { Operand } from '../objects/step-log.ts';
import { setIdleTime } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';

/** What a server that refuses a connection decides: neither its flags nor the counters change. */
const NOT_POOLED = 'list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb';

const add = rulesOf('srv_add_to_idle_list', 'include/haproxy/server.h');
const REFUSE_NOT_SHAREABLE = add(
  'pool.refuse.not-shareable',
  '{0|the connection} {2|is private, without a server, or under http-reuse never}: not for the idle pool',
  NOT_POOLED,
);
const REFUSE_DISABLED = add(
  'pool.refuse.purge-delay',
  'pool-purge-delay is 0: {1|the server} keeps no idle connection',
  NOT_POOLED,
);
const REFUSE_HIGH_FDS = add(
  'pool.refuse.high-fds',
  '{2|too many} file descriptors are in use, pool-high-count is {3|not more}: {1|the server} takes no idle connection',
  NOT_POOLED,
);
const REFUSE_FULL = add(
  'pool.refuse.full',
  '{1|the server} keeps {2|enough} idle connections, and pool-max-conn is {3|not more}: {0|this one} is refused',
  NOT_POOLED,
);
const REFUSE_NOT_NEEDED = add(
  'pool.refuse.not-needed',
  'this thread keeps an idle connection already, and {1|the server} has {2|enough} connections, used and idle, where {3|fewer} are needed: {0|this one} is refused',
  NOT_POOLED,
);
const REFUSE_LOW_FDS = add(
  'pool.refuse.low-fds',
  'this thread keeps an idle connection already, and {2|many} file descriptors are in use (pool-low-count {3|is not more}): {0|this one} is refused',
  NOT_POOLED,
);
const REFUSE_STREAMS = add(
  'pool.refuse.no-room',
  '{0|the connection} cannot serve again[ (streams in use: {2}, free: {3})]: not for the idle pool',
  NOT_POOLED,
);
const POOL_SAFE = add(
  'pool.add.safe',
  '{0|the connection} joins the end of the safe list of {1|the server} (multiplexed, or a later request than its first): {2|it is wanted}',
  'conn list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb curr_used_conns',
);
const POOL_IDLE = add(
  'pool.add.idle',
  '{0|the connection} joins the end of the idle list of {1|the server} (it has served one request only): {2|it is wanted}',
  'conn list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb curr_used_conns',
);

const toremove = rulesOf('srv_cleanup_toremove_connections', 'src/server.c');
const TOREMOVE = toremove(
  'removal.destroy',
  '{0|a connection} of the thread’s removal list is destroyed',
  'conn list',
);

const TOREMOVE_NOTHING = toremove(
  'removal.nothing',
  'the removal list of [thread {0}|the running thread] is empty',
  'conn@all',
);

/** Whether the server is open to idle connections like this one at all; semantics 3.23. */
function isOpen(w: World, srv: Server | null, conn: Connection): srv is Server {
  const no = (rule: Rule, first: Operand, second?: Operand): false => {
    w.log.decide(rule, conn, srv, first, second);
    return false;
  };
  if (conn.has(CO_FL_PRIVATE)) return no(REFUSE_NOT_SHAREABLE, 'is private');
  if (!srv) return no(REFUSE_NOT_SHAREABLE, 'goes to no server');
  if (srv.proxy.reuse === REUSE_NEVR) return no(REFUSE_NOT_SHAREABLE, 'is under http-reuse never');
  if (srv.poolPurgeDelayMs <= 0) return no(REFUSE_DISABLED, srv.poolPurgeDelayMs);
  if (w.usedFds >= w.poolHighCount) return no(REFUSE_HIGH_FDS, w.usedFds, w.poolHighCount);
  if (srv.maxIdleConns !== -1 && srv.maxIdleConns <= srv.currIdleConns) {
    return no(REFUSE_FULL, srv.currIdleConns, srv.maxIdleConns);
  }
  return true;
}

/** Why the server takes an idle connection of this thread, or null; semantics 3.23. */
function admission(w: World, srv: Server, conn: Connection, isSafe: boolean): string | null {
  const { pool } = w.rules;
  const isFirst =
    pool.isEmpty(srv, w.thread, true) && (isSafe || pool.isEmpty(srv, w.thread, false));
  // curr_used_conns still counts the connection itself.
  const total = (srv.currUsedConns + srv.currIdleConns) >>> 0;
  const wanted = (Math.max(srv.currUsedConns, srv.estNeedConns) + srv.lowIdleConns) >>> 0;
  if (!isFirst && w.usedFds >= w.poolLowCount) {
    w.log.decide(REFUSE_LOW_FDS, conn, srv, w.usedFds, w.poolLowCount);
    return null;
  }
  if (!isFirst && total > wanted) {
    w.log.decide(REFUSE_NOT_NEEDED, conn, srv, total, wanted);
    return null;
  }
  const used = conn.ctx?.usedStreams() ?? null;
  const free = conn.ctx?.availStreams() ?? 0;
  if (used !== 0 || free === 0) {
    w.log.decide(REFUSE_STREAMS, conn, srv, used, free);
    return null;
  }
  return isFirst ? 'this thread keeps none as good' : 'the server needs more than it has';
}

/**
 * srv_add_to_idle_list, include/haproxy/server.h; semantics 3.23. The owner is not touched.
 *
 * @param isSafe the connection has proven to survive a first request
 * @returns false when the server refuses: the caller then destroys the connection
 */
export function srvAddToIdleList(
  w: World,
  srv: Server | null,
  conn: Connection,
  isSafe: boolean,
): boolean {
  const call = w.enter('srv_add_to_idle_list', conn, null, srv, isSafe ? 1 : 0);
  const why = isOpen(w, srv, conn) ? admission(w, srv, conn, isSafe) : null;
  if (!srv || why === null || !w.rules.pool.hasPlaces(srv)) {
    call.ret = 0;
    return false;
  }
  w.log.decide(isSafe ? POOL_SAFE : POOL_IDLE, conn, srv, why);
  w.touch(srv);
  w.touch(conn);
  srv.currIdleConns = (srv.currIdleConns + 1) >>> 0;
  srv.currUsedConns = (srv.currUsedConns - 1) >>> 0;
  w.listDel(conn);
  setIdleTime(conn, true);
  conn.flags = (conn.flags & ~CO_FL_LIST_MASK) | (isSafe ? CO_FL_SAFE_LIST : CO_FL_IDLE_LIST);
  w.rules.pool.addIdle(w, srv, conn, isSafe);
  if (isSafe) srv.currSafeNb = (srv.currSafeNb + 1) >>> 0;
  else srv.currIdleNb = (srv.currIdleNb + 1) >>> 0;
  srv.currIdleThr[w.thread] = ((srv.currIdleThr[w.thread] ?? 0) + 1) >>> 0;
  w.rules.purge.schedule(w, srv);
  call.ret = 1;
  return true;
}

/** The threads, starting with the running one. */
export function threadsFromOwn(w: World): number[] {
  return Array.from({ length: w.nbthread }, (_, i) => (w.thread + i) % w.nbthread);
}

/** srv_cleanup_toremove_connections, src/server.c: empties the running thread's removal list. */
export function srvCleanupToremoveConnections(w: World): void {
  const list = w.toremove[w.thread];
  if (!list?.first) w.log.decide(TOREMOVE_NOTHING, w.thread);
  while (list?.first) {
    const conn = list.first.conn;
    w.log.decide(TOREMOVE, conn);
    w.unlink(list.first);
    conn.ctx?.mux.destroy(w, conn);
  }
}
