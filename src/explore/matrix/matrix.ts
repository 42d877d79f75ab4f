import { promisedUnder } from '../../engine/invariants/index.ts';
import {
  NO_ABORT,
  NO_CRASH,
  NO_LEAK,
  type Property,
  SEARCHED,
} from '../../engine/invariants/property-names.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import type { BugName } from '../../history/index.ts';
import type { ExploreResult, Find } from '../exploration.ts';
import { propertyOf } from '../properties.ts';
import { type Cure, curesIn, type FoundUnder, setsOfHunt } from './cures.ts';
import { HUNTS } from './hunts.ts';

/** The shortest trace that breaks a promise, and the world that it was found in. */
export interface ShortestFind extends Find {
  readonly world: string;
}

/** What is known of one promise under one rule set. */
export interface MatrixCell {
  /** False where the rule set promises nothing of the kind: it is not looked for then. */
  readonly isPromised: boolean;
  /** Null where the promise has held in all that was searched. */
  readonly shortest: ShortestFind | null;
  /** The bugs of the history that show by a broken promise of this kind, as `B24`. */
  readonly bugs: readonly BugName[];
}

/** What was searched under one rule set. */
export interface MatrixColumn {
  readonly rules: RuleSet;
  /** Distinct states of all worlds together. */
  readonly states: number;
  /** Events that every trace may have at least; null: every world was exhausted. */
  readonly depth: number | null;
}

/** One promise under every rule set, in the order of the columns. */
export interface MatrixRow {
  readonly property: Property;
  readonly cells: readonly MatrixCell[];
}

/** What has come together of one rule set. */
class Searched {
  readonly promised: ReadonlySet<string>;
  readonly shortest = new Map<string, ShortestFind>();
  readonly bugs = new Map<string, BugName[]>();
  states = 0;
  depth: number | null = null;

  constructor(readonly rules: RuleSet) {
    this.promised = new Set([NO_CRASH, NO_ABORT, NO_LEAK, ...promisedUnder(rules)]);
  }

  add(world: string, { isExhausted, progress }: ExploreResult, finds: readonly Find[]): void {
    this.states += progress.states;
    if (!isExhausted) this.depth = Math.min(this.depth ?? progress.depth, progress.depth);
    for (const find of finds) this.#addFind(world, find);
  }

  #addFind(world: string, find: Find): void {
    const property = propertyOf(find.finding);
    const known = this.shortest.get(property);
    // Of those that are as short the first world has it, whatever comes later.
    if (known === undefined || find.depth < known.depth) {
      this.shortest.set(property, { ...find, world });
    }
    const bugs = this.bugs.get(property) ?? [];
    for (const hunt of HUNTS) {
      if (hunt.world !== world || hunt.finding !== find.finding) continue;
      if (setsOfHunt(hunt).includes(this.rules) && !bugs.includes(hunt.bug)) bugs.push(hunt.bug);
    }
    this.bugs.set(property, bugs);
  }
}

/** Promises by rule sets: gathers what searches of several worlds have come to. */
export class Matrix {
  readonly #properties: readonly Property[];
  readonly #searched: readonly Searched[];
  readonly #found: FoundUnder[] = [];

  /** @param properties the promises to tell of; null: all that a search looks for */
  constructor(sets: readonly RuleSet[], properties: readonly Property[] | null) {
    this.#properties = properties ?? SEARCHED;
    this.#searched = sets.map((rules) => new Searched(rules));
  }

  /** Takes what has come of the search of a world under one of the sets. */
  add(world: string, rules: RuleSet, result: ExploreResult, finds: readonly Find[]): void {
    this.#searched.find((searched) => searched.rules === rules)?.add(world, result, finds);
    this.#found.push({ world, rules, finds });
  }

  /** What was searched, by rule set. */
  get columns(): MatrixColumn[] {
    return this.#searched.map(({ rules, states, depth }) => ({ rules, states, depth }));
  }

  /** Bugs by the traces that meet them, and what came of them. */
  get cures(): Cure[] {
    return curesIn(this.#found);
  }

  /** Every promise under every rule set. */
  get rows(): MatrixRow[] {
    return this.#properties.map((property) => ({
      property,
      cells: this.#searched.map(({ promised, shortest, bugs }) => ({
        isPromised: promised.has(property),
        shortest: shortest.get(property) ?? null,
        bugs: [...(bugs.get(property) ?? [])].sort(byNumber),
      })),
    }));
  }
}

function byNumber(one: BugName, other: BugName): number {
  return Number(one.slice(1)) - Number(other.slice(1));
}
