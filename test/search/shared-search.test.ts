import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Batch,
  BatchExpander,
  type Expander,
  type Expansion,
} from '../../src/search/expand.ts';
import { type Bounds, Search } from '../../src/search/search.ts';
import { SharedSearch } from '../../src/search/shared-search.ts';
import { Numbers } from './toys.ts';

/** Expands with a model of its own, and is done after so many turns of the others. */
class SlowExpander implements Expander {
  batches = 0;
  readonly #expander: BatchExpander;

  constructor(
    model: Numbers,
    readonly turns: () => number,
  ) {
    this.#expander = new BatchExpander(model);
  }

  async expand(batch: Batch): Promise<Expansion> {
    this.batches++;
    for (let turn = this.turns(); turn > 0; turn--) await null;
    return structuredClone(this.#expander.expand(batch));
  }
}

/** Everything that a search has come to. */
function story(search: Search): object {
  const discoveries = [...search.discoveries.values()];
  return {
    progress: search.progress,
    stop: search.stop,
    isExhausted: search.isExhausted,
    discoveries: discoveries.map((one) => ({ ...one, path: search.pathTo(one.from) })),
  };
}

describe('a search by several expanders', () => {
  /** For each state the states that follow it: null ends the run, undefined is no action. */
  const graph = fc.array(
    fc.array(fc.oneof(fc.nat(30), fc.constant(null), fc.constant(undefined)), { maxLength: 5 }),
    { minLength: 1, maxLength: 31 },
  );
  const bounds: fc.Arbitrary<Bounds> = fc.oneof(
    fc.constant({}),
    fc.record({ depth: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ states: fc.integer({ min: 1, max: 20 }) }),
  );

  test('comes to what one thread comes to, whoever is done first', async () => {
    const given = fc.record({
      edges: graph,
      bounds,
      special: fc.nat(30),
      count: fc.integer({ min: 1, max: 3 }),
      turns: fc.array(fc.nat(9), { minLength: 1, maxLength: 7 }),
      alone: fc.nat(5),
      isAll: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ edges, bounds, special, count, turns, alone, isAll }) => {
        const found = (from: number, to: number | null) =>
          to === special || to === null ? [`to ${to}`, `from ${from}`] : [];
        const next = (n: number) => edges[n] ?? [];
        const model = () => new Numbers(0, next, found);
        const enough = (search: Search) => () => !isAll && search.discoveries.size > 1;

        const single = new Search(model(), bounds);
        while (single.run(7, enough(single)) && !enough(single)()) {
          // To the end.
        }
        const search = new Search(model(), bounds);
        let turn = 0;
        const expanders = Array.from(
          { length: count },
          () => new SlowExpander(model(), () => turns[turn++ % turns.length] ?? 0),
        );
        // It begins on one thread, as every search does.
        const goesOn = search.run(alone, enough(search));
        const shared = new SharedSearch(search, expanders);
        if (goesOn && !enough(search)()) {
          while (await shared.run(3, enough(search))) {
            // To the end.
          }
        }
        expect(story(search)).toEqual(story(single));
      }),
      { numRuns: 1000 },
    );
  });

  test('gives every expander something to do, where there is enough', async () => {
    const model = () => new Numbers(1, (n) => (n < 4000 ? [2 * n, 2 * n + 1] : []));
    const expanders = [1, 2, 3].map(() => new SlowExpander(model(), () => 1));
    const search = new Search(model());
    const shared = new SharedSearch(search, expanders);
    while (await shared.run(100)) {
      // To the end.
    }
    expect(search.isExhausted).toBe(true);
    for (const { batches } of expanders) expect(batches).toBeGreaterThan(2);
  });

  test('ends with the error of an expander', async () => {
    const search = new Search(new Numbers(1, (n) => [n + 1]));
    const broken = { expand: () => Promise.reject(new Error('the thread has ended')) };
    const shared = new SharedSearch(search, [broken]);
    await expect(shared.run(1)).rejects.toThrow('the thread has ended');
  });

  test('a find that has to be confirmed is confirmed once, in order', async () => {
    const found = (from: number) => [`from ${from % 3}`];
    const model = () => new Numbers(1, (n) => (n < 500 ? [n + 1, n + 7] : []), found);
    const places: number[] = [];
    const search = new Search(model(), {}, ({ store }, { from }) => {
      const { words, at } = store.read(from);
      places.push(from);
      return (words[at] ?? 0) > 20;
    });
    const shared = new SharedSearch(search, [new SlowExpander(model(), () => 0)]);
    while (await shared.run(50)) {
      // To the end.
    }
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(search.discoveries.size).toBe(3);
  });
});
