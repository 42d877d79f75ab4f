import type { World } from '../engine/objects/world.ts';
import type { EventName } from '../format/index.ts';
import type { Difference } from '../replay/compare.ts';
import { Freshness } from './freshness.ts';
import { differencesOf, type Seen } from './observables.ts';
import { PartedObjects } from './parted-objects.ts';
import { partingsOf, partingsOfImpossible } from './partings.ts';
import type { ComparedStep } from './result.ts';

/** How a step that two worlds have taken differs: first causes, and what follows from earlier. */
export type StepDifferences = Pick<ComparedStep, 'partings' | 'following'>;

/** Two worlds that take the same events, and what parts them. */
export class SideBySide {
  readonly #parted: PartedObjects;
  readonly #freshness: Freshness;

  constructor(from: World, to: World) {
    this.#parted = new PartedObjects(from, to);
    this.#freshness = new Freshness(from, to);
  }

  /** Tells the causes of a step from what follows. To be asked for after each step of both. */
  judge(event: EventName, from: Seen, to: Seen): StepDifferences {
    const differences = differencesOf(from, to);
    const fresh = this.#freshIn(differences);
    const step = { from, to, fresh };
    const partings =
      fresh.length === 0
        ? []
        : [...partingsOfImpossible(event, step, this.#parted), ...partingsOf(step, this.#parted)];
    this.#freshness.update(differences);
    this.#parted.update();
    const explained = new Set(partings.flatMap((parting) => parting.differences));
    const following = differences.filter((difference) => !explained.has(difference));
    return { partings, following };
  }

  /** The differences that came up in this step, on objects that were the same until then. */
  #freshIn(differences: readonly Difference[]): Difference[] {
    return this.#freshness
      .fresh(differences)
      .filter(({ subject: { kind, id } }) => kind === 'event' || !this.#parted.has({ kind, id }));
  }
}
