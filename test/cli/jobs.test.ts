import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseJobs } from '../../src/cli/arguments/job-count.ts';
import {
  AGREEING,
  DIVERGING,
  type Ended,
  INVALID,
  inFolder,
  longTrace,
  REPLAY,
  replay,
  replayProcess,
  runProgram,
} from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the same with one job, and with two, which are threads of a process; gives what one left behind. */
async function same(args: readonly string[], cwd: string, input = ''): Promise<Ended> {
  const one = await replay(['--jobs', '1', ...args], { cwd, input });
  const two = await replayProcess(['--jobs', '2', ...args], { cwd, input });
  expect({ code: two.code, stderr: two.stderr }).toEqual({ code: one.code, stderr: one.stderr });
  // Not by `toBe`, whose difference of two megabytes takes minutes.
  expect(two.stdout === one.stdout).toBe(true);
  return one;
}

/** Loaded into every thread before anything else: a worker that opens `boom.jsonl` is in trouble. */
const sabotage = (trouble: string): string => `
  const { isMainThread } = require('node:worker_threads');
  const fs = require('node:fs');
  const { syncBuiltinESMExports } = require('node:module');
  const { openSync } = fs;
  fs.openSync = (path, ...rest) => {
    if (!isMainThread && String(path).endsWith('boom.jsonl')) { ${trouble} }
    return openSync(path, ...rest);
  };
  syncBuiltinESMExports();
`;

/** Runs with several jobs while workers are in trouble. */
function sabotaged(
  trouble: string,
  files: readonly string[],
  args: readonly string[],
): Promise<Ended> {
  return inFolder(async (cwd) => {
    for (const name of files) writeFileSync(join(cwd, name), AGREEING);
    const preload = join(cwd, 'sabotage.cjs');
    writeFileSync(preload, sabotage(trouble));
    return replayProcess([...args, ...files], {
      cwd,
      env: { NODE_OPTIONS: `--require=${preload}` },
    });
  });
}

describe('several jobs print the same bytes as one', () => {
  test.each([
    ['traces', ['-q']],
    ['traces/releases', []],
    ['traces/releases', ['-q', '--reporter', 'json']],
    ['traces/bugs', ['--reporter', 'jsonl']],
    ['traces/bugs', ['--explain', '--only', 'c1']],
    ['traces/bugs', ['--color', 'always', '--rules', '21ddc74e8']],
  ])('over %s with %j', async (path, args) => {
    const { stdout, stderr } = await same([...args, path], ROOT);
    expect(stdout).not.toBe('');
    expect(stderr).toBe('');
  });

  test('for traces that diverge or are invalid, missing paths and standard input', async () => {
    await inFolder(async (cwd) => {
      const files = { a: longTrace(300), b: AGREEING, c: INVALID, d: DIVERGING, e: '' };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
      const paths = ['a', 'missing', 'b', '-', 'c', 'd', 'e'];
      for (const args of [['-q'], ['--full', '--range', '2-']]) {
        const { code, stdout, stderr } = await same([...args, ...paths], cwd, DIVERGING);
        expect(code).toBe(2);
        expect(stdout).not.toBe('');
        expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
          'missing',
          'c',
          'e',
          '',
        ]);
      }
    });
  });

  test('into files too', async () => {
    await inFolder(async (cwd) => {
      const files = ['a', 'b', 'c'];
      for (const name of files) writeFileSync(join(cwd, name), DIVERGING);
      const names = ['pretty', 'jsonl', 'tap'];
      const run = async (jobs: string): Promise<string[]> => {
        const reports = names.flatMap((name) => ['--reporter', `${name}=${name}${jobs}`]);
        const { code } = await replayProcess(['--jobs', jobs, ...reports, ...files], { cwd });
        expect(code).toBe(1);
        return names.map((name) => readFileSync(join(cwd, name + jobs), 'utf8'));
      };
      const one = await run('1');
      expect(await run('2')).toEqual(one);
      expect(one).not.toContain('');
    });
  });
});

describe('a worker that dies', () => {
  const FILES = ['a.jsonl', 'boom.jsonl', 'c.jsonl', 'd.jsonl'];
  const NONE = ['--steps', 'none'];

  test.each([
    ['throws', "throw new TypeError('a bug')", 'TypeError: a bug'],
    ['ends', 'process.exit(3)', 'a worker thread ended with 3'],
  ])('because it %s costs one file, and the exit code', async (_, trouble, told) => {
    const { code, stdout, stderr } = await sabotaged(trouble, FILES, [...NONE, '--jobs', '2']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^replay: internal error, please report it with boom\.jsonl\n/);
    expect(stderr).toContain(told);
    expect(stdout.match(/^\S+\.jsonl {2}rules/gm)).toEqual([
      'a.jsonl  rules',
      'c.jsonl  rules',
      'd.jsonl  rules',
    ]);
    expect(stdout).toMatch(/\n4 files \(1 not judged\), 9 steps, no divergence\n$/);
  });

  test('is none where there is nothing to share', async () => {
    for (const args of [
      ['--jobs', '4', 'boom.jsonl'],
      ['--jobs', '1', 'boom.jsonl', 'a.jsonl'],
    ]) {
      const [, , file = '', other] = args;
      const files = other === undefined ? [file] : [file, other];
      const { code, stderr } = await sabotaged('process.exit(3)', files, [
        '-q',
        ...args.slice(0, 2),
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });
});

describe('--jobs', () => {
  test('takes a number or auto', () => {
    expect(parseJobs('1')).toEqual({ jobs: 1 });
    expect(parseJobs('16')).toEqual({ jobs: 16 });
    expect(parseJobs('auto')).toEqual({ jobs: Math.min(availableParallelism(), 256) });
  });

  test.each(['0', '-1', '1.5', '', '257', '1e2', 'many'])('refuses %j', (value) => {
    expect(parseJobs(value)).toEqual({ problem: 'A number from 1 to 256 is allowed, or auto.' });
  });

  test('suggests auto for what is nearly that, and ends with 2', async () => {
    expect(await replay(['--jobs', 'atuo', 'traces'], { cwd: ROOT })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "replay: option '--jobs <n>' argument 'atuo' is invalid. A number from 1 to 256 is " +
        'allowed, or auto. Did you mean auto?\nreplay: try replay --help\n',
    });
  });

  test('ends when nobody reads any more', async () => {
    await inFolder(async (cwd) => {
      for (const name of ['a', 'b', 'c']) writeFileSync(join(cwd, name), longTrace(5000));
      const command = `'${process.execPath}' '${REPLAY}' --jobs 2 a b c | head -n 1`;
      const { code, stdout, stderr } = await runProgram('sh', ['-c', command], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toBe('a  rules 08016ab82\n');
    });
  });
});
