import type { EventOf } from '../../format/index.ts';
import {
  CO_FL_ERROR,
  CO_FL_PRIVATE,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from '../objects/connection-t.ts';
import { type Rule, rulesOf } from '../objects/rule.ts';
import {
  proxyOf,
  REUSE_ALWS,
  reuseName,
  reuseOf,
  type Server,
  type Target,
} from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import { ConnStream } from '../objects/stream-t.ts';
import { setOwner } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';
import { connInstallMuxBe } from './conn-install-mux.ts';
import { connFree, connFullClose, connSetPrivate } from './connection.ts';
import { immediateMux, tellMux } from './mux/immediate-mux.ts';
import { isLent } from './mux/mux.ts';

const connect = rulesOf('connect_server', 'src/backend.c');
const NEW_DELAYED_OWNED = connect(
  'connect.new.owned-without-mux',
  '{0|the new connection} has to wait for its mux: {1|the session} owns it, so that the mux will know the session',
  'owner',
);
const NEW_PROXY = connect(
  'connect.new.send-proxy',
  'a PROXY header names the client: {0|the new connection} is private',
  'PRIVATE',
);
const NEW_USESRC = connect(
  'connect.new.usesrc',
  '{0|the new connection} comes from the client’s own address: it is private',
  'PRIVATE',
);
const INSTALLED_AVAILABLE = connect(
  'connect.install.available',
  'http-reuse always (streams free: {2|one or more}): {0|the new connection} joins the end of the available list of {1|its server}, for any session',
  'list listed_in',
);
const INSTALLED_LISTED = connect(
  'connect.install.private-listed',
  '{0|the new connection} is private and has its mux: it is added to the list of {1|its owner}',
  'list ~listed_in',
);
const INSTALLED_UNLISTED = connect(
  'connect.install.private-unlisted',
  '{0|the new connection} is private and has its mux: it stays out of any list until its stream leaves',
  'list listed_in',
);
const INSTALLED_NO_SERVER = connect(
  'connect.install.no-server',
  '{0|the new connection} is not private and goes to {1|a backend}, not to a server: there is no list for it',
  'list listed_in',
);
const INSTALLED_PLAIN = connect(
  'connect.install.plain',
  '{0|the new connection} joins no list: it is not private, and can be joined at once only under http-reuse always with a stream free[ (here {1}, free: {2})]',
  'list listed_in',
);
const DELAYED_LAYER = connect(
  'connect.install.layer',
  'the mux of {0|the new connection} needs a layer below it: it comes after the handshake of that, and until then no list can hold the connection',
  'mux list listed_in used_streams avail_streams',
);
const INSTALLED_NOT_HTX = connect(
  'connect.install.not-htx',
  'the stream does not speak HTTP: {0|the new connection} joins no list',
  'list listed_in',
);
const DELAYED = connect(
  'connect.install.delayed',
  '{0|the new connection} gets its mux after the handshake (alpn): until then no list can hold it',
  'mux list listed_in used_streams avail_streams',
);
const INSTALLED_LENT = connect(
  'connect.install.lent',
  'http-reuse safe, and streams of {0|the new connection} can hold each other up: it is added to the list of {1|its owner}, whose streams alone may join it',
  'list ~listed_in',
);
const SNI_CONSTANT = connect(
  'connect.sni.constant',
  'the server name (sni) is the same for every request: {0|the connection} stays as private as it is',
  'PRIVATE',
);
const SNI = connect(
  'connect.sni',
  'the server name (sni) depends on the request: {0|the connection} is private, new or not',
  'PRIVATE',
);
const SNI_LATER = connect(
  'connect.sni.later',
  'the server name (sni) depends on the request: {0|the new connection} becomes private only after its mux is installed, and after it has joined a list for all sessions where it could',
  'PRIVATE',
);
/** A step of connect_server failed: about the connection or session, with what failed and `ret`. */
export const FAILED = connect(
  'connect.failed',
  '{1|a step fails}: connect_server returns {2|an error}',
  'ret conn mux survival used_streams avail_streams',
);

const NO_ENDPOINT = connect(
  'connect.failed.endpoint',
  'the stream cannot be attached to {0|the connection}, and this is no lack of a connection: connect_server returns INTERNAL',
  'ret conn mux survival used_streams avail_streams',
);

/** A step of it failed for a connection that has its mux, which it keeps. */
export const FAILED_WITH_MUX = connect(
  'connect.failed.with-mux',
  '{1|a step fails} after {0|the connection} got its mux: connect_server returns {2|an error}',
  'ret',
);

/** The same where the connection is freed under its streams, which keep pointing at it. */
export const FAILED_FREED = connect(
  'connect.failed.freed',
  '{1|a step fails}: {0|the connection} is freed, whatever streams it has, and connect_server returns {2|an error}',
  'ret conn list',
  'leaves-list',
);

/** What fails where a transport cannot connect. */
export const CONNECT_FAILS = 'the connect fails';
const NO_LAYER = 'no layer for the PROXY header can be added';

/** What of a `connect_server` event decides. */
export type ConnectInputs = Pick<
  EventOf<'connect_server'>,
  'not_first' | 'sni' | 'src' | 'params' | 'htx' | 'websocket' | 'init_xprt' | 'error'
>;

/** What connect_server leaves behind. */
export interface Connected {
  readonly ret: 'NONE' | 'RESOURCE' | 'INTERNAL';
  readonly reused: boolean;
  /** The connection that the stream holds, which may be freed already; null when none. */
  readonly conn: Connection | null;
}

/**
 * si_connect, include/haproxy/stream_interface.h, for a transport that is not ready; semantics 3.10,
 * step 14, and 8.17: the source address of the client is looked at before anything can fail.
 *
 * @returns false when the connect fails
 */
export function siConnect(
  w: World,
  conn: Connection,
  inputs: ConnectInputs,
  usesrcRule: Rule,
): boolean {
  const { usesrc } = conn.target;
  const isClients = usesrc && usesrc !== 'address' && inputs.src !== false;
  if (isClients && w.rules.sourceIsPrivate === 'client') {
    w.log.decide(usesrcRule, conn);
    connSetPrivate(w, conn);
  }
  w.touch(conn);
  if (inputs.error === 'connect') {
    conn.flags |= CO_FL_ERROR;
    return false;
  }
  conn.flags |= CO_FL_XPRT_READY | CO_FL_WAIT_XPRT;
  return true;
}

/** connect_server, step 15: executed for reused connections as well. */
export function applySni(
  w: World,
  conn: Connection,
  srv: Server | null,
  inputs: ConnectInputs,
): void {
  // 9b626e3c1: a connection serves only those who ask for the name that it was made for.
  if (!srv?.sni || inputs.sni === false || w.rules.sniIsPrivate === 'never') return;
  // 7239c2498: a name that no request changes is no reason.
  if (srv.sni === 'constant' && w.rules.sniIsPrivate === 'request') {
    w.log.decide(SNI_CONSTANT, conn);
    return;
  }
  w.log.decide(SNI, conn);
  connSetPrivate(w, conn);
}

/** connect_server, steps 10 to 17 for a new connection; semantics 8.15, 8.17, 8.20. */
export function setUp(
  w: World,
  conn: Connection,
  strm: string,
  sess: Session,
  inputs: ConnectInputs,
): Connected {
  const { srv } = conn;
  const fail = (ret: 'RESOURCE' | 'INTERNAL', what: string): Connected => {
    w.log.decide(FAILED, conn, what, ret);
    return { ret, reused: false, conn };
  };

  // d8d9122a0: conn_new has seen to the address.
  const hasAddress = w.rules.connAllocation === 'address-and-hash-node';
  if (!hasAddress && !w.alloc('sockaddr')) {
    connFree(w, conn);
    return fail('RESOURCE', 'no address can be allocated');
  }
  if (inputs.error === 'address' && w.rules.addressesAreSet === 'with-connection') {
    connFree(w, conn);
    return fail('INTERNAL', 'the address of the server cannot be set');
  }
  if (inputs.error === 'xprt' && w.rules.addressesAreSet === 'before-lookup') {
    connFree(w, conn);
    return fail('INTERNAL', 'the transport cannot be prepared');
  }
  if (!w.alloc('conn_stream')) {
    connFree(w, conn);
    if (w.rules.endpointFails === 'resource') {
      return fail('RESOURCE', 'no conn_stream can be allocated');
    }
    // 070b91bc1: what the stream lacks is no memory for a connection any more.
    w.log.decide(NO_ENDPOINT, conn);
    return { ret: 'INTERNAL', reused: false, conn };
  }
  const cs = new ConnStream(strm, conn, sess);
  conn.cs = cs;
  conn.creator = sess;
  w.holdStream(cs);

  const isHttp = w.rules.reuseIsFor === 'any' || speaksHttp(conn.target, inputs);
  const mux = immediateMux(w, conn, isHttp, waitsForLayer(w, inputs));
  if (!mux && w.rules.ownerWhileMuxWaits === 'session') {
    // Gone with 08016ab82: conn_create_mux had to know the session.
    w.log.decide(NEW_DELAYED_OWNED, conn, sess);
    setOwner(conn, sess);
  }
  if (srv?.sendProxy && w.rules.proxyHeaderIsPrivate === 'yes') {
    w.log.decide(NEW_PROXY, conn);
    connSetPrivate(w, conn);
  }
  if (!siConnect(w, conn, inputs, NEW_USESRC)) return fail('RESOURCE', CONNECT_FAILS);
  const sniFirst = w.rules.sniIsSet === 'before-mux';
  if (sniFirst) applySni(w, conn, srv, inputs);
  else if (srv?.sni && inputs.sni !== false) w.log.decide(SNI_LATER, conn);

  const isLayerMissing = inputs.error === 'handshake' && (srv?.sendProxy ?? false);
  // a3b17563e: the layer below comes first.
  if (isLayerMissing && w.rules.handshakeLayer === 'before-mux') {
    connFullClose(w, conn);
    return fail('INTERNAL', NO_LAYER);
  }
  if (!mux) {
    w.log.decide(waitsForLayer(w, inputs) ? DELAYED_LAYER : DELAYED, conn);
  } else if (inputs.error === 'mux' || !connInstallMuxBe(w, conn, mux, cs, sess)) {
    connFullClose(w, conn);
    return fail('INTERNAL', 'no mux can be installed');
  } else {
    tellMux(w, conn, mux);
    if (isHttp) shareOrList(w, conn);
    else w.log.decide(INSTALLED_NOT_HTX, conn);
  }
  if (isLayerMissing) {
    connFullClose(w, conn);
    w.log.decide(mux ? FAILED_WITH_MUX : FAILED, conn, NO_LAYER, 'INTERNAL');
    return { ret: 'INTERNAL', reused: false, conn };
  }
  // 27bd6ff96: a mux is not to be installed, and shared, before its connection is private.
  if (!sniFirst) applySni(w, conn, srv, inputs);
  return { ret: 'NONE', reused: false, conn };
}

/** 879c78c90: what the mux speaks can need a layer of its own, whose handshake comes first. */
function waitsForLayer({ rules }: World, { init_xprt }: ConnectInputs): boolean {
  return init_xprt === true && rules.muxLayer === 'first';
}

/** Whether the stream speaks HTTP (IS_HTX_STRM): as its backend does, unless the trace says so. */
export function speaksHttp(target: Target, { htx }: ConnectInputs): boolean {
  return htx ?? proxyOf(target).http;
}

/** connect_server, step 16: where a new connection with its mux goes. */
function shareOrList(w: World, conn: Connection): void {
  const srv = conn.srv;
  const shareable = !conn.has(CO_FL_PRIVATE);
  const reuse = reuseOf(conn.target);
  const free = conn.ctx?.availStreams() ?? 0;
  if (srv && reuse === REUSE_ALWS && shareable && free > 0) {
    w.log.decide(INSTALLED_AVAILABLE, conn, srv, free);
    w.rules.pool.addAvailable(w, srv, conn);
  } else if (shareable && w.rules.listAtMuxInstall === 'private-or-lent' && isLent(conn, reuse)) {
    // 00464ab8f: only the session's own streams are to be held up by each other.
    w.log.decide(INSTALLED_LENT, conn, conn.owner);
    w.rules.sessionConns.sessionAddConn(w, conn.owner, conn);
  } else if (shareable && !srv) {
    w.log.decide(INSTALLED_NO_SERVER, conn, conn.target.id);
  } else if (shareable) {
    w.log.decide(INSTALLED_PLAIN, conn, reuseName(reuse), free);
  } else if (w.rules.listAtMuxInstall !== 'nothing') {
    // 08016ab82: a private connection joins its session at once, not when a stream leaves.
    w.log.decide(INSTALLED_LISTED, conn, conn.owner);
    w.rules.sessionConns.sessionAddConn(w, conn.owner, conn);
  } else {
    w.log.decide(INSTALLED_UNLISTED, conn, conn.owner);
  }
}
