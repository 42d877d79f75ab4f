import { describe, expect, test } from 'vitest';
import { AGREEING, type Ended, type Given, INVALID, replay, replayIn, trace } from '../run.ts';

const SETS = ['--from', '21ddc74e8', '--to', '08016ab82'];

/** A connection that is alive under the later rules only. */
const KEPT = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
  { event: 'detach', strm: 't1', idle: false },
  { event: 'mux_release', conn: 'c1', reason: 'closed' },
  { event: 'connect_server', strm: 't2', sess: 's1', target: 'b/srv', conn: 'c2' },
);

/** Nothing of it depends on the rules. */
const SAME = trace({ event: 'session_new', sess: 's1', fe: 'fe' });

/** Runs `replay compare` in a folder that holds the given files. */
function compareIn(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  given: Given = {},
): Promise<Ended> {
  return replayIn(files, ['compare', ...args], given);
}

describe('a trace under two rule sets', () => {
  test('shows where they part, field by field, with the rules that decided', async () => {
    const { code, stdout, stderr } = await compareIn({ 'k.jsonl': KEPT }, [...SETS, 'k.jsonl']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "k.jsonl  rules 21ddc74e8 → 08016ab82
        a test

      k.jsonl:3: step 2 parts: connect_server t1 s1 b/srv c1
        field          from  to
        conn.c1.owner  null  s1
          connect_server (src/backend.c)
            from  connect.new.ownerless · c1 belongs to nobody yet
            to    connect.new.owned · c1 belongs to s1 from its creation
        again    replay compare --from 21ddc74e8 --to 08016ab82 --range 2 k.jsonl

      k.jsonl:4: step 3 parts: detach t1 idle=false
        field                      from  to
        conn.c1                    none  alive
        srv.b/srv.curr_used_conns  0     1
        calls  (2 from, 0 to)
          - only from   mux_release(c1)  conn_free(c1)
          h1_detach (src/mux_h1.c)
            from  h1.detach.release.no-owner · c1 has no stream and no owner: it is
                  released
            to    h1.detach.kept · c1 is kept without a stream: it has an owner (s1),
                  no error, and is not shut
        again    replay compare --from 21ddc74e8 --to 08016ab82 --range 3 k.jsonl

        and again at 1 step: connect.new.ownerless | connect.new.owned

      1 file, 5 steps, 4 steps differ: 3 by 2 causes, 1 merely follows
      "
    `);
  });

  test('shows all that a single step has, when it is asked for', async () => {
    const args = (range: string) => [...SETS, '--range', range, 'k.jsonl'];
    const { stdout } = await compareIn({ 'k.jsonl': KEPT }, args('4'));
    expect(stdout).toMatchInlineSnapshot(`
      "k.jsonl  rules 21ddc74e8 → 08016ab82
        a test

      k.jsonl:5: step 4 parts: mux_release c1 reason=closed
        field       from                                          to
        impossible  "there is no connection c1, or not any more"  null
        calls  (0 from, 2 to)
          + only to     mux_release(c1)  conn_free(c1)
          come from earlier steps
        again    replay compare --from 21ddc74e8 --to 08016ab82 --range 4 k.jsonl

      1 file, 5 steps, 4 steps differ: 3 by 2 causes, 1 merely follows
      "
    `);
    const several = await compareIn({ 'k.jsonl': KEPT }, args('4-5'));
    expect(several.stdout).not.toContain('step 4');
  });

  test('shows every step that parts with --steps all, and none with --steps none', async () => {
    const all = await compareIn({ 'k.jsonl': KEPT }, [...SETS, '--steps', 'all', 'k.jsonl']);
    expect(all.stdout.match(/^k\.jsonl:\d+: step/gm)).toEqual([
      'k.jsonl:3: step',
      'k.jsonl:4: step',
      'k.jsonl:6: step',
    ]);
    const none = await compareIn({ 'k.jsonl': KEPT }, [...SETS, '--steps', 'none', 'k.jsonl']);
    expect(none.stdout).not.toContain('step 2');
    expect(none.code).toBe(1);
  });

  test('exits with 0 when nothing differs, whatever the trace expects', async () => {
    const { code, stdout } = await compareIn({ 's.jsonl': SAME }, [...SETS, '-q', 's.jsonl']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 file, 1 step, no difference\n' });
  });

  test('exits with 0 when both sets are the same one', async () => {
    const sets = ['--from', '08016ab82', '--to', '08016ab82'];
    const { code } = await compareIn({ 'k.jsonl': KEPT }, [...sets, 'k.jsonl']);
    expect(code).toBe(0);
  });

  test('comes from standard input as well', async () => {
    const { code, stdout } = await compareIn({}, [...SETS, '-'], { input: KEPT });
    expect(code).toBe(1);
    expect(stdout).toContain('<stdin>:3: step 2 parts: connect_server t1 s1 b/srv c1\n');
  });

  test('shows the command that really shows it again', async () => {
    const files = { 'k.jsonl': KEPT };
    const { stdout } = await compareIn(files, [...SETS, 'k.jsonl']);
    const again = [...stdout.matchAll(/again +replay compare (.*)/g)].at(-1)?.[1]?.split(' ');
    expect(again).toContain('3');
    const shown = await compareIn(files, again ?? []);
    expect(shown.stdout).toContain('k.jsonl:4: step 3 parts: detach t1 idle=false\n');
    expect(shown.stdout).not.toContain('k.jsonl:3:');
  });

  test('shows only what a selection matches; a selection without a match exits with 2', async () => {
    const only = await compareIn({ 'k.jsonl': KEPT }, [...SETS, '--only', 'c2', 'k.jsonl']);
    expect(only.stdout.match(/^k\.jsonl:\d+: step/gm)).toEqual(['k.jsonl:6: step']);
    const none = await compareIn({ 'k.jsonl': KEPT }, [...SETS, '--only', 'c9', 'k.jsonl']);
    expect(none.code).toBe(2);
    expect(none.stderr).toBe('replay: no step of any trace is within --range and --only\n');
  });

  test('does not judge a trace without events', async () => {
    const { code, stderr } = await compareIn({ 'k.jsonl': trace() }, [...SETS, 'k.jsonl']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^k\.jsonl:1:1: the trace has no events: there is nothing to judge; /);
  });

  test('gives the same bytes twice, and no escape reaches the terminal', async () => {
    const named = trace(
      { event: 'session_new', sess: '\u001b[31ms', fe: 'fe' },
      { event: 'connect_server', strm: 't', sess: '\u001b[31ms', target: 'b/srv', conn: '\u0007c' },
    );
    const one = await compareIn({ 'n.jsonl': named }, [...SETS, 'n.jsonl']);
    const other = await compareIn({ 'n.jsonl': named }, [...SETS, 'n.jsonl']);
    expect(other).toEqual(one);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
    expect(one.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('a directory', () => {
  test('has a summary by cause, most frequent first, each with its first place', async () => {
    const files = { 'd/a.jsonl': KEPT, 'd/b.jsonl': AGREEING, 'd/c.jsonl': SAME };
    const { code, stdout } = await compareIn(files, [...SETS, '-q', 'd']);
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "d/a.jsonl:3: first of 3 steps in 2 files (the rules differ)
          connect_server (src/backend.c)
            from  connect.new.ownerless · the new connection belongs to nobody yet
            to    connect.new.owned · the new connection belongs to the session from
                  its creation

      d/a.jsonl:4: first of 1 step in 1 file (the state differs)
          h1_detach (src/mux_h1.c)
            from  h1.detach.release.no-owner · the connection has no stream and no
                  owner: it is released
            to    h1.detach.kept · the connection is kept without a stream: it has an
                  owner, no error, and is not shut

      3 files, 9 steps, 5 steps differ in 2 files: 4 by 2 causes, 1 merely follows
      "
    `);
  });

  test('fits into 80 columns', async () => {
    const { stdout } = await replay(['compare', ...SETS, 'traces/bugs'], { cwd: process.cwd() });
    const lines = stdout.split('\n').filter((line) => !line.startsWith('  again '));
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe('what cannot be judged exits with 2', () => {
  test.each([
    [['k.jsonl'], "required option '--from <set>' not specified"],
    [['--from', '21ddc74e8', 'k.jsonl'], "required option '--to <set>' not specified"],
    [SETS, "missing required argument 'path'"],
    [['--from', '21ddc74', '--to', '08016ab82', 'k.jsonl'], '(did you mean 21ddc74e8?)'],
    [['--from', '21ddc74e8', '--to', '08016ab83', 'k.jsonl'], "unknown rule set '08016ab83'"],
    [[...SETS, '--steps', 'some', 'k.jsonl'], 'Allowed choices are first, all, none.'],
    [[...SETS, '-', '-'], 'standard input (-) is given twice'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await compareIn({ 'k.jsonl': KEPT }, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('an invalid or missing trace; the others are compared all the same', async () => {
    const files = { 'a.jsonl': INVALID, 'k.jsonl': KEPT };
    const args = [...SETS, '-q', 'a.jsonl', 'none.jsonl', 'k.jsonl'];
    const { code, stdout, stderr } = await compareIn(files, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^none\.jsonl: cannot be read: no such file/);
    expect(stderr).toMatch(/^a\.jsonl:2:/m);
    expect(stdout).toContain('2 files (1 not judged), 5 steps, 4 steps differ in 1 file: ');
    expect(stdout).toContain('1 path not read');
  });
});
