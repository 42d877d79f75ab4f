import type { InvariantName, Severity } from '../format/index.ts';
import type { FlagName } from '../state/co-fl.ts';
import type { ListName } from '../state/told.ts';

/**
 * How a connection is, by who may use it now. `connecting`: streams wait for its handshake or its
 * mux; `in use`: it has streams; without one: `session list` and `session idle` (counted there, flag
 * SESS_IDLE), `safe`, `idle`, `available`, `to be removed` by its thread; `leaked`: in no list.
 * `freed` is the one step that freed it.
 */
export const SEGMENT_STATES = [
  'connecting',
  'in use',
  'session list',
  'session idle',
  'safe',
  'idle',
  'available',
  'to be removed',
  'leaked',
  'freed',
] as const;

/** How a connection is. */
export type SegmentState = (typeof SEGMENT_STATES)[number];

/**
 * A time for which a connection stays as it is: from after step `from` until step `to`, which makes
 * it another; null while it is still so when the trace ends.
 */
export interface Segment {
  readonly from: number;
  readonly to: number | null;
  readonly state: SegmentState;
  /** The session that owns it, by its place in `sessions`; null: nobody does. */
  readonly owner: number | null;
  /** That owner is freed, and the pointer dangles. */
  readonly dangles: boolean;
  /** Flags that decide ownership, in the order of a trace. */
  readonly flags: readonly FlagName[];
  /** The list of a server or thread that holds it, also while it is in use; null: none. */
  readonly list: ListName | null;
  /** The session that lists it, by its place in `sessions`; null: none. */
  readonly lister: number | null;
}

/** A time that a connection spends on one lane: steps `from` to `to`, the last one excluded. */
export interface Stay {
  /** Its place from left to right, see `Group`. */
  readonly lane: number;
  /** The thread that it belongs to. */
  readonly thread: number;
  readonly from: number;
  /** Null while it stays there when the trace ends. */
  readonly to: number | null;
}

/** A connection from its making to its end. An id that is used again is another connection. */
export interface ConnectionLife {
  readonly id: string;
  /** `backend/server`, or the backend where there is no server. */
  readonly target: string;
  /** The step that made it. */
  readonly from: number;
  /** The step that freed it; null: none did. */
  readonly to: number | null;
  /** One after the other; more than one where another thread took it over. */
  readonly stays: readonly Stay[];
  /** One after the other without a gap, each different from the one before. */
  readonly segments: readonly Segment[];
}

/** A session from its making to its end. */
export interface SessionLife {
  readonly id: string;
  /** The frontend; null where the trace does not tell. */
  readonly frontend: string | null;
  readonly thread: number;
  /** Null for one that is freed before the first step, and to which something shown still points. */
  readonly lane: number | null;
  readonly from: number;
  /** The step that freed it; null: none did. */
  readonly to: number | null;
  /** `[step, idle_conns]`: what it is from after that step on. */
  readonly idleConns: readonly (readonly [step: number, idleConns: number])[];
}

/** A stream on a connection: a link from its session to the segments that it falls in. */
export interface StreamLink {
  readonly id: string;
  /** By its place in `connections`. */
  readonly connection: number;
  /** By its place in `sessions`; null: the stream of a check, or of nobody known. */
  readonly session: number | null;
  /** The step that attached it. */
  readonly from: number;
  /** The step at which it left while blocked, and went on as an orphan of the mux; null: none. */
  readonly orphaned: number | null;
  /** The step at which the connection was rid of it; null: none. */
  readonly to: number | null;
}

/** What a mark is about, by its place in `connections` or `sessions`; else by its id alone. */
export interface MarkSubject {
  readonly kind: 'conn' | 'sess' | 'srv' | 'event';
  readonly id: string;
  /** Null for a server, for an event, and where the picture has no such object. */
  readonly place: number | null;
}

/** Something worth looking at. */
export type Mark =
  /** A first cause, or a divergence that follows from an earlier step; `field` as in a result. */
  | {
      readonly kind: 'divergence' | 'follower';
      readonly step: number;
      readonly on: MarkSubject;
      readonly field: string;
    }
  /** A broken promise. */
  | {
      readonly kind: 'finding';
      readonly step: number;
      readonly on: MarkSubject;
      readonly invariant: InvariantName | 'no-crash' | 'no-abort';
      readonly severity: Severity;
      /** The trace says so itself. */
      readonly stated: boolean;
    }
  /** The modelled program ends here, in function `fn`. */
  | { readonly kind: 'crash' | 'abort'; readonly step: number; readonly fn: string }
  /** Nothing was done: the event cannot happen here. */
  | { readonly kind: 'impossible'; readonly step: number }
  /** Another thread takes a connection over: it goes on in the lane of its next stay. */
  | {
      readonly kind: 'takeover';
      readonly step: number;
      readonly on: MarkSubject;
      readonly fromThread: number;
      readonly toThread: number;
    }
  /** Two rule sets part here, by this cause. */
  | { readonly kind: 'parting'; readonly step: number; readonly cause: string };

/** Lanes that stand beside each other: of the sessions, or of the connections, of one thread. */
export interface Group {
  readonly kind: 'sessions' | 'connections';
  /** What the connections go to; null for sessions. */
  readonly target: string | null;
  readonly thread: number;
  /** Its lanes are `first` to `first + count - 1`. */
  readonly first: number;
  readonly count: number;
}

/**
 * Who held which connection when, laid out: no text and no pixels, plain data that JSON can carry.
 *
 * Across stand lanes, numbered from 0: those of sessions first, by thread; then those of connections
 * by server, in the order in which the trace first uses them, and thread. A lane whose connection is
 * freed is used again from the next step on, so that there are no more than are alive at a time.
 *
 * Along it run steps, or times: `axisOf()` gives the place of each. Places in `sessions` and
 * `connections`, which are in the order of their making, are how everything refers to them. What
 * begins before `first` or ends after `last` is there whole, with the steps at which it does.
 */
export interface Picture {
  /** The first and the last step that are shown, as numbered in the trace; `last` is 0 without any. */
  readonly first: number;
  readonly last: number;
  /**
   * When each step from `first` to `last` happens, in milliseconds since the trace began; null where
   * the trace does not tell. Null when it tells of none of them.
   */
  readonly at: readonly (number | null)[] | null;
  readonly lanes: number;
  /** In order of their lanes. */
  readonly groups: readonly Group[];
  readonly sessions: readonly SessionLife[];
  readonly connections: readonly ConnectionLife[];
  /** In the order in which they were attached. */
  readonly streams: readonly StreamLink[];
  /** In order of their steps. */
  readonly marks: readonly Mark[];
}
