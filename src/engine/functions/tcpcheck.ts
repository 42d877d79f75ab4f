import { CO_FL_WAIT_XPRT, CO_FL_XPRT_READY, type Connection } from '../objects/connection-t.ts';
import type { MuxOps } from '../objects/mux-t.ts';
import { rulesOf } from '../objects/rule.ts';
import type { Target } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import { ConnStream } from '../objects/stream-t.ts';
import type { World } from '../objects/world.ts';
import { connInstallMux } from './conn-install-mux.ts';
import { connNew, connSetOwner, connSetPrivate } from './connection.ts';

const check = rulesOf('tcpcheck_eval_connect', 'src/tcpcheck.c');
const CONNECTS = check(
  'check.connect',
  '{0|the connection} belongs to {1|the session} of its check, which does not list it, and is to be private',
  'owner PRIVATE listed_in list mux used_streams avail_streams',
);
const NO_STREAM = check(
  'check.no-stream',
  'no conn_stream can be allocated: the check of {0|its session} does not connect',
  'claim',
);

/**
 * tcpcheck_eval_connect, src/tcpcheck.c; semantics 3.25 and 8.25.
 *
 * @param mux the mux to install at once; null when conn_create_mux follows
 * @returns null when an allocation fails
 */
export function tcpcheckEvalConnect(
  w: World,
  strm: string,
  sess: Session,
  target: Target,
  name: string,
  mux: MuxOps | null,
): Connection | null {
  if (!w.alloc('conn_stream')) {
    w.log.decide(NO_STREAM, sess);
    return null;
  }
  const conn = connNew(w, name, target);
  if (!conn) return null;
  const cs = new ConnStream(strm, conn, sess);
  conn.cs = cs;
  conn.creator = sess;
  w.holdStream(cs);
  w.log.decide(CONNECTS, conn, sess);
  connSetOwner(w, conn, sess);
  if (conn.srv) w.rules.usedCount.onCheck(w, conn.srv, conn);
  conn.flags |= CO_FL_XPRT_READY | CO_FL_WAIT_XPRT;
  connSetPrivate(w, conn);
  if (mux) connInstallMux(w, conn, mux, cs, sess);
  return conn;
}
