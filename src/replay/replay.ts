import { type Breach, type Broken, breachesOf } from '../engine/invariants/index.ts';
import type { Rule } from '../engine/objects/rule.ts';
import { World } from '../engine/objects/world.ts';
import { DEFAULT_RULE_SET, findRuleSet } from '../engine/rule-sets/index.ts';
import { type End, isEnd, type Outcome } from '../engine/step/step.ts';
import { callText, viewWorld } from '../engine/view/observe.ts';
import type { Header, InvariantName, TraceEvent } from '../format/index.ts';
import { type Issue, issueText } from '../trace/text/wording.ts';
import { Follows } from './causes/follows.ts';
import { OwnCourse } from './causes/own-course.ts';
import { takeOver } from './causes/take-over.ts';
import type { Difference } from './compare.ts';
import { ConnNames } from './conn-names.ts';
import { Course, type Taken } from './course.ts';
import { decisionsOf, toldReason } from './decisions.ts';
import {
  brokenNames,
  countUnstated,
  endFinding,
  InvariantWatch,
  NONE_BY_SEVERITY,
  tellFinding,
  unstatedOf,
} from './findings.ts';
import { about, subjectEntity, touchedIds } from './involved.ts';
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
import { Verdict } from './verdict.ts';

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
  /**
   * Tells the decisions of each step that is told; `apart`: a step touches nothing more by what
   * they looked at.
   */
  readonly explain?: boolean | 'apart' | undefined;
  /** Invariants that are watched; unless stated those that the rule set promises. */
  readonly invariants?: readonly InvariantName[] | undefined;
  /** Tells steps with a finding that the trace does not state, also when `nothing` is recorded. */
  readonly findings?: boolean | undefined;
  /** Counts how often each rule decided something, at all steps. */
  readonly coverage?: boolean | undefined;
  /**
   * After a divergence the state becomes what the trace says, wherever that is possible; true
   * unless stated.
   */
  readonly takesOver?: boolean | undefined;
}

/**
 * Replays one trace: takes its header and its events in order, lets the engine act, and holds the
 * outcome against what the trace expects. After a divergence the engine goes on from the state that
 * the trace expects, unless what comes later bears out its own. Memory does not grow with the
 * length of the trace.
 */
export class Replay {
  #course: Course | null = null;
  readonly #own = new OwnCourse();
  readonly #trails = new Trails();
  readonly #follows = new Follows();
  readonly #names = new ConnNames();
  #title: string | null = null;
  /** The rules that judge are those that the trace was written for. */
  #isOwn = true;
  #steps = 0;
  #divergences = 0;
  #followers = 0;
  #divergingSteps = 0;
  readonly #verdict = new Verdict();
  /** How often each rule has decided something; null when nobody wants to know. */
  readonly #reached: Map<string, number> | null;

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
    const world = new World(header.config ?? {}, rules, new Set(header.calls));
    world.nameConnection = this.#names.next;
    const watch = new InvariantWatch(rules, this.options.invariants);
    const { record } = this.options;
    this.#course = new Course(world, watch, record === 'changes' || record === 'state');
    this.#title = header.title ?? null;
    this.#isOwn = name === (header.rules ?? DEFAULT_RULE_SET.id);
    this.observer.start({ path: this.path, header, rules: rules.id });
    return null;
  }

  /** Takes the next event. The header must have been taken. */
  event(event: TraceEvent, line: number): void {
    const before = this.#course;
    if (!before) throw new Error('an event before the header');
    const number = ++this.#steps;
    const first = before.take(event, number);
    if (first.outcome.kind === 'impossible' && this.#isFault(first.outcome)) {
      this.observer.fault?.({ number, line, reason: first.outcome.reason });
      return;
    }
    const taken = this.#own.isThere ? this.#choose(first, number) : first;
    const { course, broken } = taken;
    const { world } = course;
    this.#names.learn(world);
    if (this.#reached) world.log.eachRule(this.#count);
    if (broken.length > 0) {
      const unstated = unstatedOf(event, broken);
      course.watch.count(broken, unstated);
      this.#verdict.findings(world, unstated);
    }
    if (isEnd(taken.outcome)) this.#verdict.end(world, taken.outcome.kind);
    const end = this.options.invariants ? null : endFinding(event, taken.outcome);
    if (end) course.watch.end();
    const divergences =
      taken.differences.length > 0 || this.#divergingSteps > 0
        ? this.#settle(taken, number)
        : NO_DIVERGENCES;
    const isFound = end !== null && this.options.findings === true;
    if (isFound || this.#isTold(event, divergences, broken)) {
      this.#tell(taken, { number, line, event, divergences }, end);
    }
    this.#trails.add(number, line, event, world.log.touched);
    if (this.#divergingSteps > 0) this.#leave(taken, number, divergences);
  }

  /** Goes on with the course that the trace bears out. */
  #choose(first: Taken, number: number): Taken {
    const taken = this.#own.choose(first, number);
    if (taken === first) return taken;
    // What either has made has used up its name.
    this.#names.learn(first.course.world);
    this.#goOnWith(taken.course);
    return taken;
  }

  /** What is to be done after a step, once something has diverged. */
  #leave(taken: Taken, number: number, divergences: readonly Divergence[]): void {
    const next = this.#own.survivor() ?? taken;
    if (next !== taken) this.#goOnWith(next.course);
    if (divergences.length > 0) this.#takeOver(next, number, divergences);
    this.#follows.end({ event: next.event, world: next.course.world });
    this.#own.pay();
  }

  #goOnWith(course: Course): void {
    this.#trails.moveTo(course.world);
    this.#course = course;
  }

  /** Whether a step is told as a fault of the trace: nothing else can be wrong about it. */
  #isFault({ isFault }: Extract<Outcome, { kind: 'impossible' }>): boolean {
    const isAsTold = this.#isOwn && this.#divergences === 0;
    return isFault && isAsTold && this.observer.fault !== undefined;
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
    { course, outcome, broken }: Taken,
    step: Pick<StepResult, 'number' | 'line' | 'event' | 'divergences'>,
    end: Finding | null,
  ): void {
    const { number, line, event, divergences } = step;
    const { world, recorder } = course;
    const withState = this.options.record === 'state';
    const { explain = false } = this.options;
    const decisions = explain === false ? [] : decisionsOf(world);
    const findings = breachesOf(broken);
    // In the order in which jsonl writes them.
    this.observer.step({
      number,
      line,
      event,
      outcome: tell(world, outcome, findings),
      changes: recorder?.take() ?? [],
      touches: touchedIds(world, event, explain === 'apart' ? [] : decisions, findings),
      divergences,
      findings: [
        ...findings.map((finding) => tellFinding(event, finding, world.rules)),
        ...(end ? [end] : []),
      ],
      decisions,
      get state() {
        return withState ? viewWorld(world) : undefined;
      },
    });
  }

  /** What an expectation could state about the step that the observer is just told. */
  observed({ event, outcome }: StepResult): Readonly<Record<string, Value>> {
    if (!this.#course) throw new Error('a step before the header');
    return observedExpect(this.#course.world, event, outcome);
  }

  /** The trace is over. */
  end(): FileResult {
    const unstatedBy = this.#course?.watch.unstated ?? NONE_BY_SEVERITY;
    return {
      path: this.path,
      title: this.#title,
      rules: this.#course?.world.rules.id ?? this.options.rules ?? DEFAULT_RULE_SET.id,
      steps: this.#steps,
      divergences: this.#divergences,
      followers: this.#followers,
      divergingSteps: this.#divergingSteps,
      findings: this.#course?.watch.findings ?? 0,
      unstatedFindings: unstatedBy.crash + unstatedBy.broken + unstatedBy.hint,
      unstatedBy,
      ...endOf(this.#course?.end ?? null),
      unrecorded: this.#verdict.unrecorded,
      reached: this.#reached && Object.fromEntries(this.#reached),
    };
  }

  readonly #count = ({ id }: Rule): void => {
    this.#reached?.set(id, (this.#reached.get(id) ?? 0) + 1);
  };

  /** Tells first causes from what follows from them, and says who decided. */
  #settle(taken: Taken, number: number): readonly Divergence[] {
    const { course, event, differences, broken } = taken;
    const { world, end } = course;
    const step = { number, world, event, differences, breaches: breachesOf(broken) };
    if (this.#divergingSteps > 0) this.#follows.begin(step);
    if (differences.length === 0) return NO_DIVERGENCES;
    const isImpossible = taken.outcome.kind === 'impossible';
    const divergences = differences.map((difference): Divergence => {
      const reason = isImpossible ? null : reasonOf(world, event, difference);
      return {
        kind: isImpossible ? 'impossible' : 'field',
        ...difference,
        subject: about(difference.subject, event),
        ...toldReason(world, reason),
        follows: end?.cause ?? this.#follows.of(step, difference, reason),
        trail: this.#trails.of(subjectEntity(world, event, difference.subject)),
      };
    });
    if (end) end.cause ??= divergences[0]?.follows ?? number;
    const followers = divergences.filter((d) => d.follows !== null).length;
    this.#verdict.divergences(divergences);
    this.#followers += followers;
    this.#divergences += divergences.length - followers;
    this.#divergingSteps++;
    return divergences;
  }

  /** Makes the state what the trace says it is, for whatever comes next. */
  #takeOver(
    { course, event, differences }: Taken,
    number: number,
    divergences: readonly Divergence[],
  ): void {
    const { world, end } = course;
    if (end || this.options.takesOver === false) return;
    const isOfState = ({ subject, field }: Difference): boolean =>
      subject.kind !== 'event' || field === 'event';
    if (event.expect !== undefined && differences.some(isOfState)) this.#own.keep(course);
    const causes = new Map(divergences.map(({ field, follows }) => [field, follows ?? number]));
    const first = Math.min(...causes.values());
    const left = takeOver(world, event);
    const step = { number, world, event, differences, breaches: [] };
    this.#follows.part(step, left, (field) => causes.get(field) ?? first);
  }
}

/** The function that a program ended in, as results tell it. */
function endOf(end: Pick<End, 'kind' | 'fn'> | null): Pick<FileResult, 'crash' | 'abort'> {
  if (end?.kind !== 'abort') return { crash: end?.fn ?? null };
  return { crash: null, abort: end.fn };
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
    ...endOf(isEnd(outcome) ? outcome : null),
    ...(outcome.kind === 'abort' ? { condition: outcome.condition } : {}),
    impossible: outcome.kind === 'impossible' ? outcome.reason : null,
    broken: brokenNames(findings),
  };
}
