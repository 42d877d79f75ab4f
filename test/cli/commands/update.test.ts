import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AGREEING, DIVERGING, header, INVALID, inFolder, replay, trace } from '../run.ts';
import {
  CLAIMING,
  CONNECT,
  CRASHING,
  IMPOSSIBLE,
  type Left,
  NEW,
  UPDATED,
  updateIn,
} from './update-support.ts';

describe('replay -u', () => {
  test('rewrites what diverges, says so, and the trace agrees then', async () => {
    const { code, stdout, stderr, files } = await updateIn({ 'a.jsonl': DIVERGING }, [
      '-u',
      'a.jsonl',
    ]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'a.jsonl: 2 lines rewritten\n',
      stderr: '',
    });
    expect(files).toEqual({ 'a.jsonl': UPDATED });
    expect(await updateIn(files, ['-q', 'a.jsonl'])).toMatchObject({ code: 0 });
  });

  test.each([
    [['-u', 'a.jsonl']],
    [['--update', 'a.jsonl']],
    [['a.jsonl', '-u']],
    [['-qu', 'a.jsonl']],
    [['-u', '--', 'a.jsonl']],
  ])('takes no path for a mode: %j', async (args) => {
    const { code, files } = await updateIn({ 'a.jsonl': DIVERGING }, args);
    expect({ code, files }).toEqual({ code: 0, files: { 'a.jsonl': UPDATED } });
  });

  test('updates a file whose name is that of a mode', async () => {
    const { code, files } = await updateIn({ full: DIVERGING }, ['-u', 'full']);
    expect({ code, files }).toEqual({ code: 0, files: { full: UPDATED } });
  });

  test('leaves a file that agrees alone, with its time', async () => {
    await inFolder(async (cwd) => {
      const path = join(cwd, 'a.jsonl');
      writeFileSync(path, AGREEING);
      utimesSync(path, 1_000_000, 1_000_000);
      const before = statSync(path);
      const { code, stdout } = await replay(['-u', 'a.jsonl'], { cwd });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'a.jsonl: nothing to change\n' });
      expect(statSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    });
  });

  test('goes through directories and sums up', async () => {
    const given = { 'd/a.jsonl': AGREEING, 'd/b.jsonl': DIVERGING, 'd/c.jsonl': INVALID };
    const { code, stdout, stderr, files } = await updateIn(given, ['-u', 'd']);
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout:
        'd/a.jsonl: nothing to change\n' +
        'd/b.jsonl: 2 lines rewritten\n' +
        '3 files, 1 rewritten (2 lines), 1 refused\n',
    });
    expect(stderr).toContain('d/c.jsonl: not updated: the trace is invalid\n');
    expect(files).toEqual({ ...given, 'd/b.jsonl': UPDATED });
  });

  test('names only what it rewrote, when quiet', async () => {
    const given = { 'a.jsonl': AGREEING, 'b.jsonl': DIVERGING };
    const { stdout } = await updateIn(given, ['-u', '-q', 'a.jsonl', 'b.jsonl']);
    expect(stdout).toBe('b.jsonl: 2 lines rewritten\n2 files, 1 rewritten (2 lines)\n');
  });

  test('judges by the rule set that the trace names', async () => {
    const text = DIVERGING.replace('"title"', '"rules":"21ddc74e8","title"');
    const { files } = await updateIn({ 'a.jsonl': text }, ['-u', 'a.jsonl']);
    expect(files['a.jsonl']).toContain('"conn":{"c1":{"owner":null,"flags":[]}}');
  });
});

describe('replay --update=full and --update=missing', () => {
  test('full states everything, missing only what events without expect did', async () => {
    const text = trace(NEW, { ...CONNECT, expect: { ret: 'RESOURCE' } });
    const full = await updateIn({ 'a.jsonl': text }, ['--update=full', 'a.jsonl']);
    expect(full).toMatchObject({ code: 0, stdout: 'a.jsonl: 2 lines rewritten\n' });
    expect(full.files['a.jsonl']).toContain('"expect":{"ret":"NONE","reused":false,"calls":');
    const missing = await updateIn({ 'a.jsonl': text }, ['--update=missing', 'a.jsonl']);
    expect(missing).toMatchObject({
      code: 1,
      stdout: 'a.jsonl: 1 line rewritten; 1 divergence stays\n',
    });
    expect(missing.files['a.jsonl']).toBe(
      trace(
        {
          ...NEW,
          expect: { calls: [], sess: { s1: { idle_conns: 0, prefer_last: false, srv_list: [] } } },
        },
        { ...CONNECT, expect: { ret: 'RESOURCE' } },
      ),
    );
  });
});

describe('a refused update writes nothing and exits with 2', () => {
  const LOOK = 'look into it first; --update-force updates the file all the same';
  test.each([
    [
      'a new crash',
      CRASHING,
      `a.jsonl:3:1: not updated: step 2 crashes in connect_server, which it does not state; ${LOOK}\n`,
    ],
    [
      'another crash',
      CRASHING.replace('{"ret":"INTERNAL"}', '{"crash":"conn_free"}'),
      `a.jsonl:3:1: not updated: step 2 crashes in connect_server, not in conn_free; ${LOOK}\n`,
    ],
    [
      'an impossible step',
      IMPOSSIBLE,
      `a.jsonl:5:1: not updated: step 4 cannot have happened: stream t1 has no connection; ${LOOK}\n`,
    ],
    [
      'another connection than the input says',
      CLAIMING,
      `a.jsonl:5:1: not updated: step 4 gets c1, but its input "conn" says c9; ${LOOK}\n`,
    ],
  ])('%s', async (_, text, stderr) => {
    const left = await updateIn({ 'a.jsonl': text }, ['-u', 'a.jsonl']);
    expect(left).toEqual({ code: 2, stdout: '', stderr, files: { 'a.jsonl': text } });
  });

  test('an invalid trace, also when forced', async () => {
    const text = DIVERGING + INVALID.slice(INVALID.indexOf('\n') + 1);
    const args = ['-u', '--update-force', 'a.jsonl'];
    const { code, stdout, stderr, files } = await updateIn({ 'a.jsonl': text }, args);
    expect({ code, stdout, files }).toEqual({ code: 2, stdout: '', files: { 'a.jsonl': text } });
    expect(stderr).toContain('a.jsonl:5:');
    expect(stderr).toMatch(/a\.jsonl: not updated: the trace is invalid\n$/);
  });

  test('what would make the trace invalid, also when forced', async () => {
    const text = CLAIMING.replace('"ret":"RESOURCE"', '"reused":false');
    const { code, stdout, stderr, files } = await updateIn({ 'a.jsonl': text }, [
      '-u',
      '--update-force',
      'a.jsonl',
    ]);
    expect({ code, stdout, files }).toEqual({ code: 2, stdout: '', files: { 'a.jsonl': text } });
    expect(stderr).toBe(
      'a.jsonl:5:75: not updated: it would become invalid: no event so far introduces the ' +
        'connection "c9"; did you mean "c1"? connect_server and tcpcheck_eval_connect introduce a connection\n',
    );
  });

  test('standard input, also when forced; files beside it are updated', async () => {
    const args = ['-u', '--update-force', '-', 'a.jsonl'];
    const given = { 'a.jsonl': DIVERGING };
    expect(await updateIn(given, args, { input: DIVERGING })).toEqual({
      code: 2,
      stdout: 'a.jsonl: 2 lines rewritten\n2 files, 1 rewritten (2 lines), 1 refused\n',
      stderr: '<stdin>: not updated: standard input cannot be rewritten; give the path of a file\n',
      files: { 'a.jsonl': UPDATED },
    });
  });

  test('under CI', async () => {
    const given = { env: { CI: 'true' } };
    const { code, stderr, files } = await updateIn(
      { 'a.jsonl': DIVERGING },
      ['-u', 'a.jsonl'],
      given,
    );
    expect({ code, files }).toEqual({ code: 2, files: { 'a.jsonl': DIVERGING } });
    expect(stderr).toContain('not rewritten under CI');
    const forced = await updateIn(
      { 'a.jsonl': DIVERGING },
      ['-u', '--update-force', 'a.jsonl'],
      given,
    );
    expect(forced).toMatchObject({ code: 0, files: { 'a.jsonl': UPDATED } });
    const empty = await updateIn({ 'a.jsonl': DIVERGING }, ['-u', 'a.jsonl'], { env: { CI: '' } });
    expect(empty).toMatchObject({ code: 0, files: { 'a.jsonl': UPDATED } });
  });

  test('a path that is no file', async () => {
    const { code, stderr } = await updateIn({}, ['-u', 'missing.jsonl', '/dev/null']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'missing.jsonl: cannot be read: no such file or directory (ENOENT)\n' +
        '/dev/null: not updated: only a regular file can be rewritten\n',
    );
  });

  test('a crash that nothing is stated about is none when nothing has to be written', async () => {
    const text = CRASHING.replace(',"expect":{"ret":"INTERNAL"}', '');
    expect(await updateIn({ 'a.jsonl': text }, ['-u', 'a.jsonl'])).toMatchObject({ code: 0 });
    const full = await updateIn({ 'a.jsonl': text }, ['--update=full', 'a.jsonl']);
    expect(full).toMatchObject({ code: 2, files: { 'a.jsonl': text } });
  });
});

describe('replay -u --update-force', () => {
  const force = (text: string): Promise<Left> =>
    updateIn({ 'a.jsonl': text }, ['-u', '--update-force', 'a.jsonl']);

  test('states a new crash', async () => {
    const { code, stdout, files } = await force(CRASHING);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a.jsonl: 1 line rewritten\n' });
    expect(files['a.jsonl']).toBe(
      CRASHING.replace('{"ret":"INTERNAL"}', '{"ret":"INTERNAL","crash":"connect_server"}'),
    );
  });

  test.each([
    ['an impossible step', IMPOSSIBLE, '"RESOURCE"', '"NONE"'],
    ['an input', CLAIMING, '"RESOURCE"', '"NONE"'],
  ])('updates what can be, and says that %s stays', async (_, text, from, to) => {
    expect(await force(text)).toEqual({
      code: 1,
      stdout: 'a.jsonl: 1 line rewritten; 1 divergence stays\n',
      stderr: '',
      files: { 'a.jsonl': text.replace(from, to) },
    });
  });
});

describe('usage', () => {
  test.each([
    [
      ['--update=ful', 'a.jsonl'],
      "replay: unknown update mode 'ful'; allowed: --update=full, --update=missing, or -u alone (did you mean full?)\n",
    ],
    [
      ['-u=full', 'a.jsonl'],
      "replay: unknown update mode 'full'; allowed: --update=full, --update=missing, or -u alone\n",
    ],
    [
      ['--update-force', 'a.jsonl'],
      'replay: --update-force needs -u, --update=full or --update=missing\n',
    ],
    [
      ['-u', '--rules', '21ddc74e8', 'a.jsonl'],
      "replay: option '-u, --update' cannot be used with option '--rules <set>'\nreplay: try replay --help\n",
    ],
    [
      ['--update=full', '-u', 'a.jsonl'],
      "replay: option '-u, --update' cannot be used with option '--update=full'\nreplay: try replay --help\n",
    ],
    [
      ['--update=missing', '--range', '3', 'a.jsonl'],
      "replay: option '--update=missing' cannot be used with option '--range <first-last>'\nreplay: try replay --help\n",
    ],
  ])('%j is refused', async (args, stderr) => {
    const left = await updateIn({ 'a.jsonl': DIVERGING }, args);
    expect(left).toEqual({ code: 2, stdout: '', stderr, files: { 'a.jsonl': DIVERGING } });
  });

  test.each([
    ['--reporter', 'json'],
    ['--jobs', '2'],
    ['--shard', '1/2'],
    ['--steps', 'none'],
    ['--explain'],
    ['--coverage'],
    ['--full'],
    ['--watch'],
  ])('an update has no %s', async (...option) => {
    const { code, stderr, files } = await updateIn({ 'a.jsonl': DIVERGING }, [
      '-u',
      ...option,
      'a.jsonl',
    ]);
    expect({ code, files }).toEqual({ code: 2, files: { 'a.jsonl': DIVERGING } });
    expect(stderr).toContain(`'-u, --update' cannot be used with option '${option[0]}`);
  });

  test('a trace without events has nothing to fill', async () => {
    const { code, stdout } = await updateIn({ 'a.jsonl': header() }, ['--update=full', 'a.jsonl']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a.jsonl: nothing to change\n' });
  });
});
