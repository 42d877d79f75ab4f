import { CO_FL_PRIVATE, CO_FL_SESS_IDLE, type Connection } from './connection-t.ts';
import type { Server, Target } from './server-t.ts';
import { type Session, SessSrvList } from './session-t.ts';
import type { World } from './world.ts';

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

/** `conn->flags |= CO_FL_SESS_IDLE`, or `&= ~CO_FL_SESS_IDLE`. */
export function setSessIdle(conn: Connection, isIdle: boolean): void {
  const { srv } = conn;
  const changes = isIdle !== conn.has(CO_FL_SESS_IDLE);
  if (srv && changes && !conn.freed) srv.liveSessIdleConns += isIdle ? 1 : -1;
  conn.flags = isIdle ? conn.flags | CO_FL_SESS_IDLE : conn.flags & ~CO_FL_SESS_IDLE;
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
  if (conn.has(CO_FL_SESS_IDLE)) srv.liveSessIdleConns++;
}

/** The connection is gone: nobody counts it any more, and it points to no session. */
export function countDead(conn: Connection): void {
  setOwner(conn, null);
  setIdleTime(conn, false);
  if (!conn.srv) return;
  conn.srv.liveConns--;
  if (conn.has(CO_FL_PRIVATE)) conn.srv.livePrivateConns--;
  if (conn.has(CO_FL_SESS_IDLE)) conn.srv.liveSessIdleConns--;
}

/*
 * The entries of sessions come and go here only, so that a server that knows of those for itself
 * knows of all of them. The session was touched before.
 */

/** A session gets an entry for a target, the last of its list. */
export function addEntry(w: World, sess: Session, target: Target): SessSrvList {
  const entry = new SessSrvList(sess, target);
  entry.tid = w.thread;
  sess.srvList.push(entry);
  if (target.kind === 'srv' && w.rules.sessionConns.serversKnow) {
    w.touch(target);
    target.sessConns.push(entry);
  }
  return entry;
}

/** The entry of a session for a target, a new one if there is none; null when that cannot be allocated. */
export function allocEntry(w: World, sess: Session, target: Target): SessSrvList | null {
  const known = sess.srvList.find((entry) => entry.target === target);
  if (known) return known;
  if (!w.alloc('sess_srv_list')) return null;
  w.touch(sess);
  return addEntry(w, sess, target);
}

/** An entry is freed. */
export function freeEntry(w: World, entry: SessSrvList): void {
  const { sess, target } = entry;
  const at = sess.srvList.indexOf(entry);
  if (at !== -1) sess.srvList.splice(at, 1);
  if (target.kind === 'srv') forgetEntry(w, entry, target);
}

/** All entries of a session are freed. */
export function freeEntries(w: World, sess: Session): void {
  for (const entry of sess.srvList) {
    const { target } = entry;
    if (target.kind === 'srv') forgetEntry(w, entry, target);
  }
  sess.srvList.length = 0;
}

/** A server knows of an entry no more. */
export function forgetEntry(w: World, entry: SessSrvList, srv: Server): void {
  const at = srv.sessConns.indexOf(entry);
  if (at === -1) return;
  w.touch(srv);
  srv.sessConns.splice(at, 1);
}
