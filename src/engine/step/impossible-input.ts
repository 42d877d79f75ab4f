import type { EventOf } from '../../format/index.ts';
import { isBroken, isFailing } from '../functions/mux/broken.ts';
import { MultiplexedContext } from '../functions/mux/multiplexed.ts';
import {
  CO_FL_ANY_SH,
  CO_FL_WAIT_XPRT,
  type Connection,
  MUX_FL_ALL,
} from '../objects/connection-t.ts';
import { proxyOf } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { ConnStream } from '../objects/stream-t.ts';
import type { World } from '../objects/world.ts';

/*
 * Inputs that the real program cannot have as things stand, and what has to happen before. Nothing
 * is done about them: the step is taken, and the trace has said something that cannot be. Each check
 * runs before its event is taken.
 */

/** Adds what is to come before it, as a trace writes it. */
export function after(says: string, event: string): string {
  return `${says}; add before it: ${event}`;
}

/** What has to come before anything that the other end sends. */
export const HANDSHAKE_OVER = '{"event":"conn_update","conn":"{0}","clear":["WAIT_XPRT"]}';

/** Whether nothing can have come over a connection: it waits for its handshake. */
export function isConnecting(conn: Connection): boolean {
  return conn.has(CO_FL_WAIT_XPRT) && !conn.proven;
}

/** A session belongs to one thread, which runs all that it does. */
export function checkThread(w: World, sess: Session): void {
  const { thread } = sess;
  if (thread === 0 || thread === w.thread + 1) return;
  const own = thread - 1;
  w.log.oddity(
    sess,
    `{0} was made on thread ${own}, which runs all of it, and this is told of thread ${w.thread}: write "thread":${own}, or "thread":${w.thread} where the session begins`,
  );
}

/** connect_server */
export function checkConnect(w: World, sess: Session, event: EventOf<'connect_server'>): void {
  checkThread(w, sess);
  const target = w.target(event.target);
  if (!target) return;
  const proxy = proxyOf(target);
  if (event.not_first && !proxy.http) {
    w.log.oddity(
      sess,
      `a stream of {0} is no later request: ${proxy.id} is of mode tcp, which has none; leave "not_first" out`,
    );
  }
  const hasLayer = target.kind === 'srv' && target.sendProxy;
  if (event.error === 'handshake' && !hasLayer) {
    w.log.oddity(
      sess,
      `no handshake layer can fail for {0}: ${target.id} has no send-proxy; leave "error" out`,
    );
  }
}

/** tcpcheck_eval_connect */
export function checkTcpcheck(w: World, sess: Session): void {
  checkThread(w, sess);
  if (sess.fe.maxOutConns === 0) return;
  w.log.oddity(
    sess,
    `{0} is no health check: theirs have a frontend that keeps nothing; declare ${sess.fe.id} with "max-session-srv-conns":0`,
  );
}

/** conn_create_mux: what was negotiated is among what was offered. */
export function checkCreateMux(
  w: World,
  conn: Connection,
  { mux }: EventOf<'conn_create_mux'>,
): void {
  const { srv } = conn;
  if (mux === undefined || srv === null || srv.proto !== null || !srv.alpn) return;
  const offered = srv.alpnOffers.split(',');
  if (mux === 'h1' || offered.includes(mux)) return;
  w.log.oddity(
    conn,
    `the handshake of {0} cannot end in ${mux}: ${srv.id} offers ${offered.join(' and ')}`,
  );
}

const CHALLENGED = after(
  'a challenge cannot come over {0} while it waits for its handshake',
  HANDSHAKE_OVER,
);
const UPGRADED = after(
  'an upgrade cannot come over {0} while it waits for its handshake',
  HANDSHAKE_OVER,
);

/** http_wait_for_response */
export function checkResponse(
  w: World,
  { conn, sess }: ConnStream,
  { status }: EventOf<'http_wait_for_response'>,
): void {
  checkThread(w, sess);
  const mux = conn.ctx?.mux.name;
  if (mux === undefined) {
    const create = '{"event":"conn_create_mux","conn":"{0}","mux":"h1"}';
    w.log.oddity(conn, after('no answer can come over {0}, which has no mux', create));
    return;
  }
  if (mux === 'pt') {
    w.log.oddity(conn, 'nobody looks for an answer over {0}: its mux is pt, of mode tcp');
    return;
  }
  if (status === 101) {
    if (isConnecting(conn)) w.log.oddity(conn, UPGRADED);
    if (mux === 'h2') w.log.oddity(conn, 'a stream of {0} cannot be upgraded: H2 has no 101');
  } else if (status < 200) {
    w.log.oddity(
      conn,
      `${status} over {0} is an interim answer, which is passed over: tell the final one`,
    );
  }
  if ((status === 401 || status === 407) && isConnecting(conn)) w.log.oddity(conn, CHALLENGED);
}

/** What makes a mux close a connection in the end. */
const SHUT_OR_FAILED = CO_FL_ANY_SH | MUX_FL_ALL;

const IDLE_CONNECTING = after(
  'no exchange can be complete over {0} while it waits for its handshake',
  HANDSHAKE_OVER,
);
const EXCESS_CONNECTING = after(
  'no bytes can have come over {0} while it waits for its handshake',
  HANDSHAKE_OVER,
);
const STATUS_CONNECTING = after(
  'the application can have said nothing over {0} while {0} waits for its handshake',
  HANDSHAKE_OVER,
);
const IDLE_CLOSED =
  '{0} cannot be idle: it is in error, shut or to be closed; leave "idle" out, or what closes it';
const NOT_READ_SHUT = after(
  'nothing makes {0} dead: no read shutdown, no GOAWAY and no error was reported',
  '{"event":"conn_update","conn":"{0}","set":["SOCK_RD_SH"]}',
);
const DEAD_WITH_STREAMS =
  '{0} cannot be dead while other streams are on it; leave "dead" out, or let them leave before';
const BLOCKED_AND_DEAD =
  'where a stream leaves while blocked nobody asks whether {0} is dead; leave "dead" out, or write it where the stream ends (stream_destroy)';
const NOT_ENDED = '{0} has as many open streams as there are on it: none has ended on the wire';
const OVER_ENDED =
  '{0} has no open stream left, and one more would close now: it has ended on the wire before; write "ended":true';

/** What a mux knows of the inputs of a detach. */
const INPUTS_OF = {
  h1: ['idle', 'excess_data', 'shutw_now', 'obuf_data', 'mux_error', 'shutdown'],
  h2: ['blocked', 'ended', 'dead'],
  fcgi: ['blocked', 'ended', 'dead', 'proto_status'],
  pt: [],
} as const;

type DetachInput = (typeof INPUTS_OF)['h1' | 'fcgi'][number];

const ALL_INPUTS: readonly DetachInput[] = [...INPUTS_OF.h1, ...INPUTS_OF.fcgi];

/** Whether an input is another than if nothing were said. */
function isSaid(event: EventOf<'detach'>, input: DetachInput): boolean {
  if (input === 'idle') return event.idle === false;
  if (input === 'proto_status')
    return (event.proto_status ?? 'REQUEST_COMPLETE') !== 'REQUEST_COMPLETE';
  return event[input] === true;
}

/** Inputs that the mux of a connection does not have. */
function checkForeignInputs(w: World, conn: Connection, event: EventOf<'detach'>): void {
  const mux = conn.ctx?.mux.name;
  const known: readonly DetachInput[] = mux === undefined ? [] : INPUTS_OF[mux];
  for (const input of ALL_INPUTS) {
    if (known.includes(input) || !isSaid(event, input)) continue;
    const has = mux === undefined ? 'has no mux' : `has the mux ${mux}`;
    w.log.oddity(conn, `{0} ${has}, which knows no "${input}"; leave it out`);
  }
}

/** detach */
export function checkDetach(w: World, { conn, sess }: ConnStream, event: EventOf<'detach'>): void {
  checkThread(w, sess);
  const { ctx } = conn;
  if (ctx instanceof MultiplexedContext) checkMultiplexedDetach(w, conn, ctx, event);
  else checkPlainDetach(w, conn, event);
}

/** A stream leaves a connection that carries one at a time. */
function checkPlainDetach(w: World, conn: Connection, event: EventOf<'detach'>): void {
  checkForeignInputs(w, conn, event);
  if (conn.ctx?.mux.name !== 'h1') return;
  if (event.idle === true) {
    const { mux_error, shutw_now, shutdown } = event;
    if (isConnecting(conn)) w.log.oddity(conn, IDLE_CONNECTING);
    const isClosing = mux_error || shutw_now || shutdown || conn.ctx.closing;
    if (isClosing || isBroken(w, conn)) w.log.oddity(conn, IDLE_CLOSED);
  } // Of an exchange that is said to be complete it is told already that nothing can have come.
  else if (event.excess_data && isConnecting(conn)) w.log.oddity(conn, EXCESS_CONNECTING);
}

/** A stream leaves one of H2 or FastCGI. */
function checkMultiplexedDetach(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  event: EventOf<'detach'>,
): void {
  checkForeignInputs(w, conn, event);
  if (event.blocked && !isFailing(w, conn) && !ctx.failed) {
    if (event.dead) w.log.oddity(conn, BLOCKED_AND_DEAD);
    return;
  }
  checkEnd(w, conn, ctx, event);
  if (ctx.mux.name !== 'fcgi') return;
  if (isSaid(event, 'proto_status') && isConnecting(conn)) w.log.oddity(conn, STATUS_CONNECTING);
}

/** What is said of the end of a stream, attached or left while blocked. */
function checkEnd(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  { ended, dead }: { readonly ended?: boolean | undefined; readonly dead?: boolean | undefined },
): void {
  if (ended && ctx.nbStreams >= ctx.treeSize) {
    const closed = `{"event":"conn_update","conn":"{0}","nb_streams":${ctx.treeSize - 1}}`;
    w.log.oddity(conn, after(NOT_ENDED, closed));
  }
  if (!ended && ctx.nbStreams <= 0) w.log.oddity(conn, OVER_ENDED);
  if (!dead) return;
  if (ctx.treeSize > 1) w.log.oddity(conn, DEAD_WITH_STREAMS);
  if (!ctx.closing && !conn.has(SHUT_OR_FAILED)) w.log.oddity(conn, NOT_READ_SHUT);
}

const WOKEN_FOR_NOTHING = after(
  'nothing makes the mux of {0} wake its streams: no read shutdown, no GOAWAY and no error was reported',
  '{"event":"conn_update","conn":"{0}","set":["ERROR"]}',
);
const WOKEN_AND_DEAD =
  'where the mux of {0} wakes its streams, nobody asks whether {0} is dead; leave "dead" or "woken" out';

/** stream_destroy */
export function checkStreamDestroy(
  w: World,
  { conn }: ConnStream,
  event: EventOf<'stream_destroy'>,
): void {
  const { ctx } = conn;
  if (!(ctx instanceof MultiplexedContext)) return;
  if (event.woken && event.dead) w.log.oddity(conn, WOKEN_AND_DEAD);
  else checkEnd(w, conn, ctx, event);
  if (event.woken && !ctx.closing && !conn.has(SHUT_OR_FAILED)) {
    w.log.oddity(conn, WOKEN_FOR_NOTHING);
  }
}

/**
 * assign_server has passed over connections that wait for their handshake: where something has come
 * over one of them, its flag is stale, and decides all the same.
 */
export function checkPassedOver(w: World): void {
  for (const { rule, subject } of w.log.decisions()) {
    if (rule.id !== 'assign.connecting') continue;
    if (typeof subject !== 'object' || subject?.kind !== 'conn' || !subject.proven) continue;
    w.log.oddity(
      subject,
      after('{0} cannot still be connecting, as something has come over it', HANDSHAKE_OVER),
    );
  }
}
