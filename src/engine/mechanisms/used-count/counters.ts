import { CO_FL_SAFE_LIST, type Connection } from '../../objects/connection-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';

/** What conn_free says of a connection that no server counts. */
export const FREE_NO_SERVER = rulesOf('conn_free', 'include/haproxy/connection.h')(
  'conn.free.no-server',
  '{0|the connection} is freed; it goes to a backend, and no server counted it',
);

/**
 * A server counts one idle connection less, on the thread that runs: after a failed takeover that
 * is not the one that counted it.
 */
export function uncountIdle(w: World, srv: Server, conn: Connection): void {
  srv.currIdleConns = (srv.currIdleConns - 1) >>> 0;
  if (conn.has(CO_FL_SAFE_LIST)) srv.currSafeNb = (srv.currSafeNb - 1) >>> 0;
  else srv.currIdleNb = (srv.currIdleNb - 1) >>> 0;
  srv.currIdleThr[w.thread] = ((srv.currIdleThr[w.thread] ?? 0) - 1) >>> 0;
}

/** A server counts one used connection more, and perhaps as the most that it had or needs. */
export function countUsed(srv: Server): void {
  srv.currUsedConns = (srv.currUsedConns + 1) >>> 0;
  srv.maxUsedConns = Math.max(srv.maxUsedConns, srv.currUsedConns);
  srv.estNeedConns = Math.max(srv.estNeedConns, srv.currUsedConns);
}

/** A server counts one used connection less. */
export function uncountUsed(srv: Server): void {
  srv.currUsedConns = (srv.currUsedConns - 1) >>> 0;
}
