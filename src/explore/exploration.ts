import type { RuleSet } from '../engine/rule-sets/index.ts';
import type { WorldDefinition } from '../format/index.ts';
import {
  type Bounds,
  type Discovery,
  type Progress,
  Search,
  type Stop,
} from '../search/search.ts';
import { type About, statedTrace } from './found-trace.ts';
import { type Judge, OwnershipModel } from './ownership-model.ts';
import { PathEvents } from './path.ts';
import { isWitness, Properties, sometimes } from './properties.ts';
import { titleOf } from './title.ts';

/** How a world is explored. */
export interface ExploreOptions {
  /** What the world is called. */
  readonly name: string;
  readonly rules: RuleSet;
  /** Properties that have to hold; null: all that the rule set promises. */
  readonly properties: readonly string[] | null;
  /** Goes on after the first find. */
  readonly all: boolean;
  readonly bounds: Bounds;
  readonly symmetric?: boolean | undefined;
  readonly reversed?: boolean | undefined;
}

/** A property that does not hold, and the shortest trace that shows it. */
export interface Find {
  /** As the search names it: `no-crash conn_free(freed)`, `owner-is-live`. */
  readonly finding: string;
  /** Events of the trace. */
  readonly depth: number;
  readonly title: string;
  /** The trace, with full expectations. */
  readonly text: string;
}

/** A rule that has to decide sometimes, and the length of the shortest way to it. */
export interface Witness {
  readonly rule: string;
  /** Null when it was not reached. */
  readonly depth: number | null;
}

/** What came of a search, so far. */
export interface ExploreResult {
  readonly finds: readonly Find[];
  readonly witnesses: readonly Witness[];
  readonly progress: Progress;
  readonly isExhausted: boolean;
  /** The bound that ended the search; null when it was exhausted, or has not ended. */
  readonly stop: Stop | null;
}

/** Explores one world under one rule set. */
export class Exploration {
  readonly search: Search;
  readonly model: OwnershipModel;
  readonly #world: WorldDefinition;
  readonly #options: ExploreOptions;

  constructor(world: WorldDefinition, options: ExploreOptions) {
    this.#world = world;
    this.#options = options;
    const { rules, properties, symmetric, reversed } = options;
    const judge: Judge = new Properties(rules, properties, world.sometimes ?? []);
    this.model = new OwnershipModel(world, { rules: [rules], judge, symmetric, reversed });
    this.search = new Search(this.model, options.bounds);
  }

  /**
   * Goes on, for as many states as given.
   *
   * @returns false when there is nothing more to do
   */
  run(slice: number): boolean {
    const goesOn = this.search.run(slice, () => this.#isEnough);
    return goesOn && !this.#isEnough;
  }

  /** What has been found until now. To be asked for when the search does not go on. */
  result(): ExploreResult {
    const { search } = this;
    const discoveries = [...search.discoveries.values()];
    const finds = discoveries.filter(({ property }) => !isWitness(property));
    return {
      finds: finds.map((discovery) => this.#find(discovery)),
      witnesses: (this.#world.sometimes ?? []).map((rule) => ({
        rule,
        depth: search.discoveries.get(sometimes(rule))?.depth ?? null,
      })),
      progress: search.progress,
      isExhausted: search.isExhausted,
      stop: search.stop,
    };
  }

  get #isEnough(): boolean {
    if (this.#options.all) return false;
    for (const property of this.search.discoveries.keys()) if (!isWitness(property)) return true;
    return false;
  }

  #find({ property, from, action, depth }: Discovery): Find {
    const events = new PathEvents(this.model).events(this.search, from, action);
    const { name, rules } = this.#options;
    const title = titleOf(property, rules, this.#world.config, events);
    const about: About = {
      title,
      rules: rules.id,
      config: this.#world.config,
      source: { kind: 'found', world: name, property },
    };
    return { finding: property, depth, title, text: statedTrace(about, events) };
  }
}
