import type { EventOf } from '../../format/index.ts';
import {
  CO_FL_ANY_SH,
  CO_FL_ERROR,
  CO_FL_PRIVATE,
  CO_FL_SESS_IDLE,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  Connection,
  GIVEN_UP,
} from '../objects/connection-t.ts';
import { Crash } from '../objects/crash.ts';
import type { DetachInputs, MuxOps } from '../objects/mux-t.ts';
import { rulesOf } from '../objects/rule.ts';
import { REUSE_ALWS, reuseName, reuseOf, type Target } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { ConnStream } from '../objects/stream-t.ts';
import { countAlive, countDead, markPrivate, setOwner } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';

const connNewRule = rulesOf('conn_new', 'include/haproxy/connection.h');
const NEW_CONN = connNewRule(
  'conn.new',
  '{0|a connection} is created, towards {1|a target}: nobody’s, not private, without a mux, in no list',
  'conn owner PRIVATE SESS_IDLE SAFE_LIST IDLE_LIST listed_in list mux used_streams avail_streams',
);
const NEW_NO_MEMORY = connNewRule(
  'conn.new.no-memory',
  'no connection can be allocated',
  'conn claim',
);

const NEW_NO_HASH_NODE = connNewRule(
  'conn.new.no-hash-node',
  'no node can be allocated for the key of {0|a connection}, which is not made; {1|the server} counts it as used for ever',
  'conn claim',
);

const connFreeRule = rulesOf('conn_free', 'include/haproxy/connection.h');
const FREE_LISTED = connFreeRule(
  'conn.free.listed',
  '{0|the connection} is in the list of {2|a session}: {1|its owner} has to give it up',
);
const FREE_IDLE_MARK = connFreeRule(
  'conn.free.idle-mark',
  '{0|the connection} is marked as idle: {1|its owner} counts one idle less',
  'idle_conns crash',
);
const setPrivate = rulesOf('conn_set_private', 'include/haproxy/connection.h');
const SET_PRIVATE = setPrivate(
  'conn.set-private',
  '{0|the connection} is private from now on, to the end of its life',
);
const SET_PRIVATE_ALREADY = setPrivate(
  'conn.set-private.already',
  '{0|the connection} is private already',
  'PRIVATE',
  'repeats',
);
const SET_PRIVATE_UNLINKED = setPrivate(
  'conn.set-private.unlinked',
  '{0|the connection} cannot be shared any more: it leaves the {1|available} list',
  'list',
  'leaves-list',
);
// Where there is no function for it, there is the flag.
const flagPrivate = rulesOf('CO_FL_PRIVATE', 'include/haproxy/connection-t.h');
const FLAG_PRIVATE = flagPrivate(
  'conn.flag-private',
  'the flag is set, and no list is looked at: {0|the connection} is private from now on, and stays in {1|the list that it is in}',
  'list',
);
const FLAG_PRIVATE_ALREADY = flagPrivate(
  'conn.flag-private.already',
  'the flag is set, and no list is looked at: {0|the connection} is private already',
  'PRIVATE list',
  'repeats',
);

const installMux = rulesOf('conn_install_mux', 'include/haproxy/connection.h');
const INSTALL_NO_MEMORY = installMux(
  'mux.install.no-memory',
  'no memory for the mux of {0|the connection}[ ({1})], which stays without',
  'mux used_streams avail_streams',
);

const createMux = rulesOf('conn_create_mux', 'src/connection.c');
const CREATE_ERROR = createMux(
  'create-mux.error',
  '{0|the connection} is in error: no mux, the stream is woken to release it',
  'ret mux list listed_in used_streams avail_streams',
);
const CREATE_FAILED = createMux(
  'create-mux.failed',
  '{0|the connection} gets no mux, and its stream, woken without an error, sends through what is not there',
  'crash',
);
const CREATE_WAITS = createMux(
  'create-mux.failed.waits',
  '{0|the connection} gets no mux, and its stream, woken without an error, waits on: both end when it leaves',
  'ret mux survival used_streams avail_streams',
);
const CREATE_AVAILABLE = createMux(
  'create-mux.available',
  'http-reuse always (streams free: {2|one or more}): {0|the connection}, with its mux, joins the end of the available list of {1|its server}, for any session',
  'ret mux used_streams avail_streams list listed_in',
);
const CREATE_LISTED = createMux(
  'create-mux.private-listed',
  '{0|the connection} is private: with its mux it is added to the list of {1|its owner}',
  'ret mux used_streams avail_streams list ~listed_in',
);
const CREATE_UNLISTED = createMux(
  'create-mux.private-unlisted',
  '{0|the connection} is private: it gets its mux and stays out of any list, also when its stream leaves',
  'ret mux used_streams avail_streams list listed_in',
);
const CREATE_NOT_AVAILABLE = createMux(
  'create-mux.not-available',
  '{0|the connection} has its mux and joins no list: it is not private, and can be joined at once only under http-reuse always with a stream free[ (here {1}, free: {2})]',
  'ret mux used_streams avail_streams list listed_in',
);

const destroy = rulesOf('cs_destroy', 'include/haproxy/connection.h');
const DESTROY_FREED = destroy(
  'cs-destroy.freed',
  '{0|the connection} was freed under its streams: one of them now reads it',
  'crash',
);
const DESTROY_NO_MUX = destroy(
  'cs-destroy.no-mux',
  '{0|the connection} has no mux: it is closed and freed with its stream',
  'conn list',
);

/**
 * conn_new, include/haproxy/connection.h; semantics 3.3.
 *
 * @returns null when the allocation fails
 */
export function connNew(w: World, id: string, target: Target): Connection | null {
  const call = w.enter('conn_new', null);
  if (!w.alloc('connection')) {
    w.log.decide(NEW_NO_MEMORY, id);
    call.ret = null;
    return null;
  }
  const conn = new Connection(id, target);
  const needsNode = w.rules.connAllocation === 'hash-node';
  // 8990b010a: the memory goes back, and what was counted stays.
  if (needsNode && !w.alloc('hash_node')) {
    w.log.decide(NEW_NO_HASH_NODE, id, target.id);
    w.rules.usedCount.onNew(w, conn);
    call.ret = null;
    return null;
  }
  w.log.decide(NEW_CONN, conn, target.id);
  w.touch(conn);
  w.connections.set(id, conn);
  countAlive(conn);
  w.rules.usedCount.onNew(w, conn);
  call.ret = conn;
  return conn;
}

/** conn_free, include/haproxy/connection.h; semantics 3.4. */
export function connFree(w: World, conn: Connection): void {
  w.enter('conn_free', conn);
  w.touch(conn);
  const wasListed = conn.sessionList.linked;
  if (wasListed) {
    const owner = conn.owner;
    w.log.decide(FREE_LISTED, conn, owner, conn.sessionList.list?.entry?.sess);
    if (w.rules.idleIsUncounted === 'conn_free' && conn.has(CO_FL_SESS_IDLE)) {
      w.log.decide(FREE_IDLE_MARK, conn, owner);
      if (!owner || owner.freed) throw new Crash('conn_free');
      w.touch(owner);
      owner.idleConns--;
    }
    w.rules.sessionConns.sessionUnownConn(w, owner, conn);
  }
  w.rules.usedCount.onFree(w, conn, wasListed);
  // MT_LIST_DEL waits for ever on an element that an iterator of its own caller holds.
  if (conn.listBusy) throw new Crash('conn_free');
  w.listDel(conn);
  w.unlink(conn.toremoveList);
  countDead(conn);
  conn.freed = true;
  w.connections.delete(conn.id);
}

/** conn_set_owner, include/haproxy/connection.h; semantics 3.5. Looks at no list. */
export function connSetOwner(w: World, conn: Connection, owner: Session): void {
  w.enter('conn_set_owner', conn, owner);
  w.touch(conn);
  setOwner(conn, owner);
}

/**
 * conn_set_private, include/haproxy/connection.h; semantics 3.6. Before it came to be, who made a
 * connection private set CO_FL_PRIVATE, and that was all.
 */
export function connSetPrivate(w: World, conn: Connection): void {
  if (w.rules.privacyUnlinks === 'no') {
    if (conn.has(CO_FL_PRIVATE)) {
      w.log.decide(FLAG_PRIVATE_ALREADY, conn);
      return;
    }
    const name = conn.list.list?.name;
    w.log.decide(FLAG_PRIVATE, conn, name === undefined ? 'no list' : `the ${name} list`);
    w.touch(conn);
    markPrivate(conn);
    return;
  }
  w.enter('conn_set_private', conn);
  if (conn.has(CO_FL_PRIVATE)) {
    w.log.decide(SET_PRIVATE_ALREADY, conn);
    return;
  }
  w.log.decide(SET_PRIVATE, conn);
  w.touch(conn);
  markPrivate(conn);
  w.rules.usedCount.onPrivate(w, conn);
  const { list } = conn.list;
  if (!list) return;
  w.log.decide(SET_PRIVATE_UNLINKED, conn, list.name);
  w.listDel(conn);
}

/** conn_full_close, include/haproxy/connection.h: transport and control layers are closed. */
export function connFullClose(w: World, conn: Connection): void {
  w.touch(conn);
  conn.flags &= ~CO_FL_XPRT_READY;
}

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
  conn.ctx = mux.init(conn, cs);
  conn.cs = null;
  return true;
}

/**
 * conn_create_mux, src/connection.c; semantics 3.12 and 8.10, 8.16. The handshake is over.
 *
 * @param mux the negotiated multiplexer; null when the creation fails
 * @returns 0, or -1 when no mux was created
 */
export function connCreateMux(
  w: World,
  conn: Connection,
  cs: ConnStream,
  mux: MuxOps | null,
  inputs: Pick<EventOf<'conn_create_mux'>, 'error'>,
): 0 | -1 {
  if (conn.has(CO_FL_ERROR)) {
    w.log.decide(CREATE_ERROR, conn);
    return -1;
  }
  if (inputs.error || !mux || !connInstallMux(w, conn, mux, cs, conn.owner)) {
    // e96993b1f: without a mux the stream neither sends nor receives.
    if (w.rules.streamWithoutMux === 'waits') {
      w.log.decide(CREATE_WAITS, conn);
      return -1;
    }
    w.log.decide(CREATE_FAILED, conn);
    throw new Crash('si_cs_send');
  }
  conn.proven = true;
  const srv = conn.srv;
  const shareable = !conn.has(CO_FL_PRIVATE);
  const free = conn.ctx?.availStreams() ?? 0;
  if (srv && srv.proxy.reuse === REUSE_ALWS && shareable && free > 0) {
    w.log.decide(CREATE_AVAILABLE, conn, srv, free);
    w.rules.pool.addAvailable(w, srv, conn);
  } else if (shareable) {
    const reuse = reuseOf(conn.target);
    w.log.decide(CREATE_NOT_AVAILABLE, conn, reuseName(reuse), free);
  } else if (w.rules.listAtMuxCreation === 'private') {
    // 08016ab82: a private connection joins its session with its mux, also after a handshake.
    w.log.decide(CREATE_LISTED, conn, conn.owner);
    w.rules.sessionConns.sessionAddConn(w, conn.owner, conn);
  } else {
    w.log.decide(CREATE_UNLISTED, conn, conn.owner);
  }
  return 0;
}

/**
 * A stream leaves a connection that waits for its handshake: it has given it up, unless what it
 * says of its exchange shows that this has begun. Where the trace tells of handshakes the flag is to
 * be trusted, and one stream is enough.
 */
function noteGivenUp(w: World, conn: Connection, inputs: DetachInputs): void {
  const isDone = conn.ctx?.mux.name === 'h1' && inputs.idle !== false && !inputs.mux_error;
  const hasBegun = isDone || inputs.ended || inputs.blocked || inputs.proto_status !== undefined;
  if (hasBegun) conn.proven = true;
  else conn.gaveUp += w.tellsHandshakes ? GIVEN_UP : 1;
}

/**
 * cs_destroy, include/haproxy/connection.h; semantics 3.15. The stream leaves its connection; a
 * connection without a mux is closed and freed with it.
 */
export function csDestroy(w: World, cs: ConnStream, inputs: DetachInputs): void {
  const conn = cs.conn;
  if (conn.freed) {
    w.log.decide(DESTROY_FREED, conn);
    throw new Crash('cs_destroy');
  }
  w.dropStream(cs);
  conn.creator = null;
  if (conn.ctx) {
    if (conn.has(CO_FL_WAIT_XPRT)) noteGivenUp(w, conn, inputs);
    if (conn.streams === 0 && !conn.has(CO_FL_ANY_SH) && conn.ctx.servesOn(inputs)) {
      conn.leftReusable = w.clock;
    }
    conn.ctx.mux.detach(w, cs, inputs);
    return;
  }
  w.log.decide(DESTROY_NO_MUX, conn);
  conn.cs = null;
  connFullClose(w, conn);
  connFree(w, conn);
}
