import { hasRule } from '../engine/rule-sets/differences.ts';
import type { RuleSet } from '../engine/rule-sets/index.ts';
import { eventObstacle } from '../export/course/exportable.ts';
import { isRefusal, realise } from '../export/course/realise.ts';
import type { TraceEvent, WorldDefinition } from '../format/index.ts';
import type { Expander } from '../search/expand.ts';
import {
  type Bounds,
  type Confirm,
  type Discovery,
  type Progress,
  Search,
  type Stop,
} from '../search/search.ts';
import { SharedSearch } from '../search/shared-search.ts';
import { statedTrace } from './found-trace.ts';
import { OwnershipModel } from './ownership-model.ts';
import { Partings } from './partings.ts';
import { PathEvents } from './path.ts';
import { comparedSteps } from './product.ts';
import { isWitness, Properties, sometimes } from './properties.ts';
import { partingTitle, titleOf } from './title.ts';

/** What is looked for in a world. */
export interface Question {
  readonly rules: RuleSet;
  /** Another rule set, to be told apart from `rules`; null: the properties of `rules` are held. */
  readonly from: RuleSet | null;
  /** Properties that have to hold; null: all that the rule set promises. */
  readonly properties: readonly string[] | null;
  /** Only what a test script can make happen; false unless stated. */
  readonly exportable?: boolean | undefined;
  /** For checking that nothing depends on it; see the model. */
  readonly symmetric?: boolean | undefined;
  readonly reversed?: boolean | undefined;
}

/** How a world is explored. */
export interface ExploreOptions extends Question {
  /** What the world is called. */
  readonly name: string;
  /** Goes on after the first find. */
  readonly all: boolean;
  readonly bounds: Bounds;
  /**
   * Finds whoever expands states besides, once the search has come to be large; each with a model
   * of its own, made by `modelOf` of the same world and question. Absent: the search stays on one thread.
   */
  readonly hire?: (() => readonly Expander[]) | undefined;
}

/** States that are expanded before anybody is hired: most worlds have no more. */
const ALONE_STATES = 20_000;

/** What does not hold, or where two rule sets part, and the shortest trace that shows it. */
export interface Find {
  /**
   * `no-crash conn_free(freed)`, `owner-is-live`; under two rule sets the cause as `compare` names
   * it: `connect.new.ownerless | connect.new.owned`.
   */
  readonly finding: string;
  /** Events of the trace. */
  readonly depth: number;
  readonly title: string;
  /** The trace, with full expectations under `rules`. */
  readonly text: string;
}

/** A rule that has to decide sometimes, and the length of the shortest way to it. */
export interface Witness {
  readonly rule: string;
  /** Null when it was not reached. */
  readonly depth: number | null;
  /** False when the rule set has no such rule: nothing is asked of it then. */
  readonly exists: boolean;
}

/** What came of a search, so far. */
export interface ExploreResult {
  /** How many finds there are. */
  readonly finds: number;
  readonly witnesses: readonly Witness[];
  readonly progress: Progress;
  readonly isExhausted: boolean;
  /** The bound that ended the search; null when it was exhausted, or has not ended. */
  readonly stop: Stop | null;
}

/** The rules that have to decide sometimes; nothing is asked of two rule sets. */
function witnessesOf({ sometimes = [] }: WorldDefinition, { from }: Question): readonly string[] {
  return from === null ? sometimes : [];
}

/** Whether a test script may be able to make an event happen. */
function isExportable(event: TraceEvent): boolean {
  return eventObstacle(event) === null;
}

/** The model of a world that a search explores, which judges every step. */
export function modelOf(world: WorldDefinition, question: Question): OwnershipModel {
  const { rules, from, properties, symmetric, reversed, exportable } = question;
  const witnesses = witnessesOf(world, question);
  const judge = from === null ? new Properties(rules, properties, witnesses) : new Partings();
  const sets = from === null ? [rules] : [from, rules];
  const isWanted = exportable === true ? isExportable : undefined;
  return new OwnershipModel(world, { rules: sets, judge, symmetric, reversed, isWanted });
}

/** Explores one world: under one rule set for what it promises, under two for where they part. */
export class Exploration {
  readonly search: Search;
  readonly model: OwnershipModel;
  readonly #world: WorldDefinition;
  readonly #options: ExploreOptions;
  readonly #witnesses: readonly string[];
  /** Null as long as the search is on one thread. */
  #shared: SharedSearch | null = null;
  /** How many finds were handed out. */
  #taken = 0;

  constructor(world: WorldDefinition, options: ExploreOptions) {
    this.#world = world;
    this.#options = options;
    this.#witnesses = witnessesOf(world, options);
    this.model = modelOf(world, options);
    const isPlain = options.from === null && options.exportable !== true;
    const confirm = isPlain ? null : this.#confirm;
    this.search = new Search(this.model, options.bounds, confirm);
  }

  /** What is done so far. */
  get progress(): Progress {
    return this.search.progress;
  }

  /**
   * Goes on, for as many states as given or a few more; with others, if there are any to be hired,
   * once that is worth it.
   *
   * @returns false when there is nothing more to do
   * @throws whatever ends one of those who were hired
   */
  async goOn(slice: number): Promise<boolean> {
    const { hire } = this.#options;
    if (this.#shared === null) {
      if (hire === undefined || this.progress.expanded < ALONE_STATES) return this.run(slice);
      this.#shared = new SharedSearch(this.search, hire());
    }
    const goesOn = await this.#shared.run(slice, () => this.#isEnough);
    return goesOn && !this.#isEnough;
  }

  /**
   * Goes on, for as many states as given, on one thread: not after `goOn`.
   *
   * @returns false when there is nothing more to do
   */
  run(slice: number): boolean {
    const goesOn = this.search.run(slice, () => this.#isEnough);
    return goesOn && !this.#isEnough;
  }

  /** What was found since this was asked for the last time; not to be asked for within a slice. */
  takeFinds(): Find[] {
    const all = this.#findings();
    const fresh = all.slice(this.#taken);
    this.#taken = all.length;
    return fresh.map((discovery) => this.#find(discovery));
  }

  /** What has come of the search until now. */
  result(): ExploreResult {
    const { search } = this;
    return {
      finds: this.#findings().length,
      witnesses: this.#witnesses.map((rule) => ({
        rule,
        depth: search.discoveries.get(sometimes(rule))?.depth ?? null,
        exists: hasRule(this.#options.rules, rule),
      })),
      progress: search.progress,
      isExhausted: search.isExhausted,
      stop: search.stop,
    };
  }

  #findings(): Discovery[] {
    const all = [...this.search.discoveries.values()];
    return all.filter(({ property }) => !isWitness(property));
  }

  get #isEnough(): boolean {
    if (this.#options.all) return false;
    return this.#findings().length > 0;
  }

  /**
   * A parting counts when the whole path shows it: what parted long before may matter as well. What
   * is to be exported counts when clients and servers can take the whole path.
   */
  readonly #confirm: Confirm = (search, { property, from, action }) => {
    const events = this.#events(search, from, action);
    if (this.#options.exportable === true && !isWitness(property)) {
      const placed = events.map((event, at) => ({ event, line: at + 2 }));
      const course = realise(this.#world.config, placed, this.#options.rules);
      if (isRefusal(course)) return false;
    }
    if (this.#options.from === null) return true;
    const { partings } = this.#compared(events).at(-1) ?? { partings: [] };
    return partings.some(({ cause }) => cause === property);
  };

  #events(search: Search, from: number, action: number): TraceEvent[] {
    return new PathEvents(this.model).events(search, from, action);
  }

  #compared(events: readonly TraceEvent[]) {
    const { rules: to, from } = this.#options;
    if (from === null) throw new Error('explore: nothing to compare with');
    return comparedSteps({ from, to }, this.#world.config, events);
  }

  #find({ property, from: at, action, depth }: Discovery): Find {
    const events = this.#events(this.search, at, action);
    const { name, rules, from } = this.#options;
    const { config } = this.#world;
    const title =
      from === null
        ? titleOf(property, rules, config, events)
        : partingTitle(property, this.#compared(events));
    const about = from === null ? { property } : { from: from.id, to: rules.id, cause: property };
    const source = { kind: 'found', world: name, ...about };
    const text = statedTrace({ title, rules: rules.id, config, source }, events);
    return { finding: property, depth, title, text };
  }
}
