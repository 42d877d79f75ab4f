import { CONNECTION } from '../../state/connection.ts';
import { struct } from './fields/struct.ts';
import { ListNode } from './list.ts';
import type { MuxContext } from './mux-t.ts';
import type { Server, Target } from './server-t.ts';

export * from '../../state/co-fl.ts';

/** `authenticated`, once somebody has: who joins from now on need not be the same user. */
export const AUTHENTICATED = 2;
/**
 * `gaveUp` of a connection that is taken for one that never connected: two streams, as a trace that
 * tells of no handshake leaves out the end of most of them, and answers as well.
 */
export const GIVEN_UP = 2;

/** `struct connection` of include/haproxy/connection-t.h: one connection to a server. */
export class Connection extends struct(CONNECTION) {
  readonly kind = 'conn';
  ctx: MuxContext | null = null;
  readonly list = new ListNode(this);
  readonly toremoveList = new ListNode(this);
  readonly idleList = new ListNode(this);
  readonly sessionList = new ListNode(this);
  readonly ownerLink = new ListNode(this);

  constructor(
    readonly id: string,
    readonly target: Target,
  ) {
    super();
  }

  /** The server of the connection, or null when its target is a backend. */
  get srv(): Server | null {
    return this.target.kind === 'srv' ? this.target : null;
  }

  /** Whether the target keeps its connections by key. */
  get isKeyed(): boolean {
    return this.target.isKeyed;
  }

  has(flags: number): boolean {
    return (this.flags & flags) !== 0;
  }
}
