import { MULTIPLEXED } from '../../../state/mux.ts';
import {
  CO_FL_ANY_SH,
  CO_FL_ERROR,
  CO_FL_PRIVATE,
  type Connection,
} from '../../objects/connection-t.ts';
import { Crash } from '../../objects/crash.ts';
import { struct } from '../../objects/fields/struct.ts';
import type { DetachInputs, MuxContext, MuxOps } from '../../objects/mux-t.ts';
import type { Rule } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { ConnStream } from '../../objects/stream-t.ts';
import { setOwner } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { connFree, connFullClose } from '../connection.ts';
import { srvAddToIdleList } from '../server.ts';
import type { DetachRules, OrphanRules } from './multiplexed-rules.ts';
import { applyNever } from './never.ts';

/** What `struct h2c` and `struct fcgi_conn` have in common: streams by id, and their limits. */
export abstract class MultiplexedContext extends struct(MULTIPLEXED) implements MuxContext {
  abstract readonly mux: MuxOps;
  readonly streams: ConnStream[] = [];
  readonly orphans: ConnStream[] = [];

  constructor(
    streamsLimit: number,
    /** max-reuse of the server; -1: no limit. */
    readonly maxReuse: number,
    keepsConnection: boolean,
  ) {
    super();
    this.streamsLimit = streamsLimit;
    this.keepsConnection = keepsConnection;
  }

  abstract blank(): MultiplexedContext;

  /** GOAWAY seen, in error or closed: no more streams. */
  get closing(): boolean {
    return this.goaway || this.failed;
  }

  /** A server closes its connections after so many streams. */
  get limitsReuse(): boolean {
    return this.maxReuse >= 0;
  }

  usedStreams(): number {
    return this.streams.length;
  }

  availStreams(): number {
    if (this.closing) return 0;
    const free = this.streamsLimit - this.nbStreams;
    if (!this.limitsReuse) return free;
    return Math.min(free, Math.max(this.maxReuse - this.streamCnt + 1, 0));
  }

  servesOn({ blocked, dead, ended, proto_status }: DetachInputs): boolean {
    const isKept = this.keepsConnection && !this.closing && !dead;
    if (!isKept || blocked || this.treeSize > 1) return false;
    // Any other status takes something back.
    if (proto_status !== undefined && proto_status !== 'REQUEST_COMPLETE') return false;
    const free = this.streamsLimit - this.nbStreams + (ended ? 0 : 1);
    return free > 0 && !(this.limitsReuse && this.streamCnt > this.maxReuse);
  }

  /** `streams_by_id` is empty: neither a stream nor an orphan is left. */
  get treeEmpty(): boolean {
    return this.streams.length === 0 && this.orphans.length === 0;
  }

  /** How many streams and orphans there are. */
  get treeSize(): number {
    return this.streams.length + this.orphans.length;
  }

  /** A new stream enters the tree. */
  enter(cs: ConnStream): void {
    this.streams.push(cs);
    this.nbStreams++;
    this.streamCnt++;
  }
}

/** The context of a multiplexed connection. */
export function multiplexed(conn: Connection): MultiplexedContext {
  if (conn.ctx instanceof MultiplexedContext) return conn.ctx;
  throw new Error(`connection ${conn.id} has no multiplexer`);
}

/** h2_attach, src/mux_h2.c, and fcgi_attach, src/mux_fcgi.c; semantics 3.17. */
export function attachStream(
  w: World,
  conn: Connection,
  strm: string,
  sess: Session,
): ConnStream | null {
  if (!w.alloc('conn_stream')) return null;
  w.touch(conn);
  const cs = new ConnStream(strm, conn, sess);
  multiplexed(conn).enter(cs);
  return cs;
}

/** h2_release, src/mux_h2.c, and fcgi_release, src/mux_fcgi.c; semantics 3.16. */
export function releaseMultiplexed(w: World, conn: Connection): void {
  w.enter('mux_release', conn);
  w.touch(conn);
  for (const orphan of multiplexed(conn).orphans) w.forgetOrphan(orphan);
  conn.ctx = null;
  connFullClose(w, conn);
  connFree(w, conn);
}

/** h2_destroy, src/mux_h2.c, and fcgi_destroy, src/mux_fcgi.c: orphans count as streams. */
export function destroyMultiplexed(w: World, conn: Connection, streamsLeft: Rule): void {
  w.enter('mux_destroy', conn);
  const ctx = multiplexed(conn);
  if (ctx.treeEmpty) releaseMultiplexed(w, conn);
  else w.log.decide(streamsLeft, conn, ctx.treeSize);
}

/**
 * A private connection that a stream leaves is to be listed; semantics 3.19, step 4a.i.
 *
 * @returns false when the connection was freed
 */
function listPrivate(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  sess: Session | null,
  rules: DetachRules,
): boolean {
  let add = true;
  if (w.rules.muxDetachAlwaysLists === 'all') {
    // 08016ab82: the add is repeated at each detach, in case it failed before.
    w.log.decide(rules.lists, conn, sess);
  } else if (conn.owner) {
    // Before it, the owner said whether the connection had been here already.
    w.log.decide(rules.leavesOwned, conn, conn.owner);
    add = false;
  } else {
    w.log.decide(rules.adopts, conn, sess);
    w.touch(conn);
    setOwner(conn, sess);
  }
  if (add && !w.rules.sessionConns.sessionAddConn(w, sess, conn)) {
    w.log.decide(rules.addFailed, conn, sess);
    w.touch(conn);
    setOwner(conn, null);
    if (ctx.treeEmpty) {
      conn.ctx?.mux.destroy(w, conn);
      return false;
    }
  }
  return true;
}

/**
 * The private part of h2_detach and fcgi_detach; semantics 3.19, step 4a.
 *
 * @returns false when the connection was freed
 */
function keepPrivate(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  sess: Session | null,
  rules: DetachRules,
): boolean {
  if (!listPrivate(w, conn, ctx, sess, rules)) return false;
  if (!ctx.treeEmpty) {
    w.log.decide(rules.streamsLeft, conn, ctx.treeSize);
    return true;
  }
  // 08016ab82 dropped the test that the leaving session is the owner: nobody may be.
  if (w.rules.muxDetachChecksOwner === 'leaver' && conn.owner !== sess) {
    w.log.decide(rules.otherOwner, conn, conn.owner);
    return true;
  }
  w.log.decide(rules.idle, conn, conn.owner);
  return w.rules.sessionConns.sessionCheckIdleConn(w, conn.owner, conn);
}

/** The server takes a connection without a stream, or it is destroyed. */
function offer(w: World, conn: Connection, rules: DetachRules): void {
  w.log.decide(rules.pools, conn, conn.srv);
  if (srvAddToIdleList(w, conn.srv, conn, true)) return;
  w.log.decide(rules.refused, conn);
  conn.ctx?.mux.destroy(w, conn);
}

/** Why a connection that keeps other streams cannot be joined by any session. */
function whyNotAvailable(conn: Connection, isListed: boolean): string {
  if (!conn.srv) return 'has no server';
  if (conn.list.linked) return 'is in a list already';
  return isListed ? 'is lent to its session' : 'is full';
}

/**
 * A connection that can be shared loses a stream; semantics 3.19, step 4b.
 *
 * @returns false when the server has taken the connection, or it was freed
 */
function share(w: World, conn: Connection, ctx: MultiplexedContext, rules: DetachRules): boolean {
  const srv = conn.srv;
  const disowns = w.rules.muxDetachDisowns === 'yes';
  if (ctx.treeEmpty) {
    // 6b8daef56 for h2, 46f041d7f for fcgi: what nobody uses is nobody's. The owner may have ended.
    if (disowns && conn.owner) {
      w.log.decide(rules.disowned, conn, conn.owner);
      w.rules.sessionConns.sessionUnownConn(w, conn.owner, conn);
      setOwner(conn, null);
    }
    offer(w, conn, rules);
    return false;
  }
  const isListed = disowns && conn.sessionList.linked;
  if (srv && !conn.list.linked && !isListed && ctx.availStreams() > 0) {
    const rule = w.rules.pool.isKeyed ? rules.availableByKey : rules.available;
    w.log.decide(rule, conn, srv, ctx.availStreams());
    w.rules.pool.returnAvailable(w, srv, conn);
  } else {
    w.log.decide(rules.notAvailable, conn, whyNotAvailable(conn, isListed));
  }
  return true;
}

/**
 * Private or not, before the two were told apart; releases R1.2. What keeps other streams becomes
 * available even if it is private; who leaves last is asked to keep even what can be shared.
 *
 * @returns false when the server has taken the connection, or it was freed
 */
function keepOrShare(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  sess: Session | null,
  rules: DetachRules,
): boolean {
  applyNever(w, conn, rules.never);
  const { srv } = conn;
  const isPrivate = conn.has(CO_FL_PRIVATE);
  if (isPrivate && !listPrivate(w, conn, ctx, sess, rules)) return false;
  if (!ctx.treeEmpty) {
    if (!isPrivate) return share(w, conn, ctx, rules);
    if (srv && !conn.list.linked && ctx.availStreams() > 0) {
      w.log.decide(rules.privateAvailable, conn, srv, ctx.availStreams());
      w.rules.pool.returnAvailable(w, srv, conn);
    } else {
      w.log.decide(rules.notAvailable, conn, whyNotAvailable(conn, false));
    }
    return true;
  }
  if (sess && conn.owner === sess) {
    w.log.decide(isPrivate ? rules.idle : rules.checksShared, conn, conn.owner);
    if (!w.rules.sessionConns.sessionCheckIdleConn(w, conn.owner, conn)) return false;
  } else if (isPrivate) {
    w.log.decide(rules.otherOwner, conn, conn.owner);
  }
  if (!isPrivate) offer(w, conn, rules);
  return isPrivate;
}

/** h2c_is_dead, src/mux_h2.c, and fcgi_conn_is_dead, src/mux_fcgi.c; semantics 3.19, step 5. */
function isDead(
  w: World,
  conn: Connection,
  ctx: MultiplexedContext,
  dead: boolean | undefined,
  rules: Pick<DetachRules, 'deadError' | 'deadNoOwner' | 'deadClosed'>,
): boolean {
  if (!ctx.treeEmpty) return false;
  if (conn.has(CO_FL_ERROR)) w.log.decide(rules.deadError, conn);
  else if (!conn.owner) w.log.decide(rules.deadNoOwner, conn);
  else if (!ctx.keepsConnection || dead) w.log.decide(rules.deadClosed, conn);
  else return false;
  return true;
}

/** h2_detach, src/mux_h2.c, and fcgi_detach, src/mux_fcgi.c; semantics 3.19 and 3.20. */
export function detachStream(
  w: World,
  cs: ConnStream,
  inputs: DetachInputs,
  rules: DetachRules,
): void {
  const conn = cs.conn;
  const ctx = multiplexed(conn);
  w.touch(conn);
  ctx.streams.splice(ctx.streams.indexOf(cs), 1);
  if (inputs.blocked && !conn.has(CO_FL_ERROR) && !ctx.failed) {
    w.log.decide(rules.blocked, conn, cs.strm);
    ctx.orphans.push(cs);
    w.rememberOrphan(cs);
    return;
  }
  if (!inputs.ended) ctx.nbStreams--;
  if (conn.has(CO_FL_ANY_SH) || !ctx.keepsConnection) {
    w.log.decide(rules.broken, conn, conn.has(CO_FL_ERROR) ? 'is in error' : closedHow(conn));
  } else if (w.rules.muxDetachSplits === 'no') {
    if (!keepOrShare(w, conn, ctx, cs.muxSess, rules)) return;
  } else if (conn.has(CO_FL_PRIVATE)) {
    if (!keepPrivate(w, conn, ctx, cs.muxSess, rules)) return;
  } else if (!share(w, conn, ctx, rules)) {
    return;
  }
  if (isDead(w, conn, ctx, inputs.dead, rules)) releaseMultiplexed(w, conn);
  else w.log.decide(rules.kept, conn, conn.owner, ctx.treeSize);
}

/** Why a connection that is not in error must not be reused all the same. */
function closedHow(conn: Connection): string {
  return conn.has(CO_FL_ANY_SH) ? 'is shut' : 'is not to be kept, says the application';
}

/**
 * h2_deferred_shut, src/mux_h2.c, and fcgi_deferred_shut, src/mux_fcgi.c; semantics 3.19 and
 * 8.22. An orphan ends at last, with no regard for session or server.
 *
 * @param inputs.woken the mux drops it while it wakes its streams: no test of death follows
 */
export function endOrphan(
  w: World,
  cs: ConnStream,
  inputs: { ended?: boolean | undefined; dead?: boolean | undefined; woken?: boolean | undefined },
  rules: OrphanRules,
): void {
  const conn = cs.conn;
  if (conn.freed) {
    w.log.decide(rules.freed, conn);
    throw new Crash(rules.fn);
  }
  const ctx = multiplexed(conn);
  w.touch(conn);
  ctx.orphans.splice(ctx.orphans.indexOf(cs), 1);
  w.forgetOrphan(cs);
  if (!inputs.ended) ctx.nbStreams--;
  if (inputs.woken) w.log.decide(rules.woken, conn);
  else if (isDead(w, conn, ctx, inputs.dead, rules)) releaseMultiplexed(w, conn);
  else w.log.decide(rules.kept, conn);
}
