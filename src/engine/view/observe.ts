import { FREED, NULL } from '../../format/calls.ts';
import { CONNECTION, CONNECTION_UNSAID } from '../../state/connection.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';
import type { Connection } from '../objects/connection-t.ts';
import { sentenceOf } from '../objects/rule.ts';
import type { RuleSet } from '../objects/rule-set-t.ts';
import type { Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { Call, Decision, Entity, Operand } from '../objects/step-log.ts';
import type { World } from '../objects/world.ts';
import { idText, type Teller, tellersOf, viewOf } from './readings.ts';
import type { ConnView, SessView, SrvView, WorldView } from './view.ts';

/** How the objects of each kind are told. */
export type Tellers = Readonly<Record<Entity['kind'], readonly Teller[]>>;

/** Every way in which the objects of each kind are told, under whichever rule set. */
export const TELLERS: Tellers = {
  conn: tellersOf(CONNECTION, CONNECTION_UNSAID),
  sess: tellersOf(SESSION),
  srv: tellersOf(SERVER),
};

const UNDER = new WeakMap<RuleSet, Tellers>();

/** How the objects of each kind are told under a rule set. */
export function tellersUnder(rules: RuleSet): Tellers {
  let known = UNDER.get(rules);
  if (known === undefined) {
    const isTold = ({ name, where }: Teller): boolean =>
      where === 'always' || rules.keeps.has(name);
    known = {
      conn: TELLERS.conn.filter(isTold),
      sess: TELLERS.sess.filter(isTold),
      srv: TELLERS.srv.filter(isTold),
    };
    UNDER.set(rules, known);
  }
  return known;
}

/** A connection as it is now. */
export function viewConn(w: World, conn: Connection): ConnView {
  return viewOf(tellersUnder(w.rules).conn, conn) as ConnView;
}

/** A session as it is now. */
export function viewSess(w: World, sess: Session): SessView {
  return viewOf(tellersUnder(w.rules).sess, sess) as SessView;
}

/** A server as it is now. */
export function viewSrv(w: World, srv: Server): SrvView {
  return viewOf(tellersUnder(w.rules).srv, srv) as SrvView;
}

/** Everything that is alive now. */
export function viewWorld(w: World): WorldView {
  const sess = new Map<string, SessView>();
  const conn = new Map<string, ConnView>();
  const srv = new Map<string, SrvView>();
  for (const [id, s] of w.sessions) sess.set(id, viewSess(w, s));
  for (const [id, c] of w.connections) conn.set(id, viewConn(w, c));
  for (const [id, s] of w.servers) if (!s.deleted) srv.set(id, viewSrv(w, s));
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
    case 'session_detach_idle_conn':
    case 'session_reinsert_idle_conn':
      return `${call.fn}(${sess}, ${conn})${result}`;
    case 'srv_add_to_idle_list':
      return `srv_add_to_idle_list(${srv}, ${conn}, ${call.isSafe})${result}`;
    case 'conn_backend_get':
      return `conn_backend_get(${srv}, ${call.isSafe})${result}`;
    case 'session_get_conn':
      return `session_get_conn(${sess}, ${srv})${result}`;
    case 'srv_release_conn':
    case 'srv_add_to_avail_list':
      return `${call.fn}(${srv}, ${conn})`;
    default:
      return `${call.fn}(${conn})`;
  }
}
