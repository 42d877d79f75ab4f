import { describe, expect, test } from 'vitest';
import { allRulesText, differencesText, ruleSetText } from '../../src/cli/commands/rules/text.ts';
import { allRules } from '../../src/engine/index.ts';
import { CHOICES, type Choice } from '../../src/engine/rule-sets/choices/index.ts';
import { hasRule, placesOf } from '../../src/engine/rule-sets/differences.ts';
import { findRuleSet, RULE_SETS, type RuleSet } from '../../src/engine/rule-sets/index.ts';
import { addReached } from '../../src/report/data/reached.ts';
import { coverageLines } from '../../src/report/parts/coverage.ts';
import { whoHas } from '../../src/report/parts/who-has.ts';
import { PLAIN } from '../../src/report/text/palette.ts';
import { OPTIONS } from './sample.ts';

const PLAIN_80 = { width: 80, palette: PLAIN };

function ruleSet(name: string): RuleSet {
  const set = findRuleSet(name);
  if (set === undefined) throw new Error(`no rule set ${name}`);
  return set;
}

const BEFORE = ruleSet('21ddc74e8');
const AFTER = ruleSet('08016ab82');
const ids = new Set(allRules().map(({ id }) => id));

describe('the table of choices', () => {
  const choices: Choice[] = Object.values(CHOICES);
  const ways = choices.map((choice) => Object.values(choice.ways));

  test('names rules that exist, each of which needs a way that names it at every choice that does', () => {
    const named = ways.flatMap((own) => own.flatMap(({ rules = [] }) => rules));
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    for (const [name, { ways: own }] of Object.entries<Choice>(CHOICES)) {
      const rules = new Set(Object.values(own).flatMap((way) => way.rules ?? []));
      for (const set of RULE_SETS) {
        const chosen = own[set[name as keyof typeof CHOICES]]?.rules ?? [];
        const others = [...rules].filter((id) => !chosen.includes(id));
        expect(others.filter((id) => hasRule(set, id))).toEqual([]);
      }
    }
  });

  test('says something else for each way, of a function of HAProxy and its file', () => {
    for (const [at, { fn, file }] of choices.entries()) {
      expect(fn).toMatch(/^[a-z0-9_]+(, [a-z0-9_]+)*$/);
      expect(file).toMatch(/^[\w/.-]+\.[ch](, [\w/.-]+\.[ch])*$/);
      const says = (ways[at] ?? []).map((way) => way.says);
      expect(says.length).toBeGreaterThan(1);
      expect(new Set(says).size).toBe(says.length);
    }
  });

  test('tells which rules a set has', () => {
    expect(hasRule(AFTER, 'connect.new.owned')).toBe(true);
    expect(hasRule(BEFORE, 'connect.new.owned')).toBe(false);
    expect(hasRule(BEFORE, 'connect.new.ownerless')).toBe(true);
    expect(RULE_SETS.every((set) => hasRule(set, 'conn.new'))).toBe(true);
  });

  test('is used up: each of its ways is chosen by some set', () => {
    for (const [name, { ways }] of Object.entries<Choice>(CHOICES)) {
      const chosen = new Set(RULE_SETS.map((set) => set[name as keyof typeof CHOICES]));
      expect([...chosen].sort()).toEqual(Object.keys(ways).sort());
    }
  });

  test('tells two sets apart at the same places in both directions', () => {
    expect(placesOf([BEFORE, AFTER])).toEqual(placesOf([AFTER, BEFORE]));
    expect(placesOf([AFTER, AFTER])).toEqual([]);
  });
});

describe('a listing', () => {
  test('of a difference names the sets in the order given', () => {
    const text = differencesText(AFTER, BEFORE, PLAIN_80);
    const lines = text.split('\n');
    expect(lines.slice(5, 10)).toEqual([
      '10 differences:',
      '',
      'connect_server (src/backend.c) · ownerFromCreation',
      '  08016ab82  a new connection belongs to the session that asks for it',
      '             connect.new.owned',
    ]);
  });

  test('of a set with itself has no difference', () => {
    expect(differencesText(AFTER, AFTER, PLAIN_80)).toContain('\nno difference\n');
  });

  test('of one set tells what it makes of each switch', () => {
    // A name that does not fit stands on the next line.
    const text = ruleSetText(BEFORE, PLAIN_80).replace(/\s+/g, ' ');
    for (const { name } of placesOf(RULE_SETS)) expect(text).toContain(`· ${name}`);
    expect(text).toContain('a new connection belongs to nobody');
  });

  test('of all rules names each once, and the sets that have it if not all do', () => {
    const lines = allRulesText(allRules(), null, PLAIN_80).split('\n');
    const named = lines.map((line) => /^ {2}(\S+\.\S+)/.exec(line)?.[1] ?? '').filter((id) => id);
    expect([...named].sort()).toEqual([...ids].sort());
    expect(lines).toContain('  connect.new.ownerless (only 2.2.0, 21ddc74e8)');
    expect(lines).toContain('  conn.new');
  });

  test.each([
    ['ABCDE', ''],
    ['B', 'only B'],
    ['DE', 'only D, E'],
    ['CDE', 'from C on'],
    ['ABCD', 'from A to D'],
    ['ABE', 'only A, B, E'],
  ])('says of %s of A to E: %s', (having, says) => {
    const names = ['A', 'B', 'C', 'D', 'E'];
    const has = names.map((name) => having.includes(name));
    expect(whoHas(names, has)).toBe(says);
  });

  test.each([40, 80])('stays within %i columns', (width) => {
    const options = { width, palette: PLAIN };
    const text =
      allRulesText(allRules(), null, options) +
      differencesText(BEFORE, AFTER, options) +
      allRulesText(allRules(), AFTER, options) +
      ruleSetText(AFTER, options);
    const long = text.split('\n').filter((line) => line.length > width && / \S+ /.test(line));
    expect(long).toEqual([]);
  });
});

describe('coverage', () => {
  test('adds up the files of each rule set', () => {
    const first = addReached({}, 'a', { 'x.y': 1 });
    const second = addReached(first, 'b', { 'x.y': 5 });
    expect(addReached(second, 'a', { 'x.y': 2, 'x.z': 1 })).toEqual({
      a: { 'x.y': 3, 'x.z': 1 },
      b: { 'x.y': 5 },
    });
  });

  test('is nothing when nobody has counted', () => {
    expect(coverageLines({}, OPTIONS)).toEqual([]);
  });

  test('counts a rule or says that it never decided, and leaves out what the set lacks', () => {
    const lines = coverageLines({ '08016ab82': { 'conn.new': 12, 'conn.free.used': 3 } }, OPTIONS);
    const has = allRules().filter(({ id }) => hasRule(AFTER, id)).length;
    expect(lines.slice(0, 10)).toEqual([
      '',
      `rules of 08016ab82: 2 of ${has} have decided, ${has - 2} never`,
      '',
      '  include/haproxy/connection.h',
      '    conn_free',
      '    never  conn.free.idle',
      '    never  conn.free.idle-mark',
      '    never  conn.free.listed',
      '    never  conn.free.no-server',
      '        3  conn.free.used',
    ]);
    expect(lines).toContain('       12  conn.new');
    expect(lines.join('\n')).not.toContain('connect.new.ownerless');
  });

  test('of a set that has it all names nothing as missing', () => {
    const all = Object.fromEntries(allRules().map(({ id }) => [id, 1]));
    expect(coverageLines({ '21ddc74e8': all }, OPTIONS).join('\n')).not.toMatch(/^ +never /m);
  });
});
