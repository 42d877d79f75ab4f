import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  AGREEING,
  header,
  inFolder,
  longTrace,
  REPLAY,
  replay,
  replayIn,
  runProgram,
} from './run.ts';

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
