import type { Change, WorldView } from '../engine/view/view.ts';
import type { Header, InvariantName, Severity, TraceEvent } from '../format/index.ts';

/** A value of an expectation or of an outcome, as JSON knows it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** The modelled function that decided something, under HAProxy's name and file. */
export interface Decider {
  /** e.g. `session_add_conn` */
  readonly fn: string;
  /** e.g. `include/haproxy/session.h` */
  readonly file: string;
  /** Stable id of the rule, e.g. `session.add.not-owner`. */
  readonly rule: string;
  /** The rule in one sentence, about the objects that it was applied to. */
  readonly says: string;
}

/** An object of the model, or a value, that a decision looked at. */
export type DecisionOperand =
  | { readonly kind: 'conn' | 'sess' | 'srv'; readonly id: string }
  | string
  | number
  | boolean
  | null;

/** One decision that the modelled program took in a step. */
export interface StepDecision extends Decider {
  /** What it was about, then what it looked at, up to four things. */
  readonly operands: readonly DecisionOperand[];
  /** No recording of HAProxy has exercised the rule; absent where one has. */
  readonly evidence?: 'read';
}

/** Something that a search looked at and did not take, with the decision that passed it over. */
export interface Candidate extends Decider {
  readonly kind: 'conn' | 'sess' | 'srv';
  readonly id: string;
}

/** What a divergence is about: an object of the model, or the event itself. */
export interface Subject {
  readonly kind: 'conn' | 'sess' | 'srv' | 'event';
  readonly id: string;
}

/** One earlier step that touched the object of a divergence. */
export interface TrailStep {
  readonly number: number;
  readonly line: number;
  /** Without its expectation. */
  readonly event: TraceEvent;
}

/** A difference between what the trace expects and what the rules give. */
export interface Divergence {
  /** `impossible`: the trace says that something happened which the model cannot take. */
  readonly kind: 'field' | 'impossible';
  readonly subject: Subject;
  /** Dotted place below `expect`, e.g. `conn.c1.owner`, `calls`; `event` when impossible. */
  readonly field: string;
  readonly expected: Value;
  readonly actual: Value;
  /** The rule that made the field what it is at this step, or kept it; null when none did. */
  readonly decidedBy: Decider | null;
  /** Whom the search that it came of passed over, and by which rules; missing when nobody. */
  readonly candidates?: readonly Candidate[];
  /** Step number of the divergence that this one merely follows from, or null: a first cause. */
  readonly follows: number | null;
  /** Up to three earlier steps that touched the subject, oldest first. */
  readonly trail: readonly TrailStep[];
}

/** How many findings there are of each severity. */
export type BySeverity = Readonly<Record<Severity, number>>;

/**
 * What a step was found to do: an invariant that it has broken, of one object, told once under the
 * step that broke it; or `no-crash` or `no-abort`, of the event, for the end of the program that an
 * event without an expectation comes to.
 */
export interface Finding {
  readonly invariant: InvariantName | 'no-crash' | 'no-abort';
  readonly severity: Severity;
  readonly subject: Subject;
  /** What is wrong, in one sentence about the objects as they are after the step. */
  readonly says: string;
  /** Where the invariant comes from. */
  readonly source: string;
  /** The event's `expect.broken` names the invariant. */
  readonly stated: boolean;
}

/** What the engine answered to an event. */
export interface StepOutcome {
  /**
   * `crash`: the modelled program's memory is no longer valid; `abort`: an assertion of its own ends
   * it; `impossible`: nothing was done.
   */
  readonly kind: 'done' | 'crash' | 'abort' | 'impossible';
  /** Ownership functions called, as text, e.g. `session_add_conn(s1, c1) = 1`. */
  readonly calls: readonly string[];
  /** `connect_server` and `conn_create_mux`: the return value; otherwise null. */
  readonly ret: string | number | null;
  /** `connect_server`: an existing connection was attached; otherwise null. */
  readonly reused: boolean | null;
  /** `connect_server`: the connection that the stream ended up with. */
  readonly conn: string | null;
  /** `assign_server`: the server that the preference found; undefined for other events. */
  readonly target: string | null | undefined;
  /** The function that crashed, or null. */
  readonly crash: string | null;
  /** The function whose assertion ended the program, and what was the case; missing when none did. */
  readonly abort?: string;
  readonly condition?: string;
  /** Why the step was impossible, or null. */
  readonly impossible: string | null;
  /** Watched invariants that the step broke, each once, in the order of their list. */
  readonly broken: readonly InvariantName[];
}

/** One event replayed. */
export interface StepResult {
  /** 1 for the first event of the trace. */
  readonly number: number;
  /** Line of the file. */
  readonly line: number;
  readonly event: TraceEvent;
  readonly outcome: StepOutcome;
  /**
   * Objects that the step changed: connections, then sessions, then servers. Empty if not
   * recorded, also in a step that diverges.
   */
  readonly changes: readonly Change[];
  /**
   * Ids of every connection, session, stream and server that the step names or touches; with
   * `explain` also of those that its decisions looked at and left alone.
   */
  readonly touches: ReadonlySet<string>;
  readonly divergences: readonly Divergence[];
  /** What the step broke, in the order in which it touched the objects. */
  readonly findings: readonly Finding[];
  /** Why it came out like that: every decision, in order. Empty unless asked for (`explain`). */
  readonly decisions: readonly StepDecision[];
  /**
   * The whole state after the step, undefined if not recorded. Taken when it is asked for, which
   * has to be before the next event.
   */
  readonly state: WorldView | undefined;
}

/** The end of one trace's replay. */
export interface FileResult {
  readonly path: string;
  readonly title: string | null;
  /** The rule set that judged it. */
  readonly rules: string;
  readonly steps: number;
  /** First causes. */
  readonly divergences: number;
  /** Divergences that merely follow from a first cause. */
  readonly followers: number;
  /** Steps with at least one divergence. */
  readonly divergingSteps: number;
  /** Invariants broken, counted once per object and time. */
  readonly findings: number;
  /** Findings that the trace does not state. */
  readonly unstatedFindings: number;
  /** The same by severity. */
  readonly unstatedBy: BySeverity;
  /** Function of the crash that ended the trace, or null. */
  readonly crash: string | null;
  /** Function of the abort that ended it; missing when none did. */
  readonly abort?: string;
  /**
   * Rules by which there was a divergence, an end, or a finding that the trace does not state, and
   * which no recording of HAProxy has exercised: by id, in the order in which they decided.
   */
  readonly unrecorded: readonly string[];
  /** How often each rule decided something, by rule id; null unless asked for (`coverage`). */
  readonly reached: Readonly<Record<string, number>> | null;
}

/** What a replay tells while it runs. */
export interface ReplayObserver {
  /** The header was read; `rules` is the rule set that will judge. */
  start(head: { path: string; header: Header; rules: string }): void;
  step(step: StepResult): void;
  /**
   * A step is impossible by the fault of the trace: its own rules judge it, and nothing before it
   * has come out differently. Where this is missing the step is told like any other.
   */
  fault?(fault: { number: number; line: number; reason: string }): void;
}
