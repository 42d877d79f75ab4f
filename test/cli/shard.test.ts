import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemsOfShard, parseShard } from '../../src/cli/jobs/shard.ts';
import { AGREEING, inFolder, REPLAY, replay, runProgram } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHARDS = ['1/3', '2/3', '3/3'];

/** The files that a run with `--steps none` tells, each by the line that opens it. */
function filesIn(stdout: string): string[] {
  return stdout.match(/^traces\/\S+\.jsonl {2}rules \S+$/gm) ?? [];
}

function hasGnuParallel(): boolean {
  const { stdout } = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.startsWith('GNU parallel');
}

describe('the files of a shard', () => {
  const corpus = fc.tuple(
    fc.uniqueArray(fc.integer(), { maxLength: 60 }),
    fc.integer({ min: 1, max: 70 }),
  );
  const allShards = <Item>(items: readonly Item[], count: number): Item[][] =>
    Array.from({ length: count }, (_, at) => itemsOfShard(items, { index: at + 1, count }));

  test('are in no other shard, and every file is in one', () => {
    fc.assert(
      fc.property(corpus, ([items, count]) => {
        const shared = allShards(items, count).flat();
        expect(shared).toHaveLength(items.length);
        expect(new Set(shared)).toEqual(new Set(items));
      }),
    );
  });

  test('keep their order, and are as many as in any other shard, give or take one', () => {
    fc.assert(
      fc.property(corpus, ([items, count]) => {
        const shards = allShards(items, count);
        const sizes = shards.map((shard) => shard.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const shard of shards) {
          expect(shard).toEqual(items.filter((item) => shard.includes(item)));
        }
      }),
    );
  });
});

describe('--shard', () => {
  test.each([
    ['1/1', { index: 1, count: 1 }],
    ['2/4', { index: 2, count: 4 }],
    ['10/10', { index: 10, count: 10 }],
  ])('takes %s', (value, shard) => {
    expect(parseShard(value)).toEqual({ shard });
  });

  test.each([
    ['0/4', 'Shards count from 1; did you mean 1/4?'],
    ['5/4', 'With 4 in all, 1/4 to 4/4 are allowed.'],
    ['2/1', 'With 1 in all, 1/1 is allowed.'],
    ['2-4', 'Did you mean 2/4?'],
    ['2 of 4', 'Did you mean 2/4?'],
    ['4', '1/4, 2/4, 3/4 or 4/4'],
    ['1/0', '1/4, 2/4, 3/4 or 4/4'],
    ['-1/4', '1/4, 2/4, 3/4 or 4/4'],
    ['1.5/4', '1/4, 2/4, 3/4 or 4/4'],
    ['1/99999999999999999999', '1/4, 2/4, 3/4 or 4/4'],
    ['', '1/4, 2/4, 3/4 or 4/4'],
  ])('refuses %j and says what is allowed', async (value, hint) => {
    expect(parseShard(value)).toEqual({ problem: expect.stringContaining(hint) });
  });

  test('that is wrong ends the program with 2 and one line', async () => {
    const { code, stdout, stderr } = await replay(['--shard', '5/4', 'traces'], { cwd: ROOT });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      "replay: option '--shard <i/n>' argument '5/4' is invalid. With 4 in all, 1/4 to 4/4 are " +
        'allowed.\nreplay: try replay --help\n',
    );
  });

  test('replays in all shards together what one run replays', async () => {
    const args = ['--steps', 'none', 'traces'];
    const whole = await replay(args, { cwd: ROOT });
    const parts: string[] = [];
    for (const shard of SHARDS) {
      const { code, stdout } = await replay(['--shard', shard, ...args], { cwd: ROOT });
      expect(code).toBe(whole.code);
      parts.push(...filesIn(stdout));
    }
    expect(filesIn(whole.stdout).length).toBeGreaterThan(SHARDS.length);
    expect(parts.sort()).toEqual(filesIn(whole.stdout).sort());
  });

  test('without a file for it ends with 0 and says so', async () => {
    await inFolder(async (cwd) => {
      for (const name of ['a', 'b']) writeFileSync(join(cwd, `${name}.jsonl`), AGREEING);
      for (const args of [[], ['-q'], ['--only', 'c1']]) {
        expect(await replay([...args, '--shard', '3/3', '.'], { cwd })).toEqual({
          code: 0,
          stdout: '',
          stderr: 'replay: nothing to do in shard 3/3: there are 2 files\n',
        });
      }
    });
  });

  test('of paths without any file ends with 2 like the whole', async () => {
    await inFolder(async (cwd) => {
      const whole = await replay(['.', 'missing.jsonl'], { cwd });
      expect(whole.code).toBe(2);
      expect(await replay(['--shard', '2/2', '.', 'missing.jsonl'], { cwd })).toEqual(whole);
    });
  });

  test('runs under GNU parallel, and its reports together are the report of one run', async (context) => {
    if (!hasGnuParallel())
      context.skip('GNU parallel is not installed (Debian: apt install parallel)');
    await inFolder(async (HOME) => {
      const at = (name: string): string => join(HOME, name);
      const report = ['--reporter', `json=${at('{#}.json')}`];
      const command = [process.execPath, REPLAY, ...report, '--shard', '{}', '-q', 'traces'];
      const args = ['--jobs', '2', ...command, ':::', ...SHARDS];
      const env = { HOME };
      const { code, stderr } = await runProgram('parallel', args, { cwd: ROOT, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

      const reports = SHARDS.map((_, index) => at(`${index + 1}.json`));
      const merged = await replay(['merge', '--reporter', 'json', ...reports], { cwd: ROOT });
      const whole = await replay(['-q', '--reporter', 'json', 'traces'], { cwd: ROOT });
      expect(merged.code).toBe(0);
      expect(merged.stdout === whole.stdout).toBe(true);
    });
  });
});
