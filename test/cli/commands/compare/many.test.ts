import { describe, expect, test } from 'vitest';
import { ruleSetNames } from '../../../../src/engine/rule-sets/index.ts';
import { AGREEING, type Ended, INVALID, replay, replayIn, trace } from '../../run.ts';

const B24 = 'traces/releases/2.3.0/creator-ends-first.after.jsonl';
const SETS = '21ddc74e8,08016ab82,2.3.0,38b4d2eb2,3aab17bd5';

/** A private connection that fails to be listed twice: B1. */
const B1 = 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl';

/** The line of a rule set, with what it goes on with; the continuation lines are joined. */
function rowOf({ stdout }: Ended, rules: string): string | undefined {
  const [head = ''] = stdout.split('\n\n');
  return head
    .replaceAll(/\n {5,}/g, ' ')
    .split('\n')
    .find((line) => line.startsWith(`  ${rules} `))
    ?.slice(2 + rules.length)
    .trim();
}

/** Runs `replay compare` in a folder that holds the given files. */
function compareIn(files: Record<string, string>, args: readonly string[]): Promise<Ended> {
  return replayIn(files, ['compare', ...args]);
}

const PLAIN = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
);

describe('a trace under many rule sets', () => {
  test('has a row for each, and a place for each cause between neighbours', async () => {
    const { code, stdout, stderr } = await compareIn({ 'p.jsonl': PLAIN }, [
      ...['--rules', '2.2.0,21ddc74e8,08016ab82'],
      'p.jsonl',
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "p.jsonl
        a test
        it expects nothing, so that none disagrees
        2.2.0      runs to its end
        21ddc74e8  runs to its end
        08016ab82  runs to its end

      21ddc74e8 → 08016ab82 at step 2 (line 3): connect_server t1 s1 b/srv c1
        conn.c1.owner null → s1
          connect_server (src/backend.c) · 08016ab82 2020-07-15
            21ddc74e8  connect.new.ownerless · c1 belongs to nobody yet
            08016ab82  connect.new.owned · c1 belongs to s1 from its creation
        again    replay compare --from 21ddc74e8 --to 08016ab82 p.jsonl

      1 file, 2 steps, 3 rule sets, 1 neighbour parts from the one before, by 1 cause
      "
    `);
  });

  test('says where it agrees, crashes, and which promise is broken, by release', async () => {
    const ended = await replay(['compare', '--rules', SETS, B24]);
    expect(ended.code).toBe(1);
    expect(rowOf(ended, '21ddc74e8')).toMatch(/^diverges at step 6: conn\.c1\.owner\b/);
    expect(rowOf(ended, '08016ab82')).toMatch(/^no crash in session_unown_conn at step 7, breaks/);
    for (const rules of ['2.3.0', '38b4d2eb2']) {
      expect(rowOf(ended, rules)).toBe(
        'agrees, crash in session_unown_conn at step 7, breaks owner-is-live at step 6',
      );
    }
    expect(rowOf(ended, '3aab17bd5')).toMatch(
      /^no crash in session_unown_conn at step 7 by session\.unown\.not-listed, /,
    );
  });

  test('names the commit that brought a bug, and the one that cured it', async () => {
    const { stdout } = await replay(['compare', '--rules', SETS, B24]);
    expect(stdout).toContain(
      '    h2_detach (src/mux_h2.c) · 6b8daef56 2020-10-15 · 46f041d7f 2020-10-15\n',
    );
    expect(stdout).toContain('    session_unown_conn (include/haproxy/session.h) · 3aab17bd5');
    expect(stdout).not.toContain('2.3.0 → 38b4d2eb2');
  });

  test('puts the rule sets in their order, whatever the names', async () => {
    const back = await compareIn({ 'p.jsonl': PLAIN }, ['--rules', '2.3.0, v2.2.0', 'p.jsonl']);
    const there = await compareIn({ 'p.jsonl': PLAIN }, ['--rules', '2.2.0,2.3.0', 'p.jsonl']);
    expect(back).toEqual(there);
    expect(there.stdout).toContain('2.2.0 → 2.3.0 at step 2 (line 3): connect_server');
  });

  test('takes all of them', async () => {
    const ended = await replay(['compare', '--rules', 'all', B1]);
    for (const name of ruleSetNames()) expect(rowOf(ended, name)).not.toBeUndefined();
    expect(rowOf(ended, '21ddc74e8')).toMatch(/^diverges at step 6: broken/);
    expect(rowOf(ended, '08016ab82')).toMatch(
      /^agrees, crash in session_check_idle_conn at step 7/,
    );
  });

  test('says that it expects nothing, and does not agree then', async () => {
    const ended = await compareIn({ 'p.jsonl': PLAIN }, ['--rules', '2.2.0,2.3.0', 'p.jsonl']);
    expect(ended.stdout).toContain('  it expects nothing, so that none disagrees\n');
    expect(rowOf(ended, '2.2.0')).toBe('runs to its end');
  });

  test('says which step is impossible under a rule set, and goes on under the others', async () => {
    const early = trace(
      { event: 'session_new', sess: 's1', fe: 'fe' },
      { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
      { event: 'conn_create_mux', conn: 'c1', mux: 'h2' },
      { event: 'detach', strm: 't1', expect: { conn: { c1: { list: 'safe' } } } },
    ).replace('"b/srv":{}', '"b/srv":{"alpn":"h2"}');
    const ended = await compareIn({ 'e.jsonl': early }, ['--rules', '08016ab82,2.3.0', 'e.jsonl']);
    expect(rowOf(ended, '08016ab82')).toBe('agrees, breaks pooled-has-no-owner at step 4');
    expect(rowOf(ended, '2.3.0')).toMatch(/^step 3 is impossible: c1 has its mux already/);
    expect(ended.stdout).toContain('08016ab82 → 2.3.0 at step 2 (line 3): connect_server');
  });

  test('is the same under all of them: exit code 0, and nothing but rows', async () => {
    const same = trace({ event: 'session_new', sess: 's1', fe: 'fe', expect: {} });
    const args = ['--rules', '2.2.0,2.3.0', 's.jsonl'];
    expect(await compareIn({ 's.jsonl': same }, args)).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        's.jsonl',
        '  a test',
        '  2.2.0  agrees',
        '  2.3.0  agrees',
        '',
        '1 file, 1 step, 2 rule sets, no difference',
        '',
      ].join('\n'),
    });
  });

  test('fits into 80 columns, but for the commands', async () => {
    const { stdout } = await replay(['compare', '--rules', 'all', 'traces/bugs']);
    const lines = stdout.split('\n').filter((line) => !line.startsWith('  again '));
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe('several traces under many rule sets', () => {
  test('end with a matrix, and the causes of each pair of neighbours', async () => {
    const files = { 'd/a.jsonl': PLAIN, 'd/b.jsonl': AGREEING, 'd/c.jsonl': PLAIN };
    const args = ['-q', '--rules', '2.2.0,21ddc74e8,08016ab82,2.3.0', 'd'];
    const { code, stdout, stderr } = await compareIn(files, args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "           agree  silent  parted
      2.2.0          1       2
      21ddc74e8      1       2       0
      08016ab82      1       2       3
      2.3.0          1       2       0
      silent: they expect nothing, parted: they differ from the line above

      21ddc74e8 → 08016ab82 part in 3 files by 1 cause:
        d/a.jsonl:3: first of 3 steps in 3 files
          connect_server (src/backend.c) · 08016ab82 2020-07-15
            21ddc74e8  connect.new.ownerless · the new connection belongs to nobody
                       yet
            08016ab82  connect.new.owned · the new connection belongs to the session
                       from its creation

      3 files, 7 steps, 4 rule sets, 1 neighbour parts from the one before in 3 files,
        by 1 cause
      "
    `);
  });

  test('are each told without -q', async () => {
    const files = { 'd/a.jsonl': PLAIN, 'd/b.jsonl': AGREEING };
    const { stdout } = await compareIn(files, ['--rules', '2.2.0,2.3.0', 'd']);
    expect(stdout).toContain('d/a.jsonl\n  a test\n  it expects nothing');
    expect(stdout).toContain('d/b.jsonl\n  a test\n  2.2.0  agrees\n');
  });

  test('that are invalid count as not judged: exit code 2', async () => {
    const files = { 'a.jsonl': INVALID, 'b.jsonl': AGREEING };
    const args = ['-q', '--rules', '2.2.0,2.3.0', 'a.jsonl', 'none.jsonl', 'b.jsonl'];
    const { code, stdout, stderr } = await compareIn(files, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^none\.jsonl: cannot be read: no such file/);
    expect(stdout).toContain('2 files (1 not judged), ');
    expect(stdout).toContain('1 path not read');
  });
});

describe('refused with exit code 2, and nothing on stdout', () => {
  test.each([
    [['--rules', '2.3.0'], '--rules takes two rule sets at least, or all'],
    [['--rules', '2.3.0,2.3.0'], '--rules names 2.3.0 twice'],
    [['--rules', '2.3.0,nonsense'], "unknown rule set 'nonsense'"],
    [['--rules', '2.3.0,4.0'], "no rule set of '4.0'"],
    [['--rules', '2.2.0,2.3.0', '--from', '2.2.0'], "option '--from <set>' cannot be used with"],
    [['--rules', '2.2.0,2.3.0', '--range', '1'], 'cannot be used with option'],
  ])('%j', async (args, what) => {
    const { code, stdout, stderr } = await compareIn({ 'p.jsonl': PLAIN }, [...args, 'p.jsonl']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });
});
