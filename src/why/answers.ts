import type { Divergence, StepDecision, StepOutcome } from '../replay/index.ts';
import type { Place } from './place.ts';
import type { Gone, Interval, Standing } from './standing.ts';

/** A connection that a request could have asked for, as it was when the request looked. */
export interface Candidate {
  readonly id: string;
  /** `taken`: the request got it; `rejected`: it was looked at; `unseen`: nobody looked at it. */
  readonly verdict: 'taken' | 'rejected' | 'unseen';
  /** The decisions that passed it over. */
  readonly by: readonly StepDecision[];
  readonly mux: Standing['mux'];
  readonly now: Interval;
  readonly privateSince: Standing['privateSince'];
}

/** A request asks for a connection, once. */
export interface Attempt {
  readonly place: Place;
  readonly sess: string;
  readonly target: string;
  readonly outcome: StepOutcome;
  /** What the trace says and the rules do not. */
  readonly differs: readonly Divergence[];
  readonly decisions: readonly StepDecision[];
  /** All connections of the target that lived, the one that was taken first. */
  readonly candidates: readonly Candidate[];
  /** Connections of the target that went before, the latest first. */
  readonly gone: readonly Gone[];
  readonly goneCount: number;
  /** The stream leaves its connection; null while it has not. */
  left: Place | null;
}

/** Why a request got the connection that it got. */
export interface RequestAnswer {
  readonly kind: 'request';
  readonly id: string;
  readonly attempts: readonly Attempt[];
}

/** Who has held a connection, from its beginning on. */
export interface ConnAnswer {
  readonly kind: 'conn';
  readonly id: string;
  readonly target: string;
  readonly mux: Standing['mux'];
  readonly made: Place;
  readonly intervals: readonly Interval[];
  /** Since it is private, or was when it went; null while it is not. */
  readonly privateSince: Standing['privateSince'];
  /** Null for one that is alive at the end of the trace. */
  readonly gone: Gone | null;
}

/** Connections of a target that are held in the same way, if not by the same session. */
export interface HeldGroup {
  readonly target: string;
  readonly holder: Interval['holder'];
  readonly list: Interval['list'];
  readonly isPrivate: boolean;
  /** The one that is held so for longest first. */
  readonly conns: readonly Standing[];
  /**
   * How many belong to each session, by its list or as its owner, those with most first; null: to
   * none.
   */
  readonly sessions: ReadonlyMap<string | null, number>;
}

/** Who holds which connections at the end of a trace. */
export interface HeldAnswer {
  readonly kind: 'held';
  readonly steps: number;
  /** The largest groups first. */
  readonly groups: readonly HeldGroup[];
}

/** What is answered. */
export type Answer = RequestAnswer | ConnAnswer | HeldAnswer;
