import type { End } from '../engine/step/step.ts';
import type { Change } from '../engine/view/view.ts';
import type { Header, TraceEvent } from '../format/index.ts';
import type { Difference } from '../replay/compare.ts';
import type { StepOutcome } from '../replay/result.ts';

/** What came of an event under one of the rule sets. */
export type ComparedOutcome = Pick<
  StepOutcome,
  'kind' | 'calls' | 'ret' | 'reused' | 'conn' | 'crash' | 'impossible'
> & {
  /** The function whose assertion ended the program, or null. */
  readonly abort: string | null;
  /** `assign_server`: the server that the preference found; null for any other event. */
  readonly target: string | null;
};

/** What one of the two worlds decided where they part. */
export interface Side {
  /**
   * The id of the rule, e.g. `h1.detach.kept`; `crash in conn_free` or `abort in conn_free` when the program
   * ended there; `impossible` when the event cannot happen; `none` when nothing of the kind was
   * decided.
   */
  readonly rule: string;
  /** HAProxy's function, e.g. `h1_detach`; of an impossible step the event; null when nothing was decided. */
  readonly fn: string | null;
  /** HAProxy's file; null for an end or an impossible step, which have no rule, and when nothing was decided. */
  readonly file: string | null;
  /** In one sentence, about the objects at hand. */
  readonly says: string;
  /** The same in general, so that partings of other steps have the same sentence. */
  readonly means: string;
}

/**
 * A point at which the two rule sets part, on the same event: a first cause. See `partings.ts`
 * for what is one and what merely follows.
 */
export interface Parting {
  /** Names the cause, the same wherever it shows: `connect.new.ownerless | connect.new.owned`. */
  readonly cause: string;
  /**
   * `rules`: one of the two decisions exists under one of the rule sets only. `state`: both sets
   * have both, but find what an earlier difference of ownership left behind.
   */
  readonly kind: 'rules' | 'state';
  readonly from: Side;
  readonly to: Side;
  /** What comes out differently by it: `expected` is `from`, `actual` is `to`. */
  readonly differences: readonly Difference[];
}

/** One event, taken under both rule sets. */
export interface ComparedStep {
  /** 1 for the first event of the trace. */
  readonly number: number;
  /** Line of the file. */
  readonly line: number;
  readonly event: TraceEvent;
  /** Ids of every connection, session, stream and server that the step names or touches. */
  readonly touches: ReadonlySet<string>;
  readonly from: ComparedOutcome;
  readonly to: ComparedOutcome;
  /** First causes. */
  readonly partings: readonly Parting[];
  /** Differences that no parting of this step explains: they follow from earlier ones. */
  readonly following: readonly Difference[];
  /** What it has changed under either of them, if that is recorded. */
  readonly changes?: { readonly from: readonly Change[]; readonly to: readonly Change[] };
}

/** The end of one trace's comparison. */
export interface FileComparison {
  readonly path: string;
  readonly title: string | null;
  readonly from: string;
  readonly to: string;
  /** Events of the trace. */
  readonly steps: number;
  /** Steps that come out differently. */
  readonly differing: number;
  /** Those of them with a first cause; the others merely follow. */
  readonly parting: number;
  /** Where the modelled program ended under one rule set or both, or null. */
  readonly end: {
    readonly step: number;
    readonly from: Pick<End, 'kind' | 'fn'> | null;
    readonly to: Pick<End, 'kind' | 'fn'> | null;
  } | null;
  /** Events after the end, which cannot be compared. */
  readonly uncompared: number;
}

/** What a comparison tells while it runs. */
export interface ComparisonObserver {
  /** The header was read. */
  start(head: { path: string; header: Header; from: string; to: string }): void;
  /** A step was taken under both rule sets, whether it differs or not. */
  step(step: ComparedStep): void;
}
