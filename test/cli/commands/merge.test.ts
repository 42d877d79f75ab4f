import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nastyTrace } from '../../report/run-report.ts';
import { AGREEING, DIVERGING, INVALID, inFolder, replay } from '../run.ts';

/** Makes traces of every kind in a folder, and hands it to a test. */
function withTraces<Result>(use: (cwd: string) => Promise<Result>): Promise<Result> {
  return inFolder(async (cwd) => {
    mkdirSync(join(cwd, 'traces'));
    const texts = [
      AGREEING,
      DIVERGING,
      nastyTrace('__proto__'),
      INVALID,
      nastyTrace('\ud800\u0000'),
    ];
    texts.forEach((text, at) => {
      for (const copy of ['a', 'b']) {
        writeFileSync(join(cwd, 'traces', `${at}${copy}.jsonl`), text);
      }
    });
    return await use(cwd);
  });
}

/** Replays the traces in shards, each with a report of its own: 1.json, 2.json and so on. */
async function replayShards(cwd: string, count: number, args: readonly string[] = []) {
  const names = Array.from({ length: count }, (_, at) => `${at + 1}.json`);
  for (const [at, name] of names.entries()) {
    const shard = ['--shard', `${at + 1}/${count}`, '--reporter', `json=${name}`];
    await replay([...args, ...shard, 'traces', 'gone'], { cwd });
  }
  return names;
}

const ALL = [
  ['by default', []],
  ['with a selection', ['--only', 'c1']],
  ['under another rule set', ['--rules', '21ddc74e8']],
  ['with explanations', ['--explain']],
  ['with what follows', ['--all-divergences']],
  ['of a single step', ['--range', '3']],
] as const;

describe('merging all shards', () => {
  test.each(ALL)('gives the report of the whole run, byte for byte: %s', (_, args) =>
    withTraces(async (cwd) => {
      const whole = await replay([...args, '--reporter', 'json', 'traces', 'gone'], { cwd });
      const names = await replayShards(cwd, 3, args);
      const merged = await replay(['merge', '--reporter', 'json', ...names.reverse()], { cwd });
      expect(merged).toEqual(whole);
    }),
  );

  test.each(['junit', 'tap', 'sarif', 'github', 'agent'])('works for %s', (name) =>
    withTraces(async (cwd) => {
      const whole = await replay(['--reporter', name, 'traces', 'gone'], { cwd });
      const names = await replayShards(cwd, 2);
      expect(await replay(['merge', '--reporter', name, ...names], { cwd })).toEqual(whole);
    }),
  );

  test.each([
    ['by default', []],
    ['with what follows', ['--all-divergences']],
    ['with options that belong to the repeat command', ['--strict', '--rules', '21ddc74e8']],
  ])('tells people what a quiet run tells them: %s', (_, args) =>
    withTraces(async (cwd) => {
      const whole = await replay(['-q', ...args, 'traces', 'gone'], { cwd });
      const names = await replayShards(cwd, 2, args);
      expect(await replay(['merge', ...names], { cwd })).toEqual(whole);
    }),
  );

  test('works with more shards than files, and with the exit code of the run', () =>
    inFolder(async (cwd) => {
      mkdirSync(join(cwd, 'traces'));
      writeFileSync(join(cwd, 'traces', 'a.jsonl'), DIVERGING);
      writeFileSync(join(cwd, 'gone'), AGREEING);
      const names = await replayShards(cwd, 4);
      const { code, stdout } = await replay(['merge', ...names], { cwd });
      expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
        code: 1,
        last: '2 files, 6 steps, 2 divergences in 1 file (1 more follows from them)',
      });
    }));

  test('writes to files as a run does', () =>
    withTraces(async (cwd) => {
      const names = await replayShards(cwd, 2);
      const args = [
        'merge',
        '--reporter',
        'junit=all.xml',
        '--reporter',
        'json=all.json',
        ...names,
      ];
      const { stdout } = await replay(args, { cwd });
      expect(stdout).toContain('10 files (2 not judged)');
      expect(readFileSync(join(cwd, 'all.xml'), 'utf8')).toMatch(/^<\?xml /);
      expect(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8')).shards).toBe(null);
    }));
});

describe('merging shards of the corpus', () => {
  const corpus = fileURLToPath(new URL('../../../traces/authentication', import.meta.url));

  test.each([
    ['as it is', []],
    ['where findings count', ['--strict']],
    ['where some findings count', ['--strict', '--invariant', 'no-orphan,listed-by-authenticated']],
    ['under the other rules', ['--strict', '--rules', '21ddc74e8']],
  ])('tells and judges what the whole run does: %s', (_, args) =>
    inFolder(async (cwd) => {
      const report = ['--reporter', 'json=whole.json'];
      const whole = await replay(['-q', ...args, ...report, corpus], { cwd });
      for (const shard of ['1/2', '2/2']) {
        const own = ['--shard', shard, '--reporter', `json=${shard.replace('/', '-')}.json`];
        await replay([...args, ...own, corpus], { cwd });
      }
      const names = ['--reporter', 'json=merged.json', '1-2.json', '2-2.json'];
      expect(await replay(['merge', ...names], { cwd })).toEqual(whole);
      const [one, other] = ['whole.json', 'merged.json'].map((name) =>
        readFileSync(join(cwd, name), 'utf8'),
      );
      expect(other === one).toBe(true);
    }),
  );
});

test('a missing shard is told, and the run is not judged', () =>
  inFolder(async (cwd) => {
    mkdirSync(join(cwd, 'traces'));
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(cwd, 'traces', `${name}.jsonl`), AGREEING);
    writeFileSync(join(cwd, 'gone'), AGREEING);
    await replayShards(cwd, 3);
    const { code, stdout, stderr } = await replay(['merge', '1.json', '3.json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'replay: shard 2/3 is missing\n' });
    expect(stdout).toContain('3 files');
  }));

describe('what cannot be merged', () => {
  test.each([
    [
      ['trace.jsonl'],
      'trace.jsonl:1:1: a trace, not a report; a report is what --reporter json writes',
    ],
    [['text'], 'text:1:1: not JSON: unexpected "h"; a value must stand here'],
    [['gone'], 'gone: cannot be read: no such file or directory (ENOENT)'],
    [['version.json'], 'version.json:3:20: schemaVersion 2 is unknown; allowed is 1'],
    [['good.json', 'good.json'], 'good.json: the same file is given twice'],
    [
      ['good.json', 'copy.json'],
      'copy.json: the trace trace.jsonl is in this report and in good.json',
    ],
    [['--reporter', 'jsno', 'good.json'], "replay: unknown reporter 'jsno'; allowed: "],
    [
      ['--reporter', 'tap=good.json', 'good.json'],
      'replay: the report tap would replace good.json, which is read',
    ],
    [['--rules', 'x', 'good.json'], "replay: unknown option '--rules'"],
    [[], "replay: missing required argument 'report.json'"],
  ])('%j', (args, what) =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'trace.jsonl'), AGREEING);
      writeFileSync(join(cwd, 'text'), 'hello');
      const { stdout: good } = await replay(['--reporter', 'json', 'trace.jsonl'], { cwd });
      writeFileSync(join(cwd, 'good.json'), good);
      writeFileSync(join(cwd, 'copy.json'), good);
      writeFileSync(join(cwd, 'version.json'), good.replace('Version": 1', 'Version": 2'));
      const { code, stdout, stderr } = await replay(['merge', ...args], { cwd });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.startsWith(what), stderr).toBe(true);
    }),
  );
});
