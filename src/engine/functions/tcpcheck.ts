import type { EventOf } from '../../format/index.ts';
import { CO_FL_WAIT_XPRT, CO_FL_XPRT_READY, type Connection } from '../objects/connection-t.ts';
import type { MuxOps } from '../objects/mux-t.ts';
import { rulesOf } from '../objects/rule.ts';
import { reuseOf, type Target } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import { ConnStream } from '../objects/stream-t.ts';
import type { World } from '../objects/world.ts';
import { ENDPOINT_LOST, reuse } from './backend-reuse.ts';
import { connInstallMux } from './conn-install-mux.ts';
import { connCalculateHash } from './conn-key.ts';
import { connNew, connSetOwner, connSetPrivate } from './connection.ts';

const check = rulesOf('tcpcheck_eval_connect', 'src/tcpcheck.c');
const CONNECTS = check(
  'check.connect',
  '{0|the connection} belongs to {1|the session} of its check, which does not list it, and is to be private',
  'owner PRIVATE listed_in list mux used_streams avail_streams',
);
const CONNECTS_SHARED = check(
  'check.connect.shared',
  '{0|the connection} is owned by {1|the session} of its check, and others may have it after that (check-reuse-pool)',
  'owner PRIVATE listed_in list mux used_streams avail_streams',
);
const REUSES = check(
  'check.reuse',
  '{0|the connection} serves the check of {1|a session}, whose it is from now on',
  'owner claim',
);
const NOTHING_THERE = check(
  'check.reuse.nothing',
  'no connection to {0|the server} can serve the check of {1|a session}: it makes one',
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
  return connectCheck(w, strm, sess, target, name, mux, null);
}

/** What a check says of the connection that it wants. */
type CheckInputs = Pick<EventOf<'check_connect'>, 'params' | 'reuse_pool'>;

/**
 * tcpcheck_eval_connect, src/tcpcheck.c, of a check that may be served by a connection that is there
 * (check-reuse-pool); releases R8.3 and R10.2. Where checks do not reuse it is as any other.
 *
 * @param name the id of the connection, should it be a new one
 * @param mux the mux to install at once in a new one; null when conn_create_mux follows
 * @returns null when an allocation fails
 */
export function tcpcheckReuse(
  w: World,
  strm: string,
  sess: Session,
  target: Target,
  name: () => string,
  mux: MuxOps | null,
  inputs: CheckInputs,
): Connection | null {
  const { checkReuse } = w.rules;
  const mayReuse = inputs.reuse_pool && target.kind === 'srv';
  if (checkReuse === 'none' || !mayReuse) {
    return connectCheck(w, strm, sess, target, name(), mux, null);
  }
  const key = connCalculateHash(w, target, inputs.params);
  const wanted = { sess, target, key, mode: reuseOf(target), notFirst: false };
  const found = reuse(w, strm, wanted, false);
  if (found !== null && found !== ENDPOINT_LOST) {
    w.log.decide(REUSES, found, sess);
    connSetOwner(w, found, sess);
    return found;
  }
  w.log.decide(NOTHING_THERE, target, sess);
  return connectCheck(w, strm, sess, target, name(), mux, checkReuse === 'kept' ? key : null);
}

/**
 * A check connects anew.
 *
 * @param key of a connection that others may have later; null: it is private
 */
function connectCheck(
  w: World,
  strm: string,
  sess: Session,
  target: Target,
  name: string,
  mux: MuxOps | null,
  key: number | null,
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
  w.log.decide(key === null ? CONNECTS : CONNECTS_SHARED, conn, sess);
  connSetOwner(w, conn, sess);
  if (conn.srv) w.rules.usedCount.onCheck(w, conn.srv, conn);
  conn.flags |= CO_FL_XPRT_READY | CO_FL_WAIT_XPRT;
  if (key === null) connSetPrivate(w, conn);
  else conn.key = key;
  if (mux) connInstallMux(w, conn, mux, cs, sess);
  return conn;
}
