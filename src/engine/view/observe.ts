import { FREED, NULL } from '../../format/calls.ts';
import { CONNECTION, CONNECTION_UNSAID } from '../../state/connection.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';
import type { Connection } from '../objects/connection-t.ts';
import { sentenceOf } from '../objects/rule.ts';
import type { Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { Call, Decision, Operand } from '../objects/step-log.ts';
import type { World } from '../objects/world.ts';
import { idText, tellersOf, viewOf } from './readings.ts';
import type { ConnView, SessView, SrvView, WorldView } from './view.ts';

/** How the objects of each kind are told. */
export const TELLERS = {
  conn: tellersOf(CONNECTION, CONNECTION_UNSAID),
  sess: tellersOf(SESSION),
  srv: tellersOf(SERVER),
} as const;

/** A connection as it is now. */
export function viewConn(conn: Connection): ConnView {
  return viewOf(TELLERS.conn, conn) as ConnView;
}

/** A session as it is now. */
export function viewSess(sess: Session): SessView {
  return viewOf(TELLERS.sess, sess) as SessView;
}

/** A server as it is now. */
export function viewSrv(srv: Server): SrvView {
  return viewOf(TELLERS.srv, srv) as SrvView;
}

/** Everything that is alive now. */
export function viewWorld(w: World): WorldView {
  const sess = new Map<string, SessView>();
  const conn = new Map<string, ConnView>();
  const srv = new Map<string, SrvView>();
  for (const [id, s] of w.sessions) sess.set(id, viewSess(s));
  for (const [id, c] of w.connections) conn.set(id, viewConn(c));
  for (const [id, s] of w.servers) if (!s.deleted) srv.set(id, viewSrv(s));
  return { sess, conn, srv };
}

/** A threshold that is not configured, where a decision looked at it. */
export const NO_LIMIT = 'unlimited';

/**
 * What a decision of the step was about, as text: ids of objects, or values. A session that was
 * freed in an earlier step is `s1!freed`: whoever looks at it now looks at a tombstone.
 */
function operandText(w: World, operand: Operand): string {
  if (operand === Number.POSITIVE_INFINITY) return NO_LIMIT;
  if (typeof operand !== 'object') return String(operand);
  if (operand === null) return 'nobody';
  // session_free touches its session, and nobody touches a tombstone after that.
  const diesNow = operand.kind === 'sess' && operand.touchedAt === w.clock;
  return operand.kind === 'sess' && !diesNow ? (idText(operand) ?? 'nobody') : operand.id;
}

/**
 * A decision of the last step in words: the sentence of its rule about the things that it looked
 * at. To be asked for before the next step.
 */
export function decisionText(w: World, { rule, subject, operands }: Decision): string {
  return sentenceOf(
    rule,
    [subject, ...operands].map((operand) => operandText(w, operand)),
  );
}

/** A call as a trace writes it, e.g. `session_add_conn(s1, c1) = 1`. */
export function callText(call: Call): string {
  const conn = call.conn?.id ?? NULL;
  const sess = call.sess ? call.sess.id + (call.sessFreed ? FREED : '') : NULL;
  const srv = call.srv?.id ?? NULL;
  const { ret } = call;
  const result =
    ret === undefined ? '' : ` = ${ret === null ? NULL : typeof ret === 'number' ? ret : ret.id}`;
  switch (call.fn) {
    case 'conn_new':
      return `conn_new()${result}`;
    case 'conn_set_owner':
      return `conn_set_owner(${conn}, ${sess})`;
    case 'session_add_conn':
    case 'session_unown_conn':
    case 'session_check_idle_conn':
      return `${call.fn}(${sess}, ${conn})${result}`;
    case 'srv_add_to_idle_list':
      return `srv_add_to_idle_list(${srv}, ${conn}, ${call.isSafe})${result}`;
    case 'conn_backend_get':
      return `conn_backend_get(${srv}, ${call.isSafe})${result}`;
    default:
      return `${call.fn}(${conn})`;
  }
}
