import { ListNode } from './list.ts';
import type { MuxContext } from './mux-t.ts';
import type { Server, Target } from './server-t.ts';
import type { Session } from './session-t.ts';
import type { ConnStream } from './stream-t.ts';

/** `CO_FL_*` of include/haproxy/connection-t.h, with HAProxy's bit values. */
export const CO_FL_SAFE_LIST = 0x00000001;
export const CO_FL_IDLE_LIST = 0x00000002;
/** Which idle list of the server the connection was put in; not that it is still there. */
export const CO_FL_LIST_MASK = CO_FL_SAFE_LIST | CO_FL_IDLE_LIST;
/** The transport is ready: connect() was issued, which does not mean that it has completed. */
export const CO_FL_XPRT_READY = 0x00000200;
export const CO_FL_SOCK_RD_SH = 0x00040000;
export const CO_FL_SOCK_WR_SH = 0x00080000;
export const CO_FL_ERROR = 0x00100000;
/** One bit for CO_FL_WAIT_XPRT: connecting, or a handshake is not over. */
export const CO_FL_WAIT_XPRT = 0x00400000;
/** Never to be shared between clients; never cleared. */
export const CO_FL_PRIVATE = 0x10000000;
/** Counted in the idle connections of its owner. */
export const CO_FL_SESS_IDLE = 0x40000000;
/** Closed, in one direction at least, or failed. */
export const CO_FL_ANY_SH = CO_FL_ERROR | CO_FL_SOCK_RD_SH | CO_FL_SOCK_WR_SH;

/** `struct connection` of include/haproxy/connection-t.h: one connection to a server. */
export class Connection {
  readonly kind = 'conn';
  flags = 0;
  /** The mux and its context: `mux` and `ctx` of a connection that has a mux. */
  ctx: MuxContext | null = null;
  /** `ctx` of a connection that has no mux yet: the stream that waits for it. */
  cs: ConnStream | null = null;
  /** May dangle: the session is then freed. Written by setOwner() only. */
  owner: Session | null = null;
  /** `idle_time > 0`: the server counts it as idle, not as used. Written by setIdleTime() only. */
  countedIdle = false;
  /** Link in at most one of idle, safe, available and removal list. */
  readonly list = new ListNode(this);
  /** Link in the list of one session entry. */
  readonly sessionList = new ListNode(this);
  /** An iterator of conn_backend_get() holds the element of `list`: deleting it spins. */
  listBusy = false;
  freed = false;
  touchedAt = 0;

  // What follows HAProxy does not keep: the invariants are told by it.

  /** Streams that hold it. */
  streams = 0;
  /** The session that it was made for, until a stream leaves. */
  creator: Session | null = null;
  /** The session whose request first met a challenge that binds the connection. */
  challenged: Session | null = null;
  /** A request found it in its session's list before it was connected. */
  joinedEarly = false;
  /** Link among the connections of its owner. */
  readonly ownerLink = new ListNode(this);
  /** Invariants that do not hold, as bits; as of the last step that looked. */
  broken = 0;

  constructor(
    readonly id: string,
    readonly target: Target,
  ) {}

  /** The server of the connection, or null when its target is a backend. */
  get srv(): Server | null {
    return this.target.kind === 'srv' ? this.target : null;
  }

  has(flags: number): boolean {
    return (this.flags & flags) !== 0;
  }
}
