import { connRelease } from '../../functions/conn-release.ts';
import type { Connection } from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import type { SessionConns } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { allocEntry, freeEntries, setOwner, setSessIdle } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import {
  ADD_INSERT,
  ADD_LINKED,
  ADD_NO_MEMORY,
  ADD_NOT_OWNER,
  FOREIGN_RULES,
  sessionCheckIdleConn,
  sessionUnownConn,
} from './sess-srv-list.ts';

const ADD_ADOPTED = rulesOf('session_add_conn', 'include/haproxy/session.h')(
  'session.add.adopted',
  '{0|the connection} had no owner: listed by {1|the session}, it belongs to it from now on',
  'owner',
);

const FREE_RELEASED = rulesOf('session_free', 'src/session.c')(
  'session.free.released',
  '{0|a connection} leaves the list of {1|the session}, has no owner and no idle mark, and is to be released',
  'conn owner SESS_IDLE listed_in list',
);

/**
 * session_add_conn, include/haproxy/session.h; releases R8a.2. Who lists a connection owns it.
 *
 * @returns false when the entry for the target cannot be allocated; true does not imply that
 * the connection is listed in this session
 */
function sessionAddConn(w: World, sess: Session | null, conn: Connection): boolean {
  const call = w.enter('session_add_conn', conn, sess);
  if (conn.sessionList.linked) {
    w.log.decide(ADD_LINKED, conn, sess, conn.sessionList.list?.entry?.sess);
    call.ret = 1;
    return true;
  }
  const { owner } = conn;
  if (owner && owner !== sess) {
    w.log.decide(ADD_NOT_OWNER, conn, sess, owner);
    call.ret = 1;
    return true;
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
  if (!owner) {
    // c130f7480: an add that failed before has taken the owner away.
    w.log.decide(ADD_ADOPTED, conn, sess);
    setOwner(conn, sess);
  }
  call.ret = 1;
  return true;
}

/** What session_free, src/session.c, does with the list; releases R8a.2. */
function freeListed(w: World, sess: Session): void {
  for (const entry of sess.srvList) {
    for (const conn of entry.connList.toArray()) {
      w.log.decide(FREE_RELEASED, conn, sess);
      w.entryDel(conn);
      setOwner(conn, null);
      setSessIdle(conn, false);
      connRelease(w, conn);
    }
  }
  freeEntries(w, sess);
}

/** `struct sess_priv_conns`: an entry per target, in `session.priv_conns` and in `server.sess_conns`. */
export const sessPrivConns: SessionConns = {
  name: 'sess_priv_conns',
  says: 'a session keeps its connections in a list per target, of which the server knows; who lists a connection owns it',
  serversKnow: true,
  rules: [...FOREIGN_RULES, ADD_ADOPTED.id, FREE_RELEASED.id],
  sessionAddConn,
  sessionUnownConn,
  sessionCheckIdleConn,
  freeListed,
};
