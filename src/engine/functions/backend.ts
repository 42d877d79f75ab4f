import {
  CO_FL_SESS_IDLE,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from '../objects/connection-t.ts';
import { Crash, Impossible } from '../objects/crash.ts';
import { rulesOf } from '../objects/rule.ts';
import {
  type Backend,
  proxyOf,
  REUSE_NEVR,
  reuseOf,
  type Server,
  type Target,
  whyNever,
} from '../objects/server-t.ts';
import type { Session, SessSrvList } from '../objects/session-t.ts';
import { setOwner, setSessIdle } from '../objects/tracked.ts';
import type { World } from '../objects/world.ts';
import {
  applySni,
  CONNECT_FAILS,
  type Connected,
  type ConnectInputs,
  FAILED,
  FAILED_FREED,
  FAILED_WITH_MUX,
  setUp,
  siConnect,
  speaksHttp,
} from './backend-new.ts';
import { ENDPOINT_LOST, reuse } from './backend-reuse.ts';
import { connCalculateHash } from './conn-key.ts';
import { connFree, connNew, connSetPrivate } from './connection.ts';
import { killIdleUnderPressure } from './limits/fd-pressure.ts';
import { leaveRoom, takeRoom } from './limits/strict-maxconn.ts';

const assign = rulesOf('assign_server', 'src/backend.c');
const ASSIGN_NOT_ASKED = assign(
  'assign.not-asked',
  '{0|the session} met no NTLM or Negotiate, and {1|the backend} has no option prefer-last-server: the balance chooses',
  'target',
);
const ASSIGN_UNUSABLE = assign(
  'assign.unusable',
  '{1|the session} lists connections to {0|a server}, which cannot be used now: passed over',
  'target',
  'passes-over',
);
const ASSIGN_CONNECTING = assign(
  'assign.connecting',
  '{1|the session} lists {0|a connection} to {2|the server}, which is still connecting: passed over',
  'target',
  'passes-over',
);
const ASSIGN_FOUND = assign(
  'assign.found',
  '{1|the session} lists {0|a connection}, which is not connecting any more: its server[ {2}] is preferred',
  'target',
);
const ASSIGN_UNMARKED = assign(
  'assign.idle-mark-dropped',
  '{0|the connection} does not count as idle in {1|the session} any more, whether it will be used or not',
  'SESS_IDLE idle_conns',
);
const ASSIGN_NONE = assign(
  'assign.none',
  '{0|the session} lists no connection that speaks for a server of {1|the backend}: the balance chooses',
  'target',
  'finds-nobody',
);

const connect = rulesOf('connect_server', 'src/backend.c');
const ADDRESS = connect(
  'connect.address',
  '{1|an address} cannot be set: connect_server returns INTERNAL before {0|the session} and the pool are looked at, and a connection that the stream still had stays',
  'ret conn claim',
);
const NOT_HTX = connect(
  'connect.not-htx',
  'the stream of {0|the session} does not speak HTTP: neither the session nor the pool is asked for a connection',
  'reused claim',
);
const NOT_HTTP = connect(
  'connect.not-http',
  '{1|the backend} does not speak HTTP: no existing connection is looked at for {0|the session}, and none has to go for the new one',
  'reused claim',
  'finds-nobody',
);
const WEBSOCKET = connect(
  'connect.websocket',
  'a WebSocket stream, whose protocol is not that of {0|the server}: no existing connection is looked at, and its own gets no key',
  'reused claim',
  'finds-nobody',
);
const RECONNECTS = connect(
  'connect.reuse.reconnects',
  'the transport of {0|the connection} is closed: it connects once more, under the streams that it has',
  'ret',
);
const REUSED_USESRC = connect(
  'connect.reuse.usesrc',
  '{0|the connection}, which connects once more, comes from the client’s own address: it is private',
  'PRIVATE',
);
const NEW_OWNED = connect(
  'connect.new.owned',
  '{0|the new connection} belongs to {1|the session} from its creation',
  'owner',
);
const NEW_OWNERLESS = connect(
  'connect.new.ownerless',
  '{0|the new connection} belongs to nobody yet',
  'owner',
);
const NEW_NEVER = connect(
  'connect.new.never',
  '{1|http-reuse never}: {0|the new connection} is private',
  'PRIVATE',
);
const NEW_NO_SERVER = connect(
  'connect.new.no-server',
  '{1|the target} is no server: {0|the new connection} is private',
  'PRIVATE',
);
const NEW_NEVER_LATER = connect(
  'connect.new.never.later',
  '{1|http-reuse never}: {0|the new connection} becomes private when a stream leaves it and it is to be kept',
  'PRIVATE',
);
const NEW_MISSING = connect(
  'connect.new.missing',
  'there is no new connection for {0|the session}, and nobody looks: {1|its owner is set} through NULL',
  'crash',
);
/** The key of a connection that no stream looks for by a key. */
const NO_KEY = 0;

/**
 * assign_server, src/backend.c: the preference for a server that the session uses already;
 * semantics 3.14 and 8.21.
 *
 * @param unusable servers that the preference passes over
 */
export function assignServer(
  w: World,
  strm: string,
  sess: Session,
  be: Backend,
  unusable: readonly string[],
): Server | null {
  if (!sess.preferLast && !be.preferLast) {
    w.log.decide(ASSIGN_NOT_ASKED, sess, be.id);
    return null;
  }
  for (const entry of sess.srvList) {
    const srv = entry.target;
    if (srv.kind !== 'srv' || srv.proxy !== be) continue;
    if (srv.deleted || unusable.includes(srv.id)) {
      w.log.decide(ASSIGN_UNUSABLE, srv, sess);
      continue;
    }
    const conn = firstConnected(w, entry, srv);
    if (!conn) continue;
    w.log.decide(ASSIGN_FOUND, conn, sess, srv);
    // 40d16af7a: who will be used is not known yet.
    if (conn.has(CO_FL_SESS_IDLE) && w.rules.preferenceUnmarks === 'yes') {
      w.log.decide(ASSIGN_UNMARKED, conn, sess);
      w.touch(conn);
      w.touch(sess);
      setSessIdle(conn, false);
      sess.idleConns--;
      if (sess.preferred) w.touch(sess.preferred);
      sess.preferred = conn;
      sess.preferredBy = strm;
    }
    return srv;
  }
  w.log.decide(ASSIGN_NONE, sess, be.id);
  return null;
}

/** The first connection of an entry that is not connecting any more, or null. */
function firstConnected(w: World, { sess, connList }: SessSrvList, srv: Server): Connection | null {
  for (let node = connList.first; node; node = node.next) {
    if (!node.conn.has(CO_FL_WAIT_XPRT)) return node.conn;
    w.log.decide(ASSIGN_CONNECTING, node.conn, sess, srv);
  }
  return null;
}

/**
 * connect_server, src/backend.c; semantics 3.10. The detach of an earlier connection of the
 * stream (step 1) is an event of its own.
 *
 * @param name the id of the connection, should it be a new one
 */
export function connectServer(
  w: World,
  strm: string,
  sess: Session,
  target: Target,
  name: () => string,
  inputs: ConnectInputs,
): Connected {
  expectTarget(w, target);
  const srv = target.kind === 'srv' ? target : null;
  const mode = reuseOf(target);
  endPreference(w, sess, strm);
  if (w.rules.addressesAreSet === 'before-lookup' && isAddressMissing(inputs)) {
    const which = inputs.error === 'source' ? 'the source address' : 'the address of the server';
    w.log.decide(ADDRESS, sess.id, which);
    return { ret: 'INTERNAL', reused: false, conn: null };
  }
  // 6bfabfdc7: what a backend of another mode connects is not for reuse; nobody has to go for it.
  const isForReuse = w.rules.reuseIsFor !== 'http-backend' || proxyOf(target).http;
  // 9c3251d10: what the server speaks is not what is wanted.
  const isApart = srv && inputs.websocket && w.rules.websocketReuse === 'skipped';
  if (!isForReuse || isApart) {
    if (isForReuse && srv) w.log.decide(WEBSOCKET, srv);
    else w.log.decide(NOT_HTTP, sess.id, proxyOf(target).id);
    if (isForReuse) feelPressure(w, srv);
    // de3f245df: what was agreed on for a key is asked for every new connection.
    const hasKey = w.rules.keyIsMade === 'always';
    const own = hasKey ? connCalculateHash(w, target, inputs.params) : NO_KEY;
    return connectNew(w, strm, sess, target, own, name, inputs);
  }
  const key = connCalculateHash(w, target, inputs.params);
  if (w.rules.reuseIsFor !== 'htx' || speaksHttp(target, inputs)) {
    const wanted = { sess, target, key, mode, notFirst: inputs.not_first ?? false };
    const reused = reuse(w, strm, wanted, inputs.error === 'endpoint');
    if (reused === ENDPOINT_LOST) return { ret: 'INTERNAL', reused: false, conn: null };
    feelPressure(w, srv);
    if (reused) return finishReused(w, reused, srv, inputs);
  } else {
    w.log.decide(NOT_HTX, sess.id);
  }
  return connectNew(w, strm, sess, target, key, name, inputs);
}

/**
 * be8159248: a connection can go to this target.
 *
 * @throws Impossible when it cannot
 */
export function expectTarget({ rules }: World, target: Target): void {
  if (target.kind === 'srv' || rules.targets === 'any') return;
  throw new Impossible(
    `${target.id} is a backend, and connections go to servers under ${rules.id}: until 3.4.0 dispatch and transparent backends connect without one; declare a server 0.0.0.0 with "transparent":true`,
    true,
  );
}

/** File descriptor pressure is felt by every stream, whatever connection it has. */
function feelPressure(w: World, srv: Server | null): void {
  if (w.rules.pressureKills === 'after-attach') killIdleUnderPressure(w, srv);
}

/** connect_server, step 8: no existing connection serves the stream. */
function connectNew(
  w: World,
  strm: string,
  sess: Session,
  target: Target,
  key: number,
  name: () => string,
  inputs: ConnectInputs,
): Connected {
  const srv = target.kind === 'srv' ? target : null;
  const mode = reuseOf(target);
  if (srv && !takeRoom(w, srv)) return { ret: 'RESOURCE', reused: false, conn: null };
  const conn = connNew(w, name(), target);
  if (!conn) leaveRoom(w, srv, null);
  // dc2ac81c4: the pointer is tested before anything is done with it.
  if (!conn && w.rules.missingConnection === 'noticed') return noConnection(w, sess);
  // 08016ab82: the session is the owner from the start. The pointer is not tested.
  if (w.rules.ownerFromCreation === 'session') {
    if (!conn) {
      w.log.decide(NEW_MISSING, sess, 'its owner is set');
      throw new Crash('connect_server');
    }
    w.log.decide(NEW_OWNED, conn, sess);
    setOwner(conn, sess);
  } else if (conn) {
    w.log.decide(NEW_OWNERLESS, conn);
  }
  if (mode === REUSE_NEVR && w.rules.neverIsPrivate === 'detach') {
    if (conn) w.log.decide(NEW_NEVER_LATER, conn, whyNever(target));
  } else if (mode === REUSE_NEVR) {
    // c64badd57: not only when a stream leaves it.
    if (!conn) {
      w.log.decide(NEW_MISSING, sess, 'it is made private');
      throw new Crash('conn_set_private');
    }
    w.log.decide(NEW_NEVER, conn, whyNever(target));
    connSetPrivate(w, conn);
  } else if (conn && !srv && w.rules.noServerIsPrivate === 'yes') {
    // 8ede3db08: there is nobody who could keep it for others.
    w.log.decide(NEW_NO_SERVER, conn, target.id);
    connSetPrivate(w, conn);
  }
  if (!conn) return noConnection(w, sess);
  conn.key = key;
  if (srv) w.rules.usedCount.onServe(w, srv, conn);
  return setUp(w, conn, strm, sess, inputs);
}

/** Whether an address of the connection cannot be set. */
function isAddressMissing({ error }: ConnectInputs): boolean {
  return error === 'source' || error === 'address';
}

/** connect_server, step 10, when nothing could be allocated. */
function noConnection(w: World, sess: Session): Connected {
  w.log.decide(FAILED, sess, 'no connection can be allocated', 'RESOURCE');
  return { ret: 'RESOURCE', reused: false, conn: null };
}

/** What assign_server preferred for the stream is looked at now, whether it is used or not. */
function endPreference(w: World, sess: Session, strm: string): void {
  if (sess.preferred === null || sess.preferredBy !== strm) return;
  w.touch(sess.preferred);
  sess.preferred = null;
  sess.preferredBy = null;
}

/** connect_server, steps 10 to 15 for a connection that was found; semantics 8.1, 8.18. */
function finishReused(
  w: World,
  conn: Connection,
  srv: Server | null,
  inputs: ConnectInputs,
): Connected {
  if (inputs.error === 'address' && w.rules.addressesAreSet === 'with-connection') {
    const list = conn.list.list?.name;
    w.log.decide(FAILED_FREED, conn, 'the address of the server cannot be set', 'INTERNAL', list);
    connFree(w, conn);
    return { ret: 'INTERNAL', reused: true, conn };
  }
  if (!conn.has(CO_FL_XPRT_READY)) {
    w.log.decide(RECONNECTS, conn);
    if (!siConnect(w, conn, inputs, REUSED_USESRC)) {
      w.log.decide(FAILED_WITH_MUX, conn, CONNECT_FAILS, 'RESOURCE');
      return { ret: 'RESOURCE', reused: true, conn };
    }
  }
  applySni(w, conn, srv, inputs);
  return { ret: 'NONE', reused: true, conn };
}
