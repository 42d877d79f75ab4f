import type { LogLine } from '../lines/log-line.ts';
import type { MuxKind, Side } from '../lines/reading.ts';
import type { Draft } from './draft.ts';

/*
 * What a capture speaks of, for as long as it lives. Pointers are keys of a mux or a stream only
 * while that lives; nothing of them gets into a trace.
 */

/** A client's session: one for each front connection. */
export class Sess {
  frontend: string | null = null;
  /** The client's address, to be compared only. */
  client: string | null = null;
  /** The event that begins it; null before it is drafted. */
  intro: Draft | null = null;
  /** Nothing more is said of it. */
  over = false;
  /** The capture shows its front connection, and where that begins. */
  isSeen = false;
  /** It turned out to be another one that was known before. */
  same: Sess | null = null;

  constructor(readonly thread: number) {}

  /** What stands for it in the trace. */
  get real(): Sess {
    return this.same === null ? this : this.same.real;
  }
}

/** A backend connection. */
export class Conn {
  /** `backend/server` */
  target: string | null = null;
  backend: string | null = null;
  /** Its local address, to be compared only. */
  local: string | null = null;
  kind: MuxKind | null = null;
  /** The handshake is over, and an event says so. */
  isUp = false;
  isFailed = false;
  isGoaway = false;
  /** Seen in the flags of a line. */
  isPrivate = false;
  /** Its release was seen, or it was taken for gone. */
  isGone = false;
  /** It is older than what is known of it. */
  isOlder = false;
  /** What was guessed to have been before, where it is older. */
  prelude: readonly Draft[] = [];
  /** The event that it begins with; null before there is one. */
  intro: Draft | null = null;
  readonly streams = new Set<Back>();
  /** The last event that it takes part in. */
  last: Draft | null = null;
  /** It belongs to a health check. */
  isCheck = false;
  same: Conn | null = null;

  /** What stands for it in the trace. */
  get real(): Conn {
    return this.same === null ? this : this.same.real;
  }
}

/** A stream, by what is seen of it on the client's side. */
export class Front {
  request: string | null = null;
  /** Line of its request. */
  requestLine: number | null = null;
  /** Not the first request of its connection. */
  notFirst = false;
  /** The line that it ran last at. */
  ranAt = 0;
  /** The connection that it holds now. */
  back: Back | null = null;
  /** How often it got a connection. */
  connects = 0;
  log: LogLine | null = null;
  logLine: number | null = null;
  /** Nothing more is said of it. */
  over = false;

  constructor(
    readonly mux: Mux | null,
    public sess: Sess,
    readonly pointer: string | null,
    readonly id: number | null,
    readonly thread: number,
  ) {}
}

/** What holds a connection for a stream. */
export class Back {
  id: number | null = null;
  /** A final answer came. */
  hasAnswer = false;
  /** A challenge that nobody has looked at so far. */
  challenge: Challenge | null = null;
  /** What came before the answer it belongs to. */
  headers: Map<string, string[]> | null = null;
  /** The connection was private when the stream got it, as far as that was seen. */
  wasPrivate = false;
  /** It became so meanwhile. */
  becamePrivate = false;
  /** The stream had closed on the wire. */
  over = false;

  constructor(
    public front: Front,
    readonly conn: Conn,
    readonly mux: Mux | null,
    readonly pointer: string | null,
    readonly connect: Draft,
  ) {}
}

/** The answer 401 or 407 of a stream. */
export interface Challenge {
  readonly status: number;
  readonly line: number;
  headers: Map<string, string[]> | null;
}

/** A mux that lives. */
export class Mux {
  /** Of the client's side. */
  readonly fronts = new Map<string, Front>();
  /** Of the server's side. */
  readonly backs = new Map<string, Back>();
  /** Requests of H2 whose streams are not named yet, by id. */
  readonly requests = new Map<number, { readonly request: string; readonly line: number }>();
  /** Headers that came before the answer of a stream, by id. */
  readonly headers = new Map<number, Map<string, string[]>>();
  /** Requests that it has taken. */
  count = 0;

  constructor(
    readonly pointer: string,
    readonly kind: MuxKind,
    readonly side: Side,
    public sess: Sess | null,
    public conn: Conn | null,
  ) {}
}

/** An init between its beginning and its end. */
export interface OpenInit {
  readonly line: number;
  readonly kind: MuxKind;
  /** The last line of the thread before it. */
  readonly before: number;
  stream: string | null;
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
}
