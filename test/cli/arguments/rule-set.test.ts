import { describe, expect, test } from 'vitest';
import { RULE_SETS } from '../../../src/engine/rule-sets/index.ts';
import { AGREEING, DIVERGING, header, replay, replayIn, trace } from '../run.ts';

const NEWEST = RULE_SETS.at(-1)?.id ?? '';
const FILES = { 'a.jsonl': AGREEING };
/** What is told of 2.3, in full: that a rule set answers, and what the branch was asked for. */
const LINE_23 =
  /^replay: 2\.3 is answered by 2\.3\.0; known to have changed in 2\.3 since, or asked for there: 3aab17bd5 \(B24, rule set 3aab17bd5\), .*\n$/;

describe('a release as the name of a rule set', () => {
  test('judges by the one that answers, and is told once for all files', async () => {
    const files = { 'a.jsonl': AGREEING, 'b.jsonl': AGREEING };
    const { code, stdout, stderr } = await replayIn(files, [
      '--rules',
      '2.3',
      'a.jsonl',
      'b.jsonl',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('a.jsonl  rules 2.3.0\n');
    expect(stderr).toMatch(LINE_23);
  });

  test('is told of no more than once where it is named twice', async () => {
    const args = ['compare', '-q', '--from', '2.3', '--to', '2.3', 'a.jsonl'];
    const { code, stderr } = await replayIn(FILES, args);
    expect(code).toBe(0);
    expect(stderr).toMatch(LINE_23);
  });

  test('goes into commands as the rule set that answered', async () => {
    const args = ['compare', '--from', 'v2.2.33', '--to', '2.3.7', 'a.jsonl'];
    const { stdout } = await replayIn(FILES, args);
    expect(stdout).toContain('again    replay compare --from 2.2.0 --to 2.3.0 --range 2 a.jsonl');
  });

  test.each([
    ['minimize', ['minimize', '--rules', '2.3', 'd.jsonl']],
    ['explore', ['explore', '--rules', '2.3', '--depth', '1', 'delayed-mux']],
    ['rules', ['rules', '2.3']],
  ])('is understood by %s', async (_, args) => {
    const { stdout, stderr } = await replayIn({ 'd.jsonl': DIVERGING }, args);
    expect(stdout).not.toBe('');
    expect(stderr.match(/^replay: .* is answered by .*$/gm)).toHaveLength(1);
    expect(stderr).toContain('replay: 2.3 is answered by 2.3.0; ');
  });

  test('needs no line where it is the name itself', async () => {
    const { code, stderr } = await replayIn(FILES, ['-q', '--rules', 'v2.3.0', 'a.jsonl']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('is latest for the newest', async () => {
    const { stdout, stderr } = await replayIn(FILES, ['--rules', 'latest', 'a.jsonl']);
    expect(stdout).toContain(`a.jsonl  rules ${NEWEST}\n`);
    expect(stderr).toContain(`replay: latest is answered by ${NEWEST}`);
  });

  test('is no name in a header, which is told the one that is', async () => {
    const { code, stderr } = await replayIn({ 'h.jsonl': header({ rules: '2.3' }) }, ['h.jsonl']);
    expect(code).toBe(2);
    expect(stderr).toContain('unknown rule set "2.3"');
    expect(stderr).toContain('did you mean "2.3.0"?');
  });
});

describe('a release that no rule set answers for', () => {
  test.each([
    ['2.1', "no rule set of '2.1': 2.2.0 is the nearest after it"],
    ['4.0', `no rule set of '4.0': ${NEWEST} is the nearest before it`],
  ])('%s: the neighbours are told', async (name, what) => {
    const { code, stdout, stderr } = await replayIn(FILES, ['--rules', name, 'a.jsonl']);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `replay: ${what}\n` });
  });
});

describe('replay rules of a release', () => {
  test('ends with what its branch was asked for, in words', async () => {
    const { code, stdout } = await replay(['rules', '2.3']);
    expect(code).toBe(0);
    expect(stdout).toContain(`
2.3 after 2.3.0, as far as it is known: what was asked for there, not what each
  release took over:

B24 · 3aab17bd5 2020-11-21 · in 2.4-dev1, asked for in 2.3 and later
  a connection in no session list is not taken from the session that made it
`);
  });

  test('has no such end where it is no release', async () => {
    const { stdout } = await replay(['rules', '08016ab82']);
    expect(stdout).not.toContain('as far as it is known');
  });
});

test('an expectation is judged by the rule set that answers', async () => {
  const events = trace(
    { event: 'session_new', sess: 's1', fe: 'fe' },
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
    { event: 'detach', strm: 't1', expect: { conn: { c1: { list: 'safe' } } } },
  );
  const { code, stdout } = await replayIn({ 'a.jsonl': events }, [
    '-q',
    '--rules',
    '2.3',
    'a.jsonl',
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain('again    replay --rules 2.3.0 --range');
});
