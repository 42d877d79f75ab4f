import { commitsOfFunctions, commitsOfRules } from '../../engine/rule-sets/differences.ts';
import type { RuleSet } from '../../engine/rule-sets/index.ts';
import type { Header, TraceEvent } from '../../format/index.ts';
import { ConnNames } from '../../replay/conn-names.ts';
import type { Seen } from '../observables.ts';
import type { Parting } from '../result.ts';
import { SideBySide } from '../side-by-side.ts';
import { IMPOSSIBLE } from '../taken.ts';
import { touchedIds } from '../told.ts';
import { Release } from './release.ts';
import type {
  Neighbours,
  PartedPlace,
  Place,
  ReleasesResult,
  ReleasesStep,
  UntoldPlace,
} from './result.ts';

/** Two rule sets that follow each other, and where they have parted so far. */
class Pair {
  readonly #from: Release;
  readonly #to: Release;
  readonly #sides: SideBySide;
  #differing = 0;
  readonly #places = new Map<string, PartedPlace>();
  #untold: UntoldPlace | null = null;

  constructor(from: Release, to: Release) {
    this.#from = from;
    this.#to = to;
    this.#sides = new SideBySide(from.world, to.world);
  }

  /** @returns the first causes of the step */
  judge(from: Seen, to: Seen, place: Place): readonly Parting[] {
    const { partings, following } = this.#sides.judge(place.event.event, from, to);
    if (partings.length + following.length === 0) return partings;
    if (this.#differing++ === 0 && partings.length === 0) {
      this.#untold = { ...place, differences: following };
    }
    for (const parting of new Map(partings.map((each) => [each.cause, each])).values()) {
      this.#note(parting, place);
    }
    return partings;
  }

  #note(parting: Parting, place: Place): void {
    const known = this.#places.get(parting.cause);
    if (known !== undefined) {
      this.#places.set(parting.cause, { ...known, steps: known.steps + 1 });
      return;
    }
    const sides = [parting.from, parting.to];
    const [one, other] = [this.#from.rules, this.#to.rules];
    const rules = sides.map(({ rule }) => rule);
    const commits = commitsOfRules(one, other, rules);
    // The function of a crash is where memory is used, whoever is to blame. It has no file.
    const functions = sides.flatMap(({ rule, fn, file }) =>
      fn === null || (file === null && rule !== IMPOSSIBLE) ? [] : [fn],
    );
    const near = commits.length > 0 ? [] : commitsOfFunctions(one, other, functions);
    this.#places.set(parting.cause, { ...place, parting, commits, near, steps: 1 });
  }

  end(): Neighbours {
    return {
      from: this.#from.rules.id,
      to: this.#to.rules.id,
      differing: this.#differing,
      places: [...this.#places.values()],
      untold: this.#untold,
    };
  }
}

/**
 * Takes one trace through several rule sets side by side: what it comes to under each, and where
 * each parts from the next one. A new connection bears the same name under all of them. Memory does
 * not grow with the length of the trace, except for the names taken (a bit each).
 */
export class ReleasesComparison {
  #releases: readonly Release[] = [];
  #pairs: readonly Pair[] = [];
  readonly #names = new ConnNames();
  /** Name of the connection that the running step makes, under whichever rule set. */
  #newName: string | null = null;
  #title: string | null = null;
  #steps = 0;
  #isSilent = true;

  constructor(
    readonly path: string,
    readonly sets: readonly RuleSet[],
    /** Takes each step with what it changes; null: nobody wants to know. */
    readonly watch: ((step: ReleasesStep) => void) | null = null,
  ) {}

  /** Takes line 1. */
  header(header: Header): void {
    this.#releases = this.sets.map(
      (rules) => new Release(rules, header, this.#name, this.watch !== null),
    );
    this.#pairs = this.#releases.slice(1).map((to, at) => {
      const from = this.#releases[at];
      if (from === undefined) throw new Error('no rule set before the second one');
      return new Pair(from, to);
    });
    this.#title = header.title ?? null;
  }

  /** Takes the next event. The header must have been taken. */
  event(event: TraceEvent, line: number): void {
    const place = { number: ++this.#steps, line, event };
    if (event.expect !== undefined) this.#isSilent = false;
    this.#newName = null;
    const seen = this.#releases.map((release) => release.take(place));
    for (const { world } of this.#releases) this.#names.learn(world);
    const partings = this.#pairs.flatMap((pair, at) => {
      const from = seen[at];
      const to = seen[at + 1];
      if (!from || !to) return [];
      return pair.judge(from, to, place).map((parting) => ({ at, parting }));
    });
    if (this.watch === null) return;
    const worlds = seen.flatMap((each) => (each === null ? [] : [each.world]));
    const sides = seen.map((each, at) => {
      const changes = this.#releases[at]?.changes() ?? [];
      return each === null ? null : { outcome: each.told, changes };
    });
    this.watch({ ...place, touches: touchedIds(event, ...worlds), sides, partings });
  }

  /** The trace is over. */
  end(): ReleasesResult {
    return {
      path: this.path,
      title: this.#title,
      steps: this.#steps,
      rows: this.#releases.map((release) => release.row(this.#isSilent)),
      neighbours: this.#pairs.map((pair) => pair.end()),
    };
  }

  /** At most one connection comes into being at a step: whichever world asks, it has one name. */
  readonly #name = (strm: string, claimed: string | undefined): string => {
    this.#newName ??= this.#names.next(strm, claimed);
    return this.#newName;
  };
}
