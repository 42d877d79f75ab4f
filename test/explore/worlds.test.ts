import { describe, expect, test } from 'vitest';
import { type Exploration, PRESET_NAMES } from '../../src/explore/index.ts';
import { ROWS } from '../compare/causes.ts';
import { AFTER, BEFORE, explore, findings, preset, world } from './support.ts';

/**
 * Distinct states, transitions and longest path of every preset, by rule set. A changed number is
 * a changed model: of the rules, of what can happen, or of what makes two states one.
 */
const COUNTS: Readonly<Record<string, readonly [after: string, before: string]>> = {
  'failed-listing': [
    '987 states, 3465 transitions, depth 13',
    '470 states, 1592 transitions, depth 12',
  ],
  'shared-authentication': [
    '1615 states, 7180 transitions, depth 16',
    '1789 states, 8934 transitions, depth 15',
  ],
  'shared-authentication-fcgi': [
    '2475 states, 11499 transitions, depth 16',
    '1803 states, 9034 transitions, depth 15',
  ],
  'tcp-retry': ['477 states, 1130 transitions, depth 15', '147 states, 383 transitions, depth 10'],
  'send-proxy': ['84 states, 200 transitions, depth 11', '202 states, 518 transitions, depth 12'],
  'last-server': [
    '1208 states, 5218 transitions, depth 14',
    '674 states, 2541 transitions, depth 14',
  ],
  'last-answer': ['91 states, 236 transitions, depth 10', '95 states, 239 transitions, depth 10'],
  'no-memory': ['83 states, 187 transitions, depth 8', '87 states, 196 transitions, depth 8'],
  'dangling-owner': ['85 states, 313 transitions, depth 11', '53 states, 193 transitions, depth 9'],
  'delayed-mux': [
    '404 states, 1325 transitions, depth 11',
    '332 states, 975 transitions, depth 13',
  ],
  takeover: ['280 states, 1005 transitions, depth 10', '280 states, 1005 transitions, depth 10'],
  maintenance: ['17 states, 47 transitions, depth 6', '17 states, 47 transitions, depth 6'],
  'failed-attach': [
    '598 states, 2360 transitions, depth 12',
    '299 states, 1163 transitions, depth 11',
  ],
  'idle-periods': [
    '654 states, 1692 transitions, depth 13',
    '634 states, 1578 transitions, depth 13',
  ],
  'negotiated-shared': [
    '1230 states, 4807 transitions, depth 14',
    '1230 states, 4807 transitions, depth 14',
  ],
  lent: ['1097 states, 5713 transitions, depth 13', '441 states, 2309 transitions, depth 11'],
  'deleted-server': [
    '322 states, 780 transitions, depth 11',
    '296 states, 684 transitions, depth 11',
  ],
  'idle-io': ['495 states, 3532 transitions, depth 12', '383 states, 2738 transitions, depth 12'],
  'failed-reinsertion': [
    '83 states, 355 transitions, depth 7',
    '60 states, 272 transitions, depth 7',
  ],
  'maintenance-io': ['38 states, 197 transitions, depth 7', '35 states, 178 transitions, depth 7'],
  'maintenance-takeover': [
    '1000 states, 11407 transitions, depth 12',
    '1000 states, 11407 transitions, depth 12',
  ],
  keys: ['270 states, 1040 transitions, depth 12', '102 states, 374 transitions, depth 10'],
};

/** States under 08016ab82 when those that differ in names only are told apart. */
const NAMED: Readonly<Record<string, number>> = {
  'failed-listing': 1873,
  'shared-authentication': 6472,
  'shared-authentication-fcgi': 8624,
  'tcp-retry': 700,
  'send-proxy': 114,
  'last-server': 1820,
  'last-answer': 109,
  'no-memory': 107,
  'dangling-owner': 264,
  'delayed-mux': 911,
  takeover: 707,
  maintenance: 20,
  'failed-attach': 970,
  'idle-periods': 978,
  'negotiated-shared': 4708,
  lent: 1916,
  'deleted-server': 362,
  'idle-io': 714,
  'failed-reinsertion': 100,
  'maintenance-io': 42,
  'maintenance-takeover': 2765,
  keys: 1004,
};

/** Worlds in which 21ddc74e8 and 08016ab82 do the same: they are about other rule sets. */
const ALIKE: readonly string[] = ['negotiated-shared'];

const CAUSES = new Set(Object.values(ROWS).flat());

const sorted = (texts: readonly string[]) => [...texts].sort();

const explorations = new Map<string, Exploration>();

/** Explores a preset to its end, once for all tests that only look at what came of it. */
function explored(name: string, rules: string): Exploration {
  const key = `${rules} ${name}`;
  const known = explorations.get(key);
  if (known !== undefined) return known;
  const exploration = explore(preset(name), { rules });
  explorations.set(key, exploration);
  return exploration;
}

function countsOf(exploration: Exploration): string {
  const { states, transitions, depth } = exploration.progress;
  expect(exploration.search.isExhausted).toBe(true);
  return `${states} states, ${transitions} transitions, depth ${depth}`;
}

test('the counts of every preset are pinned', () => {
  expect(Object.keys(COUNTS).sort()).toEqual([...PRESET_NAMES].sort());
});

describe.each(PRESET_NAMES)('the preset %s', (name) => {
  test.each([
    [AFTER, 0],
    [BEFORE, 1],
  ] as const)('has as many states under %s as ever', (rules, at) => {
    expect(countsOf(explored(name, rules))).toBe(COUNTS[name]?.[at]);
  });

  test('has them whatever the order of the events', () => {
    const reversed = explore(preset(name), { rules: AFTER, reversed: true });
    expect(countsOf(reversed)).toBe(COUNTS[name]?.[0]);
  });

  test.each([AFTER, BEFORE])('is judged alike when names are told apart, under %s', (rules) => {
    const symmetric = explored(name, rules);
    const named = explore(preset(name), { rules, symmetric: false });
    expect(sorted(findings(named))).toEqual(sorted(findings(symmetric)));
    expect(named.search.isExhausted).toBe(true);
    expect(named.progress.states).toBeGreaterThanOrEqual(symmetric.progress.states);
    if (rules === AFTER) expect(named.progress.states).toBe(NAMED[name]);
    // The longest way can be longer: to a state that differs from a nearer one in names only.
    expect(named.progress.depth).toBeGreaterThanOrEqual(symmetric.progress.depth);
  });

  test.each([AFTER, BEFORE])('does everything that it is for, under %s', (rules) => {
    const { witnesses } = explored(name, rules).result();
    expect(witnesses.filter(({ depth, exists }) => exists && depth === null)).toEqual([]);
    expect(witnesses.some(({ depth }) => depth !== null)).toBe(true);
  });
});

describe.each(PRESET_NAMES)('two rule sets in the world %s', (name) => {
  const product = explore(preset(name), { from: BEFORE, rules: AFTER });

  test('part by causes that the reference knows, one trace for each', () => {
    const finds = product.takeFinds();
    expect(product.search.isExhausted).toBe(true);
    expect(finds.length > 0).toBe(!ALIKE.includes(name));
    expect(finds.filter(({ finding }) => !CAUSES.has(finding)).map((f) => f.finding)).toEqual([]);
  });

  test('part alike whatever the order of the events', () => {
    const reversed = explore(preset(name), { from: BEFORE, rules: AFTER, reversed: true });
    expect(sorted(findings(reversed))).toEqual(sorted(findings(product)));
    expect(reversed.progress.states).toBe(product.progress.states);
  });
});

test('one rule set does not part from itself', () => {
  const same = explore(preset('shared-authentication'), { from: AFTER, rules: AFTER });
  expect(same.result()).toMatchObject({ finds: 0, isExhausted: true });
  // Two worlds in step are as many states as one.
  const { states } = explore(preset('shared-authentication')).progress;
  expect(same.progress.states).toBe(states);
});

test('a world in which nothing can go wrong holds, and is exhausted', () => {
  const result = explore(world({ streams: 1 }), {
    properties: ['no-crash', 'used-count'],
  }).result();
  expect(result).toMatchObject({ finds: 0, isExhausted: true, stop: null });
});

test('without a second find wanted, the search ends with the first one', () => {
  const first = explore(preset('failed-listing'), { all: false });
  expect(first.result().finds).toBe(1);
  expect(first.takeFinds()).toHaveLength(1);
  expect(first.takeFinds()).toEqual([]);
  expect(first.search.isExhausted).toBe(false);
});

test('a property that is not selected is not found, and hides no other', () => {
  const result = explore(preset('shared-authentication'), { properties: ['entry-not-empty'] });
  expect(findings(result).filter((f) => !f.includes('sometimes'))).toEqual(['9 entry-not-empty']);
});
