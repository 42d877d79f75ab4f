import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { allRules } from '../../src/engine/index.ts';
import { lineage } from '../../src/engine/rule-sets/chain.ts';
import { hasRule } from '../../src/engine/rule-sets/differences.ts';
import { findRuleSet, RULE_SETS, type RuleSet } from '../../src/engine/rule-sets/index.ts';
import { backingOfChange, backingOfRule, evidenceOf, isRead } from '../../src/evidence/index.ts';
import { runProgram } from '../cli/run.ts';
import { CORPUS, readValid, tracesBelow } from '../engine/traces.ts';

const FOLDER = new URL('../../src/evidence/sets/', import.meta.url);
const TOOL = fileURLToPath(new URL('../recordings/evidence.js', import.meta.url));

function ruleSet(name: string): RuleSet {
  const set = findRuleSet(name);
  if (set === undefined) throw new Error(`no rule set ${name}`);
  return set;
}

describe('what is checked in', () => {
  test.each(RULE_SETS)('tells of every rule of $id, and of every change', (set) => {
    const hint = `run: npm run evidence -- ${set.id}`;
    const { rules, changes } = evidenceOf(set);
    const has = allRules()
      .map(({ id }) => id)
      .filter((id) => hasRule(set, id));
    expect(Object.keys(rules), hint).toEqual(has.sort());
    const changed = new Set(lineage(set).flatMap((each) => [...each.changes.keys()]));
    expect(Object.keys(changes), hint).toEqual([...changed].sort());
  });

  test('is about the rule sets that there are', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(RULE_SETS.map(({ id }) => `${id}.json`).sort());
  });

  test.each(RULE_SETS)('counts no more recordings of $id than there are', (set) => {
    const { recordings, rules, changes } = evidenceOf(set);
    for (const count of [...Object.values(rules), ...Object.values(changes)]) {
      expect(count ?? 0).toBeLessThanOrEqual(recordings);
    }
  });
});

describe('what backs a rule', () => {
  test('is every tree whose recordings have exercised it, the oldest first', () => {
    const trees = backingOfRule('conn.new').map(({ tree }) => tree);
    const recorded = RULE_SETS.filter((set) => evidenceOf(set).recordings > 0);
    expect(trees).toEqual(recorded.map(({ id }) => id));
    expect(backingOfRule('connect.install.lent').map(({ tree }) => tree)).not.toContain(
      '08016ab82',
    );
  });

  test('is nothing where no recording has exercised it, of whatever tree', () => {
    const read = allRules().filter(({ id }) => isRead(id));
    expect(read.length).toBeGreaterThan(0);
    for (const { id } of read) {
      expect(RULE_SETS.map((set) => evidenceOf(set).rules[id] ?? 0).filter((n) => n > 0)).toEqual(
        [],
      );
    }
  });

  test('is nothing for a rule that nobody knows, whatever it is called', () => {
    expect(['no.such.rule', '__proto__', 'constructor'].map(backingOfRule)).toEqual([[], [], []]);
  });
});

describe('what backs a change', () => {
  test('are the trees in which the place does what it has come to do', () => {
    const trees = (set: string) =>
      backingOfChange(ruleSet(set), 'listAtMuxInstall')?.map(({ tree }) => tree);
    expect(trees('08016ab82')).toEqual(['08016ab82']);
    expect(trees('2.3.0')).toEqual(expect.arrayContaining(['2.3.0', '38b4d2eb2']));
    expect(trees('2.3.0')).not.toContain('08016ab82');
  });

  test('is not asked of a place that has always done the same', () => {
    expect(backingOfChange(ruleSet('2.2.0'), 'listAtMuxInstall')).toBe(null);
  });
});

describe('npm run evidence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-evidence-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const recorded = new URL('recorded/2.3.0/', CORPUS);
  const evidence = (...args: string[]) =>
    runProgram(process.execPath, [TOOL, '--into', folder, ...args, '2.3.0']);
  const file = join(folder, '2.3.0.json');

  test('writes what recordings back, and finds out when that is not so any more', async () => {
    const from = ['--from', fileURLToPath(recorded)];
    expect(await evidence(...from)).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' });
    const { recordings, rules } = JSON.parse(readFileSync(file, 'utf8'));
    const files = tracesBelow(recorded);
    expect(recordings).toBe(files.length);
    expect(rules['conn.new']).toBe(files.length);
    expect(await evidence(...from, '--check')).toEqual({ code: 0, stdout: '', stderr: '' });

    writeFileSync(file, readFileSync(file, 'utf8').replace('"conn.new": ', '"conn.new": 1'));
    const stale = await evidence(...from, '--check');
    expect(stale).toEqual({
      code: 1,
      stdout: '',
      stderr: `${file} is not current: npm run evidence -- 2.3.0\n`,
    });
  });

  test('takes nothing from a recording that the rules do not agree with', async () => {
    const [name = ''] = tracesBelow(recorded);
    const { header, events } = readValid(recorded, name);
    const [first, ...others] = events;
    const wrong = { ...first, expect: { sess: { s1: { idle_conns: 7 } } } };
    const path = join(folder, 'wrong.jsonl');
    const lines = [header, wrong, ...others].map((line) => JSON.stringify(line));
    writeFileSync(path, `${lines.join('\n')}\n`);
    const { code, stderr } = await evidence('--from', path);
    expect(code).toBe(1);
    expect(stderr).toContain(`${path} diverges in sess.s1.idle_conns under 2.3.0`);
  });
});
