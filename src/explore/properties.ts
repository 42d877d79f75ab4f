import {
  type Broken,
  bitsOf,
  breachesOf,
  promisedUnder,
  takeBroken,
} from '../engine/invariants/index.ts';
import { leavesLeak } from '../engine/invariants/leak.ts';
import { NO_ABORT, NO_CRASH, NO_LEAK, SEARCHED } from '../engine/invariants/property-names.ts';
import type { Rule } from '../engine/objects/rule.ts';
import type { Entity } from '../engine/objects/step-log.ts';
import type { World } from '../engine/objects/world.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { endSite } from '../engine/step/crash-site.ts';
import { isEnd, type Outcome } from '../engine/step/step.ts';
import { NO_END } from '../format/index.ts';
import type { Judge } from './judge.ts';
import type { Scene } from './state/scene.ts';

const SOMETIMES = 'sometimes ';
const NOTHING: readonly string[] = [];

/** What a search calls the rule that has to decide sometimes. */
export function sometimes(rule: string): string {
  return SOMETIMES + rule;
}

/** Whether a finding is only a rule that was reached, as it should be. */
export function isWitness(finding: string): boolean {
  return finding.startsWith(SOMETIMES);
}

/** The property that a finding breaks: of an end of the program without its place. */
export function propertyOf(finding: string): string {
  const end = endOf(finding);
  return end === null ? finding : NO_END[end.kind];
}

/** How and where the program ended, of a finding that is its end; else null. */
export function endOf(
  finding: string,
): { readonly kind: 'crash' | 'abort'; readonly site: string } | null {
  for (const kind of ['crash', 'abort'] as const) {
    const head = `${NO_END[kind]} `;
    if (finding.startsWith(head)) return { kind, site: finding.slice(head.length) };
  }
  return null;
}

/**
 * Looks at every step of a search. A finding is the name of a property, with the place of the
 * end behind it, because one function can crash in several ways: `no-crash conn_free(freed)`.
 * What holds no longer is told once: a search wants the first place of each, and most steps of a
 * world that breaks something break it again.
 */
export class Properties implements Judge {
  /** Invariants to be told, as bits by kind of object. */
  readonly #untold: Record<Entity['kind'], number>;
  readonly #ends: Readonly<Record<'crash' | 'abort', boolean>>;
  #leak: boolean;
  /** Rules that have not decided yet. */
  readonly #missing: Set<string>;
  #reached: string[] = [];

  /**
   * @param names which properties have to hold; null: all that the rule set promises
   * @param witnesses ids of the rules that have to decide sometimes
   */
  constructor(rules: RuleSet, names: readonly string[] | null, witnesses: readonly string[]) {
    const selected = names === null ? null : new Set(names);
    const promised = promisedUnder(rules);
    this.#untold = {
      ...bitsOf(
        new Set(
          promised.filter((name) => SEARCHED.includes(name) && (selected?.has(name) ?? true)),
        ),
      ),
    };
    this.#ends = {
      crash: selected?.has(NO_CRASH) ?? true,
      abort: selected?.has(NO_ABORT) ?? true,
    };
    this.#leak = selected?.has(NO_LEAK) ?? true;
    this.#missing = new Set(witnesses);
  }

  findings({ world }: Scene, [outcome]: readonly Outcome[]): readonly string[] {
    const broken = outcome ? this.#broken(world, outcome) : NOTHING;
    if (this.#missing.size === 0) return broken;
    this.#reached = [];
    world.log.eachRule(this.#reach);
    return this.#reached.length === 0 ? broken : [...broken, ...this.#reached];
  }

  #broken(w: World, outcome: Outcome): readonly string[] {
    if (isEnd(outcome)) {
      const { kind } = outcome;
      return this.#ends[kind] ? [`${NO_END[kind]} ${endSite(w, outcome)}`] : NOTHING;
    }
    const broken = takeBroken(w);
    const found = broken.length === 0 ? NOTHING : this.#tell(broken);
    if (!this.#leak || !leavesLeak(w)) return found;
    this.#leak = false;
    return [...found, NO_LEAK];
  }

  #tell(broken: readonly Broken[]): readonly string[] {
    const untold = broken.filter(({ subject, bits }) => (bits & this.#untold[subject.kind]) !== 0);
    if (untold.length === 0) return NOTHING;
    const names = new Set<string>();
    for (const { subject, bits } of untold) {
      const { kind } = subject;
      const fresh = bits & this.#untold[kind];
      for (const { invariant } of breachesOf([{ subject, bits: fresh }])) names.add(invariant.name);
      this.#untold[kind] &= ~fresh;
    }
    return [...names];
  }

  readonly #reach = ({ id }: Rule): void => {
    if (this.#missing.delete(id)) this.#reached.push(sometimes(id));
  };
}
