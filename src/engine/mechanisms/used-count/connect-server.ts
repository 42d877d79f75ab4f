import type { UsedCount } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import { countUsed, FREE_NO_SERVER, uncountIdle, uncountUsed } from './counters.ts';

const COUNT_USED = rulesOf('connect_server', 'src/backend.c')(
  'connect.used',
  '{1|the connection} was not in use: {0|the server} counts it as used ({2|one more} in all)',
  'curr_used_conns max_used_conns est_need_conns',
);
const CHECK_USED = rulesOf('tcpcheck_eval_connect', 'src/tcpcheck.c')(
  'check.used',
  '{0|the server} counts {1|the connection} of the check as used ({2|one more} in all), but not as needed',
  'curr_used_conns max_used_conns est_need_conns',
);

const connFree = rulesOf('conn_free', 'include/haproxy/connection.h');
const FREE_IDLE = connFree(
  'conn.free.idle',
  '{0|the connection} is freed; {1|the server} counts one idle less',
  'curr_idle_conns curr_idle_nb curr_safe_nb',
);
const FREE_USED = connFree(
  'conn.free.used',
  '{0|the connection} is freed; {1|the server} counts one used less',
  'curr_used_conns',
);
/**
 * connect_server and tcpcheck_eval_connect count a connection as used, and conn_free uncounts it,
 * private or not.
 */
export const connectServerCount: UsedCount = {
  name: 'connect_server',
  says: 'whoever asks for a new or an idle connection counts it as used, private or not, until it is idle or freed',
  rules: [COUNT_USED.id, CHECK_USED.id, FREE_IDLE.id, FREE_USED.id],
  countsPrivate: true,
  onNew() {},
  onGet() {},
  onServe(w, srv, conn) {
    w.log.decide(COUNT_USED, srv, conn, srv.currUsedConns + 1);
    w.touch(srv);
    countUsed(srv);
  },
  onCheck(w, srv, conn) {
    w.log.decide(CHECK_USED, srv, conn, srv.currUsedConns + 1);
    w.touch(srv);
    srv.currUsedConns = (srv.currUsedConns + 1) >>> 0;
  },
  onPrivate() {},
  onFree(w, conn) {
    const { srv } = conn;
    if (!srv) {
      w.log.decide(FREE_NO_SERVER, conn);
      return;
    }
    w.touch(srv);
    if (conn.countedIdle) {
      w.log.decide(FREE_IDLE, conn, srv);
      uncountIdle(w, srv, conn);
    } else {
      w.log.decide(FREE_USED, conn, srv);
      uncountUsed(srv);
    }
  },
};
