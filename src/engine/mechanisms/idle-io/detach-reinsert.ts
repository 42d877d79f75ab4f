import {
  CO_FL_LIST_MASK,
  CO_FL_SAFE_LIST,
  CO_FL_SESS_IDLE,
  type Connection,
} from '../../objects/connection-t.ts';
import { Abort } from '../../objects/crash.ts';
import type { ConnIo, IdleIo } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import type { World } from '../../objects/world.ts';
import {
  IDLE_CONN_RULES,
  queueIdle,
  sessionDetachIdleConn,
  sessionReinsertIdleConn,
} from '../session-conns/session-idle-conn.ts';

const io = rulesOf('h2_io_cb', 'src/mux_h2.c');
const LEAVES_POOL = io(
  'idle-io.leaves-pool',
  '{0|the connection} has something to read or to write: it leaves the {1|idle or safe} list while it works',
  'list',
);
const NOT_MARKED = io(
  'idle-io.not-marked',
  '{0|the connection} has something to read or to write; {1|a session} lists it, and it is not marked as idle: the program ends itself',
  'crash',
);
const NOT_KEPT = io(
  'idle-io.nowhere',
  '{0|the connection} works, and nobody kept it idle: it stays where it is',
  'list listed_in',
);
const IN_USE = io(
  'idle-io.in-use',
  '{0|the connection} has streams, which it works for: no list changes',
  'list listed_in',
);
const BACK_IN_POOL = io(
  'idle-io.back',
  '{0|the connection} has done its work: it comes back to the end of the {1|idle or safe} list, which its flag names',
  'list',
);
const WANTED = io(
  'idle-io.released',
  '{0|the connection} is released by its mux, which wants no more of it',
  'conn',
);
const MAINTENANCE = io(
  'idle-io.maintenance',
  '{0|the connection} has done its work, and {1|its server} is in maintenance: it ends',
  'conn',
);
const NOT_TAKEN_BACK = io(
  'idle-io.not-taken-back',
  '{0|the connection} has done its work, and {1|its session} cannot take it back: it ends',
  'conn',
);

/** Where a connection was that works now: in the pool, in the list of a session, or nowhere. */
type Place = 'pool' | Session | null;

/** An I/O callback looks at the lists, if it may have been idle; releases R9.2. */
function leaveByLists(w: World, conn: Connection): Place {
  if (!conn.usr1) return null;
  if (conn.idleList.linked) return leavePool(w, conn);
  const lister = conn.sessionList.list?.entry?.sess;
  if (!lister) return null;
  if (!conn.has(CO_FL_SESS_IDLE)) {
    w.log.decide(NOT_MARKED, conn, lister);
    throw new Abort(callbackOf(conn), 'what a session lists without a stream is not idle');
  }
  return sessionDetachIdleConn(w, conn);
}

/** conn_notify_mux, src/connection.c, looks at the flags; releases R9.2. */
function leaveByFlags(w: World, conn: Connection): Place {
  if (conn.has(CO_FL_SESS_IDLE)) return sessionDetachIdleConn(w, conn);
  return conn.has(CO_FL_LIST_MASK) ? leavePool(w, conn) : null;
}

function leavePool(w: World, conn: Connection): Place {
  w.log.decide(LEAVES_POOL, conn, conn.list.list?.name ?? undefined);
  w.listDel(conn);
  return 'pool';
}

/** The I/O callback of the mux of a connection. */
function callbackOf({ ctx }: Connection): 'h1_io_cb' | 'h2_io_cb' | 'fcgi_io_cb' {
  const mux = ctx?.mux.name;
  return mux === 'h2' || mux === 'fcgi' ? `${mux}_io_cb` : 'h1_io_cb';
}

function connIo(w: World, conn: Connection, { via, released }: ConnIo): void {
  if (conn.streams > 0) {
    w.log.decide(IN_USE, conn);
    return;
  }
  const place = via === 'wake' ? leaveByFlags(w, conn) : leaveByLists(w, conn);
  if (released) {
    w.log.decide(WANTED, conn);
    conn.ctx?.mux.release(w, conn);
    return;
  }
  if (place === null) {
    w.log.decide(NOT_KEPT, conn);
    return;
  }
  const { srv } = conn;
  if (srv?.maint) w.log.decide(MAINTENANCE, conn, srv);
  else if (place === 'pool') {
    const isSafe = conn.has(CO_FL_SAFE_LIST);
    w.log.decide(BACK_IN_POOL, conn, isSafe ? 'safe' : 'idle');
    if (srv) w.rules.pool.addIdle(w, srv, conn, isSafe);
    return;
  } else if (sessionReinsertIdleConn(w, place, conn)) return;
  else w.log.decide(NOT_TAKEN_BACK, conn, place);
  // Below the mux its operation is called, in its own callback the function.
  if (via === 'wake') conn.ctx?.mux.destroy(w, conn);
  else conn.ctx?.mux.release(w, conn);
}

/** h1_io_cb and its siblings, conn_notify_mux: what is idle leaves its list for as long as it works. */
export const detachReinsert: IdleIo = {
  name: 'session_reinsert_idle_conn',
  says: 'an idle connection, shared or private, is in no list while I/O callbacks work on it, and comes back to the end; in maintenance, or where the session cannot take it back, it ends',
  rules: [
    ...IDLE_CONN_RULES,
    'pool.refuse.maintenance',
    'admin.maintenance.already',
    'admin.leaves',
    LEAVES_POOL.id,
    NOT_MARKED.id,
    NOT_KEPT.id,
    IN_USE.id,
    BACK_IN_POOL.id,
    WANTED.id,
    MAINTENANCE.id,
    NOT_TAKEN_BACK.id,
  ],
  looksAtLists: true,
  connIo,
  onTimeout(w, conn) {
    // The timeouts of h2 and fcgi; h1 leaves it to the end of the connection.
    if (conn.has(CO_FL_SESS_IDLE) && conn.ctx?.mux.name !== 'h1') sessionDetachIdleConn(w, conn);
  },
  onCleanup: queueIdle,
};
