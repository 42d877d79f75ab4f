import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE, StateStore } from '../../src/search/store.ts';

function add(store: StateStore, state: readonly number[], parent = NONE, action = 0): boolean {
  return store.add(Uint32Array.from(state), 0, state.length, parent, action);
}

function all(store: StateStore): number[][] {
  const states: number[][] = [];
  for (let place = 0; place < store.end; place = store.next(place)) {
    const { words, at, length } = store.read(place);
    states.push([...words.subarray(at, at + length)]);
  }
  return states;
}

const words = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 });

test('keeps each state once, in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(words), (states) => {
      const store = new StateStore();
      const seen = new Map<string, number[]>();
      for (const state of states) {
        const isNew = !seen.has(state.join());
        if (isNew) seen.set(state.join(), state);
        expect(add(store, state)).toBe(isNew);
      }
      expect(all(store)).toEqual([...seen.values()]);
      expect(store.states).toBe(seen.size);
    }),
  );
});

test('a state that is longer by zeros is another one', () => {
  const store = new StateStore();
  expect(add(store, [1])).toBe(true);
  expect(add(store, [1, 0])).toBe(true);
  expect(add(store, [1, 0, 0])).toBe(true);
  expect(add(store, [1, 0])).toBe(false);
});

test('remembers where each state came from, and by which action', () => {
  const store = new StateStore();
  add(store, [7]);
  const second = store.end;
  add(store, [8, 9], 0, 65_535);
  const third = store.end;
  add(store, [10], second, 1);
  expect([store.parentOf(0), store.parentOf(second), store.parentOf(third)]).toEqual([
    NONE,
    0,
    second,
  ]);
  expect([store.actionOf(second), store.actionOf(third)]).toEqual([65_535, 1]);
});

test('states of all lengths find their place over the ends of the chunks that hold them', () => {
  const store = new StateStore();
  const expected: number[][] = [];
  // More than three chunks of 2^18 words, which no state stands across.
  for (let n = 0; expected.length < 1700; n++) {
    const state = Array.from({ length: 1 + ((n * 7919) % 1000) }, (_, at) => n * 3 + at);
    expected.push(state);
    expect(add(store, state)).toBe(true);
  }
  expect(store.end).toBeGreaterThan(3 * 2 ** 18);
  expect(all(store)).toEqual(expected);
  for (const state of expected) expect(add(store, state)).toBe(false);
});

test('says what it takes, and never less than it will', () => {
  const store = new StateStore();
  let foretold = store.bytesNext;
  for (let n = 0; n < 50_000; n++) {
    add(store, [n, n]);
    expect(store.bytes).toBeLessThanOrEqual(foretold);
    foretold = store.bytesNext;
  }
  // Two words, two more for the links, and the table.
  expect(store.bytes / store.states).toBeLessThan(60);
});
