import { threadsFromOwn } from '../../functions/server.ts';
import type { Purge } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import {
  expectDue,
  expectScheduled,
  type Keeper,
  leave,
  schedule,
  stay,
  stayWhileIdle,
} from './idle-conn-srv.ts';

const idleRule = rulesOf('srv_cleanup_idle_connections', 'src/server.c');
const PURGE_NOTHING = idleRule(
  'purge.nothing-idle',
  '{0|the server} has no idle connection: nothing is reckoned',
  'idle safe max_used_conns est_need_conns',
);
const PURGE_NEEDED = idleRule(
  'purge.needed',
  '{0|the server} has {1|some} connections used and {2|some} idle, and needs {3|no fewer}: nothing is removed',
  'idle safe max_used_conns est_need_conns',
);
const PURGE_EXCESS = idleRule(
  'purge.excess',
  '{0|the server} has {1|some} connections used and {2|some} idle, and needs {3|fewer}: half of the excess, {4|at least one}, is to go, shared among the threads, idle before safe',
  'idle safe max_used_conns est_need_conns',
);
const PURGE_NEEDED_AGAIN = idleRule(
  'purge.needed.again',
  '{0|the server} has {1|some} connections used and {2|some} idle, and needs {3|no fewer}: nothing is removed, and it is looked at again for as long as it has idle ones',
  'idle safe max_used_conns est_need_conns',
);
const PURGE_EXCESS_AGAIN = idleRule(
  'purge.excess.again',
  '{0|the server} has {1|some} connections used and {2|some} idle, and needs {3|fewer}: half of the excess, {4|at least one}, is to go, shared among the threads, idle before safe; it is looked at again for as long as it has idle ones',
  'idle safe max_used_conns est_need_conns',
);

const allRule = rulesOf('srv_cleanup_connections', 'src/server.c');
const CLEANUP_ALL = allRule(
  'maintenance.remove-all',
  'all idle connections of {0|the server} go to the removal lists',
  'idle safe',
);

const CLEANUP_NO_POOL = allRule(
  'maintenance.no-pool',
  '{0|the server} keeps no idle connection (pool-max-conn 0): nothing is asked to go',
  'idle safe',
);

/** srv_cleanup_idle_connections, src/server.c, for one server; semantics 3.24 and 8.8. */
function cleanupIdle(w: World, srv: Server): void {
  w.touch(srv);
  const idle = srv.currIdleConns;
  if (idle === 0) {
    w.log.decide(PURGE_NOTHING, srv);
    leave(w, srv, 'nothing is idle');
    return;
  }
  const need = Math.max(srv.maxUsedConns, srv.estNeedConns);
  const used = srv.currUsedConns;
  const over = (used + idle - need) | 0;
  const exceed = Math.trunc(over / 2) + (over & 1);
  // 21b9ff59b: the last idle connections are to go as well.
  const isUp = w.rules.purgeNeed === 'rounded-up';
  const up = isUp ? 1 : 0;
  srv.estNeedConns = ((srv.estNeedConns + srv.maxUsedConns + up) >>> 0) >>> 1;
  if (srv.estNeedConns < srv.maxUsedConns) srv.estNeedConns = srv.maxUsedConns;
  srv.maxUsedConns = srv.currUsedConns;
  if (exceed <= 0) {
    w.log.decide(isUp ? PURGE_NEEDED : PURGE_NEEDED_AGAIN, srv, used, idle, need);
    reschedule(w, srv, isUp, null, 'nothing had to go');
    return;
  }
  w.log.decide(isUp ? PURGE_EXCESS : PURGE_EXCESS_AGAIN, srv, used, idle, need, exceed);
  const { pool } = w.rules;
  let keeper: Keeper | null = null;
  for (const thread of threadsFromOwn(w)) {
    const here = srv.currIdleThr[thread] ?? 0;
    const share = Math.imul(exceed, here) >>> 0;
    const quota = (Math.floor(share / idle) + 1) | 0;
    const moved = pool.migrate(w, srv, thread, quota);
    // What waits for its removal is counted as well. C compares both as unsigned.
    if (moved > 0 && quota >>> 0 < here) keeper ??= { thread, idle: here, share: quota };
  }
  reschedule(w, srv, isUp, keeper, 'no thread had more idle connections than its share');
}

/** What becomes of the server at the end of a pass that has found something idle. */
function reschedule(
  w: World,
  srv: Server,
  isUp: boolean,
  keeper: Keeper | null,
  otherwise: string,
): void {
  // 21b9ff59b: for as long as it has any.
  if (!isUp) stayWhileIdle(w, srv);
  else if (keeper !== null) stay(w, srv, keeper);
  else leave(w, srv, otherwise);
}

/** srv_cleanup_connections, src/server.c; semantics 3.24. */
function cleanupAll(w: World, srv: Server): void {
  if (srv.maxIdleConns === 0 && w.rules.cleanupOfNoPool === 'returns') {
    w.log.decide(CLEANUP_NO_POOL, srv);
    return;
  }
  w.log.decide(CLEANUP_ALL, srv);
  for (const thread of threadsFromOwn(w)) w.rules.pool.migrateAll(w, srv, thread);
}

/** srv_cleanup_idle_connections and srv_cleanup_connections: one task for all threads. */
export const srvCleanup: Purge = {
  name: 'srv_cleanup_idle_connections',
  says: 'one task goes over the servers, and takes from each thread its share of what exceeds the need',
  rules: [],
  schedule,
  cleanupIdle(w, srv) {
    expectDue(w, srv);
    cleanupIdle(w, srv);
  },
  cleanupAll,
};

/**
 * The same under the name that d8aa21a61 gave it. `now_ms`, by which a server is due, is as old as the
 * round of polling, and recordings of the releases from here on tell passes 150 ms early: that a pass
 * is early is no reason to doubt it.
 */
export const srvCleanupIdleConns: Purge = {
  ...srvCleanup,
  name: 'srv_cleanup_idle_conns',
  says: 'one task goes over the servers, and takes from each thread its share of what exceeds the need; it may come a round of polling early',
  cleanupIdle(w, srv) {
    expectScheduled(srv);
    cleanupIdle(w, srv);
  },
};
