import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../src/engine/objects/rule-set-t.ts';
import { child, descendsFrom, lineage, setsBetween } from '../../../src/engine/rule-sets/chain.ts';
import {
  commitsBetween,
  commitsOf,
  hasRule,
  placesOf,
  wayOf,
} from '../../../src/engine/rule-sets/differences.ts';
import { RULE_SETS, type RuleSet } from '../../../src/engine/rule-sets/index.ts';
import { rulesOf } from '../support.ts';

const OLDEST = rulesOf('2.2.0');
const PRE = rulesOf('21ddc74e8');
const POST = rulesOf('08016ab82');

const commit = (id: string): Commit => ({ id, date: '2021-01-01' });
const named = (id: string) => ({ id, date: '2021-01-01', release: '9.9', title: id });
const names = (sets: readonly RuleSet[]) => sets.map(({ id }) => id);

// Two branches from the second set: one goes back and forth, one goes back.
const left = child(POST, named('left'), [
  { by: [commit('l1')], sets: { addChecksOwner: 'no', ownerFromCreation: 'nobody' } },
]);
const leaf = child(left, named('leaf'), [
  { by: [commit('l2'), commit('l3')], sets: { addChecksOwner: 'yes' } },
]);
const right = child(POST, named('right'), [
  { by: [commit('r1')], sets: { h1DetachAlwaysLists: 'ownerless' } },
]);

/** Compiles a function that asks V8 itself; it is parsed again when it is called. */
function native<T>(source: string): T {
  setFlagsFromString('--allow-natives-syntax');
  return runInNewContext(source);
}

describe('the chain', () => {
  it('goes from each set to the oldest', () => {
    expect(names(lineage(leaf))).toEqual(['leaf', 'left', POST.id, PRE.id, OLDEST.id]);
    for (const set of RULE_SETS) expect(lineage(set).at(-1)).toBe(OLDEST);
  });

  it('lists every set below the ones that it was made from', () => {
    for (const [at, set] of RULE_SETS.entries()) {
      if (set.parent !== null) expect(RULE_SETS.slice(0, at)).toContain(set.parent);
    }
  });

  it('knows who descends from whom', () => {
    expect(descendsFrom(leaf, POST)).toBe(true);
    expect(descendsFrom(POST, POST)).toBe(true);
    expect(descendsFrom(POST, leaf)).toBe(false);
    expect(descendsFrom(leaf, right)).toBe(false);
  });

  it('leads from one branch to another through what they share, which is left out', () => {
    expect(names(setsBetween(leaf, right))).toEqual(['left', 'leaf', 'right']);
    expect(names(setsBetween(right, leaf))).toEqual(['right', 'left', 'leaf']);
    expect(names(setsBetween(PRE, POST))).toEqual([POST.id]);
    expect(names(setsBetween(POST, PRE))).toEqual([POST.id]);
    expect(setsBetween(leaf, leaf)).toEqual([]);
  });
});

describe('a rule set', () => {
  it('has what it changes, and the rest from its parent', () => {
    expect(left).toMatchObject({ id: 'left', parent: POST, addChecksOwner: 'no' });
    expect(left.listAtMuxInstall).toBe(POST.listAtMuxInstall);
    expect(left.pool).toBe(POST.pool);
    expect(leaf).toMatchObject({ addChecksOwner: 'yes', ownerFromCreation: 'nobody' });
  });

  it.each(RULE_SETS)('$id changes nothing to what it is already, and dates each commit', (set) => {
    const parent = set.parent;
    const changed = parent === null ? [] : placesOf([parent, set]).map(({ name }) => name);
    expect([...changed].sort()).toEqual([...set.changes.keys()].sort());
    for (const { id, date } of [...set.changes.values()].flat()) {
      expect(id).toMatch(/^[0-9a-f]{9}$/);
      expect(date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
    }
  });

  it('has the one hidden class of all rule sets, and is no dictionary', () => {
    const isSame = native<(one: object, other: object) => boolean>(
      '(one, other) => %HaveSameMap(one, other)',
    );
    const isFast = native<(one: object) => boolean>('(one) => %HasFastProperties(one)');
    for (const set of [...RULE_SETS, left, leaf, right]) {
      expect(isSame(PRE, set)).toBe(true);
      expect(isFast(set)).toBe(true);
    }
  });

  it('says one way of each place, and has the rules of that way', () => {
    // A rule may depend on two places, and is there only where both name it.
    const namesToo = (rule: string, place: string): boolean =>
      placesOf(RULE_SETS).some(
        ({ name }) =>
          name !== place && RULE_SETS.some((set) => wayOf(set, name).rules?.includes(rule)),
      );
    for (const set of RULE_SETS) {
      for (const { name } of placesOf(RULE_SETS)) {
        const { says, rules = [] } = wayOf(set, name);
        expect(says).not.toBe('');
        const missing = rules.filter((rule) => !hasRule(set, rule) && !namesToo(rule, name));
        expect(missing).toEqual([]);
      }
    }
  });
});

describe('between two sets', () => {
  const between = (one: RuleSet, other: RuleSet) =>
    placesOf([one, other]).map(({ name }) => [
      name,
      ...commitsBetween(one, other, name).map(({ id }) => id),
    ]);

  it('lie the places at which they differ, each with the commits on the way', () => {
    expect(between(POST, leaf)).toEqual([['ownerFromCreation', 'l1']]);
    expect(between(leaf, left)).toEqual([['addChecksOwner', 'l2', 'l3']]);
    expect(between(left, right)).toEqual([
      ['ownerFromCreation', 'l1'],
      ['addChecksOwner', 'l1'],
      ['h1DetachAlwaysLists', 'r1'],
    ]);
    expect(between(PRE, left).find(([name]) => name === 'listAtMuxInstall')).toEqual([
      'listAtMuxInstall',
      POST.id,
    ]);
  });

  it('a place is where the last change has put it', () => {
    expect(commitsOf(leaf, 'addChecksOwner').map(({ id }) => id)).toEqual(['l2', 'l3']);
    expect(commitsOf(leaf, 'listAtMuxInstall').map(({ id }) => id)).toEqual([POST.id]);
    expect(commitsOf(leaf, 'pool')).toEqual([]);
  });
});
