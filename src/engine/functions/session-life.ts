import { rulesOf } from '../objects/rule.ts';
import type { Frontend } from '../objects/server-t.ts';
import { Session } from '../objects/session-t.ts';
import type { World } from '../objects/world.ts';

const NEW_SESSION = rulesOf('session_new', 'src/session.c')(
  'session.new',
  '{0|the session} begins: it lists no connection, and counts none as idle',
  'sess idle_conns prefer_last srv_list',
);
const free = rulesOf('session_free', 'src/session.c');
const FREE_SESSION = free('session.free', '{0|the session} ends with its list', 'sess');
const FREE_DANGLING = free(
  'session.free.dangling',
  '{0|a connection} is owned by {1|the session} but not in its list: nobody visits it, and its owner dangles',
  'conn owner',
);

/** session_new, src/session.c; semantics 3.1. */
export function sessionNew(w: World, id: string, fe: Frontend): Session {
  const sess = new Session(id, fe);
  w.touch(sess);
  // 0 is that of a session of which nobody knows.
  sess.thread = w.thread + 1;
  w.sessions.set(id, sess);
  w.log.decide(NEW_SESSION, sess);
  return sess;
}

/**
 * session_free, src/session.c; semantics 3.2. Visits listed connections only: one that the
 * session owns without listing it keeps a dangling owner.
 */
export function sessionFree(w: World, sess: Session): void {
  w.touch(sess);
  w.rules.sessionConns.freeListed(w, sess);
  w.log.decide(FREE_SESSION, sess);
  for (let node = sess.owned.first; node; node = node.next) {
    w.touch(node.conn);
    w.log.decide(FREE_DANGLING, node.conn, sess);
  }
  sess.freed = true;
  w.sessions.delete(sess.id);
}
