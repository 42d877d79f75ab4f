import { describe, expect, test } from 'vitest';
import { INVARIANTS } from '../../src/engine/invariants/index.ts';
import { BACKPORTS, BUGS, knownVersion } from '../../src/history/index.ts';

describe('the table of bugs', () => {
  test('has each bug once, by number', () => {
    const numbers = BUGS.map(({ name }) => Number(name.slice(1)));
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  });

  test('has what the promises name as their source', () => {
    for (const { name, source } of INVARIANTS) {
      const named = source.match(/\bB\d+\b/g) ?? [];
      const known = BUGS.filter(({ breaks }) => breaks.includes(name)).map((bug) => bug.name);
      expect(known, name).toEqual(expect.arrayContaining(named));
    }
  });
});

describe('the table of what branches were asked for', () => {
  test('is in the order of time', () => {
    const dates = BACKPORTS.map(({ commits }) => commits[0]?.date ?? '');
    const months = dates.map((date) => date.slice(0, 7));
    expect(months).toEqual([...months].sort());
  });

  test('asks branches that are older than what they are asked for', () => {
    for (const { first, from } of BACKPORTS) {
      const [major, minor] = knownVersion(first).place;
      const [oldMajor, oldMinor] = knownVersion(from ?? '0.0').place;
      expect(oldMajor * 1000 + oldMinor).toBeLessThan(major * 1000 + minor);
    }
  });
});
