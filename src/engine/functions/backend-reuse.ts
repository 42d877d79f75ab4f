import { CO_FL_WAIT_XPRT, type Connection } from '../objects/connection-t.ts';
import type { Wanted } from '../objects/mechanism-t.ts';
import { rulesOf } from '../objects/rule.ts';
import type { Session } from '../objects/session-t.ts';
import type { World } from '../objects/world.ts';
import { killIdleUnderPressure } from './fd-pressure.ts';

const connect = rulesOf('connect_server', 'src/backend.c');
const DYNAMIC_SOURCE = connect(
  'connect.dynamic-source',
  'usesrc hdr_ip, the source address depends on the request: {0|the connection found} is neither used nor put back',
  'reused claim',
  'passes-over',
);
const SOURCE_IN_KEY = connect(
  'connect.dynamic-source.key',
  'usesrc hdr_ip, the source address depends on the request: {0|the connection found} has the same one, which is part of its key',
  'reused claim',
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

/** connect_server, steps 2 to 7: a connection that is there already takes the stream, or none does. */
export function reuse(w: World, strm: string, wanted: Wanted): Connection | null {
  const { lookup, usedCount } = w.rules;
  const { sess, target } = wanted;
  const srv = target.kind === 'srv' ? target : null;
  const find = lookup.find(w, wanted);
  let found = find.conn;
  if (found && target.usesrc === 'hdr_ip') {
    const isInKey = w.rules.dynamicSource === 'key';
    w.log.decide(isInKey ? SOURCE_IN_KEY : DYNAMIC_SOURCE, found);
    if (!isInKey) found = null;
  }
  killIdleUnderPressure(w, srv);
  if (found && !find.wasIdle) lookup.dropIdleMark(w, found);
  const reused = found ? attachFound(w, found, strm, sess) : null;
  // What the pool lends is in the list as well, but was not found there.
  if (reused && !find.wasIdle) noteJoinedEarly(w, reused, strm);
  if (reused && srv && find.wasUnused) usedCount.onServe(w, srv, reused);
  return reused;
}

/** connect_server, step 7; semantics 8.5, 8.19. What the lookup has changed is not restored. */
function attachFound(w: World, conn: Connection, strm: string, sess: Session): Connection | null {
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
    w.log.decide(ATTACH_FAILED, conn);
    return null;
  }
  w.log.decide(ATTACHED, conn, strm, sess, free);
  if (conn.authenticated > 0) conn.authenticated++;
  w.holdStream(cs);
  return conn;
}

/** A stream that is not the first follows an answer: whatever the flag says, it was connected. */
function noteJoinedEarly(w: World, conn: Connection, strm: string): void {
  if (!conn.sessionList.linked || !conn.has(CO_FL_WAIT_XPRT)) return;
  if (w.streams.get(strm)?.notFirst === false) conn.joinedEarly = true;
}
