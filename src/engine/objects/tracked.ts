import type { Connection } from './connection-t.ts';
import type { Session } from './session-t.ts';

/*
 * The fields of a connection that the invariants count elsewhere. Each is written here only, so
 * that the count follows.
 */

/** `conn->owner = owner`: looks at no list. */
export function setOwner(conn: Connection, owner: Session | null): void {
  const link = conn.ownerLink;
  link.list?.remove(link);
  conn.owner = owner;
  owner?.owned.append(link);
}

/** `conn->idle_time` is set, or zeroed. */
export function setIdleTime(conn: Connection, isIdle: boolean): void {
  const { srv } = conn;
  if (srv && isIdle !== conn.countedIdle) srv.liveIdleConns += isIdle ? 1 : -1;
  conn.countedIdle = isIdle;
}

/** The connection exists. */
export function countAlive({ srv }: Connection): void {
  if (srv) srv.liveConns++;
}

/** The connection is gone: nobody counts it any more, and it points to no session. */
export function countDead(conn: Connection): void {
  setOwner(conn, null);
  setIdleTime(conn, false);
  if (conn.srv) conn.srv.liveConns--;
}
