import { CO_FL_SESS_IDLE, CO_FL_XPRT_READY, type Connection } from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import type { Find, Lookup, Wanted } from '../../objects/mechanism-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Target } from '../../objects/server-t.ts';
import type { Session } from '../../objects/session-t.ts';
import { setSessIdle } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { poolLookup } from './pool-rows.ts';

const lookup = rulesOf('connect_server', 'src/backend.c');
const SESSION_NO_ENTRY = lookup(
  'connect.session.no-entry',
  '{0|the session} lists no connection to {1|this target}',
  'reused claim',
  'lists-nobody',
);
const SESSION_NOT_READY = lookup(
  'connect.session.not-ready',
  '{1|the session} lists {0|a connection}, which {2|has no transport or no mux}: passed over',
  'reused claim',
  'passes-over',
);
const SESSION_NO_STREAM = lookup(
  'connect.session.no-stream',
  '{1|the session} lists {0|a connection}, which has no stream free (in use: {2|all}, free: {3|none}): passed over',
  'reused claim',
  'passes-over',
);
const SESSION_NONE_USABLE = lookup(
  'connect.session.none-usable',
  'of the connections that {0|the session} lists to {1|this target} none can take a stream',
  '~reused ~claim',
);
const SESSION_FOUND = lookup(
  'connect.session.found',
  '{0|a connection} is the first that {1|the session} lists to {2|this target} with a stream free: it serves, whatever the reuse mode',
  'reused claim curr_used_conns max_used_conns est_need_conns',
);
const UNMARKED = lookup(
  'connect.reuse.idle-mark-dropped',
  '{0|the connection} is about to be used: it loses its idle mark, {1|its owner} counts one idle less',
  'SESS_IDLE idle_conns crash',
);

/** connect_server, step 2: the first usable connection of the session's first matching entry. */
export function sessionLookup(w: World, sess: Session, target: Target): Connection | null {
  const entry = sess.srvList.find((e) => e.target === target);
  if (!entry) {
    w.log.decide(SESSION_NO_ENTRY, sess, target.id);
    return null;
  }
  for (let node = entry.connList.first; node; node = node.next) {
    const conn = node.conn;
    const { ctx } = conn;
    if (!conn.has(CO_FL_XPRT_READY) || !ctx) {
      w.log.decide(SESSION_NOT_READY, conn, sess, ctx ? 'has its transport closed' : 'has no mux');
    } else if (ctx.availStreams() > 0) {
      w.log.decide(SESSION_FOUND, conn, sess, target.id);
      return conn;
    } else {
      w.log.decide(SESSION_NO_STREAM, conn, sess, ctx.usedStreams(), ctx.availStreams());
    }
  }
  w.log.decide(SESSION_NONE_USABLE, sess, target.id);
  return null;
}

/** connect_server, step 6: a listed connection is idle no more, whatever comes of it. */
function dropIdleMark(w: World, conn: Connection): void {
  if (!conn.has(CO_FL_SESS_IDLE)) return;
  const owner = conn.owner;
  w.log.decide(UNMARKED, conn, owner);
  w.touch(conn);
  setSessIdle(conn, false);
  if (!owner || owner.freed) throw new Crash('connect_server');
  w.touch(owner);
  owner.idleConns--;
}

/** connect_server, steps 2 and 3. */
function find(w: World, wanted: Wanted): Find {
  const conn = sessionLookup(w, wanted.sess, wanted.target);
  return conn ? { conn, wasIdle: false, wasUnused: false } : poolLookup(w, wanted);
}

/** connect_server looks through the list of the session itself, then asks the pool. */
export const connectServerLookup: Lookup = {
  name: 'connect_server',
  says: 'connect_server takes a connection that the session lists if its transport is there, and drops its idle mark when it joins it',
  rules: [
    SESSION_NO_ENTRY.id,
    SESSION_NOT_READY.id,
    SESSION_NO_STREAM.id,
    SESSION_NONE_USABLE.id,
    SESSION_FOUND.id,
    UNMARKED.id,
  ],
  find,
  dropIdleMark,
};
