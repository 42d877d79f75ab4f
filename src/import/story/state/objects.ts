import type { TraceEvent } from '../../../format/index.ts';
import type { LogLine } from '../../lines/log-line.ts';
import type { MuxKind, Side } from '../../lines/reading.ts';

/*
 * What a capture speaks of, for as long as it lives, and the events that are made of it. Pointers
 * are keys of a mux or a stream only while that lives; nothing of them gets into a trace.
 */

/** A client's session: one for each front connection. */
export class Sess {
  frontend: string | null = null;
  /** The client's address, to be compared only. */
  client: string | null = null;
  /** The event that begins it; null before it is drafted. */
  intro: Draft | null = null;
  /** How many of its streams are over. */
  ended = 0;
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
  /** `backend/server` of another one: a stream that was sent on left that of this one. */
  notTarget: string | null = null;
  /** Its local address, to be compared only. */
  local: string | null = null;
  kind: MuxKind | null = null;
  /** The handshake is over, and an event says so. */
  isUp = false;
  isFailed = false;
  isGoaway = false;
  /** Seen in the flags of a line. */
  isPrivate = false;
  /** A challenge has come over it, as the trace has it. */
  isBound = false;
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
  /** The connections that it left before its log line came: of attempts that failed, most often. */
  readonly attempts: Conn[] = [];
  log: LogLine | null = null;
  logLine: number | null = null;
  /** It is that of a health check. */
  isCheck = false;
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
  /** Streams that left while blocked, by their pointers. */
  readonly orphans = new Map<string, Front>();
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

/** How sure an event is: a line says it, lines say it together, nothing says it. */
export const CERTAINTIES = ['observed', 'inferred', 'guessed'] as const;
/** One of them. */
export type Certainty = (typeof CERTAINTIES)[number];

/** An ownership flag that lines show. */
export type SeenFlag = 'PRIVATE' | 'SESS_IDLE';

/** The names that things have in the trace. */
export interface Names {
  sess(sess: Sess): string;
  strm(front: Front): string;
  conn(conn: Conn): string;
  /**
   * The name of a connection that a stream gets, and whether it was there: one that the trace has
   * freed, or never had, is new there, whatever the capture says.
   */
  connect(conn: Conn, isReused: boolean): { readonly conn: string; readonly isReused: boolean };
  /** `backend/server` of a connection; guessed where nothing says it, which is counted. */
  target(conn: Conn): string;
  frontend(sess: Sess): string;
  /** A server by its name, which the trace then declares. */
  server(name: string): string;
}

/** An event without what all events have. */
export type EventBody = Omit<TraceEvent, 'at' | 'thread' | 'note' | 'source'> &
  Record<string, unknown>;

/** Where an event stands and what it rests on. */
export interface Basis {
  /** The line at which it takes effect. */
  readonly place: number;
  /** First and last line that it rests on. */
  readonly lines: readonly [number, number];
  readonly thread: number;
  readonly at: number | null;
  readonly certainty: Certainty;
  readonly note?: string;
}

/** What `source` of an event says besides its lines and how sure it is. */
export type Extra = Readonly<Record<string, number | string>>;

/** An event that may still learn something, until it is written. */
export class Draft {
  readonly place: number;
  readonly thread: number;
  readonly at: number | null;
  first: number;
  last: number;
  certainty: Certainty;
  note: string | null;
  isDropped = false;
  isWritten = false;
  /** Connections that are freed by it. */
  readonly frees = new Set<Conn>();
  /** Flags that connections have after it, of those that lines show. */
  readonly flags = new Map<Conn, readonly SeenFlag[]>();
  /** What `source` says besides. */
  readonly extra: (() => Extra) | null;

  /**
   * @param make the event with the names that things have in the trace; null when it says nothing
   *   any more
   * @param isReady whether all is known that will be
   */
  constructor(
    basis: Basis,
    readonly make: (names: Names) => EventBody | null,
    readonly isReady: () => boolean = () => true,
    extra: (() => Extra) | null = null,
  ) {
    this.place = basis.place;
    [this.first, this.last] = basis.lines;
    this.thread = basis.thread;
    this.at = basis.at;
    this.certainty = basis.certainty;
    this.note = basis.note ?? null;
    this.extra = extra;
  }

  /** A line that the event rests on as well. */
  restsOn(line: number): void {
    this.first = Math.min(this.first, line);
    this.last = Math.max(this.last, line);
  }

  /** The event is no surer than that. */
  weaken(certainty: Certainty): void {
    if (CERTAINTIES.indexOf(certainty) > CERTAINTIES.indexOf(this.certainty)) {
      this.certainty = certainty;
    }
  }
}
