import type { TraceEvent } from '../../format/index.ts';
import type { Conn, Front, Sess } from './objects.ts';

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
  /** `backend/server` of a connection; guessed where nothing says it, which is counted. */
  target(conn: Conn): string;
  frontend(sess: Sess): string;
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
  readonly extra: (() => Readonly<Record<string, number>>) | null;

  /**
   * @param make the event with the names that things have in the trace; null when it says nothing
   *   any more
   * @param isReady whether all is known that will be
   */
  constructor(
    basis: Basis,
    readonly make: (names: Names) => EventBody | null,
    readonly isReady: () => boolean = () => true,
    extra: (() => Readonly<Record<string, number>>) | null = null,
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
