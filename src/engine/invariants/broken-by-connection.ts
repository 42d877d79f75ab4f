import {
  AUTHENTICATED,
  CO_FL_ANY_SH,
  CO_FL_LIST_MASK,
  CO_FL_PRIVATE,
  CO_FL_SESS_IDLE,
  CO_FL_WAIT_XPRT,
  type Connection,
  GIVEN_UP,
  MUX_FL_ALL,
} from '../objects/connection-t.ts';
import { REUSE_NEVR } from '../objects/server-t.ts';
import type { Session } from '../objects/session-t.ts';
import type { World } from '../objects/world.ts';
import type { RuleSet } from '../rule-sets/index.ts';
import {
  AUTHENTICATED_NOT_SHARED,
  AVAILABLE_HAS_STREAM,
  IDLE_IS_MARKED,
  LISTED_BY_AUTHENTICATED,
  LISTED_BY_OWNER,
  LISTED_NOT_POOLED,
  listerOf,
  NO_CONNECTING_REUSE,
  NO_ORPHAN,
  OWNER_FROM_CREATION,
  OWNER_IS_LIVE,
  POOLED_HAS_NO_OWNER,
  POOLED_IS_CONNECTED,
  POOLED_IS_SHAREABLE,
  PRIVATE_HAS_OWNER,
  PRIVATE_IS_LISTED,
  PRIVATE_TO_ONE_SESSION,
  SESSION_IDLE_IS_LISTED,
} from './connection.ts';

/*
 * The predicates of the invariants of connections. They run for every connection that any step
 * touches: plain functions, grouped by what they presuppose, so that most are passed over.
 */

/** The invariants that a connection breaks now, as bits. */
export function brokenByConn(conn: Connection, rules: RuleSet): number {
  const lister = listerOf(conn);
  let broken = ofOwner(conn);
  if (conn.has(CO_FL_PRIVATE)) broken |= ofPrivate(conn, rules);
  if (lister !== null) broken |= ofListed(conn, lister, rules);
  if (conn.has(CO_FL_SESS_IDLE) && (lister === null || conn.streams > 0)) {
    broken |= SESSION_IDLE_IS_LISTED;
  }
  if (conn.authenticated > 0 && isSharedUser(conn)) broken |= AUTHENTICATED_NOT_SHARED;
  if (conn.gaveUp > 0 && isUnconnected(conn)) broken |= POOLED_IS_CONNECTED;
  const isHeld = conn.list.linked || conn.toremoveList.linked;
  if (isHeld) broken |= ofServerList(conn, conn.list.list?.name === 'available');
  else if (lister === null && isAlone(conn) && isHealthy(conn)) broken |= NO_ORPHAN;
  return broken;
}

/** What somebody may have authenticated is not private, or serves a request that comes after. */
function isSharedUser(conn: Connection): boolean {
  return !conn.has(CO_FL_PRIVATE) || conn.authenticated > AUTHENTICATED;
}

/** Where requests find it, or taken from there, a connection that never finished its handshake. */
function isUnconnected(conn: Connection): boolean {
  if (conn.gaveUp < GIVEN_UP || conn.proven || !conn.has(CO_FL_WAIT_XPRT)) return false;
  const { list } = conn.list;
  const isPooled = list !== null && list.name !== 'toremove';
  return isPooled || (conn.streams > 0 && !conn.has(CO_FL_PRIVATE));
}

/** Closed as its last stream left, though others could have used it and the server was not asked. */
export function endsUnoffered(w: World, conn: Connection): boolean {
  const { srv } = conn;
  if (conn.leftReusable !== w.clock || srv === null || conn.has(CO_FL_PRIVATE)) return false;
  if (srv.proxy.reuse === REUSE_NEVR) return false;
  return !w.log.calls.some((call) => call.fn === 'srv_add_to_idle_list' && call.conn === conn);
}

/** No stream and no orphan of one is on the connection. */
export function isAlone(conn: Connection): boolean {
  return conn.streams === 0 && (conn.ctx === null || conn.ctx.orphans.length === 0);
}

/** Neither shut nor about to be closed. */
function isHealthy(conn: Connection): boolean {
  return !conn.has(CO_FL_ANY_SH | MUX_FL_ALL) && conn.ctx?.closing !== true;
}

function ofOwner({ creator, owner }: Connection): number {
  let broken = 0;
  if (creator !== null && creator !== owner) broken |= OWNER_FROM_CREATION;
  if (owner?.freed) broken |= OWNER_IS_LIVE;
  return broken;
}

function ofPrivate(conn: Connection, rules: RuleSet): number {
  let broken = 0;
  if (conn.owner === null) broken |= PRIVATE_HAS_OWNER;
  // 08d87b3f4: what does not speak HTTP is not looked for again.
  const isLookedFor = rules.reuseIsFor === 'any' || conn.ctx?.mux.name !== 'pt';
  if (conn.ctx !== null && !conn.sessionList.linked && isLookedFor) broken |= PRIVATE_IS_LISTED;
  if (conn.streams > 0 && !servesOneSession(conn)) broken |= PRIVATE_TO_ONE_SESSION;
  return broken;
}

function ofListed(conn: Connection, lister: Session, rules: RuleSet): number {
  const { owner, challenged } = conn;
  let broken = 0;
  const mayBeShared = rules.poolLends !== 'never';
  if (owner !== lister || !(mayBeShared || conn.has(CO_FL_PRIVATE))) broken |= LISTED_BY_OWNER;
  if (challenged !== null && challenged !== lister) broken |= LISTED_BY_AUTHENTICATED;
  if (conn.list.linked || conn.countedIdle || conn.has(CO_FL_LIST_MASK)) {
    broken |= LISTED_NOT_POOLED;
  }
  if (conn.joinedEarly && conn.has(CO_FL_WAIT_XPRT)) broken |= NO_CONNECTING_REUSE;
  // What assign_server has just unmarked is for a stream that is going to connect.
  const isPreferred = lister.preferred === conn;
  if (!conn.has(CO_FL_SESS_IDLE) && !isPreferred && isAlone(conn)) broken |= IDLE_IS_MARKED;
  return broken;
}

/** In the available list, or in an idle, a safe or a removal list: the pool. */
function ofServerList(conn: Connection, isAvailable: boolean): number {
  if (isAvailable) return isAlone(conn) ? AVAILABLE_HAS_STREAM : 0;
  // 7a6e3c1a7: what sessions keep idle goes by a removal list as well.
  if (conn.toremoveList.linked && conn.has(CO_FL_PRIVATE)) return 0;
  let broken = 0;
  const isFree = !conn.has(CO_FL_PRIVATE) && !conn.sessionList.linked && conn.streams === 0;
  if (!isFree) broken |= POOLED_IS_SHAREABLE;
  if (conn.owner !== null) broken |= POOLED_HAS_NO_OWNER;
  return broken;
}

/** All streams are of one session, which is the owner if there is one. */
function servesOneSession({ owner, ctx, cs }: Connection): boolean {
  if (ctx === null) return cs === null || owner === null || owner === cs.sess;
  const { streams } = ctx;
  const sess = owner ?? streams[0]?.sess;
  for (const stream of streams) if (stream.sess !== sess) return false;
  return true;
}
