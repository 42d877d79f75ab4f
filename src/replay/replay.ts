import {
  type Breach,
  type Broken,
  breachesOf,
  NOTHING_BROKEN,
} from '../engine/invariants/index.ts';
import type { Rule } from '../engine/objects/rule.ts';
import { World } from '../engine/objects/world.ts';
import { DEFAULT_RULE_SET, findRuleSet } from '../engine/rule-sets/index.ts';
import { type Outcome, step } from '../engine/step/step.ts';
import { callText, viewWorld } from '../engine/view/observe.ts';
import type { Header, InvariantName, TraceEvent } from '../format/index.ts';
import { type Issue, issueText } from '../trace/text/wording.ts';
import { Causes, causeKey } from './causes.ts';
import { ChangeRecorder } from './changes.ts';
import { compare, type Difference } from './compare.ts';
import { ConnNames } from './conn-names.ts';
import { decisionsOf, toldReason } from './decisions.ts';
import {
  brokenNames,
  countUnstated,
  crashFinding,
  InvariantWatch,
  NONE_BY_SEVERITY,
  tellFinding,
} from './findings.ts';
import { about, involvedKeys, subjectEntity, touchedIds } from './involved.ts';
import { observedExpect } from './observed.ts';
import { reasonOf } from './reason/decided-by.ts';
import type {
  Divergence,
  FileResult,
  Finding,
  ReplayObserver,
  StepOutcome,
  StepResult,
  Value,
} from './result.ts';
import { unknownRuleSet } from './rule-set-name.ts';
import { Trails } from './trails.ts';

const NO_DIVERGENCES: readonly Divergence[] = [];

/** What of each step is told besides its outcome. */
export type Recorded = 'nothing' | 'steps' | 'changes' | 'state';

/** How a trace is replayed. */
export interface ReplayOptions {
  /** Judges instead of the rule set that the header names. */
  readonly rules?: string | undefined;
  /**
   * `nothing`: only diverging steps are told, without changes; `steps`: every step, without
   * changes; `changes`: every step, with what it changed; `state`: the whole state after each step
   * as well.
   */
  readonly record: Recorded;
  /** Tells the decisions of each step that is told. */
  readonly explain?: boolean | undefined;
  /** Invariants that are watched; unless stated those that the rule set promises. */
  readonly invariants?: readonly InvariantName[] | undefined;
  /** Tells steps with a finding that the trace does not state, also when `nothing` is recorded. */
  readonly findings?: boolean | undefined;
  /** Counts how often each rule decided something, at all steps. */
  readonly coverage?: boolean | undefined;
}

/**
 * Replays one trace: takes its header and its events in order, lets the engine act, and holds the
 * outcome against what the trace expects. After a divergence the engine goes on from its own
 * state. Memory does not grow with the length of the trace.
 */
export class Replay {
  #world: World | null = null;
  #recorder: ChangeRecorder | null = null;
  #watch: InvariantWatch | null = null;
  readonly #trails = new Trails();
  readonly #causes = new Causes();
  readonly #names = new ConnNames();
  #title: string | null = null;
  /** The rules that judge are those that the trace was written for. */
  #isOwn = true;
  #steps = 0;
  #divergences = 0;
  #followers = 0;
  #divergingSteps = 0;
  /** How often each rule has decided something; null when nobody wants to know. */
  readonly #reached: Map<string, number> | null;
  /** The modelled program is dead since this step. */
  #crash: Crashed | null = null;

  constructor(
    readonly path: string,
    readonly options: ReplayOptions,
    readonly observer: ReplayObserver,
  ) {
    this.#reached = options.coverage ? new Map() : null;
  }

  /** What is wrong with a header beyond its form: a rule set that is not known, and would judge. */
  faults({ rules }: Header): readonly Issue[] {
    const isKnown = this.options.rules !== undefined || rules === undefined || findRuleSet(rules);
    return isKnown ? [] : [unknownRuleSet(rules)];
  }

  /**
   * Takes line 1.
   *
   * @returns what is wrong with the rule set that the header names, or null
   */
  header(header: Header, _line: number): string | null {
    const name = this.options.rules ?? header.rules ?? DEFAULT_RULE_SET.id;
    const rules = findRuleSet(name);
    if (!rules) return issueText(unknownRuleSet(name));
    const world = new World(header.config ?? {}, rules);
    world.nameConnection = this.#names.next;
    this.#world = world;
    this.#watch = new InvariantWatch(rules, this.options.invariants);
    this.#title = header.title ?? null;
    this.#isOwn = name === (header.rules ?? DEFAULT_RULE_SET.id);
    const { record } = this.options;
    if (record === 'changes' || record === 'state') this.#recorder = new ChangeRecorder(world);
    this.observer.start({ path: this.path, header, rules: rules.id });
    return null;
  }

  /** Takes the next event. The header must have been taken. */
  event(event: TraceEvent, line: number): void {
    const world = this.#world;
    if (!world) throw new Error('an event before the header');
    const number = ++this.#steps;
    const outcome = this.#crash ? afterCrash(world, this.#crash) : step(world, event);
    if (outcome.kind === 'impossible' && this.#isFault(outcome)) {
      this.observer.fault?.({ number, line, reason: outcome.reason });
      return;
    }
    if (outcome.kind === 'crash') this.#crash = { step: number, fn: outcome.fn, cause: null };
    this.#names.learn(world);
    if (this.#reached) world.log.eachRule(this.#count);
    const watch = outcome.kind === 'done' ? this.#watch : null;
    const broken = watch?.take(world, event) ?? NOTHING_BROKEN;
    const crash = this.options.invariants ? null : crashFinding(event, outcome);
    if (crash) this.#watch?.crash();
    const divergences = this.#judge(world, event, outcome, broken, number);
    const isFound = crash !== null && this.options.findings === true;
    if (isFound || this.#isTold(event, divergences, broken)) {
      this.#tell(world, { number, line, event, divergences }, outcome, broken, crash);
    }
    this.#trails.add(number, line, event, world.log.touched);
  }

  /** Whether the trace alone can be wrong about a step: then it is told as a fault of its own. */
  #isFault({ isInput }: Extract<Outcome, { kind: 'impossible' }>): boolean {
    const isAsTold = this.#isOwn && this.#divergences === 0;
    return isInput && isAsTold && this.observer.fault !== undefined;
  }

  #isTold(
    event: TraceEvent,
    divergences: readonly Divergence[],
    broken: readonly Broken[],
  ): boolean {
    if (this.options.record !== 'nothing' || divergences.length > 0) return true;
    return this.options.findings === true && countUnstated(event, broken) > 0;
  }

  /** Tells the observer about a step. Apart from `event`, which most of the time ends without. */
  #tell(
    world: World,
    step: Pick<StepResult, 'number' | 'line' | 'event' | 'divergences'>,
    outcome: Outcome,
    broken: readonly Broken[],
    crash: Finding | null,
  ): void {
    const { number, line, event, divergences } = step;
    const withState = this.options.record === 'state';
    const decisions = this.options.explain ? decisionsOf(world) : [];
    const findings = breachesOf(broken);
    // In the order in which jsonl writes them.
    this.observer.step({
      number,
      line,
      event,
      outcome: tell(world, outcome, findings),
      changes: this.#recorder?.take() ?? [],
      touches: touchedIds(world, event, decisions, findings),
      divergences,
      findings: [
        ...findings.map((finding) => tellFinding(event, finding, world.rules)),
        ...(crash ? [crash] : []),
      ],
      decisions,
      get state() {
        return withState ? viewWorld(world) : undefined;
      },
    });
  }

  /** What an expectation could state about the step that the observer is just told. */
  observed({ event, outcome }: StepResult): Readonly<Record<string, Value>> {
    if (!this.#world) throw new Error('a step before the header');
    return observedExpect(this.#world, event, outcome);
  }

  /** The trace is over. */
  end(): FileResult {
    const unstatedBy = this.#watch?.unstated ?? NONE_BY_SEVERITY;
    return {
      path: this.path,
      title: this.#title,
      rules: this.#world?.rules.id ?? this.options.rules ?? DEFAULT_RULE_SET.id,
      steps: this.#steps,
      divergences: this.#divergences,
      followers: this.#followers,
      divergingSteps: this.#divergingSteps,
      findings: this.#watch?.findings ?? 0,
      unstatedFindings: unstatedBy.crash + unstatedBy.broken + unstatedBy.hint,
      unstatedBy,
      crash: this.#crash?.fn ?? null,
      reached: this.#reached && Object.fromEntries(this.#reached),
    };
  }

  readonly #count = ({ id }: Rule): void => {
    this.#reached?.set(id, (this.#reached.get(id) ?? 0) + 1);
  };

  #judge(
    world: World,
    event: TraceEvent,
    outcome: Outcome,
    broken: readonly Broken[],
    number: number,
  ): readonly Divergence[] {
    if (outcome.kind === 'impossible') {
      return this.#settle(world, event, number, 'impossible', [
        {
          subject: { kind: 'event', id: '' },
          field: 'event',
          expected: event.event,
          actual: outcome.reason,
        },
      ]);
    }
    const differences = compare(world, event, outcome);
    const otherBroken = this.#watch?.difference(event, broken);
    if (otherBroken) differences.push(otherBroken);
    if (differences.length === 0) return NO_DIVERGENCES;
    return this.#settle(world, event, number, 'field', differences);
  }

  /** Tells first causes from what follows from them, and says who decided. */
  #settle(
    world: World,
    event: TraceEvent,
    number: number,
    kind: Divergence['kind'],
    differences: readonly Difference[],
  ): Divergence[] {
    const involved = involvedKeys(world, event);
    const before = this.#causes.of(involved) ?? this.#crash?.cause ?? null;
    const divergences = differences.map((difference): Divergence => {
      const own = this.#causes.of([causeKey(difference.subject)]);
      return {
        kind,
        ...difference,
        subject: about(difference.subject, event),
        ...toldReason(world, kind === 'impossible' ? null : reasonOf(world, event, difference)),
        follows: own ?? before,
        trail: this.#trails.of(subjectEntity(world, event, difference.subject)),
      };
    });
    // Only now: divergences of one step stand side by side, none follows from another.
    const cause = before ?? number;
    if (this.#crash) this.#crash.cause ??= cause;
    for (const { subject } of differences) {
      if (subject.kind !== 'event') this.#causes.spread(causeKey(subject), cause);
    }
    for (const key of involved) if (!key.startsWith('srv ')) this.#causes.spread(key, cause);
    const followers = divergences.filter((d) => d.follows !== null).length;
    this.#followers += followers;
    this.#divergences += divergences.length - followers;
    this.#divergingSteps++;
    return divergences;
  }
}

/** The end of the modelled program. */
interface Crashed {
  readonly step: number;
  readonly fn: string;
  /** The step of the divergence that the events after the crash follow from, once there is one. */
  cause: number | null;
}

/** After a crash the model has nothing to act on. */
function afterCrash(world: World, crash: Crashed): Outcome {
  world.log.clear();
  return {
    kind: 'impossible',
    reason: `the program crashed in ${crash.fn} at step ${crash.step}: nothing is defined after it`,
    isInput: false,
  };
}

function tell(world: World, outcome: Outcome, findings: readonly Breach[]): StepOutcome {
  const returned = outcome.kind === 'done' ? outcome.returned : {};
  return {
    kind: outcome.kind,
    calls: outcome.kind === 'impossible' ? [] : world.log.calls.map(callText),
    ret: returned.ret ?? null,
    reused: returned.reused ?? null,
    conn: returned.conn?.id ?? null,
    target: returned.target === undefined ? undefined : (returned.target?.id ?? null),
    crash: outcome.kind === 'crash' ? outcome.fn : null,
    impossible: outcome.kind === 'impossible' ? outcome.reason : null,
    broken: brokenNames(findings),
  };
}
