import { MUX_NAMES } from '../../state/told.ts';
import { CO_FL_PRIVATE, type Connection, MUX_FL_ALL } from '../objects/connection-t.ts';
import type { MuxOps } from '../objects/mux-t.ts';
import { rulesOf } from '../objects/rule.ts';
import { REUSE_SAFE, reuseName, reuseOf, type Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { ConnStream } from '../objects/stream-t.ts';
import { setOwner } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';

const installMux = rulesOf('conn_install_mux', 'include/haproxy/connection.h');
const INSTALL_NO_MEMORY = installMux(
  'mux.install.no-memory',
  'no memory for the mux of {0|the connection}[ ({1})], which stays without',
  'mux used_streams avail_streams',
);

const DISOWNED = rulesOf('conn_install_mux_be', 'src/connection.c')(
  'mux.install.disowned',
  '{0|the connection} is neither private nor to be lent (http-reuse {2|…}): with its mux it is nobody’s, and not {1|its session}’s',
  'owner',
);

const cache = rulesOf('ssl_sock_handshake', 'src/ssl_sock.c');
const REMEMBERED = cache(
  'alpn.remembered',
  '{0|the server} has agreed to {1|a protocol}: its next connections[ of the same key] need not wait for their mux',
);
const FORGOTTEN = rulesOf('srv_reset_path_parameters', 'src/server.c')(
  'alpn.forgotten',
  '{0|the server} goes: what it has agreed to is forgotten',
);

/**
 * conn_install_mux, include/haproxy/connection.h; semantics 3.17. The stream that waited in
 * `conn.cs` becomes the first stream of the mux, on behalf of `sess`.
 *
 * @returns false when the mux cannot be allocated; the connection is then without a mux
 */
export function connInstallMux(
  w: World,
  conn: Connection,
  mux: MuxOps,
  cs: ConnStream,
  sess: Session | null,
): boolean {
  if (!w.alloc('mux')) {
    w.log.decide(INSTALL_NO_MEMORY, conn, mux.name);
    return false;
  }
  w.touch(conn);
  cs.muxSess = sess;
  // A mux has seen nothing yet.
  conn.flags &= ~MUX_FL_ALL;
  conn.ctx = mux.init(conn, cs);
  conn.cs = null;
  return true;
}

/**
 * conn_install_mux_be, src/connection.c; releases R10.2: the session is the owner of what it keeps or
 * has for itself, and of nothing else.
 *
 * @returns false when the mux cannot be allocated
 */
export function connInstallMuxBe(
  w: World,
  conn: Connection,
  mux: MuxOps,
  cs: ConnStream,
  sess: Session | null,
): boolean {
  const { target, owner } = conn;
  const reuse = reuseOf(target);
  const isLent = reuse === REUSE_SAFE && mux.holRisk;
  // d93c53b0d: what anybody may use has no owner.
  if (w.rules.ownerWithMux === 'private-or-lent' && owner && !conn.has(CO_FL_PRIVATE) && !isLent) {
    w.log.decide(DISOWNED, conn, owner, reuseName(reuse));
    w.touch(conn);
    setOwner(conn, null);
  }
  return connInstallMux(w, conn, mux, cs, sess);
}

/** The protocol that ALPN calls a mux. */
const ALPN_NAMES: Readonly<Record<string, string>> = { h1: 'http/1.1', h2: 'h2' };

/**
 * The handshake is over: the server remembers what was negotiated; releases R9.2, R10.2.
 *
 * @param mux what came of it
 */
export function rememberAlpn(w: World, conn: Connection, mux: MuxOps): void {
  const { srv } = conn;
  if (!srv?.cachesAlpn || w.rules.muxWaits !== 'ssl-alpn-unknown') return;
  if (!srv.alpnOffers.split(',').includes(ALPN_NAMES[mux.name] ?? '')) return;
  const number = MUX_NAMES.indexOf(mux.name) + 1;
  if (srv.negoAlpn === number && srv.negoKey === keyOf(w, conn)) return;
  w.log.decide(REMEMBERED, srv, mux.name);
  w.touch(srv);
  srv.negoAlpn = number;
  srv.negoKey = keyOf(w, conn);
}

/** de3f245df: what one destination has agreed to says nothing of another. */
function keyOf({ rules }: World, { key }: Connection): number {
  return rules.alpnIsOf === 'key' ? key : 0;
}

/** The mux that a server has agreed to for connections like this one, or null. */
export function rememberedMux(w: World, conn: Connection): (typeof MUX_NAMES)[number] | null {
  const { srv } = conn;
  if (!srv || srv.negoAlpn === 0 || srv.negoKey !== keyOf(w, conn)) return null;
  return MUX_NAMES[srv.negoAlpn - 1] ?? null;
}

/** srv_reset_path_parameters, src/server.c. */
export function forgetAlpn(w: World, srv: Server): void {
  if (srv.negoAlpn === 0) return;
  w.log.decide(FORGOTTEN, srv);
  w.touch(srv);
  srv.negoAlpn = 0;
  srv.negoKey = 0;
}
