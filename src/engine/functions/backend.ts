import {
  CO_FL_SESS_IDLE,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from '../objects/connection-t.ts';
import { Crash } from '../objects/crash.ts';
import { rulesOf } from '../objects/rule.ts';
import {
  type Backend,
  REUSE_NEVR,
  reuseOf,
  type Server,
  type Target,
  whyNever,
} from '../objects/server-t.ts';
import type { Session, SessSrvList } from '../objects/session-t.ts';
import { setOwner } from '../objects/tracked.ts';
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
} from './backend-new.ts';
import { connCalculateHash } from './conn-key.ts';
import { connFree, connNew, connSetPrivate } from './connection.ts';
import { killIdleUnderPressure } from './fd-pressure.ts';

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
const DYNAMIC_SOURCE = connect(
  'connect.dynamic-source',
  'usesrc hdr_ip, the source address depends on the request: {0|the connection found} is neither used nor put back',
  'reused claim',
  'passes-over',
);
const ATTACHED = connect(
  'connect.reuse.attached',
  '[stream {1}|a stream] of {2|the session} joins {0|the connection} (streams free: {3|one or more})',
  'used_streams avail_streams',
);
const FULL = connect(
  'connect.reuse.full',
  '{0|the connection} has no stream to spare (free: {1|one at most}): it leaves the {2|available} list',
  'list',
  'leaves-list',
);
const ATTACH_FAILED = connect(
  'connect.reuse.attach-failed',
  'the mux of {0|the connection} takes no stream: a new connection is made, this one stays as the search has left it',
  'reused claim used_streams avail_streams',
  'passes-over',
);
const NO_STREAM_LEFT = connect(
  'connect.reuse.no-stream-left',
  '{0|the connection} has no room for a stream (streams free: {1|none}): a new connection is made',
  'reused claim used_streams avail_streams',
  'passes-over',
);
const ENDPOINT_LOST = connect(
  'connect.reuse.endpoint-lost',
  'the mux of {0|the connection} takes no stream, and the end of that cannot be reset: connect_server returns {1|an error}',
  'ret reused claim used_streams avail_streams',
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
    if (unusable.includes(srv.id)) {
      w.log.decide(ASSIGN_UNUSABLE, srv, sess);
      continue;
    }
    const conn = firstConnected(w, entry, srv);
    if (!conn) continue;
    w.log.decide(ASSIGN_FOUND, conn, sess, srv);
    if (conn.has(CO_FL_SESS_IDLE)) {
      w.log.decide(ASSIGN_UNMARKED, conn, sess);
      w.touch(conn);
      w.touch(sess);
      conn.flags &= ~CO_FL_SESS_IDLE;
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
  const srv = target.kind === 'srv' ? target : null;
  const mode = reuseOf(target);
  const usesrc = target.usesrc;

  endPreference(w, sess, strm);
  const { lookup, usedCount } = w.rules;
  // 9c3251d10: what the server speaks is not what is wanted.
  const isApart = srv !== null && inputs.websocket === true && w.rules.websocketReuse === 'skipped';
  if (isApart) {
    w.log.decide(WEBSOCKET, srv);
    return connectNew(w, strm, sess, target, NO_KEY, name, inputs);
  }
  const key = connCalculateHash(w, target, inputs.params);
  const notFirst = inputs.not_first ?? false;
  const find = lookup.find(w, { sess, target, key, mode, notFirst });
  let found = find.conn;
  if (found && usesrc === 'hdr_ip') {
    w.log.decide(DYNAMIC_SOURCE, found);
    found = null;
  }
  killIdleUnderPressure(w, srv);
  if (found && !find.wasIdle) lookup.dropIdleMark(w, found);
  const reused = found ? attachFound(w, found, strm, sess, inputs) : null;
  if (reused === ENDPOINT_GONE) return { ret: 'INTERNAL', reused: false, conn: null };
  if (reused) {
    if (srv && find.wasUnused) usedCount.onServe(w, srv, reused);
    return finishReused(w, reused, srv, inputs);
  }
  return connectNew(w, strm, sess, target, key, name, inputs);
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
  const conn = connNew(w, name(), target);
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
  }
  if (!conn) return noConnection(w, sess);
  conn.key = key;
  if (srv) w.rules.usedCount.onServe(w, srv, conn);
  return setUp(w, conn, strm, sess, inputs);
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

/** The end of the stream could not be reset after an attach that failed. */
const ENDPOINT_GONE = 'endpoint-gone';

/** connect_server, step 7; semantics 8.5, 8.19. What the lookup has changed is not restored. */
function attachFound(
  w: World,
  conn: Connection,
  strm: string,
  sess: Session,
  inputs: ConnectInputs,
): Connection | typeof ENDPOINT_GONE | null {
  const free = conn.ctx?.availStreams() ?? 0;
  const { list } = conn.list;
  if (free <= 1 && list) {
    w.log.decide(FULL, conn, free, list.name);
    w.listDel(conn);
  }
  if (free < 1) {
    w.log.decide(NO_STREAM_LEFT, conn, free);
    return null;
  }
  const cs = conn.ctx?.mux.attach(w, conn, strm, sess);
  if (!cs) {
    if (inputs.error === 'endpoint' && w.rules.endpointAfterAttach === 'reset') {
      w.log.decide(ENDPOINT_LOST, conn, 'INTERNAL');
      return ENDPOINT_GONE;
    }
    w.log.decide(ATTACH_FAILED, conn);
    return null;
  }
  w.log.decide(ATTACHED, conn, strm, sess, free);
  if (conn.authenticated > 0) conn.authenticated++;
  // A stream that is not the first follows an answer: whatever the flag says, it was connected.
  if (conn.sessionList.linked && conn.has(CO_FL_WAIT_XPRT) && !cs.notFirst) conn.joinedEarly = true;
  w.holdStream(cs);
  return conn;
}

/** connect_server, steps 10 to 15 for a connection that was found; semantics 8.1, 8.18. */
function finishReused(
  w: World,
  conn: Connection,
  srv: Server | null,
  inputs: ConnectInputs,
): Connected {
  if (inputs.error === 'address') {
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
