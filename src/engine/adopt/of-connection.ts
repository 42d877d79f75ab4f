import { freedIdOf } from '../../format/calls.ts';
import type { FlagName, ListName } from '../../format/index.ts';
import {
  CO_FL_IDLE_LIST,
  CO_FL_LIST_MASK,
  CO_FL_PRIVATE,
  CO_FL_SAFE_LIST,
  CO_FL_SESS_IDLE,
  type Connection,
  OWNERSHIP_FLAGS,
} from '../objects/connection-t.ts';
import type { ConnList } from '../objects/list.ts';
import { Frontend, type Target } from '../objects/server-t.ts';
import { Session, type SessSrvList } from '../objects/session-t.ts';
import {
  addEntry,
  countDead,
  freeEntries,
  freeEntry,
  setIdleTime,
  setOwner,
  setSessIdle,
} from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';

const OWNERSHIP_MASK = Object.values(OWNERSHIP_FLAGS).reduce((all, bit) => all | bit, 0);

/** Takes a connection out of whichever list of a server or thread holds it. */
export function leaveList(conn: Connection): void {
  conn.list.list?.remove(conn.list);
  conn.idleList.list?.remove(conn.idleList);
}

/** Takes a connection out of a removal list that is one of its own. */
function leaveRemoval(conn: Connection): void {
  conn.toremoveList.list?.remove(conn.toremoveList);
}

/** Takes a connection out of the session list that holds it, and frees an entry that is empty. */
export function leaveEntry(w: World, conn: Connection): void {
  const { list } = conn.sessionList;
  if (list === null) return;
  list.remove(conn.sessionList);
  const entry = list.entry;
  if (entry !== null && list.first === null) freeEntry(w, entry);
}

/** Takes every connection out of the list of a session, which has no entry then. */
export function emptyEntries(w: World, sess: Session): void {
  for (const { connList } of [...sess.srvList]) {
    for (const conn of connList.toArray()) leaveEntry(w, conn);
  }
  freeEntries(w, sess);
}

/** The entry of a session for a target, a new one at the end if there is none. */
export function entryFor(w: World, sess: Session, target: Target): SessSrvList {
  const known = sess.srvList.find((entry) => entry.target === target);
  return known ?? addEntry(w, sess, target);
}

/** A session that has ended, to which a connection still points. */
function tombstoneOf(w: World, id: string): Session {
  for (const { owner } of w.connections.values()) if (owner?.freed && owner.id === id) return owner;
  const [fe] = w.frontends.values();
  const gone = new Session(id, fe ?? new Frontend('', {}));
  gone.freed = true;
  return gone;
}

/** The owner of a connection, which may have ended. */
export function adoptOwner(w: World, conn: Connection, owner: string | null): void {
  if (owner === null) {
    setOwner(conn, null);
    return;
  }
  const alive = w.sessions.get(owner);
  const gone = freedIdOf(owner);
  if (alive !== undefined) setOwner(conn, alive);
  else if (gone !== null && !w.sessions.has(gone)) setOwner(conn, tombstoneOf(w, gone));
}

function setFlags(conn: Connection, flags: number): void {
  const { srv } = conn;
  const was = conn.has(CO_FL_PRIVATE);
  setSessIdle(conn, (flags & CO_FL_SESS_IDLE) !== 0);
  conn.flags = flags;
  if (srv && was !== conn.has(CO_FL_PRIVATE)) srv.livePrivateConns += was ? -1 : 1;
  // A connection is marked as pooled for as long as it counts as idle.
  setIdleTime(conn, conn.has(CO_FL_LIST_MASK));
}

/** The flags that decide ownership; those that the outside world sets stay. */
export function adoptFlags(_w: World, conn: Connection, names: readonly FlagName[]): void {
  const bits = names.reduce((all, name) => all | OWNERSHIP_FLAGS[name], 0);
  setFlags(conn, (conn.flags & ~OWNERSHIP_MASK) | bits);
}

/** The session whose list holds the connection. */
export function adoptLister(w: World, conn: Connection, id: string | null): void {
  const sess = id === null ? null : w.sessions.get(id);
  if (sess === undefined) return;
  leaveEntry(w, conn);
  if (sess !== null) entryFor(w, sess, conn.target).connList.append(conn.sessionList);
}

function listNamed(w: World, conn: Connection, name: ListName): ConnList | undefined {
  const { srv } = conn;
  if (name === 'toremove') return w.toremove[w.thread];
  const lists = { idle: srv?.idleConns, safe: srv?.safeConns, available: srv?.availableConns };
  return lists[name]?.[w.thread];
}

/** The list of a server, or of a thread, that holds the connection: it comes last there. */
export function adoptList(w: World, conn: Connection, name: ListName | null): void {
  const to = name === null ? null : listNamed(w, conn, name);
  if (to === undefined) return;
  leaveList(conn);
  if (name === 'toremove' && w.rules.keeps.has('toremove')) {
    adoptRemoval(w, conn, true);
    return;
  }
  to?.append(conn.list);
  if (name === 'idle' || name === 'safe') {
    conn.srv?.idleConnList?.[w.thread]?.append(conn.idleList);
    const mark = name === 'idle' ? CO_FL_IDLE_LIST : CO_FL_SAFE_LIST;
    setFlags(conn, (conn.flags & ~CO_FL_LIST_MASK) | mark);
  } else if (name !== 'toremove') setFlags(conn, conn.flags & ~CO_FL_LIST_MASK);
}

/** Whether the removal list of a thread holds the connection: it comes last in that of the step. */
export function adoptRemoval(w: World, conn: Connection, isQueued: boolean): void {
  if (!w.rules.keeps.has('toremove')) {
    // One list at a time: to leave the removal list is to be in none.
    const isThere = conn.list.list?.name === 'toremove';
    if (isThere !== isQueued) adoptList(w, conn, isQueued ? 'toremove' : null);
    return;
  }
  leaveRemoval(conn);
  if (isQueued) w.toremove[w.thread]?.append(conn.toremoveList);
}

/**
 * Frees a connection that a trace says is freed; the counters of its server stay.
 *
 * @returns false when a stream holds it: then it has to live
 */
export function adoptFreed(w: World, conn: Connection): boolean {
  if (conn.streams > 0) return false;
  for (const orphan of conn.ctx?.orphans ?? []) w.forgetOrphan(orphan);
  conn.ctx = null;
  leaveEntry(w, conn);
  leaveList(conn);
  leaveRemoval(conn);
  countDead(conn);
  for (const sess of w.sessions.values()) if (sess.preferred === conn) sess.preferred = null;
  conn.freed = true;
  w.connections.delete(conn.id);
  return true;
}

/**
 * Ends a session that a trace says has ended; what it lists is let go, and what it owns points to
 * it on.
 *
 * @returns false when one of its streams holds a connection: then it has to live
 */
export function adoptEnded(w: World, sess: Session): boolean {
  if (sess.streams > 0) return false;
  emptyEntries(w, sess);
  sess.freed = true;
  w.sessions.delete(sess.id);
  return true;
}
