import { connInstallMux, connNew, connSetOwner, connSetPrivate } from './connection.ts';
import { CO_FL_WAIT_XPRT, CO_FL_XPRT_READY } from './connection-t.ts';
import type { MuxOps } from './mux-t.ts';
import { rulesOf } from './rule.ts';
import type { Target } from './server-t.ts';
import type { Session } from './session-t.ts';
import { ConnStream } from './stream-t.ts';
import type { World } from './world.ts';

const check = rulesOf('tcpcheck_eval_connect', 'src/tcpcheck.c');
const CONNECTS = check(
  'check.connect',
  '{1|a health check} owns its private {0|connection} without listing it; used counts it, need does not',
  'conn owner flags listed_in mux curr_used_conns max_used_conns est_need_conns',
);

/**
 * tcpcheck_eval_connect, src/tcpcheck.c; semantics 3.25 and 8.25.
 *
 * @param mux the mux to install at once; null when conn_create_mux follows
 */
export function tcpcheckEvalConnect(
  w: World,
  strm: string,
  sess: Session,
  target: Target,
  name: string,
  mux: MuxOps | null,
): void {
  if (!w.alloc('conn_stream')) return;
  const conn = connNew(w, name, target);
  if (!conn) return;
  const cs = new ConnStream(strm, conn, sess);
  conn.cs = cs;
  w.holdStream(cs);
  w.log.decide(CONNECTS, conn, sess);
  connSetOwner(w, conn, sess);
  if (conn.srv) {
    w.touch(conn.srv);
    conn.srv.currUsedConns = (conn.srv.currUsedConns + 1) >>> 0;
  }
  conn.flags |= CO_FL_XPRT_READY | CO_FL_WAIT_XPRT;
  connSetPrivate(w, conn);
  if (mux) connInstallMux(w, conn, mux, cs, sess);
}
