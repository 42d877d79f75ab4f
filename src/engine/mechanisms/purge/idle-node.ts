import { Impossible } from '../../objects/crash.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';

/*
 * 3c923d075: `idle_conn_srv` is a tree per thread, of the servers that have pooled a connection there
 * since the last pass of the thread, or have kept some over it; releases R11.
 */

const JOINS = rulesOf('srv_add_to_idle_list', 'src/server.c')(
  'pool.add.scheduled.thread',
  '{0|the server} was not in the purge tree of [thread {1}|this thread]: it joins it, and is due after pool-purge-delay',
  'purge_due',
);

const pass = rulesOf('srv_cleanup_idle_conns', 'src/server.c');
const LEAVES = pass(
  'purge.leaves.thread',
  '{0|the server} leaves the purge tree of [thread {1}|this thread], where nothing of it is idle any more',
  'purge_due',
);
const STAYS = pass(
  'purge.stays.thread',
  '{0|the server} goes back into the purge tree of [thread {1}|this thread], as it has idle connections there[ ({2})]',
  'purge_due',
);

/** When a pass is due: what is known of one thread is not of all. */
function dueAt(w: World, srv: Server): number | true {
  if (w.nbthread > 1 || w.at === null || w.at === true) return true;
  return w.at + srv.poolPurgeDelayMs;
}

/** The server has pooled a connection on the running thread; it was touched before. */
export function joinThread(w: World, srv: Server): void {
  if (srv.inPurgeTrees[w.thread] === 1) return;
  srv.inPurgeTrees[w.thread] = 1;
  srv.purgeDue = dueAt(w, srv);
  w.log.decide(JOINS, srv, w.thread);
}

/**
 * Sees to it that a pass of a thread can come over the server: it is in the tree of the thread.
 *
 * @throws Impossible when it cannot: the fault is the trace's
 */
export function expectScheduledOn(srv: Server, thread: number): void {
  if (srv.inPurgeTrees[thread] === 1) return;
  throw new Impossible(
    `${srv.id} is not in the purge tree of thread ${thread}, so no pass of it comes over ${srv.id}: a connection that the thread pools there puts it into the tree`,
    true,
  );
}

/**
 * The pass of the running thread is over.
 *
 * @param idle how many connections of the server are idle on the thread now
 */
export function leaveThread(w: World, srv: Server, idle: number): void {
  if (idle > 0) {
    w.log.decide(STAYS, srv, w.thread, idle);
    srv.purgeDue = dueAt(w, srv);
    return;
  }
  w.log.decide(LEAVES, srv, w.thread);
  srv.inPurgeTrees[w.thread] = 0;
  if (!srv.inPurgeTrees.includes(1)) srv.purgeDue = null;
  srv.purgeLeft = w.clock;
}

/** Ids of the rules of this file. */
export const IDLE_NODE_RULES: readonly string[] = [JOINS.id, LEAVES.id, STAYS.id];
