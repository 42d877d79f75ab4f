import type { Connection } from '../objects/connection-t.ts';
import { Crash } from '../objects/crash.ts';
import type { Wanted } from '../objects/mechanism-t.ts';
import { rulesOf } from '../objects/rule.ts';
import type { Server } from '../objects/server-t.ts';
import { setIdleTime, setOwner } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';
import { isLent } from './mux/mux.ts';

const get = rulesOf('conn_backend_get', 'src/backend.c');
const GET_OWN = get(
  'backend-get.own',
  '{0|the connection} is the oldest in the {2|idle or safe} list that {1|the server} has on this thread: it moves to the available list',
  'reused claim list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb',
);
const GET_OWN_LENT = get(
  'backend-get.own.lent',
  '{0|the connection} is the oldest in the {2|idle or safe} list that {1|the server} has on this thread: it is lent to {3|the session}, which owns it now and is to list it, for its streams could hold up those of others',
  'reused claim list SAFE_LIST IDLE_LIST owner curr_idle_conns curr_idle_nb curr_safe_nb',
);
const GET_TAKEOVER_LENT = get(
  'backend-get.takeover.lent',
  '{0|the connection} is taken over from [thread {2}|another thread], the oldest there of {1|the server} that can be: it is lent to {3|the session}, which owns it now and is to list it, for its streams could hold up those of others',
  'reused claim list SAFE_LIST IDLE_LIST owner curr_idle_conns curr_idle_nb curr_safe_nb',
);
const GET_NOT_SHARED = get(
  'backend-get.not-shared',
  'this thread has none of {0|the server}, and threads do not share their pools (tune.idle-pool.shared off)',
  'reused claim',
  'finds-nobody',
);
const GET_SPARE = get(
  'backend-get.spare',
  'this thread has none of {0|the server}, which keeps too few to take one from another thread[ (idle: {1}, pool-low-conn {2}; descriptors: {3}, pool-low-count {4})]',
  'reused claim',
  'finds-nobody',
);
const GET_TAKEOVER = get(
  'backend-get.takeover',
  '{0|the connection} is taken over from [thread {2}|another thread], the oldest there of {1|the server} that can be: it moves to the available list here',
  'reused claim list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb',
);
const GET_TAKEOVER_FAILED = get(
  'backend-get.takeover-failed',
  'the takeover runs out of memory and frees {0|the connection} while the search still holds its list element: an endless loop',
  'crash',
);
const GET_TAKEOVER_NEXT = get(
  'backend-get.takeover-failed.next',
  'the takeover runs out of memory and frees {0|the connection}, which the search then asks for the one after it',
  'crash',
);
const GET_BUSY = get(
  'backend-get.busy',
  'somebody holds the lock on the idle connections of [thread {1}|another thread]: those of {0|the server} there are passed over',
  'reused claim',
);
const GET_NONE = get(
  'backend-get.none',
  'this thread has none of {0|the server}, and no other thread that is visited has one to take over',
  'reused claim',
  'finds-nobody',
);

/** A connection that conn_backend_get found, and where. */
interface Found {
  readonly conn: Connection;
  readonly isSafe: boolean;
  readonly thread: number;
}

/** conn_backend_get, src/backend.c; semantics 3.11 and 8.11, 8.12, 8.23. */
export function connBackendGet(
  w: World,
  srv: Server,
  isSafe: boolean,
  wanted: Wanted,
): Connection | null {
  const call = w.enter('conn_backend_get', null, null, srv, isSafe ? 1 : 0);
  const found = takeOwn(w, srv, isSafe, wanted) ?? takeOver(w, srv, isSafe, wanted);
  if (!found) {
    call.ret = null;
    return null;
  }
  const { conn, thread } = found;
  w.touch(srv);
  w.touch(conn);
  w.listDel(conn);
  setIdleTime(conn, false);
  srv.nextTakeover = (thread + 1) % w.nbthread;
  srv.currIdleConns = (srv.currIdleConns - 1) >>> 0;
  srv.currIdleThr[thread] = ((srv.currIdleThr[thread] ?? 0) - 1) >>> 0;
  if (found.isSafe) srv.currSafeNb = (srv.currSafeNb - 1) >>> 0;
  else srv.currIdleNb = (srv.currIdleNb - 1) >>> 0;
  w.rules.usedCount.onGet(w, srv, conn);
  if (lends(w, conn, wanted)) {
    // The owner was the first session that had it, or nobody; a failed listing goes unnoticed.
    setOwner(conn, wanted.sess);
    w.rules.sessionConns.sessionAddConn(w, wanted.sess, conn);
  } else {
    w.rules.pool.addAvailable(w, srv, conn);
  }
  call.ret = conn;
  return conn;
}

/** 0d21deade: under http-reuse safe the streams of two sessions are not to hold each other up. */
function lends(w: World, conn: Connection, { mode }: Wanted): boolean {
  return w.rules.poolLends === 'safe' && isLent(conn, mode);
}

/** conn_backend_get, step 1: the head of the thread's own list. */
function takeOwn(w: World, srv: Server, isSafe: boolean, wanted: Wanted): Found | null {
  const { pool } = w.rules;
  const { key } = wanted;
  const first = pool.first(srv, w.thread, isSafe, key);
  const conn = first ?? (srv.currSafeNb > 0 ? pool.first(srv, w.thread, true, key) : null);
  if (!conn) return null;
  const list = conn.list.list?.name ?? null;
  if (lends(w, conn, wanted)) w.log.decide(GET_OWN_LENT, conn, srv, list, wanted.sess);
  else w.log.decide(GET_OWN, conn, srv, list);
  return { conn, isSafe: isSafe || !first, thread: w.thread };
}

/**
 * conn_backend_get, steps 2 to 4: other threads, round robin from next_takeover, or from the one
 * after it, and then that one never.
 */
function takeOver(w: World, srv: Server, isSafe: boolean, wanted: Wanted): Found | null {
  if (!w.idlePoolShared) {
    w.log.decide(GET_NOT_SHARED, srv);
    return null;
  }
  if (srv.currIdleConns < srv.lowIdleConns && w.usedFds < w.poolLowCount) {
    w.log.decide(GET_SPARE, srv, srv.currIdleConns, srv.lowIdleConns, w.usedFds, w.poolLowCount);
    return null;
  }
  // 5f1ded562: the thread that is next is visited as well, first of all.
  const skipped = w.rules.takeoverStart === 'next' ? 0 : 1;
  for (let n = skipped; n < w.nbthread; n++) {
    const i = (srv.nextTakeover + n) % w.nbthread;
    if (i === w.thread || (srv.currIdleThr[i] ?? 0) === 0) continue;
    if (w.isBusy(i)) {
      w.log.decide(GET_BUSY, srv, i);
      continue;
    }
    const first = firstTakenOver(w, srv, i, isSafe, wanted.key);
    const conn = first ?? (srv.currSafeNb > 0 ? firstTakenOver(w, srv, i, true, wanted.key) : null);
    if (conn) {
      if (lends(w, conn, wanted)) w.log.decide(GET_TAKEOVER_LENT, conn, srv, i, wanted.sess);
      else w.log.decide(GET_TAKEOVER, conn, srv, i);
      return { conn, isSafe: isSafe || !first, thread: i };
    }
  }
  w.log.decide(GET_NONE, srv);
  return null;
}

/**
 * The takeover operation of h1, h2 and fcgi on the first connection of a thread that has one. When
 * its task or tasklet cannot be allocated it releases the connection on the wrong thread, while
 * the search still holds the list element; semantics 6.12.
 */
function firstTakenOver(
  w: World,
  srv: Server,
  thread: number,
  isSafe: boolean,
  key: number,
): Connection | null {
  const { pool } = w.rules;
  for (let conn = pool.first(srv, thread, isSafe, key); conn; conn = pool.next(conn)) {
    if (!conn.ctx?.mux.takesOver) continue;
    if (w.alloc('takeover')) return conn;
    if (w.rules.takeoverFailure === 'reads-freed') {
      w.log.decide(GET_TAKEOVER_NEXT, conn);
      conn.ctx.mux.release(w, conn);
      throw new Crash('srv_lookup_conn_next');
    }
    w.log.decide(GET_TAKEOVER_FAILED, conn);
    conn.listBusy = true;
    conn.ctx.mux.release(w, conn);
    throw new Crash('conn_free');
  }
  return null;
}
