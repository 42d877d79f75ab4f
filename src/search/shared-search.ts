import type { Expander, Expansion } from './expand.ts';
import type { Search } from './search.ts';

/** States that one expander gets at a time: enough to be worth a message, few enough to share. */
const BATCH_STATES = 256;
/** Batches that an expander has at a time: one to do and one to go on with. */
const AHEAD = 2;

/** A batch that is expanded somewhere. */
interface Pending {
  readonly states: number;
  readonly expander: Expander;
  readonly expansion: Promise<Expansion>;
}

/**
 * Goes on with a search by several expanders at a time. What they bring is taken in the order in
 * which one thread would have come by it: states, counts and first finds are the same.
 */
export class SharedSearch {
  readonly #search: Search;
  /** Each as often as it may be given a batch. */
  readonly #free: Expander[];
  readonly #pending: Pending[] = [];

  /** @param search that nobody else goes on with from now on */
  constructor(search: Search, expanders: readonly Expander[]) {
    this.#search = search;
    this.#free = Array.from({ length: AHEAD }, () => expanders).flat();
  }

  /**
   * Expands states, at least as many as given unless there are no more.
   *
   * @param isEnough asked after each state that brought something to light; true ends the search
   * @returns false when there is nothing more to do
   * @throws what an expander is rejected with
   */
  async run(slice: number, isEnough: () => boolean = () => false): Promise<boolean> {
    for (let left = slice; left > 0; ) {
      this.#handOut();
      const next = this.#pending.shift();
      if (next === undefined) return false;
      const expansion = await next.expansion;
      this.#free.push(next.expander);
      const goesOn = this.#search.merge(expansion, next.states, isEnough);
      if (!goesOn || isEnough()) return false;
      left -= next.states;
    }
    return true;
  }

  #handOut(): void {
    while (this.#free.length > 0) {
      const batch = this.#search.handOut(BATCH_STATES);
      if (batch === null) return;
      const expander = this.#free.shift() as Expander;
      const expansion = expander.expand(batch);
      // Whoever comes to it hears of it; a search that ends before does not mind.
      expansion.catch(() => {});
      this.#pending.push({ states: batch.states, expander, expansion });
    }
  }
}
