import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Search } from '../../src/search/search.ts';
import { Numbers } from './toys.ts';

function runAll(search: Search, isEnough?: () => boolean): void {
  while (search.run(7, isEnough) && !isEnough?.()) {
    // A slice at a time, as a command does.
  }
}

/** The numbers on the way to a discovery, from the first state to the last one stored. */
function numbersTo(search: Search, property: string): (number | undefined)[] {
  const discovery = search.discoveries.get(property);
  if (!discovery) throw new Error(`${property} was not found`);
  return search.pathTo(discovery.from).map((place) => {
    const { words, at } = search.store.read(place);
    return words[at];
  });
}

/** Doubles or adds one, up to a limit. */
const growing = (limit: number) => (n: number) => [n + 1, n * 2].filter((next) => next <= limit);

describe('a breadth-first search', () => {
  test('sees every state once, and says that there are no more', () => {
    const search = new Search(new Numbers(1, growing(1000)));
    runAll(search);
    expect(search.progress).toMatchObject({ states: 1000, expanded: 1000 });
    expect(search.isExhausted).toBe(true);
    expect(search.stop).toBeNull();
  });

  test('finds a shortest path first', () => {
    const hits = (_: number, to: number | null) => (to === 100 ? ['hundred'] : []);
    const search = new Search(new Numbers(1, growing(1000), hits));
    runAll(search);
    // 1 2 3 6 12 24 25 50 and then 100: no way with fewer steps.
    expect(search.discoveries.get('hundred')?.depth).toBe(8);
    expect(numbersTo(search, 'hundred')).toHaveLength(8);
  });

  test('keeps the first path to each property, in the order of discovery', () => {
    const hits = (from: number, to: number | null) =>
      to === null ? ['end'] : to % 10 === 0 ? ['round', `round from ${from % 2}`] : [];
    const next = (n: number) => (n < 30 ? [n + 1] : [null]);
    const search = new Search(new Numbers(5, next, hits));
    runAll(search);
    const found = [...search.discoveries.values()].map(({ property, depth }) => [property, depth]);
    expect(found).toEqual([
      ['round', 5],
      ['round from 1', 5],
      ['end', 26],
    ]);
  });

  test('an action that is none counts for nothing', () => {
    const next = (n: number) => (n < 3 ? [undefined, n + 1, undefined] : []);
    const search = new Search(new Numbers(0, next));
    runAll(search);
    expect(search.progress).toMatchObject({ states: 4, transitions: 3 });
  });

  test('ends with its first find when that is enough', () => {
    const hits = (_: number, to: number | null) => (to === 40 ? ['forty'] : []);
    const search = new Search(new Numbers(1, growing(1000), hits));
    runAll(search, () => search.discoveries.size > 0);
    expect(search.isExhausted).toBe(false);
    expect(search.progress.states).toBeLessThan(1000);
  });

  test('a find that is not confirmed does not count, and the search goes on from where it was', () => {
    const hits = (from: number, to: number | null) => (to === 8 ? [`eight from ${from}`] : []);
    const seen: string[] = [];
    const model = new Numbers(1, growing(20), hits);
    const search = new Search(model, {}, (_, { property }) => {
      // Whoever confirms may open any state.
      model.open(new Uint32Array([19]), 0);
      model.take(0);
      seen.push(property);
      return property === 'eight from 7';
    });
    runAll(search);
    expect(seen).toEqual(['eight from 4', 'eight from 7']);
    expect([...search.discoveries.keys()]).toEqual(['eight from 7']);
    expect(search.progress.states).toBe(20);
  });
});

describe('bounds', () => {
  test('--depth cuts off what is further away, and says so', () => {
    const search = new Search(new Numbers(0, (n) => [n + 1]), { depth: 5 });
    runAll(search);
    expect(search.progress).toMatchObject({ states: 6, transitions: 5 });
    expect(search.stop).toBe('depth');
    expect(search.isExhausted).toBe(false);
  });

  test('a depth that reaches everything cuts off nothing', () => {
    const search = new Search(new Numbers(0, (n) => (n < 5 ? [n + 1] : [])), { depth: 5 });
    runAll(search);
    expect(search.stop).toBeNull();
    expect(search.isExhausted).toBe(true);
  });

  test('states: as many as there are is no bound, one fewer is', () => {
    const whole = new Search(new Numbers(1, growing(100)), { states: 100 });
    runAll(whole);
    expect(whole.isExhausted).toBe(true);
    const cut = new Search(new Numbers(1, growing(100)), { states: 99 });
    runAll(cut);
    expect(cut.stop).toBe('states');
    expect(cut.isExhausted).toBe(false);
  });

  test('memory: the search ends before the store is larger, with what it has', () => {
    const memory_bytes = 8 * 1024 * 1024;
    const search = new Search(new Numbers(0, (n) => [n + 1, n + 2]), { memory_bytes });
    runAll(search);
    expect(search.stop).toBe('memory');
    expect(search.progress.bytes).toBeLessThanOrEqual(memory_bytes);
    expect(search.progress.states).toBeGreaterThan(10_000);
  });
});

test('any graph: the states are those within reach, and each path is a shortest one', () => {
  const graph = fc.array(fc.array(fc.nat(29), { maxLength: 4 }), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(graph, (edges) => {
      const distance = new Map([[0, 0]]);
      for (const from of distance.keys()) {
        for (const to of edges[from] ?? []) {
          if (!distance.has(to)) distance.set(to, (distance.get(from) ?? 0) + 1);
        }
      }
      const hits = (_: number, to: number | null) => [`to ${to}`];
      const search = new Search(new Numbers(0, (n) => edges[n] ?? [], hits));
      runAll(search);
      expect(search.progress.states).toBe(distance.size);
      for (const [to, steps] of distance) {
        if (to !== 0) expect(search.discoveries.get(`to ${to}`)?.depth).toBe(steps);
      }
    }),
  );
});
