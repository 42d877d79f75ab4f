import type { EventOf } from '../format/index.ts';
import { connFree, connFullClose, connInstallMux, connSetPrivate } from './connection.ts';
import {
  CO_FL_ERROR,
  CO_FL_PRIVATE,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from './connection-t.ts';
import { muxByName } from './mux.ts';
import type { MuxOps } from './mux-t.ts';
import { rulesOf } from './rule.ts';
import { REUSE_ALWS, type Server } from './server-t.ts';
import { sessionAddConn } from './session.ts';
import type { Session } from './session-t.ts';
import { ConnStream } from './stream-t.ts';
import type { World } from './world.ts';

const connect = rulesOf('connect_server', 'src/backend.c');
const NEW_DELAYED_OWNED = connect(
  'connect.new.owned-without-mux',
  '{0|the new connection} has to wait for its mux: {1|the session} becomes the owner meanwhile',
  'owner',
);
const NEW_PROXY = connect(
  'connect.new.send-proxy',
  'a PROXY header names the client: {0|the new connection} is private',
  'flags',
);
const NEW_USESRC = connect(
  'connect.new.usesrc',
  '{0|the new connection} comes from the client’s own address: it is private',
  'flags',
);
const INSTALLED_AVAILABLE = connect(
  'connect.install.available',
  'http-reuse always and room for a stream: any session may join {0|the new connection}',
  'list available',
);
const INSTALLED_LISTED = connect(
  'connect.install.private-listed',
  '{0|the new connection} is private and has its mux: it is added to the list of {1|its owner}',
  'listed_in srv_list',
);
const INSTALLED_UNLISTED = connect(
  'connect.install.private-unlisted',
  '{0|the new connection} is private and has its mux, and stays out of any list',
  'listed_in srv_list',
);
const INSTALLED_PLAIN = connect(
  'connect.install.plain',
  '{0|the new connection} has its mux, and can neither be joined nor be listed',
  'list listed_in mux',
);
const DELAYED = connect(
  'connect.install.delayed',
  '{0|the new connection} gets its mux after the handshake (alpn)',
  'mux list listed_in',
);
const SNI = connect(
  'connect.sni',
  'the server name depends on the request: {0|the connection} is private, new or not',
  'flags',
);
/** A step of connect_server failed; the operand says which. */
export const FAILED = connect('connect.failed', 'a step failed: {1|}', 'ret conn mux');

/** What of a `connect_server` event decides. */
export type ConnectInputs = Pick<EventOf<'connect_server'>, 'not_first' | 'sni' | 'src' | 'error'>;

/** What connect_server leaves behind. */
export interface Connected {
  readonly ret: 'NONE' | 'RESOURCE' | 'INTERNAL';
  readonly reused: boolean;
  /** The connection that the stream holds, which may be freed already; null when none. */
  readonly conn: Connection | null;
}

/** connect_server, step 15: executed for reused connections as well. */
export function applySni(
  w: World,
  conn: Connection,
  srv: Server | null,
  inputs: ConnectInputs,
): void {
  if (!srv?.sni || inputs.sni === false) return;
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
  const { target, srv } = conn;
  const usesrc = target.usesrc;
  const fail = (ret: 'RESOURCE' | 'INTERNAL', step: string): Connected => {
    w.log.decide(FAILED, conn, step);
    return { ret, reused: false, conn };
  };

  if (!w.alloc('sockaddr')) {
    connFree(w, conn);
    return fail('RESOURCE', 'sockaddr');
  }
  if (inputs.error === 'address') {
    connFree(w, conn);
    return fail('INTERNAL', 'address');
  }
  if (!w.alloc('conn_stream')) {
    connFree(w, conn);
    return fail('RESOURCE', 'conn_stream');
  }
  const cs = new ConnStream(strm, conn, sess);
  conn.cs = cs;
  w.holdStream(cs);

  const mux = immediateMux(conn);
  if (!mux && w.rules.ownerWhileMuxWaits) {
    // Gone with 08016ab82: conn_create_mux had to know the session.
    w.log.decide(NEW_DELAYED_OWNED, conn, sess);
    conn.owner = sess;
  }
  if (srv?.sendProxy) {
    w.log.decide(NEW_PROXY, conn);
    connSetPrivate(w, conn);
  }
  if (usesrc && usesrc !== 'address' && inputs.src !== false) {
    w.log.decide(NEW_USESRC, conn);
    connSetPrivate(w, conn);
  }
  if (inputs.error === 'connect') {
    conn.flags |= CO_FL_ERROR;
    return fail('RESOURCE', 'connect');
  }
  conn.flags |= CO_FL_XPRT_READY | CO_FL_WAIT_XPRT;
  applySni(w, conn, srv, inputs);

  if (!mux) {
    w.log.decide(DELAYED, conn);
  } else if (inputs.error === 'mux' || !connInstallMux(w, conn, mux, cs, sess)) {
    connFullClose(w, conn);
    return fail('INTERNAL', 'mux');
  } else {
    shareOrList(w, conn);
  }
  if (inputs.error === 'handshake' && srv?.sendProxy) {
    connFullClose(w, conn);
    return fail('INTERNAL', 'handshake');
  }
  return { ret: 'NONE', reused: false, conn };
}

/** connect_server, step 13c: the mux to install now, or null when the handshake decides. */
function immediateMux(conn: Connection): MuxOps | null {
  const { target, srv } = conn;
  const proxy = target.kind === 'srv' ? target.proxy : target;
  if (srv?.proto) return muxByName(srv.proto);
  if (!proxy.http) return muxByName('pt');
  return srv?.alpn ? null : muxByName('h1');
}

/** connect_server, step 16: where a new connection with its mux goes. */
function shareOrList(w: World, conn: Connection): void {
  const srv = conn.srv;
  const shareable = !conn.has(CO_FL_PRIVATE);
  const available = srv?.availableConns[w.thread];
  if (
    available &&
    srv?.proxy.reuse === REUSE_ALWS &&
    shareable &&
    (conn.ctx?.availStreams() ?? 0) > 0
  ) {
    w.log.decide(INSTALLED_AVAILABLE, conn, srv);
    w.listAppend(available, conn);
  } else if (shareable) {
    w.log.decide(INSTALLED_PLAIN, conn);
  } else if (w.rules.listAtMuxInstall) {
    // 08016ab82: a private connection joins its session at once, not when a stream leaves.
    w.log.decide(INSTALLED_LISTED, conn, conn.owner);
    sessionAddConn(w, conn.owner, conn);
  } else {
    w.log.decide(INSTALLED_UNLISTED, conn, conn.owner);
  }
}
