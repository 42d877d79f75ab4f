import { Impossible } from '../../objects/crash.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';

/*
 * `idle_conn_srv`, the tree of the servers that the purge has to look at, by the time at which each
 * is due. A server joins it when it pools a connection and is not in it; the pass takes it out, and
 * may put it back.
 */

const SCHEDULED = rulesOf('srv_add_to_idle_list', 'include/haproxy/server.h')(
  'pool.add.scheduled',
  '{0|the server} was not in the purge tree: it joins it, and is due [in {2} ms, at {1}|after pool-purge-delay]',
  'purge_due',
);

const passRule = rulesOf('srv_cleanup_idle_connections', 'src/server.c');
const LEAVES = passRule(
  'purge.leaves',
  '{0|the server} leaves the purge tree, as {1|nothing keeps it there}: it comes back when it pools a connection',
  'purge_due',
);
const STAYS = passRule(
  'purge.stays',
  '{0|the server} goes back into the purge tree, due [at {1}|pool-purge-delay from now]: [thread {2}|a thread] has lost some, and its idle connections[, {3},] were more than its share[ of {4}]',
  'purge_due',
);
const STAYS_IDLE = passRule(
  'purge.stays.idle',
  '{0|the server} goes back into the purge tree, due [at {1}|pool-purge-delay from now], as it has idle connections[ ({2})]',
  'purge_due',
);

/** `now_ms` and a delay are often that close to a whole millisecond that a pass is told 1 ms early. */
const ROUNDING_MS = 1;

/** A thread that has lost connections to a pass, and keeps more than its share. */
export interface Keeper {
  readonly thread: number;
  readonly idle: number;
  readonly share: number;
}

function dueText(due: number | true): number | string {
  return due === true ? 'a time that the trace does not tell' : due;
}

/** The server is inserted with the key now + pool-purge-delay. */
function insert(w: World, srv: Server): number | true {
  const due = w.at === null || w.at === true ? true : w.at + srv.poolPurgeDelayMs;
  srv.purgeDue = due;
  return due;
}

/** The server has pooled a connection; it was touched before. */
export function schedule(w: World, srv: Server): void {
  if (srv.purgeDue !== null) return;
  const due = insert(w, srv);
  w.log.decide(SCHEDULED, srv, dueText(due), srv.poolPurgeDelayMs);
}

/**
 * Sees to it that the pass can come: the server is in the tree.
 *
 * @throws Impossible when it cannot: the fault is the trace's
 */
export function expectScheduled({ purgeDue, purgeLeft, id }: Server): void {
  if (purgeDue === null) {
    const since =
      purgeLeft === 0
        ? `no connection was ever pooled there; the first one puts it into the tree`
        : `it left the tree at step ${purgeLeft}; the next connection that is pooled there puts it back`;
    throw new Impossible(
      `${id} is not in the purge tree, so no pass comes over it: ${since}`,
      true,
    );
  }
}

/**
 * Sees to it that the pass can come: the server is in the tree, and is due.
 *
 * @throws Impossible when it cannot: the fault is the trace's
 */
export function expectDue(w: World, srv: Server): void {
  expectScheduled(srv);
  const { purgeDue: due } = srv;
  if (due === null || due === true || w.at === null || w.at === true || w.at >= due - ROUNDING_MS)
    return;
  throw new Impossible(
    `the pass over ${srv.id} comes at ${w.at}, and is due at ${due} only: pool-purge-delay (${srv.poolPurgeDelayMs} ms) after the server joined the purge tree`,
    true,
  );
}

/** The pass is over, and the server out of the tree. */
export function leave(w: World, srv: Server, why: string): void {
  w.log.decide(LEAVES, srv, why);
  srv.purgeDue = null;
  srv.purgeLeft = w.clock;
}

/** The pass is over, and the server back in the tree, for a thread that keeps enough. */
export function stay(w: World, srv: Server, { thread, idle, share }: Keeper): void {
  const due = insert(w, srv);
  w.log.decide(STAYS, srv, dueText(due), thread, idle, share);
}

/** 21b9ff59b: the pass is over, and the server back in the tree, as anything is idle. */
export function stayWhileIdle(w: World, srv: Server): void {
  const due = insert(w, srv);
  w.log.decide(STAYS_IDLE, srv, dueText(due), srv.currIdleConns);
}
