import {
  CO_FL_IDLE_LIST,
  CO_FL_LIST_MASK,
  CO_FL_PRIVATE,
  CO_FL_SAFE_LIST,
  type Connection,
} from './connection-t.ts';
import { Crash } from './crash.ts';
import type { ConnList } from './list.ts';
import { rulesOf } from './rule.ts';
import { REUSE_NEVR, type Server } from './server-t.ts';
import type { World } from './world.ts';

const add = rulesOf('srv_add_to_idle_list', 'include/haproxy/server.h');
const REFUSE_NOT_SHAREABLE = add(
  'pool.refuse.not-shareable',
  '{0|the connection} is private, without a server, or under http-reuse never: not for the idle pool',
  'flags list idle safe',
);
const REFUSE_DISABLED = add(
  'pool.refuse.purge-delay',
  'pool-purge-delay is 0: {1|the server} keeps no idle connection',
  'flags list idle safe',
);
const REFUSE_HIGH_FDS = add(
  'pool.refuse.high-fds',
  'too many file descriptors are in use (pool-high-count): {1|the server} takes no idle connection',
  'flags list idle safe',
);
const REFUSE_FULL = add(
  'pool.refuse.full',
  '{1|the server} keeps pool-max-conn idle connections already',
  'flags list idle safe',
);
const REFUSE_NOT_NEEDED = add(
  'pool.refuse.not-needed',
  'the thread has an idle connection already, and {1|the server} is not estimated to need more',
  'flags list idle safe',
);
const REFUSE_STREAMS = add(
  'pool.refuse.no-room',
  '{0|the connection} has no room for a stream any more: not for the idle pool',
  'flags list idle safe',
);
const POOL_SAFE = add(
  'pool.add.safe',
  '{0|the connection} is proven by more than one request: it joins the end of the safe list of {1|the server}',
  'flags list safe curr_idle_conns curr_safe_nb curr_used_conns available',
);
const POOL_IDLE = add(
  'pool.add.idle',
  '{0|the connection} has served one request only: it joins the end of the idle list of {1|the server}',
  'flags list idle curr_idle_conns curr_idle_nb curr_used_conns available',
);

const cleanupIdle = rulesOf('srv_cleanup_idle_connections', 'src/server.c');
const PURGE_NOTHING = cleanupIdle(
  'purge.nothing-idle',
  '{0|the server} has no idle connection: nothing is reckoned',
  'max_used_conns est_need_conns',
);
const PURGE_NEEDED = cleanupIdle(
  'purge.needed',
  '{0|the server} needs what it has, used and idle together: nothing is removed',
  'idle safe max_used_conns est_need_conns',
);
const PURGE_EXCESS = cleanupIdle(
  'purge.excess',
  'half of what exceeds the need of {0|the server} goes to the removal lists ({1|some}), idle before safe',
  'list idle safe max_used_conns est_need_conns',
);

const cleanup = rulesOf('srv_cleanup_connections', 'src/server.c');
const CLEANUP_ALL = cleanup(
  'maintenance.remove-all',
  'all idle connections of {0|the server} go to the removal lists',
  'list idle safe',
);

const toremove = rulesOf('srv_cleanup_toremove_connections', 'src/server.c');
const TOREMOVE = toremove(
  'removal.destroy',
  '{0|a connection} of the thread’s removal list is destroyed',
  'conn',
);

const TOREMOVE_NOTHING = toremove(
  'removal.nothing',
  'the removal list of thread {0|the thread} is empty',
  'conn',
);

/** Why the server refuses an idle connection, or null; semantics 3.23. */
function refusal(w: World, srv: Server | null, conn: Connection, isSafe: boolean) {
  if (!srv || conn.has(CO_FL_PRIVATE) || srv.proxy.reuse === REUSE_NEVR) {
    return REFUSE_NOT_SHAREABLE;
  }
  if (srv.poolPurgeDelayMs <= 0) return REFUSE_DISABLED;
  if (w.usedFds >= w.poolHighCount) return REFUSE_HIGH_FDS;
  if (srv.maxIdleConns !== -1 && srv.maxIdleConns <= srv.currIdleConns) return REFUSE_FULL;
  const noSafe = (srv.safeConns?.[w.thread]?.length ?? 0) === 0;
  const noIdle = (srv.idleConns?.[w.thread]?.length ?? 0) === 0;
  // curr_used_conns still counts the connection itself.
  const total = (srv.currUsedConns + srv.currIdleConns) >>> 0;
  const wanted = (Math.max(srv.currUsedConns, srv.estNeedConns) + srv.lowIdleConns) >>> 0;
  const needed = w.usedFds < w.poolLowCount && total <= wanted;
  if (!(noSafe && (isSafe || noIdle)) && !needed) return REFUSE_NOT_NEEDED;
  const ctx = conn.ctx;
  if (ctx?.usedStreams() !== 0 || ctx.availStreams() === 0) return REFUSE_STREAMS;
  return null;
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
  const refused = refusal(w, srv, conn, isSafe);
  const list = (isSafe ? srv?.safeConns : srv?.idleConns)?.[w.thread];
  if (refused || !srv || !list) {
    w.log.decide(refused ?? REFUSE_FULL, conn, srv);
    call.ret = 0;
    return false;
  }
  w.log.decide(isSafe ? POOL_SAFE : POOL_IDLE, conn, srv);
  w.touch(srv);
  w.touch(conn);
  srv.currIdleConns = (srv.currIdleConns + 1) >>> 0;
  srv.currUsedConns = (srv.currUsedConns - 1) >>> 0;
  w.listDel(conn);
  conn.countedIdle = true;
  conn.flags = (conn.flags & ~CO_FL_LIST_MASK) | (isSafe ? CO_FL_SAFE_LIST : CO_FL_IDLE_LIST);
  w.listAppend(list, conn);
  if (isSafe) srv.currSafeNb = (srv.currSafeNb + 1) >>> 0;
  else srv.currIdleNb = (srv.currIdleNb + 1) >>> 0;
  srv.currIdleThr[w.thread] = ((srv.currIdleThr[w.thread] ?? 0) + 1) >>> 0;
  call.ret = 1;
  return true;
}

/**
 * srv_migrate_conns_to_remove, src/server.c: moves connections from the head of a list to the
 * end of a removal list. Flags and counters stay.
 *
 * @param quota how many at most; -1: all
 * @returns how many were moved
 */
function srvMigrateConnsToRemove(
  w: World,
  from: ConnList | undefined,
  to: ConnList | undefined,
  quota: number,
): number {
  if (!from || !to) throw new Crash('srv_migrate_conns_to_remove');
  let moved = 0;
  while (from.first && (quota === -1 || moved < quota)) {
    const conn = from.first.conn;
    w.listDel(conn);
    w.listAppend(to, conn);
    moved++;
  }
  return moved;
}

/** The threads, starting with the running one. */
export function threadsFromOwn(w: World): number[] {
  return Array.from({ length: w.nbthread }, (_, i) => (w.thread + i) % w.nbthread);
}

/** srv_cleanup_idle_connections, src/server.c, for one server; semantics 3.24 and 8.8. */
export function srvCleanupIdleConnections(w: World, srv: Server): void {
  const idle = srv.currIdleConns;
  if (idle === 0) {
    w.log.decide(PURGE_NOTHING, srv);
    return;
  }
  w.touch(srv);
  const need = Math.max(srv.maxUsedConns, srv.estNeedConns);
  const over = (srv.currUsedConns + idle - need) | 0;
  const exceed = Math.trunc(over / 2) + (over & 1);
  srv.estNeedConns = ((srv.estNeedConns + srv.maxUsedConns + 1) >>> 0) >>> 1;
  if (srv.estNeedConns < srv.maxUsedConns) srv.estNeedConns = srv.maxUsedConns;
  srv.maxUsedConns = srv.currUsedConns;
  if (exceed <= 0) {
    w.log.decide(PURGE_NEEDED, srv, over);
    return;
  }
  w.log.decide(PURGE_EXCESS, srv, exceed);
  for (const thread of threadsFromOwn(w)) {
    const share = Math.imul(exceed, srv.currIdleThr[thread] ?? 0) >>> 0;
    const quota = (Math.floor(share / idle) + 1) | 0;
    const to = w.toremove[thread];
    const moved = srvMigrateConnsToRemove(w, srv.idleConns?.[thread], to, quota);
    if (quota > moved) {
      srvMigrateConnsToRemove(w, srv.safeConns?.[thread], to, quota - moved);
    }
  }
}

/**
 * srv_cleanup_connections, src/server.c; semantics 3.24 and 8.9. With pool-max-conn 0 the lists
 * were never allocated, and are read all the same.
 */
export function srvCleanupConnections(w: World, srv: Server): void {
  w.log.decide(CLEANUP_ALL, srv);
  for (const thread of threadsFromOwn(w)) {
    const to = w.toremove[thread];
    srvMigrateConnsToRemove(w, srv.idleConns?.[thread], to, -1);
    srvMigrateConnsToRemove(w, srv.safeConns?.[thread], to, -1);
  }
}

/** srv_cleanup_toremove_connections, src/server.c: empties the running thread's removal list. */
export function srvCleanupToremoveConnections(w: World): void {
  const list = w.toremove[w.thread];
  if (!list?.first) w.log.decide(TOREMOVE_NOTHING, w.thread);
  while (list?.first) {
    const conn = list.first.conn;
    w.log.decide(TOREMOVE, conn);
    w.listDel(conn);
    conn.ctx?.mux.destroy(w, conn);
  }
}
