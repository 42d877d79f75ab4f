import type { Purge } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { expectScheduledOn, IDLE_NODE_RULES, joinThread, leaveThread } from './idle-node.ts';
import { cleanupAll, quotaOf, reckonExcess } from './srv-cleanup.ts';

const pass = rulesOf('srv_cleanup_idle_conns', 'src/server.c');
const NEEDED = pass(
  'purge.needed.per-thread',
  '{0|the server} has {1|some} connections used and {2|some} idle, and needs {3|no fewer}: nothing is removed',
  'idle safe max_used_conns est_need_conns',
);
const EXCESS = pass(
  'purge.excess.per-thread',
  '{0|the server} has {1|some} connections used and {2|some} idle, and needs {3|fewer}: half of the excess, {4|at least one}, is to go, of which this thread takes its share, the oldest first',
  'idle safe max_used_conns est_need_conns',
);

/** A pass of the running thread, which looks at no other; releases R11. */
function cleanupIdle(w: World, srv: Server): void {
  expectScheduledOn(srv, w.thread);
  w.touch(srv);
  const excess = reckonExcess(w, srv, { needed: NEEDED, excess: EXCESS });
  if (excess !== null) w.rules.pool.migrate(w, srv, w.thread, quotaOf(srv, w.thread, excess));
  const left = srv.idleConnList?.[w.thread]?.length ?? 0;
  leaveThread(w, srv, left);
}

/** 3c923d075, `srv_per_thread.idle_node`: each thread has a purge of its own. */
export const perThreadPurge: Purge = {
  name: 'srv_per_thread.idle_node',
  says: 'each thread goes over the servers that it has pooled connections of, and takes its share of what exceeds the need from its own',
  rules: [NEEDED.id, EXCESS.id, ...IDLE_NODE_RULES],
  perThread: true,
  schedule: joinThread,
  cleanupIdle,
  cleanupAll,
};
