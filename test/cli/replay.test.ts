import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  AGREEING,
  DIVERGING,
  type Ended,
  type Given,
  header,
  INVALID,
  inFolder,
  longTrace,
  REPLAY,
  replay,
  runProgram,
  trace,
} from './run.ts';

/** Runs `replay` in a folder that holds the given files. */
function replayIn(
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[],
  given: Given = {},
): Promise<Ended> {
  return inFolder((cwd) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(cwd, path, '..'), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    return replay(args, { cwd, ...given });
  });
}

describe('a trace that agrees', () => {
  test('shows every step, says nothing on stderr, and exits with 0', async () => {
    const { code, stdout, stderr } = await replayIn({ 'a.jsonl': AGREEING }, ['a.jsonl']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "a.jsonl  rules 08016ab82
        a test
         1  session_new             s1 fe                   ok
            sess s1    new  idle_conns 0  prefer_last false  srv_list []
         2  connect_server          t1 s1 b/srv             = NONE, new c1
            calls      conn_new() = c1
            conn c1    new  owner s1  target b/srv  mux h1  streams [t1]
                       used_streams 1  io [XPRT_READY WAIT_XPRT]
            srv b/srv  curr_used_conns, max_used_conns, est_need_conns 0 → 1
         3  detach                  t1                      ok
            calls      srv_add_to_idle_list(b/srv, c1, 0) = 1
            conn c1    owner s1 → null  flags [] → [IDLE_LIST]  list null → idle
                       streams [t1] → []  used_streams 1 → 0  avail_streams 0 → 1
            srv b/srv  idle [] → [c1]  curr_used_conns 1 → 0
                       curr_idle_conns, curr_idle_nb 0 → 1

      1 file, 3 steps, no divergence
      "
    `);
  });

  test('is a summary only, when quiet', async () => {
    const { code, stdout } = await replayIn({ 'a.jsonl': AGREEING }, ['-q', 'a.jsonl']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 file, 3 steps, no divergence\n' });
  });

  test('has a head and no steps with --steps none', async () => {
    const args = ['--steps', 'none', 'a.jsonl', 'b.jsonl'];
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING, 'b.jsonl': AGREEING }, args);
    expect(stdout).toMatchInlineSnapshot(`
      "a.jsonl  rules 08016ab82
        a test
        3 steps, no divergence

      b.jsonl  rules 08016ab82
        a test
        3 steps, no divergence

      2 files, 6 steps, no divergence
      "
    `);
  });

  test('shows the whole state with --full', async () => {
    const args = ['--full', '--range', '2-', 'a.jsonl'];
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING }, args);
    expect(stdout).toMatchInlineSnapshot(`
      "a.jsonl  rules 08016ab82
        a test
         2  connect_server          t1 s1 b/srv             = NONE, new c1
            calls      conn_new() = c1
            sess s1    idle_conns 0  prefer_last false  srv_list []
          * conn c1    owner s1  target b/srv  mux h1  streams [t1]  used_streams 1
                       io [XPRT_READY WAIT_XPRT]
          * srv b/srv  curr_used_conns 1  max_used_conns 1  est_need_conns 1
         3  detach                  t1                      ok
            calls      srv_add_to_idle_list(b/srv, c1, 0) = 1
            sess s1    idle_conns 0  prefer_last false  srv_list []
          * conn c1    owner null  flags [IDLE_LIST]  list idle  target b/srv  mux h1
                       avail_streams 1  io [XPRT_READY WAIT_XPRT]
          * srv b/srv  idle [c1]  curr_idle_conns 1  curr_idle_nb 1  max_used_conns 1
                       est_need_conns 1

      1 file, 3 steps, no divergence
      "
    `);
  });

  test('gives the same bytes from another folder, and twice', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      const here = await replay(['a.jsonl'], { cwd: folder });
      const again = await replay(['a.jsonl'], { cwd: folder });
      const there = await replay([join(folder, 'a.jsonl')], { cwd: '/' });
      expect(again).toEqual(here);
      expect(there.stdout.replace(`${folder}/`, '')).toBe(here.stdout);
    });
  });
});

describe('a trace that diverges', () => {
  test('shows the first cause, folds the rest, and exits with 1', async () => {
    const { code, stdout, stderr } = await replayIn({ 'd.jsonl': DIVERGING }, ['-q', 'd.jsonl']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "d.jsonl  rules 08016ab82
        a test

      d.jsonl:3: step 2 diverges: connect_server t1 s1 b/srv c1
        field          expected   actual
        conn.c1.owner  null       s1
          decided by connect_server (src/backend.c)
          connect.new.owned · c1 belongs to s1 from its creation
        conn.c1.flags  [PRIVATE]  []
          decided by connect_server (src/backend.c)
          connect.install.plain · c1 joins no list: it is not private, and can be
            joined at once only under http-reuse always with a stream free (here safe,
            free: 0)
        again    replay --range 2 d.jsonl

        and 1 divergence at 1 later step follows from step 2

      1 file, 3 steps, 2 divergences (1 more follows from them)
      "
    `);
  });

  test('shows only the diverging steps with --steps diverging', async () => {
    const args = ['--steps', 'diverging', 'd.jsonl'];
    const { stdout } = await replayIn({ 'd.jsonl': DIVERGING }, args);
    expect(stdout).toMatchInlineSnapshot(`
      "d.jsonl  rules 08016ab82
        a test
         2  connect_server          t1 s1 b/srv  = NONE, new c1, 2 divergences
            calls      conn_new() = c1
            conn c1    new  owner s1  target b/srv  mux h1  streams [t1]
                       used_streams 1  io [XPRT_READY WAIT_XPRT]
            srv b/srv  curr_used_conns, max_used_conns, est_need_conns 0 → 1

      d.jsonl:3: step 2 diverges: connect_server t1 s1 b/srv c1
        field          expected   actual
        conn.c1.owner  null       s1
          decided by connect_server (src/backend.c)
          connect.new.owned · c1 belongs to s1 from its creation
        conn.c1.flags  [PRIVATE]  []
          decided by connect_server (src/backend.c)
          connect.install.plain · c1 joins no list: it is not private, and can be
            joined at once only under http-reuse always with a stream free (here safe,
            free: 0)
        again    replay --range 2 d.jsonl

        and 1 divergence at 1 later step follows from step 2

      1 file, 3 steps, 2 divergences (1 more follows from them)
      "
    `);
  });

  test('is judged as a whole, whatever is selected', async () => {
    const { code, stdout } = await replayIn({ 'd.jsonl': DIVERGING }, ['--range', '1', 'd.jsonl']);
    expect(code).toBe(1);
    expect(stdout).toContain('2 divergences at steps that are not shown\n');
  });

  test('shows the command that really shows it again', async () => {
    await inFolder(async (folder) => {
      const name = "it's $HOME.jsonl";
      writeFileSync(join(folder, name), DIVERGING);
      const { stdout } = await replay(['-q', name], { cwd: folder });
      const command = /again +replay (.*)/.exec(stdout)?.[1];
      const line = `"$0" "$1" ${command}`;
      const again = await runProgram('bash', ['-c', line, process.execPath, REPLAY], {
        cwd: folder,
      });
      expect(again.code).toBe(1);
      expect(again.stdout).toContain(`${name}:3: step 2 diverges: connect_server`);
    });
  });
});

describe('a selection', () => {
  test('by id shows the life of one object', async () => {
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING }, ['--only', 'c1', 'a.jsonl']);
    const steps = stdout.split('\n').filter((line) => /^ {3}\d/.test(line));
    expect(steps.map((line) => line.slice(6).split(' ')[0])).toEqual(['connect_server', 'detach']);
  });

  test.each([[['--only', 'nobody']], [['--range', '90-']], [['-q', '--only', 'nobody']]])(
    '%j that matches nothing exits with 2',
    async (args) => {
      const { code, stderr } = await replayIn({ 'a.jsonl': AGREEING }, [...args, 'a.jsonl']);
      expect(code).toBe(2);
      expect(stderr).toBe('replay: no step of any trace is within --range and --only\n');
    },
  );
});

describe('paths', () => {
  const files = {
    'd/b.jsonl': AGREEING,
    'd/a-b.jsonl': AGREEING,
    'd/a/x.jsonl': AGREEING,
    'd/Z.jsonl': AGREEING,
    'd/.hidden.jsonl': INVALID,
    'd/readme.md': 'not a trace',
  };
  const heads = (stdout: string) => stdout.match(/^\S+\.jsonl/gm);

  test('of a directory come in the order of their code units, each once', async () => {
    const args = ['--steps', 'none', 'd/b.jsonl', 'd', './d/a'];
    const { code, stdout } = await replayIn(files, args);
    expect(code).toBe(0);
    expect(heads(stdout)).toEqual(['d/b.jsonl', 'd/Z.jsonl', 'd/a-b.jsonl', 'd/a/x.jsonl']);
  });

  test('may contain links that lead back', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      symlinkSync('.', join(folder, 'loop'));
      symlinkSync('a.jsonl', join(folder, 'same.jsonl'));
      symlinkSync('nowhere', join(folder, 'broken'));
      const { code, stdout } = await replay(['--steps', 'none', '.'], { cwd: folder });
      expect(code).toBe(0);
      expect(heads(stdout)).toEqual(['a.jsonl']);
    });
  });

  test('without traces, missing or broken are problems; the others are replayed', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      mkdirSync(join(folder, 'empty'));
      symlinkSync('nowhere', join(folder, 'broken.jsonl'));
      const args = ['-q', 'missing', 'empty', 'broken.jsonl', 'a.jsonl'];
      expect(await replay(args, { cwd: folder })).toEqual({
        code: 2,
        stdout: '1 file, 3 steps, no divergence, 3 paths not read\n',
        stderr:
          'missing: cannot be read: no such file or directory (ENOENT)\n' +
          'empty: no traces in this directory; *.jsonl files are read, at any depth\n' +
          'broken.jsonl: cannot be read: no such file or directory (ENOENT)\n',
      });
    });
  });

  test('- is standard input, once', async () => {
    const { code, stdout } = await replay(['-'], { input: AGREEING });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<stdin> {2}rules /);
    const twice = await replay(['-', '-'], { input: AGREEING });
    expect(twice).toMatchObject({ code: 2, stdout: '' });
    expect(twice.stderr).toContain('given twice');
  });
});

describe('input that cannot be judged', () => {
  const binary = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256);
  test.each<[string, string | Uint8Array, string]>([
    ['a typing error', INVALID, 'x.jsonl:2:10: unknown event "sesion_new"'],
    ['no JSON', `${header()}{"event":\n`, 'x.jsonl:2:'],
    ['an empty file', '', 'x.jsonl:1:1: the file is empty'],
    ['a binary file', binary, 'x.jsonl:1:1'],
    ['another version', header({ trace: 'haproxy-ownership/2' }), 'x.jsonl:1:'],
    ['an unknown rule set', header({ rules: 'abc' }), 'x.jsonl:1:1: unknown rule set'],
    ['a line without an end', 'x'.repeat(17 * 1024 * 1024), 'x.jsonl:1:1: the line is too long'],
  ])('%s is named with its place', async (_, content, problem) => {
    const files = { 'x.jsonl': content, 'y.jsonl': AGREEING };
    const { code, stdout, stderr } = await replayIn(files, ['-q', '.']);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stdout).toContain('2 files (1 not judged), 3 steps');
  });

  test('is not judged after its first problem, and is told so', async () => {
    const text = `${AGREEING}{"event":"detach"}\n{"event":"session_free","sess":"s1"}\n`;
    const { code, stdout } = await replayIn({ 'a.jsonl': text, 'b.jsonl': AGREEING }, ['.']);
    expect(code).toBe(2);
    expect(stdout).toContain('  3 steps replayed, then not judged: 1 problem\n');
    expect(stdout).not.toContain('session_free');
  });

  test('wins over what diverges', async () => {
    const files = { 'x.jsonl': INVALID, 'y.jsonl': DIVERGING };
    expect((await replayIn(files, ['-q', '.'])).code).toBe(2);
  });

  test('has its problems counted when there are very many', async () => {
    const text = header() + '{}\n'.repeat(71);
    const { stderr } = await replayIn({ 'x.jsonl': text }, ['-q', 'x.jsonl']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(51);
    expect(stderr).toMatch(/x\.jsonl: and \d+ more problems in this file\n$/);
  });
});

describe('text from a trace', () => {
  test('is never a control sequence of the terminal', async () => {
    const sess = '\u001b]0;owned\u0007';
    const text = trace(
      { event: 'session_new', sess, fe: 'fe', note: 'a\u001b[2J\u202eb' },
      { event: 'session_new', sess: '__proto__', fe: 'fe' },
      {
        event: 'session_free',
        sess,
        expect: { sess: { __proto__: null, [sess]: { idle_conns: 1 } } },
      },
    ).replace('a test', 'a \\u001b[31mtest');
    const path = 'x\u001b[31m.jsonl';
    const { code, stdout, stderr } = await replayIn({ [path]: text }, [path, 'no\u0007ne']);
    expect(code).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that must not come out
    const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
    expect(stdout).not.toMatch(unsafe);
    expect(stderr).not.toMatch(unsafe);
    expect(stdout).toContain('sess __proto__');
    expect(stderr).toContain('no\\u{7}ne: cannot be read');
  });
});

describe('usage', () => {
  test.each([
    [[], "missing required argument 'path'"],
    [['--ful', 'x'], "unknown option '--ful' (Did you mean --full?)"],
    [['--steps', 'some', 'x'], 'Allowed choices are all, diverging, none.'],
    [['--range', '9-3', 'x'], '3-9, 5- (to the end), -9 (from the start) or 7'],
    [['--only', 'c1,,c2', 'x'], 'none is empty'],
    [['-q', '--full', 'x'], "option '-q, --quiet' cannot be used with option '--full'"],
    [['--color', 'blue', 'x'], 'Allowed choices are auto, always, never.'],
    [['--rules', '08016ab8', 'x'], 'did you mean 08016ab82?'],
    [['--\u001b[31m', 'x'], "unknown option '--\\u{1b}[31m'"],
  ])('%j exits with 2 and says why', async (args, message) => {
    const { code, stdout, stderr } = await replay(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.startsWith('replay: ')).toBe(true);
  });

  test('a range may begin with a dash', async () => {
    const { code, stdout } = await replayIn({ 'a.jsonl': AGREEING }, ['--range', '-1', 'a.jsonl']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('connect_server');
  });

  test('--help fits 80 columns, groups options and ends with examples and exit codes', async () => {
    const { code, stdout, stderr } = await replay(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^\S.*:$/gm)).toEqual([
      'Arguments:',
      'Judging:',
      'Steps shown (all of them are judged):',
      'Output:',
      'Many files:',
      'Updating (files are rewritten):',
      'About:',
      'Commands:',
      'Examples:',
      'Exit codes:',
    ]);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test.each([[['--version']], [['-V']], [['-V', 'x']]])('%j is the version', async (args) => {
    expect(await replay(args)).toMatchObject({ code: 0, stderr: '' });
    expect((await replay(args)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('colour', () => {
  const colored = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { stdout } = await replayIn({ 'a.jsonl': AGREEING }, [...args, 'a.jsonl'], { env });
    return stdout.includes('\u001b[');
  };

  test('comes only when it is asked for, where there is no terminal', async () => {
    expect(await colored([])).toBe(false);
    expect(await colored(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
    expect(await colored([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await colored(['--color=never'], { FORCE_COLOR: '1' })).toBe(false);
    expect(await colored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});

describe('a pipe', () => {
  test('gets everything, however large', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'long.jsonl'), longTrace(6000));
      const direct = await replay(['long.jsonl'], { cwd: folder });
      const piped = await runProgram(
        'sh',
        ['-c', '"$0" "$1" long.jsonl | (sleep 1; cat)', process.execPath, REPLAY],
        { cwd: folder },
      );
      expect(direct.stdout.length).toBeGreaterThan(1_000_000);
      expect(direct.stdout.endsWith('\n1 file, 12001 steps, no divergence\n')).toBe(true);
      expect(piped.stdout === direct.stdout).toBe(true);
      expect(piped.stderr).toBe('');
    });
  });

  test('may be closed by its reader, which ends the run without a word', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'long.jsonl'), longTrace(6000));
      const script = '{ "$0" "$1" long.jsonl; echo "code $?" >&2; } | head -1';
      const args = ['-c', script, process.execPath, REPLAY];
      const { stdout, stderr } = await runProgram('sh', args, { cwd: folder });
      expect(stdout).toMatch(/^long\.jsonl {2}rules \w+\n$/);
      expect(stderr).toBe('code 0\n');
    });
  });

  test('of errors may be closed as well', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'x.jsonl'), header() + '{}\n'.repeat(60));
      const script = '{ "$0" "$1" -q x.jsonl 2>&3; echo "code $?"; } 3>&1 >&2 | true';
      const args = ['-c', script, process.execPath, REPLAY];
      const { stderr } = await runProgram('sh', args, { cwd: folder });
      expect(stderr).toMatch(/not judged\).*\ncode 2\n$/);
    });
  });

  test.runIf(process.platform === 'linux')('that is full is an error', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      const args = ['-c', '"$0" "$1" a.jsonl > /dev/full', process.execPath, REPLAY];
      const { code, stderr } = await runProgram('sh', args, { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toBe(
        'replay: standard output cannot be written: no space left on the device (ENOSPC)\n',
      );
    });
  });
});
