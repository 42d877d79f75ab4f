import { CO_FL_WAIT_XPRT, type Connection, GIVEN_UP } from '../objects/connection-t.ts';
import { Crash } from '../objects/crash.ts';
import type { DetachInputs } from '../objects/mux-t.ts';
import { rulesOf } from '../objects/rule.ts';
import type { ConnStream } from '../objects/stream-t.ts';
import type { World } from '../objects/world.ts';
import { connFree, connFullClose } from './connection.ts';
import { isBroken } from './mux/broken.ts';

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
    if (conn.streams === 0 && !isBroken(w, conn) && conn.ctx.servesOn(inputs)) {
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
