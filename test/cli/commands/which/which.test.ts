import { describe, expect, test } from 'vitest';
import { ruleSetNames } from '../../../../src/engine/rule-sets/index.ts';
import { AGREEING, DIVERGING, INVALID, replay, replayIn, trace } from '../../run.ts';

const B24 = 'traces/releases/2.3.0/creator-ends-first.after.jsonl';

describe('replay which', () => {
  test('tells the rule sets that agree, and where the nearest of the rest parts', async () => {
    const { code, stdout, stderr } = await replay(['which', B24]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('  agrees with 2.3.0, 38b4d2eb2\n  nearest of the rest: ');
    expect(stdout).toContain('further away: ');
    expect(stdout).toMatch(/:8: step 7 diverges: detach\n/);
    expect(stdout).toMatch(/^ {2}crash {2}session_unown_conn {2}null$/m);
    expect(stdout).toMatch(/^ {2}again {4}replay --rules \S+ --range 4-7 traces\//m);
  });

  test('does not look at the rule set that the trace names', async () => {
    const lines = AGREEING.replace('"config"', '"rules":"2.2.0","config"');
    const { stdout } = await replayIn({ 'a.jsonl': lines }, ['which', 'a.jsonl']);
    const { stdout: same } = await replayIn({ 'a.jsonl': AGREEING }, ['which', 'a.jsonl']);
    expect(stdout).toBe(same);
  });

  test('says where none agrees, and tells the nearest: exit code 1', async () => {
    const { code, stdout } = await replayIn({ 'd.jsonl': DIVERGING }, ['which', 'd.jsonl']);
    expect(code).toBe(1);
    expect(stdout).toContain('  no rule set agrees\n  nearest of the rest: ');
  });

  test('says so of a trace that expects nothing: exit code 2', async () => {
    const silent = trace({ event: 'session_new', sess: 's1', fe: 'fe' });
    const { code, stdout } = await replayIn({ 's.jsonl': silent }, ['which', 's.jsonl']);
    expect(code).toBe(2);
    expect(stdout).toContain('  it expects nothing: every rule set agrees');
    expect(stdout).not.toContain('agrees with');
  });

  test('does not take a crash for agreement that a trace says nothing of', async () => {
    const text = trace(
      { event: 'session_new', sess: 's1', fe: 'fe', expect: {} },
      { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', fail: ['connection'] },
    );
    const { code, stdout } = await replayIn({ 'c.jsonl': text }, ['which', 'c.jsonl']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}agrees with 2\.2\.0, (?!08016ab82)/);
    expect(stdout).toContain('08016ab82 (1 divergence, by its end)');
  });

  test('of several traces tells how many agree with each rule set, and which with all', async () => {
    const files = { 'a.jsonl': AGREEING, 'd.jsonl': DIVERGING, 'i.jsonl': INVALID };
    const { code, stdout, stderr } = await replayIn(files, ['which', '.']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^i\.jsonl:2:/);
    expect(stdout).toContain('a.jsonl: agrees with every rule set\n');
    expect(stdout).toContain('d.jsonl: no rule set agrees, nearest: ');
    expect(stdout).toContain('i.jsonl: not judged\n');
    expect(stdout.replaceAll(/\n {2}/g, ' ')).toContain(
      `of 2 files: ${ruleSetNames()
        .map((name) => `${name} 1`)
        .join(', ')}\n`,
    );
    expect(stdout).toContain('no rule set agrees with all of them\n');
    expect(stdout).toContain('1 file not judged, or without an expectation\n');
  });

  test('of several traces with one origin names it', async () => {
    const { code, stdout } = await replay(['which', B24, 'traces/recorded/2.3.0']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nwith all of them: 2\.3\.0(, 38b4d2eb2)?\n$/);
  });
});
