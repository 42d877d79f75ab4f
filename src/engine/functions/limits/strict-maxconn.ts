import { CO_FL_LIST_MASK, CO_FL_SAFE_LIST, type Connection } from '../../objects/connection-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import { setIdleTime } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { threadsFromOwn } from '../server.ts';

/** After so many tries one that frees nothing is the last. */
const TRIES = 3;

const connect = rulesOf('connect_server', 'src/backend.c');
const COUNTED = connect(
  'connect.strict.counted',
  '{0|the server} counts one connection more, of {1|some} that it may have (strict-maxconn)',
  'curr_total_conns',
);
const FULL = connect(
  'connect.strict.full',
  '{0|the server} had {1|as many} connections as it may have (strict-maxconn), and whatever went since, the number is not asked for again: no new one is made',
  'ret reused claim',
);
const UNCOUNTED = rulesOf('conn_backend_deinit', 'src/connection.c')(
  'conn.free.total',
  '{1|the server} counts one connection less: {0|one} is gone, or was not made',
  'curr_total_conns',
);
const kill = rulesOf('kill_random_idle_conn', 'src/backend.c');
const KILLED = kill(
  'strict.killed',
  '{0|the connection} is idle or safe on [thread {2}|some thread], and goes, as {1|the server} has as many as it may have',
  'conn list curr_idle_conns curr_idle_nb curr_safe_nb SAFE_LIST IDLE_LIST',
);
const NOT_TAKEN = kill(
  'strict.not-taken',
  'what {0|the server} has idle cannot be taken from its threads just now: nothing goes',
  'conn@all',
);

/** takeover_random_idle_conn, src/backend.c: the first connection of a place that can be taken. */
function takeFrom(w: World, srv: Server, thread: number, isSafe: boolean): Connection | null {
  const lists = isSafe ? srv.safeConns : srv.idleConns;
  for (let node = lists?.[thread]?.first ?? null; node; node = node.next) {
    if (node.conn.ctx?.mux.takesOver && w.alloc('takeover')) return node.conn;
  }
  return null;
}

/**
 * kill_random_idle_conn, src/backend.c: one that is idle, else one that is safe, on the first thread
 * that has any, the running one before all others. Which key comes first there a trace does not tell:
 * here it is the oldest; all go, one after the other.
 *
 * @returns false when none could be taken
 */
function killIdle(w: World, srv: Server): boolean {
  for (const thread of threadsFromOwn(w)) {
    if (w.isBusy(thread)) continue;
    const conn = takeFrom(w, srv, thread, false) ?? takeFrom(w, srv, thread, true);
    if (!conn) continue;
    w.log.decide(KILLED, conn, srv, thread);
    w.listDel(conn);
    w.touch(srv);
    // As if it were in use: the end of a connection counts on the running thread only.
    srv.currIdleConns = (srv.currIdleConns - 1) >>> 0;
    if (conn.has(CO_FL_SAFE_LIST)) srv.currSafeNb = (srv.currSafeNb - 1) >>> 0;
    else srv.currIdleNb = (srv.currIdleNb - 1) >>> 0;
    srv.currIdleThr[thread] = ((srv.currIdleThr[thread] ?? 0) - 1) >>> 0;
    srv.currUsedConns = (srv.currUsedConns + 1) >>> 0;
    setIdleTime(conn, false);
    conn.flags &= ~CO_FL_LIST_MASK;
    conn.ctx?.mux.destroy(w, conn);
    return true;
  }
  w.log.decide(NOT_TAKEN, srv);
  return false;
}

/**
 * connect_server, src/backend.c, before it makes a connection to a server with strict-maxconn; releases
 * R8.3. Where there is no room idle connections go, and the number that is compared stays what it was
 * before: in the end there is none left, and no room.
 *
 * @returns false when no connection is made
 */
export function takeRoom(w: World, srv: Server): boolean {
  const { strictMaxconn } = srv;
  if (!srv.countsTotal || strictMaxconn === null) return true;
  const total = srv.currTotalConns;
  if (total >= strictMaxconn) {
    for (let tries = 1; srv.currIdleConns > 0; tries++) {
      if (!killIdle(w, srv) && tries >= TRIES) break;
    }
    w.log.decide(FULL, srv, total);
    return false;
  }
  w.log.decide(COUNTED, srv, strictMaxconn);
  w.touch(srv);
  srv.currTotalConns = (total + 1) >>> 0;
  return true;
}

/**
 * A server that counts all of its connections has one less: conn_backend_deinit, src/connection.c, or
 * connect_server, src/backend.c, where none came of it.
 */
export function leaveRoom(w: World, srv: Server | null, conn: Connection | null): void {
  if (!srv?.countsTotal) return;
  w.log.decide(UNCOUNTED, conn ?? 'one', srv);
  w.touch(srv);
  srv.currTotalConns = (srv.currTotalConns - 1) >>> 0;
}
