import { describe, expect, test } from 'vitest';
import { RULE_SETS } from '../../src/engine/rule-sets/index.ts';
import { isBefore, knownVersion, ruleSetFor, versionOf } from '../../src/history/index.ts';

/** The name of the rule set that answers; null: none does, or it is no version. */
function answering(name: string): string | null {
  const answer = ruleSetFor(name);
  return answer !== null && 'set' in answer ? answer.set.id : null;
}

describe('a version', () => {
  test('is read as people spell it', () => {
    expect(versionOf('v2.4.22')).toEqual(versionOf('2.4.22'));
    expect(versionOf('2.6.12-1+deb12u1')).toEqual(versionOf('2.6.12'));
    expect(versionOf('3.5-dev5')?.branch).toBe('3.5');
  });

  test.each([
    '',
    '2',
    '2.',
    'v',
    '2.4.',
    '2.4-dev',
    '2.4.x',
    '2.4-rc1',
    '08016ab82',
    ' 2.4',
    '2.4-x',
  ])('is not %j', (text) => expect(versionOf(text)).toBeNull());

  test('comes before those that are younger; a branch stands for its newest', () => {
    const ordered = [
      '2.2.0',
      '2.3-dev1',
      '2.3-dev8',
      '2.3.0',
      '2.3.10',
      '2.3',
      '2.4-dev1',
      '3.0.0',
    ];
    const versions = ordered.map(knownVersion);
    for (const [at, one] of versions.entries()) {
      const later = versions.map((other) => isBefore(one, other));
      expect(later).toEqual(versions.map((_, other) => other > at));
    }
  });
});

describe('the rule set of a name', () => {
  test.each(RULE_SETS.map(({ id }) => id))('%s is itself', (id) => {
    expect(ruleSetFor(id)).toMatchObject({ set: { id }, isExact: true, since: [] });
    expect(ruleSetFor(`v${id}`)).toMatchObject({ set: { id }, isExact: true });
  });

  test('is the newest of its branch that is not younger', () => {
    expect(answering('2.2')).toBe('2.2.0');
    expect(answering('2.2.33')).toBe('2.2.0');
    expect(answering('v2.3')).toBe('2.3.0');
    expect(answering('2.3-dev1')).toBe('08016ab82');
    expect(answering('2.3-dev9')).toBe('08016ab82');
    expect(answering('2.4-dev1')).toBe('3aab17bd5');
    expect(answering('2.4-dev6')).toBe('3aab17bd5');
  });

  test('is the newest of all for latest', () => {
    expect(ruleSetFor('latest')).toMatchObject({ set: RULE_SETS.at(-1), isExact: false });
  });

  test('is none for a branch without one, which has neighbours', () => {
    expect(ruleSetFor('2.1')).toEqual({ before: null, after: RULE_SETS[0] });
    expect(ruleSetFor('2.2-dev7')).toEqual({ before: null, after: RULE_SETS[0] });
    expect(ruleSetFor('4.0')).toEqual({ before: RULE_SETS.at(-1), after: null });
  });

  test('is none, and has no neighbours, for what is no version', () => {
    for (const name of ['', 'newest', 'Latest', '08016ab', '__proto__']) {
      expect(ruleSetFor(name)).toBeNull();
    }
  });
});

/** Commits and bugs that the branch of a version is known to have changed since its rule set. */
function since(name: string): string[] {
  const answer = ruleSetFor(name);
  if (answer === null || !('set' in answer)) throw new Error(`nobody answers for ${name}`);
  return answer.since.map(({ bug, commits }) => `${bug} ${commits[0]?.id}`);
}

describe('what a branch has changed since', () => {
  test('is what it was asked for and others before it were not', () => {
    expect(since('2.2.33')).toContain('B15 6ed242ece');
    expect(since('2.3.5')).toEqual(expect.arrayContaining(['B24 3aab17bd5', 'B3 fbff85425']));
    expect(since('2.2.33')).not.toContain('B24 3aab17bd5');
    expect(since('2.3.5')).not.toContain('B23 87b96cf3a');
  });

  test('is nothing that came to it on its own way later than the version', () => {
    expect(since('2.4-dev6')).toEqual([]);
    expect(since('2.4-dev7')).toEqual(['B4 3f07c20fa', 'B4 08d87b3f4']);
  });

  test('is nothing that its rule set has', () => {
    expect(since('2.4-dev1')).toEqual([]);
    expect(since('2.4')).not.toContain('B24 3aab17bd5');
  });
});
