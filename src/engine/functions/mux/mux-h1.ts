import { H1C } from '../../../state/mux.ts';
import {
  CO_FL_ANY_SH,
  CO_FL_ERROR,
  CO_FL_PRIVATE,
  CO_FL_SOCK_RD_SH,
  CO_FL_SOCK_WR_SH,
  type Connection,
} from '../../objects/connection-t.ts';
import { struct } from '../../objects/fields/struct.ts';
import {
  type DetachInputs,
  type MuxContext,
  type MuxOps,
  NO_STREAMS,
} from '../../objects/mux-t.ts';
import { rulesOf } from '../../objects/rule.ts';
import type { Session } from '../../objects/session-t.ts';
import { ConnStream } from '../../objects/stream-t.ts';
import { setOwner } from '../../objects/tracked.ts';
import type { World } from '../../objects/world.ts';
import { connFree, connFullClose } from '../connection.ts';
import { srvAddToIdleList } from '../server.ts';
import { applyNever } from './never.ts';

const detach = rulesOf('h1_detach', 'src/mux_h1.c');
const EXCESS = detach(
  'h1.detach.excess-data',
  'the server sent more than the answer: {0|the connection} is not idle, and is to be shut',
  'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns listed_in owner',
);
const NEVER = detach(
  'h1.detach.never',
  '{1|http-reuse never}: {0|the connection}, which is idle, is private from now on',
  'PRIVATE',
);
const LISTS = detach(
  'h1.detach.private',
  '{0|the connection} is private and idle: it is to be added to {1|the session} and counted there',
  'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb ~SESS_IDLE ~idle_conns ~listed_in',
);
const ADOPTS = detach(
  'h1.detach.private-adopted',
  '{0|the connection} is private, idle and without an owner: {1|the session} adopts it',
  'used_streams avail_streams owner list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb ~SESS_IDLE ~idle_conns ~listed_in',
);
const LEAVES_OWNED = detach(
  'h1.detach.private-owned',
  '{0|the connection} is private and has an owner already[ ({1})]: it is neither added nor counted',
  'used_streams avail_streams owner list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns listed_in',
);
const ADD_FAILED = detach(
  'h1.detach.add-failed',
  '{1|the session} cannot list {0|the connection}, which loses its owner and is destroyed',
  'conn owner SESS_IDLE idle_conns@1',
);
const POOLS = detach(
  'h1.detach.shared',
  '{0|the connection} is idle and can be shared: it is offered to {1|the server} for its pool',
  'used_streams avail_streams SESS_IDLE idle_conns listed_in ~SAFE_LIST ~IDLE_LIST ~list',
);
const DISOWNED = detach(
  'h1.detach.disowned',
  '{0|the connection} is idle and can be shared: {1|its session} is its owner no more',
  'owner',
);
const NOT_IDLE = detach(
  'h1.detach.not-idle',
  '{0|the connection} {1|has not finished its exchange, is in error or to be closed}: it cannot wait for another request',
  'used_streams avail_streams list SAFE_LIST IDLE_LIST curr_idle_conns curr_idle_nb curr_safe_nb SESS_IDLE idle_conns listed_in owner',
);
const REFUSED = detach(
  'h1.detach.refused',
  'the server does not want {0|the connection}: it is destroyed',
  'conn list',
);
const RELEASES_BROKEN = detach(
  'h1.detach.release.broken',
  '{0|the connection} is in error or shut for writing: it is released',
  'conn list',
);
const RELEASES_SHUT = detach(
  'h1.detach.release.shut',
  '{0|the connection} was to be shut and has nothing left to send: it is released',
  'conn list',
);
const RELEASES_ORPHAN = detach(
  'h1.detach.release.no-owner',
  '{0|the connection} has no stream and no owner: it is released',
  'conn list',
);
const RELEASES_READ = detach(
  'h1.detach.release.read-shut',
  '{0|the connection} has unread data and the server has closed: h1_process releases it',
  'conn list',
);
const KEPT = detach(
  'h1.detach.kept',
  '{0|the connection} is kept without a stream: it has an owner[ ({1})], no error, and is not shut',
  'conn',
);

/** `struct h1c` of src/mux_h1.c: room for one stream. */
export class H1c extends struct(H1C) implements MuxContext {
  readonly mux = muxH1;
  readonly orphans = NO_STREAMS;

  get streams(): readonly ConnStream[] {
    return this.h1s ? [this.h1s] : [];
  }

  get closing(): boolean {
    return this.csError || this.csShutwNow || this.csShutdown;
  }

  servesOn(inputs: DetachInputs): boolean {
    const isShut = inputs.mux_error || inputs.shutw_now || inputs.shutdown;
    return !this.closing && !isShut && inputs.idle !== false && !inputs.excess_data;
  }

  usedStreams(): number {
    return this.csIdle ? 0 : 1;
  }

  availStreams(): number {
    return this.csIdle ? 1 : 0;
  }

  blank(): H1c {
    return new H1c();
  }
}

function h1c(conn: Connection): H1c {
  if (conn.ctx instanceof H1c) return conn.ctx;
  throw new Error(`connection ${conn.id} has no H1 mux`);
}

/** h1_attach, src/mux_h1.c; semantics 3.17. */
function h1Attach(w: World, conn: Connection, strm: string, sess: Session): ConnStream | null {
  const ctx = h1c(conn);
  if (ctx.csError || !w.alloc('conn_stream')) return null;
  w.touch(conn);
  const cs = new ConnStream(strm, conn, sess);
  cs.notFirst = ctx.waitNextReq;
  ctx.h1s = cs;
  ctx.csIdle = false;
  ctx.waitNextReq = false;
  return cs;
}

/** h1_release, src/mux_h1.c; semantics 3.16. Clears neither owner nor SESS_IDLE beforehand. */
function h1Release(w: World, conn: Connection): void {
  w.enter('mux_release', conn);
  w.touch(conn);
  conn.ctx = null;
  connFullClose(w, conn);
  connFree(w, conn);
}

/** h1_destroy, src/mux_h1.c; semantics 3.16. */
function h1Destroy(w: World, conn: Connection): void {
  w.enter('mux_destroy', conn);
  if (!h1c(conn).h1s) h1Release(w, conn);
}

/** h1s_destroy, src/mux_h1.c; semantics 3.18, step 2. */
function h1sDestroy(w: World, conn: Connection, ctx: H1c, inputs: DetachInputs): void {
  ctx.h1s = null;
  if (inputs.mux_error) ctx.csError = true;
  const shutsDown = w.rules.h1NotIdle === 'shutdown';
  if (inputs.shutw_now && !shutsDown) ctx.csShutwNow = true;
  if (inputs.shutdown) ctx.csShutdown = true;
  const closing = ctx.closing || conn.has(CO_FL_ANY_SH);
  if (!closing && inputs.idle !== false) {
    ctx.csIdle = true;
    ctx.waitNextReq = true;
  } else if (shutsDown) {
    // 3c82d8b32: what is not idle is over.
    ctx.csShutdown = true;
  }
}

/**
 * The idle private connection goes to the session; semantics 3.18, step 3b.
 *
 * @returns false when the connection was freed
 */
function h1KeepPrivate(w: World, conn: Connection, sess: Session | null): boolean {
  if (w.rules.h1DetachAlwaysLists === 'all') {
    // 08016ab82: the add is repeated, in case it failed before, and every idle period counts.
    w.log.decide(LISTS, conn, sess);
  } else {
    // Before it, the owner said whether the connection had been here already.
    if (conn.owner) {
      w.log.decide(LEAVES_OWNED, conn, conn.owner);
      return true;
    }
    w.log.decide(ADOPTS, conn, sess);
    w.touch(conn);
    setOwner(conn, sess);
  }
  if (!w.rules.sessionConns.sessionAddConn(w, sess, conn)) {
    w.log.decide(ADD_FAILED, conn, sess);
    w.touch(conn);
    setOwner(conn, null);
    h1Destroy(w, conn);
    return false;
  }
  return w.rules.sessionConns.sessionCheckIdleConn(w, sess, conn);
}

/** Why an exchange leaves a connection that cannot serve another. */
function whyNotIdle(conn: Connection, ctx: H1c): string {
  if (ctx.csError || conn.has(CO_FL_ERROR)) return 'is in error';
  if (ctx.closing) return 'is to be closed';
  return conn.has(CO_FL_ANY_SH) ? 'is shut' : 'has not finished its exchange, or is not to be kept';
}

/** h1_detach, src/mux_h1.c; semantics 3.18 and 8.2. */
function h1Detach(w: World, cs: ConnStream, inputs: DetachInputs): void {
  const conn = cs.conn;
  const ctx = h1c(conn);
  w.touch(conn);
  h1sDestroy(w, conn, ctx, inputs);
  const shutsDown = w.rules.h1NotIdle === 'shutdown';
  let unread = inputs.excess_data ?? false;
  if (ctx.csIdle) {
    if (!unread) applyNever(w, conn, NEVER);
    if (unread) {
      w.log.decide(EXCESS, conn);
      unread = false;
      ctx.csIdle = false;
      if (shutsDown) ctx.csShutdown = true;
      else ctx.csShutwNow = true;
    } else if (conn.has(CO_FL_PRIVATE)) {
      if (!h1KeepPrivate(w, conn, cs.muxSess)) return;
    } else {
      if (conn.owner && conn.owner === cs.muxSess) {
        w.log.decide(DISOWNED, conn, conn.owner);
        setOwner(conn, null);
      }
      w.log.decide(POOLS, conn, conn.srv);
      if (!srvAddToIdleList(w, conn.srv, conn, cs.notFirst)) {
        w.log.decide(REFUSED, conn);
        h1Destroy(w, conn);
      }
      return;
    }
  } else w.log.decide(NOT_IDLE, conn, whyNotIdle(conn, ctx));
  const isShut = shutsDown ? ctx.csShutdown : ctx.csShutwNow;
  const isOver = ctx.csShutdown && !shutsDown;
  const broken = ctx.csError || isOver || conn.has(CO_FL_ERROR | CO_FL_SOCK_WR_SH);
  if (broken) w.log.decide(RELEASES_BROKEN, conn);
  else if (isShut && !inputs.obuf_data) w.log.decide(RELEASES_SHUT, conn);
  else if (!conn.owner) w.log.decide(RELEASES_ORPHAN, conn);
  else if (unread && !shutsDown && conn.has(CO_FL_SOCK_RD_SH)) w.log.decide(RELEASES_READ, conn);
  else {
    w.log.decide(KEPT, conn, conn.owner);
    return;
  }
  h1Release(w, conn);
}

/** mux_h1_ops of src/mux_h1.c. */
export const muxH1: MuxOps = {
  name: 'h1',
  fields: H1C,
  takesOver: true,
  holRisk: false,
  init(_conn, cs) {
    const ctx = new H1c();
    ctx.h1s = cs;
    return ctx;
  },
  attach: h1Attach,
  detach: h1Detach,
  destroy: h1Destroy,
  release: h1Release,
};
