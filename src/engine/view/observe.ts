import type { FlagName, UpdateFlagName } from '../../format/index.ts';
import {
  CO_FL_ERROR,
  CO_FL_IDLE_LIST,
  CO_FL_PRIVATE,
  CO_FL_SAFE_LIST,
  CO_FL_SESS_IDLE,
  CO_FL_SOCK_RD_SH,
  CO_FL_SOCK_WR_SH,
  CO_FL_WAIT_XPRT,
  CO_FL_XPRT_READY,
  type Connection,
} from '../objects/connection-t.ts';
import type { ConnList } from '../objects/list.ts';
import { sentenceOf } from '../objects/rule.ts';
import type { Server } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { Call, Decision, Operand } from '../objects/step-log.ts';
import type { World } from '../objects/world.ts';
import type { ConnView, SessView, SrvView, WorldView } from './view.ts';

const OWNERSHIP_FLAGS: readonly (readonly [FlagName, number])[] = [
  ['PRIVATE', CO_FL_PRIVATE],
  ['SESS_IDLE', CO_FL_SESS_IDLE],
  ['SAFE_LIST', CO_FL_SAFE_LIST],
  ['IDLE_LIST', CO_FL_IDLE_LIST],
];

/** Flags of a connection that the outside world sets and clears, by their name in a trace. */
export const IO_FLAGS: Readonly<Record<UpdateFlagName, number>> = {
  ERROR: CO_FL_ERROR,
  SOCK_RD_SH: CO_FL_SOCK_RD_SH,
  SOCK_WR_SH: CO_FL_SOCK_WR_SH,
  XPRT_READY: CO_FL_XPRT_READY,
  WAIT_XPRT: CO_FL_WAIT_XPRT,
};

function namesOf<Name extends string>(
  flags: number,
  table: Iterable<readonly [Name, number]>,
): Name[] {
  const names: Name[] = [];
  for (const [name, bit] of table) if (flags & bit) names.push(name);
  return names;
}

/** A session as a trace writes it: `null`, its id, or `s1!freed` for a tombstone. */
export function ownerText(sess: Session | null): string | null {
  if (!sess) return null;
  return sess.freed ? `${sess.id}!freed` : sess.id;
}

const OWNERSHIP_BITS = new Map<string, number>(OWNERSHIP_FLAGS);
const OWNERSHIP_MASK = CO_FL_PRIVATE | CO_FL_SESS_IDLE | CO_FL_SAFE_LIST | CO_FL_IDLE_LIST;

/** The ownership flags as bits: of a connection, or of their names in any order. */
export function ownershipBits(of: Connection | readonly FlagName[]): number {
  if ('flags' in of) return of.flags & OWNERSHIP_MASK;
  let bits = 0;
  for (const name of of) bits |= OWNERSHIP_BITS.get(name) ?? 0;
  return bits;
}

/** Are exactly these connections in the list, in this order? */
export function isSameList(list: ConnList, ids: readonly string[]): boolean {
  if (list.length !== ids.length) return false;
  let node = list.first;
  for (const id of ids) {
    if (node?.conn.id !== id) return false;
    node = node.next;
  }
  return true;
}

/** The ownership flags of a connection, by name. */
export function ownershipFlags(conn: Connection): FlagName[] {
  return namesOf(conn.flags, OWNERSHIP_FLAGS);
}

/** The session whose list holds the connection, which need not be its owner. */
export function listedIn(conn: Connection): string | null {
  return conn.sessionList.list?.entry?.sess.id ?? null;
}

/** The session's connections: `[target, [connection, …]]` in list order. */
export function sessionList(sess: Session): [string, string[]][] {
  return sess.srvList.map((e) => [e.target.id, e.connList.toArray().map((c) => c.id)]);
}

/** Ids of one kind of a server's lists, all threads one after the other. */
export function listIds(lists: readonly ConnList[] | null): string[] {
  return lists?.flatMap((list) => list.toArray().map((conn) => conn.id)) ?? [];
}

/** A connection as it is now. */
export function viewConn(conn: Connection): ConnView {
  const streams = conn.ctx?.streams ?? (conn.cs ? [conn.cs] : []);
  return {
    owner: ownerText(conn.owner),
    flags: ownershipFlags(conn),
    listed_in: listedIn(conn),
    list: conn.list.list?.name ?? null,
    mux: conn.ctx?.mux.name ?? null,
    used_streams: conn.ctx?.usedStreams() ?? null,
    avail_streams: conn.ctx?.availStreams() ?? null,
    target: conn.target.id,
    streams: streams.map((cs) => cs.strm),
    orphans: (conn.ctx?.orphans ?? []).map((cs) => cs.strm),
    io: namesOf(conn.flags, Object.entries(IO_FLAGS) as [UpdateFlagName, number][]),
  };
}

/** A session as it is now. */
export function viewSess(sess: Session): SessView {
  return {
    idle_conns: sess.idleConns,
    prefer_last: sess.preferLast,
    srv_list: sessionList(sess),
  };
}

/** A server as it is now. */
export function viewSrv(srv: Server): SrvView {
  return {
    idle: listIds(srv.idleConns),
    safe: listIds(srv.safeConns),
    available: listIds(srv.availableConns),
    curr_idle_conns: srv.currIdleConns,
    curr_idle_nb: srv.currIdleNb,
    curr_safe_nb: srv.currSafeNb,
    curr_used_conns: srv.currUsedConns,
    max_used_conns: srv.maxUsedConns,
    est_need_conns: srv.estNeedConns,
  };
}

/** Everything that is alive now. */
export function viewWorld(w: World): WorldView {
  const sess = new Map<string, SessView>();
  const conn = new Map<string, ConnView>();
  const srv = new Map<string, SrvView>();
  for (const [id, s] of w.sessions) sess.set(id, viewSess(s));
  for (const [id, c] of w.connections) conn.set(id, viewConn(c));
  for (const [id, s] of w.servers) srv.set(id, viewSrv(s));
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
  return operand.kind === 'sess' && !diesNow ? (ownerText(operand) ?? 'nobody') : operand.id;
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
  const conn = call.conn?.id ?? 'NULL';
  const sess = call.sess ? call.sess.id + (call.sessFreed ? '!freed' : '') : 'NULL';
  const srv = call.srv?.id ?? 'NULL';
  const { ret } = call;
  const result =
    ret === undefined ? '' : ` = ${ret === null ? 'NULL' : typeof ret === 'number' ? ret : ret.id}`;
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
