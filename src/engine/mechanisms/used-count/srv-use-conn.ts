import { CO_FL_PRIVATE, type Connection } from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import type { UsedCount } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Server } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { countUsed, FREE_NO_SERVER, uncountIdle, uncountUsed } from './counters.ts';

const COUNTED = rulesOf('srv_use_conn', 'include/haproxy/server.h')(
  'srv-use.counted',
  '{0|the server} counts {1|the connection} as used ({2|one more} in all)',
  'curr_used_conns max_used_conns est_need_conns',
);

const del = rulesOf('srv_del_conn_from_list', 'include/haproxy/server.h');
const WAS_IDLE = del(
  'srv-del.idle',
  '{0|the connection} was put in an idle list: {1|the server} counts one idle less',
  'curr_idle_conns curr_idle_nb curr_safe_nb',
);
const WAS_USED = del(
  'srv-del.used',
  '{0|the connection} is in no idle list: {1|the server} counts one used less',
  'curr_used_conns',
);

const connFree = rulesOf('conn_free', 'include/haproxy/connection.h');
const FREE_SHARED = connFree(
  'conn.free.shared',
  '{0|the connection} is freed, and {1|the server} is to count it no more',
);
const FREE_PRIVATE = connFree(
  'conn.free.private',
  '{0|the connection} is freed; it is private, and no server counts it',
  'curr_used_conns',
);
const FREE_GIVEN_UP = connFree(
  'conn.free.given-up',
  '{0|the connection}, which its session has given up just before, is freed; {1|the server} counts as before',
  'curr_used_conns',
);
/** srv_use_conn, include/haproxy/server.h; releases R4. */
function srvUseConn(w: World, srv: Server, conn: Connection): void {
  w.log.decide(COUNTED, srv, conn, srv.currUsedConns + 1);
  w.touch(srv);
  countUsed(srv);
}

/**
 * srv_del_conn_from_list, include/haproxy/server.h, srv_release_conn from 2.4.0 on; releases R4. Its
 * caller unlinks.
 */
function srvDelConnFromList(w: World, srv: Server, conn: Connection): void {
  w.enter('srv_release_conn', conn, null, srv);
  w.touch(srv);
  if (conn.countedIdle) {
    w.log.decide(WAS_IDLE, conn, srv);
    uncountIdle(w, srv, conn);
  } else {
    w.log.decide(WAS_USED, conn, srv);
    uncountUsed(srv);
  }
  // MT_LIST_DEL waits for ever on an element that an iterator of its own caller holds.
  if (conn.listBusy) throw new Crash('srv_del_conn_from_list');
}

/** srv_use_conn() and srv_del_conn_from_list() count what can be shared, wherever that changes. */
export const srvUseConnCount: UsedCount = {
  name: 'srv_use_conn',
  says: 'a connection counts as used from its creation to its privacy, its place in the pool or its end; one that its session lists to the end is never counted off',
  rules: [COUNTED.id, WAS_IDLE.id, WAS_USED.id, FREE_SHARED.id, FREE_PRIVATE.id, FREE_GIVEN_UP.id],
  countsPrivate: false,
  onNew(w, conn) {
    if (conn.srv) srvUseConn(w, conn.srv, conn);
  },
  onGet: srvUseConn,
  onServe() {},
  onCheck() {},
  onPrivate(w, conn) {
    if (conn.srv) srvDelConnFromList(w, conn.srv, conn);
  },
  onFree(w, conn, wasListed) {
    const { srv } = conn;
    // Not told of all ends, a server is to be looked at all the same: its count may be wrong now.
    if (srv) w.touch(srv);
    if (wasListed) w.log.decide(FREE_GIVEN_UP, conn, srv);
    else if (conn.has(CO_FL_PRIVATE)) w.log.decide(FREE_PRIVATE, conn);
    else if (!srv) w.log.decide(FREE_NO_SERVER, conn);
    else {
      w.log.decide(FREE_SHARED, conn, srv);
      srvDelConnFromList(w, srv, conn);
    }
  },
};
