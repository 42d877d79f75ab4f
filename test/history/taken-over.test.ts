import { describe, expect, test } from 'vitest';
import { findRuleSet } from '../../src/engine/rule-sets/index.ts';
import { BACKPORTS, takenOver } from '../../src/history/index.ts';

const rules260 = findRuleSet('2.6.0');
const rules280 = findRuleSet('2.8.0');

describe('a release whose branch has taken over a change', () => {
  test('has what came with it, and nothing else of the releases that it is from', () => {
    const change = BACKPORTS.find(({ commits }) => commits[0]?.id === 'ecb40b2c3');
    if (rules260 === undefined || rules280 === undefined || change === undefined) throw new Error();
    const taken = takenOver(rules260, change);
    expect(taken?.retriesAreSafe).toBe(rules280.retriesAreSafe);
    expect(rules260.retriesAreSafe).not.toBe(rules280.retriesAreSafe);
    expect(taken?.muxErrors).toBe(rules260.muxErrors);
    expect(taken?.pool).toBe(rules260.pool);
  });

  test('is unknown where no rule set knows of the change', () => {
    const change = BACKPORTS.find(({ commits }) => commits[0]?.id === '852234848');
    if (rules260 === undefined || change === undefined) throw new Error();
    expect(takenOver(rules260, change)).toBeNull();
  });
});
