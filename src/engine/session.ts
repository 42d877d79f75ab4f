import { connFree } from './connection.ts';
import { CO_FL_PRIVATE, CO_FL_SESS_IDLE, type Connection } from './connection-t.ts';
import { Crash } from './crash.ts';
import { rulesOf } from './rule.ts';
import type { Frontend } from './server-t.ts';
import { Session, SessSrvList } from './session-t.ts';
import type { World } from './world.ts';

const add = rulesOf('session_add_conn', 'include/haproxy/session.h');
const ADD_LINKED = add(
  'session.add.already-linked',
  '{0|the connection} is in a session list already: success, nothing done',
  'listed_in srv_list',
);
const ADD_NOT_OWNER = add(
  'session.add.not-owner',
  '{1|the session} is not the owner of {0|the connection} ({2|another} is): success all the same, without listing',
  'listed_in srv_list',
);
const ADD_INSERT = add(
  'session.add.insert',
  '{0|the connection} joins the end of the entry of {1|the session} for its target',
  'listed_in srv_list',
);
const ADD_NO_MEMORY = add(
  'session.add.no-memory',
  '{1|the session} cannot allocate an entry for the target: {0|the connection} is not listed',
  'listed_in srv_list',
);

const unown = rulesOf('session_unown_conn', 'include/haproxy/session.h');
const UNOWN = unown(
  'session.unown.unlink',
  '{0|the connection} leaves the session list; an entry of {1|the owner} that is empty then is freed',
  'listed_in srv_list',
);

const checkIdle = rulesOf('session_check_idle_conn', 'include/haproxy/session.h');
const CHECK_NOT_OWNER = checkIdle(
  'session.check-idle.not-owner',
  '{1|the session} is not the owner of {0|the connection} ({2|another} is): kept, and counted nowhere',
  'flags idle_conns',
);
const CHECK_LIMIT = checkIdle(
  'session.check-idle.limit',
  '{1|the session} keeps max-session-srv-conns ({2|its limit}) idle connections already: {0|this one} is destroyed',
  'conn owner flags listed_in srv_list idle_conns',
);
const CHECK_COUNT = checkIdle(
  'session.check-idle.count',
  '{0|the connection} is idle in {1|the session} and counted there',
  'flags idle_conns',
);

const free = rulesOf('session_free', 'src/session.c');
const FREE_LISTED = free(
  'session.free.listed',
  '{0|a connection} in the list of {1|the session} loses its owner, and its mux is asked to destroy it',
  'conn owner flags listed_in',
);
const FREE_SESSION = free(
  'session.free',
  '{0|the session} ends with its list; a connection outside the list keeps its pointer',
  'sess idle_conns prefer_last srv_list',
);

/** session_new, src/session.c; semantics 3.1. */
export function sessionNew(w: World, id: string, fe: Frontend): Session {
  const sess = new Session(id, fe);
  w.touch(sess);
  w.sessions.set(id, sess);
  return sess;
}

/**
 * session_free, src/session.c; semantics 3.2. Visits listed connections only: one that the
 * session owns without listing it keeps a dangling owner.
 */
export function sessionFree(w: World, sess: Session): void {
  w.touch(sess);
  for (const entry of sess.srvList) {
    for (const conn of entry.connList.toArray()) {
      w.log.decide(FREE_LISTED, conn, sess);
      w.entryDel(conn);
      if (conn.ctx) {
        conn.owner = null;
        conn.flags &= ~CO_FL_SESS_IDLE;
        conn.ctx.mux.destroy(w, conn);
      } else {
        connFree(w, conn);
      }
    }
  }
  sess.srvList.length = 0;
  w.log.decide(FREE_SESSION, sess);
  sess.freed = true;
  w.sessions.delete(sess.id);
}

/**
 * session_add_conn, include/haproxy/session.h; semantics 3.7.
 *
 * @returns false when the entry for the target cannot be allocated; true does not imply that
 * the connection is listed in this session
 */
export function sessionAddConn(w: World, sess: Session | null, conn: Connection): boolean {
  const call = w.enter('session_add_conn', conn, sess);
  if (w.rules.addChecksOwner) {
    // 08016ab82: adding is idempotent, and leaves a connection of another session alone.
    if (conn.sessionList.linked) {
      w.log.decide(ADD_LINKED, conn, sess);
      call.ret = 1;
      return true;
    }
    if (conn.owner !== sess) {
      w.log.decide(ADD_NOT_OWNER, conn, sess, conn.owner);
      call.ret = 1;
      return true;
    }
  }
  if (!sess || sess.freed) throw new Crash('session_add_conn');
  let entry = sess.srvList.find((e) => e.target === conn.target);
  if (!entry) {
    if (!w.alloc('sess_srv_list')) {
      w.log.decide(ADD_NO_MEMORY, conn, sess);
      call.ret = 0;
      return false;
    }
    w.touch(sess);
    entry = new SessSrvList(sess, conn.target);
    sess.srvList.push(entry);
  }
  w.log.decide(ADD_INSERT, conn, sess);
  w.entryAppend(entry, conn);
  call.ret = 1;
  return true;
}

/**
 * session_unown_conn, include/haproxy/session.h; semantics 3.8. Leaves owner, SESS_IDLE and
 * the count of idle connections alone. `sess` is the owner, which need not be the session
 * whose list holds the connection: the entry that is looked for and freed is the owner's.
 */
export function sessionUnownConn(w: World, sess: Session | null, conn: Connection): void {
  w.enter('session_unown_conn', conn, sess);
  w.log.decide(UNOWN, conn, sess);
  w.entryDel(conn);
  if (!sess || sess.freed) throw new Crash('session_unown_conn');
  const at = sess.srvList.findIndex((e) => e.target === conn.target);
  if (sess.srvList[at]?.connList.length === 0) {
    w.touch(sess);
    sess.srvList.splice(at, 1);
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
  if (w.rules.idleCheckSkipsForeignOwner) {
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
  if (!sess || sess.freed) throw new Crash('session_check_idle_conn');
  if (refused || sess.idleConns >= sess.fe.maxOutConns) {
    w.log.decide(CHECK_LIMIT, conn, sess, sess.fe.maxOutConns);
    sessionUnownConn(w, sess, conn);
    w.touch(conn);
    conn.owner = null;
    conn.flags &= ~CO_FL_SESS_IDLE;
    conn.ctx?.mux.destroy(w, conn);
    call.ret = -1;
    return false;
  }
  w.log.decide(CHECK_COUNT, conn, sess);
  w.touch(conn);
  w.touch(sess);
  conn.flags |= CO_FL_SESS_IDLE;
  sess.idleConns++;
  call.ret = 0;
  return true;
}
