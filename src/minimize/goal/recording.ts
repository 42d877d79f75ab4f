import type { RuleSet } from '../../engine/rule-sets/index.ts';
import { DEFAULT_RULE_SET, findRuleSet } from '../../engine/rule-sets/index.ts';
import type { Header, TraceEvent } from '../../format/index.ts';
import { Replay } from '../../replay/index.ts';
import type { Divergence, ReplayObserver, StepResult } from '../../replay/result.ts';
import type { Issue, Problem, TraceSink } from '../../trace/index.ts';
import type { Candidate } from './candidate.ts';
import { pinnedExpect } from './pinned-expect.ts';

/** A trace that was read, as far as it matters. */
export interface Recorded {
  readonly header: Header;
  readonly rules: RuleSet;
  /**
   * Its events. Up to the first difference, when there is one: then the last event is the one that
   * differs, and expects nothing but what differs. All others expect nothing.
   */
  readonly start: Candidate;
  /** How many events the trace has. */
  readonly events: number;
  /** Of what kind the first difference is; null when there is none. */
  readonly first: Divergence['kind'] | null;
}

/** What of a trace is looked for. */
export interface RecordingOptions {
  /** Judges instead of the rule set that the header names. */
  readonly rules?: string | undefined;
  /** What the trace expects does not matter. */
  readonly ignoreExpectations: boolean;
}

/**
 * Takes a trace in from its reader, and keeps what can be minimised of it: events without their
 * expectations, which are most of it.
 */
export class Recording implements TraceSink, ReplayObserver {
  readonly #options: RecordingOptions;
  readonly #tell: (problem: Problem) => void;
  readonly #replay: Replay;
  readonly #kept: TraceEvent[] = [];
  #header: Header | null = null;
  #rules: RuleSet = DEFAULT_RULE_SET;
  #events = 0;
  #isValid = true;
  #diverging: StepResult | null = null;

  /** @param tell takes what is wrong with the trace, at once */
  constructor(path: string, options: RecordingOptions, tell: (problem: Problem) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#replay = new Replay(path, { record: 'nothing', rules: options.rules }, this);
  }

  faults(header: Header): readonly Issue[] {
    return this.#replay.faults(header);
  }

  header(header: Header, line: number): void {
    this.#header = header;
    this.#replay.header(header, line);
  }

  event(event: TraceEvent, line: number): void {
    this.#events++;
    if (!this.#isValid || this.#diverging !== null) return;
    const bare = withoutExpect(event);
    this.#kept.push(bare);
    this.#replay.event(this.#options.ignoreExpectations ? bare : event, line);
  }

  problem(problem: Problem): void {
    this.#isValid = false;
    this.#tell(problem);
  }

  start({ rules }: Parameters<ReplayObserver['start']>[0]): void {
    this.#rules = findRuleSet(rules) ?? this.#rules;
  }

  step(step: StepResult): void {
    if (!this.#options.ignoreExpectations) this.#diverging ??= step;
  }

  /** The trace is over; null when anything is wrong with it. */
  end(): Recorded | null {
    if (!this.#isValid || this.#header === null) return null;
    const first = this.#pin();
    const start = { config: this.#header.config ?? {}, events: this.#kept };
    return { header: this.#header, rules: this.#rules, start, events: this.#events, first };
  }

  /** Makes the event that differs the last one. */
  #pin(): Recorded['first'] {
    const step = this.#diverging;
    const divergence = step?.divergences[0];
    if (step === null || divergence === undefined) return null;
    this.#kept.pop();
    // What is told to have happened after the end is impossible because of the end.
    const { crash, abort } = this.#replay.end();
    const isOver = crash !== null || abort !== undefined;
    if (divergence.kind === 'impossible' && isOver) return null;
    this.#kept.push({
      ...withoutExpect(step.event),
      ...pinnedExpect(step, divergence),
    } as TraceEvent);
    return divergence.kind;
  }
}

/** An event that expects nothing, and is as valid: a failure that was expected is an input then. */
function withoutExpect(event: TraceEvent): TraceEvent {
  if (event.expect === undefined) return event;
  const { expect, ...rest } = event;
  if (rest.event !== 'conn_create_mux' || rest.mux !== undefined || !('ret' in expect)) return rest;
  const isFailure = expect.ret === -1 && rest.fail?.includes('mux') !== true;
  return isFailure ? { ...rest, error: true } : rest;
}
