import { connRelease } from '../../functions/conn-release.ts';
import { CO_FL_SESS_IDLE, type Connection } from '../../objects/connection-t.ts';
import { Abort, Crash } from '../../objects/crash.ts';
import type { SessionConns } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { allocEntry, freeEntries, setOwner, setSessIdle } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import {
  ADD_INSERT,
  ADD_LINKED,
  ADD_NO_MEMORY,
  CHECK_COUNT,
  sessionUnownConn as unown,
} from './sess-srv-list.ts';

const add = rulesOf('session_add_conn', 'src/session.c');
const ADD_OWNS_FIRST = add(
  'session.add.owns-first',
  '{1|the session} owns {0|the connection} from here on, whether it can list it or not',
  'owner',
);

const check = rulesOf('session_check_idle_conn', 'src/session.c');
const CHECK_REFUSED = check(
  'session.check-idle.refused',
  '{1|the session} may keep no more idle connections[ (has {2}, max-session-srv-conns {3})]: {0|this one} leaves it, and whoever asked is to destroy it',
  'owner SESS_IDLE idle_conns ~listed_in',
);
const CHECK_MAINTENANCE = check(
  'session.check-idle.maintenance',
  '{2|the server} is in maintenance: {0|the connection} leaves {1|the session}, and whoever asked is to destroy it',
  'owner SESS_IDLE idle_conns ~listed_in',
);
const CHECK_COUNT_SERVER = check(
  'session.check-idle.server-counts',
  '{1|the server} counts {0|the connection} among those that sessions keep idle ({2|one more})',
  'curr_sess_idle_conns',
);

const FREE_LISTED = rulesOf('session_free', 'src/session.c')(
  'session.free.moved',
  '{0|a connection} leaves the list of {1|the session} and has no owner: it is released when the list is gone',
  'conn owner listed_in list',
);

/** Who has been freed cannot be asked. */
function living(sess: Session | null, fn: 'session_add_conn' | 'session_check_idle_conn'): Session {
  if (!sess || sess.freed) throw new Crash(fn);
  return sess;
}

/**
 * session_add_conn, src/session.c; releases R9.2, R10.2. Who asks must be the owner, if there is one.
 *
 * @returns false when the entry for the target cannot be allocated
 */
function sessionAddConn(w: World, asking: Session | null, conn: Connection): boolean {
  const call = w.enter('session_add_conn', conn, asking);
  const { owner } = conn;
  if (owner && owner !== asking) {
    throw new Abort('session_add_conn', 'another session owns what is to be listed');
  }
  if (conn.sessionList.linked) {
    w.log.decide(ADD_LINKED, conn, asking, conn.sessionList.list?.entry?.sess);
    call.ret = 1;
    return true;
  }
  const sess = living(asking, 'session_add_conn');
  // 90b2154d9: nobody else can list it later.
  const ownsFirst = w.rules.addOwns === 'asked';
  if (ownsFirst && owner !== sess) {
    w.log.decide(ADD_OWNS_FIRST, conn, sess);
    w.touch(conn);
    setOwner(conn, sess);
  }
  const entry = allocEntry(w, sess, conn.target);
  if (!entry) {
    w.log.decide(ADD_NO_MEMORY, conn, sess, conn.target.id);
    call.ret = 0;
    return false;
  }
  w.log.decide(ADD_INSERT, conn, sess, conn.target.id);
  w.entryAppend(entry, conn);
  setOwner(conn, sess);
  call.ret = 1;
  return true;
}

/** session_unown_conn, src/session.c; releases R9.2. The entry has to be there. */
function sessionUnownConn(w: World, sess: Session | null, conn: Connection): void {
  const isAmiss =
    conn.sessionList.linked &&
    sess?.freed === false &&
    sess.srvList.every(({ target }) => target !== conn.target);
  unown(w, sess, conn);
  if (!isAmiss) return;
  throw new Abort('session_unown_conn', 'the session has no entry for what it lists');
}

/**
 * session_check_idle_conn, src/session.c; releases R9.2. It judges only: whoever asks has to destroy
 * what is refused.
 *
 * @returns false when the session keeps enough idle connections, or the server is in maintenance
 */
function sessionCheckIdleConn(w: World, asked: Session | null, conn: Connection): boolean {
  const call = w.enter('session_check_idle_conn', conn, asked);
  const { owner, srv } = conn;
  if (!owner || owner !== asked) {
    throw new Abort('session_check_idle_conn', 'another session owns what is to be kept idle');
  }
  const sess = living(asked, 'session_check_idle_conn');
  if (conn.has(CO_FL_SESS_IDLE)) {
    throw new Abort('session_check_idle_conn', 'what is to be marked as idle is so already');
  }
  const isFull = sess.idleConns >= sess.fe.maxOutConns;
  if (isFull || srv?.maint) {
    if (isFull) w.log.decide(CHECK_REFUSED, conn, sess, sess.idleConns, sess.fe.maxOutConns);
    else w.log.decide(CHECK_MAINTENANCE, conn, sess, srv);
    sessionUnownConn(w, sess, conn);
    w.touch(conn);
    setOwner(conn, null);
    call.ret = -1;
    return false;
  }
  w.log.decide(CHECK_COUNT, conn, sess, sess.idleConns + 1, sess.fe.maxOutConns);
  w.touch(conn);
  w.touch(sess);
  setSessIdle(conn, true);
  sess.idleConns++;
  if (srv) {
    w.log.decide(CHECK_COUNT_SERVER, conn, srv, srv.currSessIdleConns + 1);
    w.touch(srv);
    srv.currSessIdleConns = (srv.currSessIdleConns + 1) >>> 0;
  }
  call.ret = 0;
  return true;
}

/** What session_free, src/session.c, does with the list; releases R9.2: first all leave it. */
function freeListed(w: World, sess: Session): void {
  const leaving = sess.srvList.flatMap(({ connList }) => connList.toArray());
  for (const conn of leaving) {
    w.log.decide(FREE_LISTED, conn, sess);
    w.entryDel(conn);
    setOwner(conn, null);
  }
  freeEntries(w, sess);
  for (const conn of leaving) connRelease(w, conn);
}

/** `struct sess_priv_conns`, known to its server by thread: what is idle comes and goes. */
export const perThrSessConns: SessionConns = {
  name: 'per_thr.sess_conns',
  says: 'a session owns all that it lists, which is asserted; what is idle leaves its list for as long as it works, and on maintenance for ever',
  serversKnow: true,
  keeps: ['curr_sess_idle_conns'],
  rules: [
    CHECK_REFUSED,
    CHECK_MAINTENANCE,
    CHECK_COUNT_SERVER,
    FREE_LISTED,
    { id: 'conn-release.no-mux' },
  ].map(({ id }) => id),
  sessionAddConn,
  sessionUnownConn,
  sessionCheckIdleConn,
  freeListed,
};
