import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesIn } from './commands/update-support.ts';
import {
  AGREEING,
  DIVERGING,
  type Ended,
  type Given,
  INVALID,
  inFolder,
  longTrace,
  replay,
  replayProcess,
} from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = { 'a.jsonl': AGREEING, 'd/b.jsonl': DIVERGING, 'd/c.jsonl': INVALID };

/** What a run left behind: what it said, and the files of its folder. */
interface Left extends Ended {
  readonly files: Readonly<Record<string, string>>;
}

/** Runs in a folder with some traces. How fast a search was is left out. */
function leftBy(run: typeof replay, args: readonly string[], given: Given): Promise<Left> {
  return inFolder(async (folder) => {
    for (const [path, content] of Object.entries(FILES)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const { code, stdout, stderr } = await run(args, { cwd: folder, ...given });
    const told = stderr.replace(/^replay: \S+ s, .* per second.*\n$/m, '');
    return { code, stdout, stderr: told, files: filesIn(folder) };
  });
}

/** Every command, every exit code, both outputs, and all that a run is given. */
const RUNS: readonly [args: readonly string[], given?: Given][] = [
  [['--version']],
  [['--help']],
  [[]],
  [['--ful', 'x']],
  [['merge', '--nope', 'x']],
  [['a.jsonl']],
  [['-q', '--explain', 'd/b.jsonl']],
  [['.']],
  [['--only', 'nobody', 'a.jsonl']],
  [['-'], { input: longTrace(500) }],
  [['-'], { input: Uint8Array.of(0xff, 0xfe, 0x00) }],
  [['--color', 'always', '.']],
  [['.'], { env: { FORCE_COLOR: '3', NO_COLOR: '' } }],
  [['--reporter', 'json', '--reporter', 'pretty=log', '.']],
  [['--reporter', 'tap=no/such/folder', 'a.jsonl']],
  [['d/b.jsonl'], { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' } }],
  [['-u', '.']],
  [['-u', '.'], { env: { CI: 'true' } }],
  [['compare', '--from', '21ddc74e8', '--to', '08016ab82', '.']],
  [['explore', '--all', '--out', 'found', 'idle-periods']],
  [['minimize', '--help']],
  [['minimize', '-', '--out', 'small'], { input: DIVERGING }],
  [['rules', '8016']],
  [['schema', 'repotr']],
  [['--shard', '2/3', '-q', 'traces/bugs'], { cwd: ROOT }],
];

describe('a run in this process leaves behind what a process of its own does', () => {
  test.each(
    RUNS.map(([args, given = {}]) => [args, Object.keys(given).join(' and '), given] as const),
  )('%j %s', async (args, _, given) => {
    expect(await leftBy(replay, args, given)).toEqual(await leftBy(replayProcess, args, given));
  });
});

describe('runs in this process', () => {
  test('at the same time keep their folders and outputs apart', async () => {
    await inFolder(async (folder) => {
      for (const name of ['one', 'two']) {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, 'a.jsonl'), name === 'one' ? AGREEING : DIVERGING);
      }
      const args = ['-q', 'a.jsonl'];
      const runs = ['one', 'two'].map((name) => replay(args, { cwd: join(folder, name) }));
      expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 1]);
    });
  });

  test('leave the folder and the exit code of this process alone', async () => {
    const before = process.cwd();
    await expect(replay(['.'], { cwd: '/no/such/folder' })).rejects.toThrow('ENOENT');
    expect((await replay(['gone'], { cwd: '/' })).code).toBe(2);
    expect(process.cwd()).toBe(before);
    expect(process.exitCode).toBe(undefined);
  });
});
