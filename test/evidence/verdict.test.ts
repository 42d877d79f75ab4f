import { describe, expect, test } from 'vitest';
import { backingOfRule } from '../../src/evidence/index.ts';
import { replay } from '../cli/run.ts';

/** Each with the rule that its verdict rests on, and how it comes to that. */
const CASES = {
  crash: {
    args: ['traces/failures/orphan-of-a-freed-connection-h2.jsonl'],
    rules: '08016ab82',
    rule: 'h2.orphan.freed',
    code: 0,
  },
  divergence: {
    args: ['--rules', '2.3.0', 'traces/releases/2.3.0/constant-sni.before.jsonl'],
    rules: '2.3.0',
    rule: 'connect.sni.constant',
    code: 1,
  },
  finding: {
    args: ['traces/releases/2.3.0/fcgi-blocked-stream-dropped-while-waking.jsonl'],
    rules: '2.3.0',
    rule: 'fcgi.orphan.woken',
    code: 0,
  },
};
const { crash, divergence } = CASES;
/** Crashes by a rule that recordings have exercised. */
const RECORDED = 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl';

const says = ({ rules, rule }: { rules: string; rule: string }) =>
  `this rests on a rule of ${rules} that no recording of HAProxy has exercised: ${rule}`;
const oneLine = (text: string) => text.replace(/\s+/g, ' ');
const times = (text: string, part: string) => oneLine(text).split(part).length - 1;

describe('a verdict that rests on a rule which no recording has exercised', () => {
  test.each(Object.entries(CASES))('says so once: a %s', async (_, { args, code, ...about }) => {
    expect(backingOfRule(about.rule)).toEqual([]);
    const shown = await replay(args);
    expect(shown.code).toBe(code);
    expect(times(shown.stdout, says(about))).toBe(1);
    const quiet = await replay(['-q', ...args]);
    expect(times(quiet.stdout, says(about))).toBe(1);
  });

  test.each(['agent', 'github', 'junit', 'sarif', 'tap'])('says so once in %s', async (name) => {
    const { stdout } = await replay(['--reporter', name, ...crash.args, ...divergence.args]);
    const rules = `h2.orphan.freed, ${divergence.rule}`;
    const both = `this rests on 2 rules of 2.3.0 that no recording of HAProxy has exercised: ${rules}`;
    expect(times(stdout, both)).toBe(1);
  });

  test('names the rules in json and jsonl, of the file and of the run', async () => {
    const json = JSON.parse((await replay(['--reporter', 'json', ...crash.args])).stdout);
    expect(json.files[0].unrecorded).toEqual([crash.rule]);
    expect(json.totals.unrecorded).toEqual({ [crash.rules]: [crash.rule] });
    const { stdout } = await replay(['--reporter', 'jsonl', '-q', ...crash.args]);
    const lines = stdout.trim().split('\n');
    const [end, run] = lines.slice(-2).map((line) => JSON.parse(line));
    expect(end.unrecorded).toEqual([crash.rule]);
    expect(run.totals.unrecorded).toEqual({ [crash.rules]: [crash.rule] });
  });

  test('agrees all the same: what it rests on fails no test', async () => {
    const agent = await replay(['--reporter', 'agent', ...crash.args]);
    expect(agent.stdout).toContain('\nok: 1 file, ');
    const junit = await replay(['--reporter', 'junit', ...crash.args]);
    expect(junit.stdout).toContain('failures="0" errors="0"');
    const tap = await replay(['--reporter', 'tap', ...crash.args]);
    expect(tap.stdout).toMatch(/^1\.\.1\nok 1 - .*\n# this rests on /m);
  });

  test('is told of each rule set', async () => {
    const paths = [...crash.args, ...CASES.finding.args];
    const whole = await replay(['-q', ...paths]);
    const sets = [crash, CASES.finding].map(says);
    expect(sets.map((text) => times(whole.stdout, text))).toEqual([1, 1]);
  });
});

describe('a verdict that rests on rules which recordings have exercised', () => {
  test('says nothing of it', async () => {
    for (const reporter of [
      'pretty',
      'json',
      'jsonl',
      'agent',
      'github',
      'junit',
      'sarif',
      'tap',
    ]) {
      const { stdout } = await replay(['--reporter', reporter, RECORDED]);
      expect(stdout).not.toMatch(/no recording|unrecorded/);
    }
  });
});

describe('--explain', () => {
  test('marks a rule that no recording has exercised, and no other', async () => {
    const marked = await replay(['--explain', ...crash.args]);
    const marks = marked.stdout.split('\n').filter((line) => line.includes('(read)'));
    expect(marks).toHaveLength(1);
    expect(marks[0]).toMatch(/ h2\.orphan\.freed \(read\)$/);
    const recorded = await replay(['--explain', RECORDED]);
    expect(recorded.stdout).not.toContain('(read)');
  });

  test('marks it in json and jsonl as well', async () => {
    const { stdout } = await replay(['--explain', '--reporter', 'jsonl', ...crash.args]);
    const decisions = stdout
      .trim()
      .split('\n')
      .flatMap((line) => JSON.parse(line).decisions ?? []);
    const read = decisions.filter(({ evidence }) => evidence !== undefined);
    expect(read.map(({ rule, evidence }) => [rule, evidence])).toEqual([[crash.rule, 'read']]);
  });
});
