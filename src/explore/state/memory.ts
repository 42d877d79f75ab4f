import { FcgiConn } from '../../engine/functions/mux/mux-fcgi.ts';
import { H1c } from '../../engine/functions/mux/mux-h1.ts';
import { H2c } from '../../engine/functions/mux/mux-h2.ts';
import { MuxPtCtx } from '../../engine/functions/mux/mux-pt.ts';
import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { MuxContext } from '../../engine/objects/mux-t.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import type { Session, SessSrvList } from '../../engine/objects/session-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import { drain } from './drain.ts';

/*
 * What objects of the engine were like, to make them so again. Each memory is used for one object
 * after the other: nothing is allocated once the arrays have grown to what a world needs.
 */

/** Makes an array hold what another one holds. */
function refill<Thing>(to: Thing[], from: readonly Thing[]): void {
  while (to.length > from.length) to.pop();
  for (let at = 0; at < from.length; at++) to[at] = from[at] as Thing;
}

/** Fields of any mux context; which ones mean something is known by its class. */
class ContextMemory {
  #streams: ConnStream[] = [];
  #orphans: ConnStream[] = [];
  #stream: ConnStream | null = null;
  #numbers = [0, 0, 0];
  #flags = [false, false, false, false, false];

  save(ctx: MuxContext): void {
    if (ctx instanceof H1c) {
      this.#stream = ctx.h1s;
      this.#saveFlags(ctx.csIdle, ctx.csError, ctx.csShutwNow, ctx.csShutdown, ctx.waitNextReq);
    } else if (ctx instanceof MuxPtCtx) this.#stream = ctx.cs;
    else if (ctx instanceof H2c || ctx instanceof FcgiConn) {
      refill(this.#streams, ctx.streams);
      refill(this.#orphans, ctx.orphans);
      this.#numbers[0] = ctx.nbStreams;
      this.#numbers[1] = ctx.streamsLimit;
      this.#numbers[2] = ctx.streamCnt;
      this.#saveFlags(ctx.goaway, ctx.failed, ctx.keepsConnection);
    }
  }

  restore(ctx: MuxContext): void {
    const [one = false, two = false, three = false, four = false, five = false] = this.#flags;
    if (ctx instanceof H1c) {
      ctx.h1s = this.#stream;
      ctx.csIdle = one;
      ctx.csError = two;
      ctx.csShutwNow = three;
      ctx.csShutdown = four;
      ctx.waitNextReq = five;
    } else if (ctx instanceof MuxPtCtx) ctx.cs = this.#stream;
    else if (ctx instanceof H2c || ctx instanceof FcgiConn) {
      refill(ctx.streams, this.#streams);
      refill(ctx.orphans, this.#orphans);
      ctx.nbStreams = this.#numbers[0] ?? 0;
      ctx.streamsLimit = this.#numbers[1] ?? 0;
      ctx.streamCnt = this.#numbers[2] ?? 0;
      ctx.goaway = one;
      ctx.failed = two;
      ctx.keepsConnection = three;
    }
  }

  #saveFlags(one: boolean, two: boolean, three = false, four = false, five = false): void {
    const flags = this.#flags;
    flags[0] = one;
    flags[1] = two;
    flags[2] = three;
    flags[3] = four;
    flags[4] = five;
  }
}

/** A connection but for the lists that it is in. */
export class ConnMemory {
  #flags = 0;
  #ctx: MuxContext | null = null;
  #cs: ConnStream | null = null;
  owner: Session | null = null;
  #countedIdle = false;
  #freed = false;
  #streams = 0;
  #creator: Session | null = null;
  #challenged: Session | null = null;
  #joinedEarly = false;
  #broken = 0;
  readonly #context = new ContextMemory();

  save(conn: Connection, broken: number): void {
    this.#flags = conn.flags;
    this.#ctx = conn.ctx;
    this.#cs = conn.cs;
    this.owner = conn.owner;
    this.#countedIdle = conn.countedIdle;
    this.#freed = conn.freed;
    this.#streams = conn.streams;
    this.#creator = conn.creator;
    this.#challenged = conn.challenged;
    this.#joinedEarly = conn.joinedEarly;
    this.#broken = broken;
    if (conn.ctx) this.#context.save(conn.ctx);
  }

  /** The owner is put back with all others. */
  restore(conn: Connection): void {
    conn.flags = this.#flags;
    conn.ctx = this.#ctx;
    conn.cs = this.#cs;
    conn.countedIdle = this.#countedIdle;
    conn.freed = this.#freed;
    conn.streams = this.#streams;
    conn.creator = this.#creator;
    conn.challenged = this.#challenged;
    conn.joinedEarly = this.#joinedEarly;
    conn.broken = this.#broken;
    conn.listBusy = false;
    if (conn.ctx) this.#context.restore(conn.ctx);
  }
}

/** The connections of a list, in their order. */
export class ListMemory {
  readonly #conns: Connection[] = [];

  save(list: ConnList): void {
    drain(this.#conns);
    for (let node = list.first; node; node = node.next) this.#conns.push(node.conn);
  }

  /** Appends them again, to a list that was emptied as all others that may hold them. */
  restore(list: ConnList): void {
    for (let at = 0; at < this.#conns.length; at++) {
      const conn = this.#conns[at] as Connection;
      list.append(list.entry === null ? conn.list : conn.sessionList);
    }
  }
}

/** A session with its list. */
export class SessionMemory {
  #idleConns = 0;
  #preferLast = false;
  #streams = 0;
  #preferred: Connection | null = null;
  #preferredBy: string | null = null;
  #broken = 0;
  readonly #entries: SessSrvList[] = [];
  readonly #lists: ListMemory[] = [];

  save(sess: Session, broken: number): void {
    this.#idleConns = sess.idleConns;
    this.#preferLast = sess.preferLast;
    this.#streams = sess.streams;
    this.#preferred = sess.preferred;
    this.#preferredBy = sess.preferredBy;
    this.#broken = broken;
    refill(this.#entries, sess.srvList);
    for (let at = 0; at < this.#entries.length; at++) {
      this.#lists[at] ??= new ListMemory();
      this.#lists[at]?.save((this.#entries[at] as SessSrvList).connList);
    }
  }

  restore(sess: Session): void {
    sess.idleConns = this.#idleConns;
    sess.preferLast = this.#preferLast;
    sess.broken = this.#broken;
    sess.freed = false;
    refill(sess.srvList, this.#entries);
    for (let at = 0; at < this.#entries.length; at++) {
      this.#lists[at]?.restore((this.#entries[at] as SessSrvList).connList);
    }
  }

  /** What changes without the session being touched: its streams connect, leave or are preferred. */
  restoreUntouched(sess: Session): void {
    sess.streams = this.#streams;
    sess.preferred = this.#preferred;
    sess.preferredBy = this.#preferredBy;
  }
}

/** A server with its lists. */
export class ServerMemory {
  readonly #counters = [0, 0, 0, 0, 0, 0, 0];
  readonly #idleThr: number[] = [];
  #live = 0;
  #liveIdle = 0;
  #livePrivate = 0;
  #broken = 0;
  readonly #lists: ListMemory[] = [];

  save(srv: Server, broken: number): void {
    const counters = this.#counters;
    counters[0] = srv.currIdleConns;
    counters[1] = srv.currIdleNb;
    counters[2] = srv.currSafeNb;
    counters[3] = srv.currUsedConns;
    counters[4] = srv.maxUsedConns;
    counters[5] = srv.estNeedConns;
    counters[6] = srv.nextTakeover;
    refill(this.#idleThr, srv.currIdleThr);
    this.#live = srv.liveConns;
    this.#liveIdle = srv.liveIdleConns;
    this.#livePrivate = srv.livePrivateConns;
    this.#broken = broken;
    eachList(srv, (list, at) => {
      this.#lists[at] ??= new ListMemory();
      this.#lists[at]?.save(list);
    });
  }

  restore(srv: Server): void {
    const [idle, idleNb, safeNb, used, max, need, next] = this.#counters;
    srv.currIdleConns = idle ?? 0;
    srv.currIdleNb = idleNb ?? 0;
    srv.currSafeNb = safeNb ?? 0;
    srv.currUsedConns = used ?? 0;
    srv.maxUsedConns = max ?? 0;
    srv.estNeedConns = need ?? 0;
    srv.nextTakeover = next ?? 0;
    refill(srv.currIdleThr, this.#idleThr);
    srv.broken = this.#broken;
    eachList(srv, (list, at) => {
      this.#lists[at]?.restore(list);
    });
  }

  /** How many connections there are: this changes without the server being touched. */
  restoreLive(srv: Server): void {
    srv.liveConns = this.#live;
    srv.liveIdleConns = this.#liveIdle;
    srv.livePrivateConns = this.#livePrivate;
  }
}

/** Calls back with each list of a server, and a number of its own. */
export function eachList(srv: Server, see: (list: ConnList, at: number) => void): void {
  const { availableConns, idleConns, safeConns } = srv;
  for (let thread = 0; thread < availableConns.length; thread++) {
    const idle = idleConns?.[thread];
    const safe = safeConns?.[thread];
    const available = availableConns[thread];
    if (idle) see(idle, thread * 3);
    if (safe) see(safe, thread * 3 + 1);
    if (available) see(available, thread * 3 + 2);
  }
}
