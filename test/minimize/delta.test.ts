import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  fewest,
  type Reduction,
  reduce,
  reducePairs,
} from '../../src/minimize/passes/delta.ts';
import { sized } from '../size.ts';

function run<Item>(reduction: Reduction<Item>): readonly Item[] {
  for (;;) {
    const { done, value } = reduction.next();
    if (done === true) return value;
  }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, at) => at);

/** Items that are all needed, each with what is of no use without it. */
const anyNeeds = fc.record({
  length: fc.integer({ min: 1, max: 60 }),
  needed: fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 6 }),
});

/** Any set of selections that show something, told by a checksum: mostly not monotone. */
const anyOracle = fc.record({
  length: fc.integer({ min: 1, max: 11 }),
  factor: fc.integer({ min: 1, max: 1000 }),
  modulus: fc.integer({ min: 2, max: 5 }),
});

function oracleOf({
  length,
  factor,
  modulus,
}: {
  length: number;
  factor: number;
  modulus: number;
}) {
  const isShown = (items: readonly number[]): boolean =>
    items.length === length ||
    items.reduce((sum, item) => sum * 31 + item * factor + 7, 3) % modulus === 0;
  const attempt: Attempt<number> = (items) => (isShown(items) ? items : null);
  return { isShown, attempt, items: upTo(length) };
}

const without = (items: readonly number[], ...gone: number[]): number[] =>
  items.filter((_, at) => !gone.includes(at));

describe('reduce', () => {
  it('finds exactly the items that are needed, in their order', () => {
    fc.assert(
      fc.property(anyNeeds, ({ length, needed }) => {
        const wanted = upTo(length).filter((item) => needed.includes(item));
        const attempt: Attempt<number> = (items) =>
          wanted.every((item) => items.includes(item)) ? items : null;
        expect(run(reduce(upTo(length), attempt))).toEqual(wanted);
      }),
    );
  });

  it('gives a result that shows it, and that no single item can be taken from', () => {
    fc.assert(
      fc.property(anyOracle, (how) => {
        const { isShown, attempt, items } = oracleOf(how);
        const kept = run(reduce(items, attempt));
        expect(isShown(kept)).toBe(true);
        for (const at of kept.keys()) expect(isShown(without(kept, at))).toBe(false);
      }),
    );
  });

  it('takes what an attempt leaves, where that is less', () => {
    // An odd number is of no use without the even one before it.
    const attempt: Attempt<number> = (items) => {
      if (!items.includes(8)) return null;
      return items.filter((item) => item % 2 === 0 || items.includes(item - 1));
    };
    const tried: (readonly number[])[] = [];
    const kept = run(
      reduce(upTo(10), (items) => {
        tried.push(items);
        return attempt(items);
      }),
    );
    expect(kept).toEqual([8]);
    expect(tried.length).toBeLessThan(12);
  });

  it('gives no item when none is needed, after one attempt', () => {
    let attempts = 0;
    const attempt: Attempt<number> = (items) => {
      attempts++;
      return items;
    };
    expect(run(reduce(upTo(1000), attempt))).toEqual([]);
    expect(attempts).toBe(1);
  });

  it('looks at few items, to find few among many', () => {
    const wanted = [17, 40_000, 99_999];
    let attempts = 0;
    let looked = 0;
    const attempt: Attempt<number> = (items) => {
      attempts++;
      looked += items.length;
      const all = new Set(items);
      return wanted.every((item) => all.has(item)) ? items : null;
    };
    expect(run(reduce(upTo(100_000), attempt))).toEqual(wanted);
    expect(attempts).toBeLessThan(150);
    expect(looked).toBeLessThan(10 * 100_000);
  });

  it('yields after each attempt', () => {
    let attempts = 0;
    const reduction = reduce(upTo(8), (items) => {
      attempts++;
      return items.includes(3) ? items : null;
    });
    for (let yields = 1; reduction.next().done !== true; yields++) expect(attempts).toBe(yields);
    expect(attempts).toBeGreaterThan(5);
  });
});

describe('reducePairs', () => {
  it('gives a result that shows it, and that no pair can be taken from', () => {
    fc.assert(
      fc.property(anyOracle, (how) => {
        const { isShown, attempt, items } = oracleOf(how);
        const kept = run(reducePairs(items, attempt));
        expect(isShown(kept)).toBe(true);
        const left = run(reducePairs(kept, attempt));
        // Once more may find more, as another pair has become possible; then nothing is left.
        if (left === kept) {
          for (const one of kept.keys()) {
            for (let other = one + 1; other < kept.length; other++) {
              expect(isShown(without(kept, one, other))).toBe(false);
            }
          }
        } else expect(left.length).toBeLessThan(kept.length);
      }),
    );
  });

  it('removes two that can only go together', () => {
    const attempt: Attempt<number> = (items) =>
      items.includes(0) && items.includes(2) === items.includes(5) ? items : null;
    expect(run(reducePairs([0, 2, 5], attempt))).toEqual([0]);
  });

  it('gives the same array when no pair can go', () => {
    const items = upTo(5);
    expect(run(reducePairs(items, () => null))).toBe(items);
  });
});

describe('fewest', () => {
  it('gives a selection that shows it, and none with fewer items does', () => {
    fc.assert(
      fc.property(anyOracle, (how) => {
        const { isShown, attempt, items } = oracleOf(how);
        const kept = run(fewest(items, attempt));
        expect(isShown(kept)).toBe(true);
        // Every selection, told by the bits of a number.
        for (let bits = 0; bits < 2 ** items.length; bits++) {
          const selection = items.filter((item) => (bits & (1 << item)) !== 0);
          if (selection.length < kept.length) expect(isShown(selection)).toBe(false);
        }
      }),
      { numRuns: sized(40) },
    );
  });

  it('gives the same array when every item is needed', () => {
    const items = upTo(4);
    expect(run(fewest(items, () => null))).toBe(items);
  });
});
