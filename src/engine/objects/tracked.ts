import { CO_FL_PRIVATE, type Connection } from './connection-t.ts';
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

/** `conn->flags |= CO_FL_PRIVATE`, which is for ever. */
export function markPrivate(conn: Connection): void {
  if (conn.srv && !conn.has(CO_FL_PRIVATE)) conn.srv.livePrivateConns++;
  conn.flags |= CO_FL_PRIVATE;
}

/** The connection exists. */
export function countAlive(conn: Connection): void {
  const { srv } = conn;
  if (!srv) return;
  srv.liveConns++;
  if (conn.has(CO_FL_PRIVATE)) srv.livePrivateConns++;
}

/** The connection is gone: nobody counts it any more, and it points to no session. */
export function countDead(conn: Connection): void {
  setOwner(conn, null);
  setIdleTime(conn, false);
  if (!conn.srv) return;
  conn.srv.liveConns--;
  if (conn.has(CO_FL_PRIVATE)) conn.srv.livePrivateConns--;
}
