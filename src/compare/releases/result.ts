import type { Commit } from '../../engine/rule-sets/index.ts';
import type { End } from '../../engine/step/step.ts';
import type { Change } from '../../engine/view/view.ts';
import type { InvariantName, TraceEvent } from '../../format/index.ts';
import type { Difference } from '../../replay/compare.ts';
import type { Decider } from '../../replay/result.ts';
import type { ComparedOutcome, Parting } from '../result.ts';

/** A step of a trace. */
export interface Place {
  /** 1 for the first event. */
  readonly number: number;
  /** Line of the file. */
  readonly line: number;
  readonly event: TraceEvent;
}

/** The first step that came out otherwise than the trace expects. */
export interface FirstDivergence extends Place {
  /** The first difference of the step; its field is `event` when the step is impossible. */
  readonly difference: Difference;
  /** The rule that decided it; null when none did. */
  readonly decidedBy: Decider | null;
}

/** The end of the modelled program. */
export interface ProgramEnd extends Place, Pick<End, 'kind'> {
  /** HAProxy's function that it ended in. */
  readonly fn: string;
  /** The trace expects an end there. */
  readonly isStated: boolean;
}

/** A promise that was broken, and the first step that broke it. */
export interface BrokenPromise {
  readonly name: InvariantName;
  readonly number: number;
}

/**
 * What came of a trace under one rule set:
 * `agrees`: all is as it expects; `diverges`: a step is not; `impossible`: a step cannot be;
 * `ends`: the program ends, of which the trace says nothing; `silent`: the trace expects nothing.
 */
export type Verdict = 'agrees' | 'diverges' | 'impossible' | 'ends' | 'silent';

/** What came of a trace under one rule set, taken on its own course from beginning to end. */
export interface Row {
  /** Name of the rule set. */
  readonly rules: string;
  readonly verdict: Verdict;
  /** Null when every step agrees. */
  readonly divergence: FirstDivergence | null;
  readonly end: ProgramEnd | null;
  /** Promises of this rule set, in the order in which they were broken. */
  readonly broken: readonly BrokenPromise[];
}

/** A step as it comes out under every rule set. */
export interface ReleasesStep extends Place {
  /** Ids of everything that it names or touches. */
  readonly touches: ReadonlySet<string>;
  /** One for each rule set; null after the end of the program. */
  readonly sides: readonly ({
    readonly outcome: ComparedOutcome;
    readonly changes: readonly Change[];
  } | null)[];
  /** Where neighbours part: `at` is the place of the first of the two. */
  readonly partings: readonly { readonly at: number; readonly parting: Parting }[];
}

/** The first step at which two neighbours part by a cause. */
export interface PartedPlace extends Place {
  readonly parting: Parting;
  /** The commits between the neighbours that made it: they brought or took one of the rules. */
  readonly commits: readonly Commit[];
  /**
   * Where both neighbours have both rules: the commits that changed the functions that decided. One
   * of them may be behind it; none if merely what was found differs.
   */
  readonly near: readonly Commit[];
  /** At how many steps the cause shows. */
  readonly steps: number;
}

/** The first step at which two neighbours differ, where no decision tells why. */
export interface UntoldPlace extends Place {
  readonly differences: readonly Difference[];
}

/** Two rule sets that follow each other among those that are compared. */
export interface Neighbours {
  readonly from: string;
  readonly to: string;
  /** Steps that come out differently. */
  readonly differing: number;
  /** One place for each cause, in the order of the trace. */
  readonly places: readonly PartedPlace[];
  /** Null when the first step that differs has a cause, or none differs. */
  readonly untold: UntoldPlace | null;
}

/** A trace under several rule sets. */
export interface ReleasesResult {
  readonly path: string;
  readonly title: string | null;
  readonly steps: number;
  /** One for each rule set, in their order. */
  readonly rows: readonly Row[];
  /** One for each rule set but the last, with the next one. */
  readonly neighbours: readonly Neighbours[];
}
