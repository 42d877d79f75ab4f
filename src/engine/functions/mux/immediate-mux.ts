import type { Connection } from '../../objects/connection-t.ts';
import type { MuxOps } from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import { proxyOf } from '../../objects/server-t.ts';
import type { World } from '../../objects/world.ts';
import { rememberedMux } from '../conn-install-mux.ts';
import { muxByName } from './mux.ts';

const connect = rulesOf('connect_server', 'src/backend.c');
const MUX_PROTO = connect(
  'connect.mux.proto',
  '{1|the server} names the protocol (proto): {0|the new connection} gets the mux {2|that it names}',
  'mux used_streams avail_streams',
);
const MUX_TCP = connect(
  'connect.mux.not-http',
  '{1|the backend} does not speak HTTP: {0|the new connection} gets the mux {2|that passes bytes through}',
  'mux used_streams avail_streams',
);
const MUX_HTTP = connect(
  'connect.mux.http',
  'nothing else is configured or negotiated for {1|an HTTP backend}: {0|the new connection} gets the mux {2|of HTTP/1}',
  'mux used_streams avail_streams',
);
const MUX_REMEMBERED = connect(
  'connect.mux.remembered',
  '{1|the server} has agreed to a protocol before (alpn): {0|the new connection} gets the mux {2|of that} without waiting',
  'mux used_streams avail_streams',
);

/**
 * connect_server, step 13c: the mux to install now; releases R9.2.
 *
 * @param isHttp the stream speaks HTTP
 * @param waitsForLayer a layer below the mux comes first
 * @returns null when a handshake decides
 */
export function immediateMux(
  w: World,
  conn: Connection,
  isHttp: boolean,
  waitsForLayer: boolean,
): MuxOps | null {
  const { target, srv } = conn;
  const proxy = proxyOf(target);
  if (waitsForLayer) return null;
  // d4c51a4f5: what was agreed on before will be agreed on again.
  const remembers = w.rules.muxWaits === 'ssl-alpn-unknown' && isHttp && srv?.cachesAlpn;
  const remembered = remembers ? rememberedMux(w, conn) : null;
  if (remembers && !remembered) return null;
  if (srv?.proto) return muxByName(srv.proto);
  if (remembered) return muxByName(remembered);
  if (!proxy.http) return muxByName('pt');
  // b4de42047: ALPN is a matter of TLS.
  const waits = srv?.alpn && isHttp && (w.rules.muxWaits === 'alpn' || srv.ssl);
  return waits ? null : muxByName('h1');
}

/** Why a new connection has just got this mux. */
export function tellMux(w: World, conn: Connection, mux: MuxOps): void {
  const { target, srv } = conn;
  const proxy = proxyOf(target);
  const hasAgreed = w.rules.muxWaits === 'ssl-alpn-unknown' && srv?.cachesAlpn && proxy.http;
  if (srv?.proto) w.log.decide(MUX_PROTO, conn, srv, mux.name);
  else if (hasAgreed) w.log.decide(MUX_REMEMBERED, conn, srv, mux.name);
  else w.log.decide(proxy.http ? MUX_HTTP : MUX_TCP, conn, proxy.id, mux.name);
}
