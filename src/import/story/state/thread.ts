import type { LogLine } from '../../lines/log-line.ts';
import type { MuxKind, Reading } from '../../lines/reading.ts';
import type { Back, Conn, Draft, Front, Mux, Sess } from './objects.ts';

/** An init between its beginning and its end. */
export interface OpenInit {
  readonly line: number;
  readonly kind: MuxKind;
  /** The last line of the thread before it. */
  readonly before: number;
  stream: string | null;
  /** The last line within it that names its mux. */
  seen: Reading | null;
}

/** An init whose end was lost: the next mux of its kind that nobody knows is the one. */
export interface LostInit {
  readonly init: OpenInit;
  /** The stream that ran, if it waited for a connection. */
  readonly front: Front | null;
}

/** An attach between its beginning and its end. */
export interface OpenAttach {
  readonly line: number;
  readonly mux: string;
  readonly kind: MuxKind;
  stream: string | null;
  /** Of the connection, as the attach finds them. */
  readonly flags: number | null;
}

/** A detach from the server between its beginning and its end. */
export interface OpenDetach {
  readonly back: Back;
  readonly mux: Mux;
  readonly line: number;
  /** Its last line so far, at which it takes effect. */
  end: number;
  readonly at: number | null;
  /** The exchange is complete, by the states and flags of the line. */
  readonly isComplete: boolean;
  isIdle: boolean;
  hasExcess: boolean;
  isShut: boolean;
  isKilled: boolean;
  isFreed: boolean;
  isBlocked: boolean;
  isDead: boolean;
  readonly obuf: boolean;
}

/** A health check that connects. */
export interface OpenCheck {
  readonly server: string | null;
  readonly line: number;
}

/** What is known of one thread. None of it is shared. */
export class Thread {
  /** The last line it printed, and the last at which something of a trace happened. */
  line = 0;
  eventLine = 0;
  init: OpenInit | null = null;
  lostInit: LostInit | null = null;
  attach: OpenAttach | null = null;
  detach: OpenDetach | null = null;
  check: OpenCheck | null = null;
  /** The stream that runs. */
  running: Front | null = null;
  /** The mux that was named last; `unknown` for one that is not known. */
  mux: Mux | 'unknown' | null = null;
  /** A mux is being destroyed from outside. */
  isDestroying = false;
  /** A timeout ran. */
  isTimeout = false;
  /** The front connection that was just released. */
  freed: Draft | null = null;
  /** Connections that the purge destroys, in a row. */
  purge: Purge | null = null;
  /** The session that goes on from H1 to H2. */
  upgrade: Sess | null = null;
  /** The stream whose log line came last. */
  logged: Front | null = null;
  /** A stream that only its log line tells of so far. */
  told: Front | null = null;
  /** The log line of a stream that reached no server, until its client's side ends. */
  unserved: LogLine | null = null;
  /** The stream that has just left its connection. */
  left: Back | null = null;
  /** Streams that wait for a connection, in the order in which they ran. */
  readonly waiting = new Set<Front>();
  /** An I/O callback runs on a connection that nobody uses. */
  io: { readonly conn: Conn; readonly draft: Draft } | null = null;

  constructor(readonly number: number) {}
}

/** A pass of the purge: connections of one or more servers, destroyed one after the other. */
export interface Purge {
  readonly conns: Set<Conn>;
  /** Servers whose pass is written. */
  readonly written: Set<string>;
  readonly destroys: Draft;
  /** What begins the pass of each server. */
  readonly cleanups: Draft[];
}
