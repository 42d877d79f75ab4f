import { breachesOf } from '../../engine/invariants/index.ts';
import { World } from '../../engine/objects/world.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import { isEnd } from '../../engine/step/step.ts';
import type { Change } from '../../engine/view/view.ts';
import type { Expect, Header, InvariantName, TraceEvent } from '../../format/index.ts';
import { Course, type Taken } from '../../replay/course.ts';
import { toldReason } from '../../replay/decisions.ts';
import { brokenNames, InvariantWatch } from '../../replay/findings.ts';
import { reasonOf } from '../../replay/reason/decided-by.ts';
import type { Seen } from '../observables.ts';
import { told } from '../told.ts';
import type { FirstDivergence, Place, ProgramEnd, Row, Verdict } from './result.ts';

/** A trace on its way through one rule set: what it expects is looked at, and not taken over. */
export class Release {
  readonly rules: RuleSet;
  readonly #course: Course;
  #divergence: FirstDivergence | null = null;
  #end: ProgramEnd | null = null;
  readonly #broken = new Map<InvariantName, number>();

  /** @param records what each step changes can be asked for */
  constructor(rules: RuleSet, header: Header, name: World['nameConnection'], records: boolean) {
    this.rules = rules;
    const world = new World(header.config ?? {}, rules, new Set(header.calls));
    world.nameConnection = name;
    this.#course = new Course(world, new InvariantWatch(rules, undefined), records);
  }

  get world(): World {
    return this.#course.world;
  }

  /** What the last step has changed, if that is recorded. */
  changes(): readonly Change[] {
    return this.#course.recorder?.take() ?? [];
  }

  /** The program has ended: nothing is defined after it. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** Takes the next event; null after the end of the program. */
  take(place: Place): Seen | null {
    if (this.#end !== null) return null;
    const taken = this.#course.take(place.event, place.number);
    const { outcome } = taken;
    if (this.#divergence === null && taken.differences.length > 0) {
      this.#divergence = this.#diverged(taken, place);
    }
    for (const name of brokenNames(breachesOf(taken.broken))) {
      if (!this.#broken.has(name)) this.#broken.set(name, place.number);
    }
    if (isEnd(outcome)) {
      const { kind, fn } = outcome;
      const isStated = expectOf(place.event)?.[kind] !== undefined;
      this.#end = { ...place, kind, fn, isStated };
    }
    return { world: this.world, outcome, told: told(this.world, outcome) };
  }

  #diverged({ event, outcome, differences }: Taken, place: Place): FirstDivergence | null {
    const [difference] = differences;
    if (difference === undefined) return null;
    const isImpossible = outcome.kind === 'impossible';
    const reason = isImpossible ? null : reasonOf(this.world, event, difference);
    const { decidedBy } = toldReason(this.world, reason);
    return { ...place, difference, decidedBy };
  }

  /**
   * What came of the trace.
   *
   * @param isSilent the trace expects nothing at all
   */
  row(isSilent: boolean): Row {
    return {
      rules: this.rules.id,
      verdict: this.#verdict(isSilent),
      divergence: this.#divergence,
      end: this.#end,
      broken: [...this.#broken].map(([name, number]) => ({ name, number })),
    };
  }

  #verdict(isSilent: boolean): Verdict {
    if (this.#divergence?.difference.field === 'event') return 'impossible';
    if (this.#divergence !== null) return 'diverges';
    if (this.#end?.isStated === false) return 'ends';
    return isSilent ? 'silent' : 'agrees';
  }
}

function expectOf({ expect }: TraceEvent): Expect | undefined {
  return expect as Expect | undefined;
}
