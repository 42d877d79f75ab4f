import { CO_FL_SESS_IDLE, CO_FL_WAIT_XPRT, type Connection } from '../../objects/connection-t.ts';
import type { Find, Lookup, Wanted } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { setSessIdle } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { poolLookup } from './pool-rows.ts';

const get = rulesOf('session_get_conn', 'include/haproxy/session.h');
const NO_ENTRY = get(
  'session.get.no-entry',
  '{0|the session} lists no connection to {1|this target}',
  'reused claim',
  'lists-nobody',
);
const OTHER_KEY = get(
  'session.get.other-key',
  '{1|the session} lists {0|a connection}, which was made for another key: passed over',
  'reused claim',
  'passes-over',
);
const CONNECTING = get(
  'session.get.connecting',
  '{1|the session} lists {0|a connection}, which is still connecting: passed over',
  'reused claim',
  'passes-over',
);
const NO_STREAM = get(
  'session.get.no-stream',
  '{1|the session} lists {0|a connection}, which has no stream free (in use: {2|all}, free: {3|none}): passed over',
  'reused claim',
  'passes-over',
);
const NONE_USABLE = get(
  'session.get.none-usable',
  'of the connections that {0|the session} lists to {1|this target} none can take a stream',
  '~reused ~claim',
);
const FOUND = get(
  'session.get.found',
  '{0|a connection} is the first that {1|the session} lists to {2|this target} with a stream free: it serves, whatever the reuse mode',
  'reused claim curr_used_conns max_used_conns est_need_conns',
);
const UNMARKED = get(
  'session.get.idle-mark-dropped',
  '{0|the connection} loses its idle mark, whether it will be used or not: {1|the session} counts one idle less',
  'SESS_IDLE idle_conns curr_sess_idle_conns',
);

/** session_get_conn, include/haproxy/session.h; releases R4.2. */
function sessionGetConn(w: World, { sess, target, key }: Wanted): Connection | null {
  const call = w.enter('session_get_conn', null, sess, target);
  call.ret = null;
  const entry = sess.srvList.find((e) => e.target === target);
  if (!entry) {
    w.log.decide(NO_ENTRY, sess, target.id);
    return null;
  }
  // 3f07c20fa: the handshake may fail, and take the streams with it that joined.
  const waits = w.rules.listedConnecting === 'passed-over';
  for (let node = entry.connList.first; node; node = node.next) {
    const { conn } = node;
    const { ctx } = conn;
    if (conn.key !== key) {
      w.log.decide(OTHER_KEY, conn, sess);
      continue;
    }
    // What is listed has its mux.
    if (!ctx || ctx.availStreams() <= 0) {
      w.log.decide(NO_STREAM, conn, sess, ctx?.usedStreams() ?? 0, ctx?.availStreams() ?? 0);
    } else if (waits && conn.has(CO_FL_WAIT_XPRT)) {
      w.log.decide(CONNECTING, conn, sess);
    } else {
      w.log.decide(FOUND, conn, sess, target.id);
      dropMark(w, sess, conn);
      call.ret = conn;
      return conn;
    }
  }
  w.log.decide(NONE_USABLE, sess, target.id);
  return null;
}

/** The session that looks counts it off, whoever the owner is. */
function dropMark(w: World, sess: Session, conn: Connection): void {
  if (!conn.has(CO_FL_SESS_IDLE)) return;
  w.log.decide(UNMARKED, conn, sess);
  w.touch(conn);
  w.touch(sess);
  setSessIdle(conn, false);
  sess.idleConns--;
  const { srv } = conn;
  // dbe31e3f6: the server counts those as well.
  if (!srv?.countsSessIdle) return;
  w.touch(srv);
  srv.currSessIdleConns = (srv.currSessIdleConns - 1) >>> 0;
}

function find(w: World, wanted: Wanted): Find {
  const conn = sessionGetConn(w, wanted);
  return conn ? { conn, wasIdle: false, wasUnused: false } : poolLookup(w, wanted);
}

/** connect_server asks the session by session_get_conn(), then the pool. */
export const sessionGetConnLookup: Lookup = {
  name: 'session_get_conn',
  says: 'session_get_conn gives a connection that the session lists, also one whose transport is closed, and drops its idle mark before it is joined',
  rules: [NO_ENTRY.id, NO_STREAM.id, NONE_USABLE.id, FOUND.id, UNMARKED.id],
  find,
  dropIdleMark() {},
};
