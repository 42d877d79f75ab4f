import { connFree } from '../../functions/connection.ts';
import { CO_FL_PRIVATE, CO_FL_SESS_IDLE, type Connection } from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import type { SessionConns } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import {
  allocEntry,
  freeEntries,
  freeEntry,
  setOwner,
  setSessIdle,
} from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';

const add = rulesOf('session_add_conn', 'include/haproxy/session.h');
/** Of session_add_conn, however a session keeps its connections. */
export const ADD_LINKED = add(
  'session.add.already-linked',
  '{0|the connection} is in the list of {2|a session} already: success, nothing done',
  'listed_in',
);
/** The same. */
export const ADD_NOT_OWNER = add(
  'session.add.not-owner',
  '{1|the session} is not the owner of {0|the connection} ({2|another} is): success all the same, without listing',
  'listed_in',
);
const ADD_OWNERLESS = add(
  'session.add.ownerless',
  '{0|the connection} has no owner: {1|the session} may list it, and does not come to own it',
  'owner ~listed_in',
);
/** The same. */
export const ADD_INSERT = add(
  'session.add.insert',
  '{0|the connection} joins the list of {1|the session}, at the end of the entry for {2|its target}',
  'listed_in',
);
/** The same. */
export const ADD_NO_MEMORY = add(
  'session.add.no-memory',
  '{1|the session} cannot allocate an entry for {2|the target}: {0|the connection} is not listed',
  'listed_in',
);

const unown = rulesOf('session_unown_conn', 'include/haproxy/session.h');
const UNOWN = unown(
  'session.unown.unlink',
  '{0|the connection} leaves the list of {2|a session}',
  'listed_in crash',
);
const UNOWN_DISOWNED = unown(
  'session.unown.disowned',
  '{0|the connection} leaves the list of {2|a session}, and has no owner any more',
  'owner listed_in crash',
);
const UNOWN_NOT_LISTED = unown(
  'session.unown.not-listed',
  '{0|the connection} is in no session list: nothing is done, and {1|the session} is not read',
  'listed_in',
);
const UNOWN_IDLE_MARK = unown(
  'session.unown.idle-mark',
  '{0|the connection} is marked as idle: {1|its owner} counts one idle less',
  'idle_conns crash',
);
const UNOWN_UNLISTED = unown(
  'session.unown.unlisted',
  '{0|the connection} is in no session list that it could leave',
  'listed_in crash',
);
const UNOWN_ENTRY = unown(
  'session.unown.entry-freed',
  '{0|the session} has no connection left in its entry for {1|a target}, which is freed',
  'srv_list',
);

const checkIdle = rulesOf('session_check_idle_conn', 'include/haproxy/session.h');
const CHECK_NOT_OWNER = checkIdle(
  'session.check-idle.not-owner',
  '{1|the session} is not the owner of {0|the connection} ({2|another} is): kept, and counted nowhere',
  'SESS_IDLE idle_conns',
);
const CHECK_NO_SESSION = checkIdle(
  'session.check-idle.no-session',
  'the session that is to keep {0|the connection} is {1|NULL or freed}, and its counters are read all the same',
  'crash',
);
const CHECK_LIMIT = checkIdle(
  'session.check-idle.limit',
  '{1|the session} may keep no more idle connections[ (has {2}, max-session-srv-conns {3})]: {0|this one} leaves it and is destroyed',
  'conn owner SESS_IDLE idle_conns ~listed_in',
);
const CHECK_SHAREABLE = checkIdle(
  'session.check-idle.shareable',
  '{0|the connection} can be shared, and {1|the session} keeps private ones only: it leaves it and is destroyed',
  'conn list owner SESS_IDLE idle_conns ~listed_in',
);
/** Of session_check_idle_conn, however a session keeps its connections. */
export const CHECK_COUNT = checkIdle(
  'session.check-idle.count',
  '{0|the connection} is kept idle in {1|the session}, which counts {2|one more} of at most {3|max-session-srv-conns}',
  'SESS_IDLE idle_conns',
);

const free = rulesOf('session_free', 'src/session.c');
const FREE_LISTED = free(
  'session.free.listed',
  '{0|a connection} leaves the list of {1|the session} and has no owner; its mux is to destroy it',
  'conn owner SESS_IDLE listed_in list',
);

/**
 * session_add_conn, include/haproxy/session.h; semantics 3.7.
 *
 * @returns false when the entry for the target cannot be allocated; true does not imply that
 * the connection is listed in this session
 */
function sessionAddConn(w: World, sess: Session | null, conn: Connection): boolean {
  const call = w.enter('session_add_conn', conn, sess);
  const { addChecksOwner } = w.rules;
  if (addChecksOwner !== 'no') {
    // 08016ab82: adding is idempotent, and leaves a connection of another session alone.
    if (conn.sessionList.linked) {
      w.log.decide(ADD_LINKED, conn, sess, conn.sessionList.list?.entry?.sess);
      call.ret = 1;
      return true;
    }
    // 38b4d2eb2: nobody is no other session.
    const isOwnerless = addChecksOwner === 'if-owned' && !conn.owner;
    if (conn.owner !== sess && !isOwnerless) {
      w.log.decide(ADD_NOT_OWNER, conn, sess, conn.owner);
      call.ret = 1;
      return true;
    }
    if (isOwnerless) w.log.decide(ADD_OWNERLESS, conn, sess);
  }
  if (!sess || sess.freed) throw new Crash('session_add_conn');
  const entry = allocEntry(w, sess, conn.target);
  if (!entry) {
    w.log.decide(ADD_NO_MEMORY, conn, sess, conn.target.id);
    call.ret = 0;
    return false;
  }
  w.log.decide(ADD_INSERT, conn, sess, conn.target.id);
  w.entryAppend(entry, conn);
  call.ret = 1;
  return true;
}

/**
 * session_unown_conn, include/haproxy/session.h; semantics 3.8. Leaves SESS_IDLE alone. `sess` is
 * the owner, which need not be the session whose list holds the connection: the entry that is
 * looked for and freed is the owner's.
 */
export function sessionUnownConn(w: World, sess: Session | null, conn: Connection): void {
  w.enter('session_unown_conn', conn, sess);
  const clearsOwner = w.rules.unownClearsOwner === 'yes';
  // 3aab17bd5: in no list, a connection may still point to a session that has ended.
  if (clearsOwner && !conn.sessionList.linked) {
    w.log.decide(UNOWN_NOT_LISTED, conn, sess);
    return;
  }
  // 15979619c: whoever leaves the list counts as idle no more.
  if (w.rules.idleIsUncounted === 'session_unown_conn' && conn.has(CO_FL_SESS_IDLE)) {
    w.log.decide(UNOWN_IDLE_MARK, conn, sess);
    if (!sess || sess.freed) throw new Crash('session_unown_conn');
    w.touch(sess);
    sess.idleConns--;
  }
  const listedIn = conn.sessionList.list?.entry?.sess;
  if (listedIn) w.log.decide(clearsOwner ? UNOWN_DISOWNED : UNOWN, conn, sess, listedIn);
  else w.log.decide(UNOWN_UNLISTED, conn, sess);
  w.entryDel(conn);
  if (clearsOwner) setOwner(conn, null);
  if (!sess || sess.freed) throw new Crash('session_unown_conn');
  const entry = sess.srvList.find((e) => e.target === conn.target);
  if (entry?.connList.length === 0) {
    w.log.decide(UNOWN_ENTRY, sess, conn.target.id);
    w.touch(sess);
    freeEntry(w, entry);
  }
}

/**
 * session_check_idle_conn, include/haproxy/session.h; semantics 3.9.
 *
 * @returns false when the session keeps enough idle connections: this one is freed
 */
export function sessionCheckIdleConn(w: World, sess: Session | null, conn: Connection): boolean {
  const call = w.enter('session_check_idle_conn', conn, sess);
  let refused = false;
  if (w.rules.idleCheckSkipsForeignOwner === 'yes') {
    // 08016ab82: a connection of another session is none of this one's business.
    if (conn.owner !== sess) {
      w.log.decide(CHECK_NOT_OWNER, conn, sess, conn.owner);
      call.ret = 0;
      return true;
    }
  } else {
    // Before it, the owner was not looked at, and a connection that can be shared was refused.
    refused = !conn.has(CO_FL_PRIVATE);
  }
  if (!sess || sess.freed) {
    w.log.decide(CHECK_NO_SESSION, conn, sess ?? 'NULL');
    throw new Crash('session_check_idle_conn');
  }
  if (refused || sess.idleConns >= sess.fe.maxOutConns) {
    if (refused) w.log.decide(CHECK_SHAREABLE, conn, sess);
    else w.log.decide(CHECK_LIMIT, conn, sess, sess.idleConns, sess.fe.maxOutConns);
    sessionUnownConn(w, sess, conn);
    w.touch(conn);
    setOwner(conn, null);
    setSessIdle(conn, false);
    conn.ctx?.mux.destroy(w, conn);
    call.ret = -1;
    return false;
  }
  w.log.decide(CHECK_COUNT, conn, sess, sess.idleConns + 1, sess.fe.maxOutConns);
  w.touch(conn);
  w.touch(sess);
  setSessIdle(conn, true);
  sess.idleConns++;
  call.ret = 0;
  return true;
}

/** What session_free, src/session.c, does with the list; semantics 3.2. */
function freeListed(w: World, sess: Session): void {
  for (const entry of sess.srvList) {
    for (const conn of entry.connList.toArray()) {
      w.log.decide(FREE_LISTED, conn, sess);
      w.entryDel(conn);
      if (conn.ctx) {
        setOwner(conn, null);
        setSessIdle(conn, false);
        conn.ctx.mux.destroy(w, conn);
      } else {
        connFree(w, conn);
      }
    }
  }
  freeEntries(w, sess);
}

/** Ids of the rules of those who tolerate that another session is the owner, or none. */
export const FOREIGN_RULES: readonly string[] = [
  ADD_NOT_OWNER,
  CHECK_NOT_OWNER,
  CHECK_NO_SESSION,
  CHECK_LIMIT,
].map(({ id }) => id);

/** `struct sess_srv_list`: an entry per target in `session.srv_list`, of connections. */
export const sessSrvList: SessionConns = {
  name: 'sess_srv_list',
  says: 'a session keeps its connections in a list per target, which no server knows of',
  serversKnow: false,
  rules: [FREE_LISTED.id, ...FOREIGN_RULES],
  sessionAddConn,
  sessionUnownConn,
  sessionCheckIdleConn,
  freeListed,
};
