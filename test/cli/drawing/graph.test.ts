import { describe, expect, test } from 'vitest';
import { glyphsFor } from '../../../src/cli/streams/glyphs.ts';
import { columnsOf } from '../../../src/report/text/layout.ts';
import {
  DIVERGING,
  header,
  INVALID,
  longTrace,
  replay,
  replayIn,
  replayProcess,
  trace,
} from '../run.ts';

const B1 = 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl';

/** The rows of a graph: the lines below the legend, up to the summary. */
function rows(stdout: string): string[] {
  const [, , body = ''] = stdout.split('\n\n');
  return body.split('\n');
}

describe('replay --graph', () => {
  test('shows a row for each step, beside the lanes of sessions and connections', async () => {
    const { stdout, code } = await replay(['--graph', B1]);
    expect(code).toBe(0);
    expect(rows(stdout)).toEqual([
      '╭ sessions',
      '│   ╭ b/srv',
      'A      1  session_new s1 fe                               ok',
      'A───┊A 2  connect_server t1 s1 b/srv c1                   = NONE, new c1',
      'A───┊A 3  connect_server t2 s1 b/srv c1                   = NONE, reused c1',
      'A   ║A 4  conn_update c1 clear=WAIT_XPRT                  ok',
      'A   ║A 5  http_wait_for_response t1 status=401 fail=sess_srv_list  ok',
      'A   ┃  6  detach t1 fail=sess_srv_list                    ok',
      'A   ┃       ! private-has-owner  c1 is private, and nobody owns it (expected)',
      'A   ?  7  detach t2  crash in session_check_idle_conn',
    ]);
    expect(stdout).toContain('\n1 file, 7 steps, no divergence, 1 crash\n');
  });

  test('explains the characters that it uses, and no other', async () => {
    const { stdout } = await replay(['--graph', B1]);
    const [, legend = ''] = stdout.split('\n\n');
    expect(legend).toBe(
      '  A s1   ┊ connecting   ┃ in use   ║ by several streams   ? leaked\n  ┃A owned by A',
    );
  });

  test('does so in ASCII', async () => {
    const { stdout } = await replay(['--graph', '--glyphs', 'ascii', B1]);
    expect(rows(stdout).slice(0, 6)).toEqual([
      '. sessions',
      '|   . b/srv',
      'A      1  session_new s1 fe                               ok',
      'A---:A 2  connect_server t1 s1 b/srv c1                   = NONE, new c1',
      'A---:A 3  connect_server t2 s1 b/srv c1                   = NONE, reused c1',
      'A   #A 4  conn_update c1 clear=WAIT_XPRT                  ok',
    ]);
  });

  test('shows the steps that are selected, and the lanes of what these touch', async () => {
    const two = trace(
      { event: 'session_new', sess: 's1', fe: 'fe' },
      { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
      { event: 'session_new', sess: 's2', fe: 'fe' },
      { event: 'connect_server', strm: 't2', sess: 's2', target: 'b/srv', conn: 'c2' },
      { event: 'detach', strm: 't2' },
    );
    const { stdout } = await replayIn({ 'a.jsonl': two }, ['--graph', '--only', 'c2', 'a.jsonl']);
    expect(rows(stdout)).toEqual([
      '╭ sessions',
      '│   ╭ b/srv',
      'A───┊A 4  connect_server t2 s2 b/srv c2                   = NONE, new c2',
      'A   ○  5  detach t2                                       ok',
    ]);
    const range = await replayIn({ 'a.jsonl': two }, ['--graph', '--range', '3', 'a.jsonl']);
    expect(rows(range.stdout).slice(-1)).toEqual([
      'A  B   ┊A 3  session_new s2 fe                            ok',
    ]);
  });

  test('tells below a step how it diverges, and by which rule', async () => {
    const args = ['--graph', '--steps', 'diverging', 'a.jsonl'];
    const { stdout, code } = await replayIn({ 'a.jsonl': DIVERGING }, args);
    expect(code).toBe(1);
    expect(rows(stdout)).toEqual(
      [
        '╭ sessions',
        '│   ╭ b/srv',
        'A───┊A 2  connect_server t1 s1 b/srv c1  = NONE, new c1, 2 divergences',
        'A   ┊       ✗ conn.c1.owner  null expected, s1 here, by connect.new.owned',
        'A   ┊       ✗ conn.c1.flags  [PRIVATE] expected, [] here, by conn.new',
        'A   ┊  3  conn_update c1                                  no change, 1 following',
        '  and 1 divergence at 1 later step follows from step 2 (--all-divergences)',
      ].map((line) => line),
    );
  });

  test('explains each step beside its lanes', async () => {
    const { stdout } = await replay(['--graph', '--explain', '--range', '6', B1]);
    expect(rows(stdout)).toContain(
      'A   ┃       ! private-has-owner  c1 is private, and nobody owns it (expected)',
    );
    expect(rows(stdout).filter((line) => line.includes('h2.detach.private'))).not.toEqual([]);
    for (const line of rows(stdout).slice(3, -1)) expect(line).toMatch(/^A {3}┃/);
  });

  test('of an empty trace says why there is nothing', async () => {
    const { stdout, code } = await replayIn({ 'a.jsonl': header() }, ['--graph', 'a.jsonl']);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^a\.jsonl {2}rules 08016ab82\n {2}not read on: line 1: the trace has no events/,
    );
  });

  test('of a trace that is invalid half-way shows what was read, and why it ends', async () => {
    const half = `${longTrace(2)}{"event":"detach"\n`;
    const { stdout, stderr, code } = await replayIn({ 'a.jsonl': half }, ['--graph', 'a.jsonl']);
    expect(code).toBe(2);
    expect(rows(stdout)).toHaveLength(2 + 5 + 1);
    expect(rows(stdout).at(-1)).toMatch(/^ {2}not read on: line 7: /);
    expect(stderr).toMatch(/^a\.jsonl:7:\d+: /);
  });

  test('of a file without a header shows nothing', async () => {
    const { stdout, code } = await replayIn({ 'a.jsonl': 'x\n' }, ['--graph', 'a.jsonl']);
    expect({ stdout, code }).toEqual({ stdout: expect.stringContaining('1 not judged'), code: 2 });
    expect((await replayIn({ 'a.jsonl': INVALID }, ['--graph', 'a.jsonl'])).code).toBe(2);
  });

  test('prints the same by many threads', async () => {
    const files = [B1, 'traces/threads/takeover.jsonl'];
    const jobs = await replayProcess(['--graph', '--jobs', '2', ...files]);
    expect(jobs).toEqual(await replay(['--graph', ...files]));
  });

  test.each([
    ['--full', "replay: option '--graph' cannot be used with option '--full'\n"],
    ['-q', "replay: option '--graph' cannot be used with option '-q, --quiet'\n"],
    ['--glyphs=utf8', 'Allowed choices are auto, unicode, ascii.'],
  ])('is an error with %s', async (option, what) => {
    const { code, stderr } = await replay(['--graph', option, B1]);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
  });
});

describe('no line of a graph is wider than the terminal', () => {
  const id = 'n'.repeat(10_000);
  const long = trace(
    { event: 'session_new', sess: `s\u202e"</script>${id}`, fe: 'fe' },
    { event: 'connect_server', strm: id, sess: `s\u202e"</script>${id}`, target: 'b/srv' },
  );
  const many = trace(
    ...Array.from({ length: 60 }, (_, at) => [
      { event: 'session_new', sess: `s${at}`, fe: 'fe' },
      { event: 'connect_server', strm: `t${at}`, sess: `s${at}`, target: 'b/srv' },
    ]).flat(),
  );

  test.each([40, 80, 200])('of %i columns', async (columns) => {
    for (const text of [long, many]) {
      const args = ['--graph', '--color', 'never', 'a.jsonl'];
      const { stdout } = await replayIn({ 'a.jsonl': text }, args, { columns });
      const wide = stdout.split('\n').filter((line) => columnsOf(line) > columns);
      expect(wide.map((line) => line.slice(0, columns))).toEqual([]);
      expect(stdout).not.toContain('\u202e');
    }
  });

  test('where not all lanes fit the others are counted', async () => {
    const { stdout } = await replayIn({ 'a.jsonl': many }, ['--graph', 'a.jsonl']);
    expect(stdout).toContain('  +1 counts sessions and connections without a lane of their own');
    const last = rows(stdout).find((line) => line.includes(' 120  ')) ?? '';
    const counts = [...last.matchAll(/\+(\d+)/g)].map(([, count]) => Number(count));
    const lanes = last.slice(0, last.indexOf(' 120  '));
    const sessions = lanes.match(/(?<!┊)[A-Z](?=[ ─])/g) ?? [];
    const connections = lanes.match(/┊/g) ?? [];
    expect(counts).toEqual([60 - sessions.length, 60 - connections.length]);
    expect(connections.length).toBeGreaterThan(sessions.length);
  });
});

describe('the characters of a graph', () => {
  const on = (env: Record<string, string>, isTerminal = true): string =>
    glyphsFor({ mode: 'auto', env, isTerminal });

  test('are ASCII on a terminal whose locale is none of UTF-8', () => {
    expect(on({ LANG: 'C' })).toBe('ascii');
    expect(on({})).toBe('ascii');
    expect(on({ LANG: 'de_DE.UTF-8' })).toBe('unicode');
    expect(on({ LANG: 'C.utf8' })).toBe('unicode');
  });

  test('follow the variable that counts', () => {
    expect(on({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toBe('ascii');
    expect(on({ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' })).toBe('unicode');
  });

  test('are the same for every locale where there is no terminal', () => {
    expect(on({ LANG: 'C' }, false)).toBe('unicode');
  });

  test('are those that were asked for', () => {
    expect(glyphsFor({ mode: 'ascii', env: { LANG: 'C.UTF-8' }, isTerminal: true })).toBe('ascii');
    expect(glyphsFor({ mode: 'unicode', env: {}, isTerminal: true })).toBe('unicode');
  });
});
