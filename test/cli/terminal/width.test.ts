import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FromWorker } from '../../../src/cli/jobs/pool.ts';
import { Relay } from '../../../src/cli/jobs/relay.ts';
import { fold } from '../../../src/report/text/fold.ts';
import { columnsOf } from '../../../src/report/text/layout.ts';
import { shellQuote } from '../../../src/report/text/shell.ts';
import { sized } from '../../size.ts';
import { inFolder, replay, replayProcess } from '../run.ts';
import { calls } from './calls.ts';
import { hostileText, writeHostile } from './hostile.ts';

const WIDTHS = [40, 60, 80, 100] as const;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a palette puts around a text.
const STYLE = /\u001b\[(?:\d+m|K)/g;

/** The first line that is wider than the terminal. */
function wideLine(text: string, width: number): string | undefined {
  // Progress returns to the beginning of its line, and clears it.
  return text.split(/[\n\r]/).find((line) => columnsOf(line.replace(STYLE, '')) > width);
}

/** Ids, titles and names of files as people make them, and longer: words and single long ones. */
const longText = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.stringMatching(/^[a-z0-9_-]{1,30}$/) },
      fc.stringMatching(/^[a-z]{30,45}$/),
      hostileText,
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((words) => fc.constantFrom(' ', '_', '-', '漢').map((gap) => words.join(gap)))
  // A file may not have a longer name.
  .filter((text) => Buffer.byteLength(text) <= 120);

/** Commands that print what they make, where no file is to have it. */
const MAKES_A_TRACE: ReadonlySet<string> = new Set(['align', 'export', 'import', 'minimize']);

/** Calls that print for people only, by what they are; of others, what goes to standard error. */
function isForPeople(args: readonly string[]): boolean {
  const reporter = args.indexOf('--reporter');
  const isData = reporter >= 0 && args[reporter + 1] !== 'pretty';
  const [command = ''] = args;
  return !isData && !(MAKES_A_TRACE.has(command) && !args.includes('--out'));
}

const HELPS = [
  '',
  'compare',
  'explore',
  'invariants',
  'merge',
  'minimize',
  'rules',
  'schema',
  'which',
];
const LISTS: readonly (readonly string[])[] = [
  ...HELPS.map((name) => (name === '' ? ['--help'] : [name, '--help'])),
  ['explore'],
  ['invariants'],
  ['rules'],
  ['rules', '--all'],
  ['rules', '08016ab82'],
  ['rules', '21ddc74e8', '08016ab82'],
];

describe.each(WIDTHS)('on a terminal of %i columns', (columns) => {
  test('no line is wider, whatever stands in traces, reports, worlds and arguments', async () => {
    await fc.assert(
      fc.asyncProperty(longText, (text) =>
        inFolder(async (cwd) => {
          await writeHostile(cwd, text);
          for (const [call, args] of Object.entries(calls(text))) {
            const { stdout, stderr } = await replay(args, { cwd, columns });
            expect(wideLine(stderr, columns), `problems of ${call}`).toBeUndefined();
            if (!isForPeople(args)) continue;
            expect(wideLine(stdout, columns), `what ${call} prints`).toBeUndefined();
          }
        }),
      ),
      { numRuns: sized(4), seed: columns, endOnFailure: true },
    );
  });

  test.each(LISTS.map((args) => [args.join(' '), args] as const))(
    'no line of %s is wider',
    async (_, args) => {
      const { stdout, stderr } = await replay(args, { columns });
      expect(stderr).toBe('');
      expect(stdout).not.toBe('');
      expect(wideLine(stdout, columns)).toBeUndefined();
    },
  );

  test.each([
    ['every step and its reason', ['--explain', 'traces/bugs', 'traces/wire']],
    ['lanes', ['--graph', 'traces/bugs', 'traces/threads', 'traces/multiplexing']],
    [
      'lanes under other rules, with reasons',
      ['--graph', '--explain', '--rules', '2.3.0', 'traces/session-list'],
    ],
    [
      'lanes of two sides',
      ['compare', '--graph', '--from', '21ddc74e8', '--to', '08016ab82', 'traces/bugs'],
    ],
    ['the whole state', ['--full', 'traces/multiplexing']],
    ['divergences', ['--rules', '2.3.0', '--strict', '--coverage', 'traces/session-list']],
    ['a crash, an abort', ['--rules', '3.3.0', '--strict', 'traces/found/bugs']],
    [
      'partings',
      ['compare', '--from', '21ddc74e8', '--to', '08016ab82', '--steps', 'all', 'traces/bugs'],
    ],
    ['many rule sets', ['compare', '--rules', 'all', 'traces/bugs']],
    ['how many part', ['compare', '-q', '--rules', 'all', 'traces/bugs']],
    ['an origin', ['which', 'traces/releases/2.3.0/creator-ends-first.after.jsonl']],
    ['origins', ['which', 'traces/bugs']],
    [
      'a minimised recording',
      ['minimize', 'traces/found/21ddc74e8/takeover/no-crash-conn_free.jsonl'],
    ],
    ['a search', ['explore', '--all', '--explain', '--states', '3000', 'failed-listing']],
  ] as const)('no line of the corpus is wider: %s', async (_, args) => {
    const { stdout, stderr } = await replay(args, { cwd: ROOT, columns });
    expect(stdout).not.toBe('');
    expect(wideLine(stderr, columns)).toBeUndefined();
    if (isForPeople(args)) expect(wideLine(stdout, columns)).toBeUndefined();
  });
});

test('the outcome of a step stays in its column at 60 columns', async () => {
  const { stdout } = await replay(['traces/recorded', 'traces/wire'], { cwd: ROOT, columns: 60 });
  const outcome = /(?<=^ {0,3}\d+ {2}.* |^ {20,})(?:ok|no change|= [A-Z]+.*|crash in .*)$/;
  const found = stdout.split('\n').flatMap((line) => {
    const match = outcome.exec(line.replace(STYLE, ''));
    return match === null ? [] : [match];
  });
  expect(found.length).toBeGreaterThan(200);
  const elsewhere = found.filter(({ index }) => index !== 42);
  for (const { index, 0: text } of elsewhere) expect(index, text).toBe(60 - text.length);
  expect(elsewhere.length).toBeLessThan(found.length / 20);
});

test('what a thread says for a terminal is as wide as that', () => {
  const handed: FromWorker<null>[] = [];
  const relay = new Relay<null>((message) => handed.push(message));
  const text = `${'one word after the other '.repeat(4)}\n`;
  relay.output(0, 40).tell(text);
  relay.output(0, null).tell(text);
  relay.output(1, 40).write(text);
  relay.done(null);
  const [message] = handed;
  expect(message?.pieces).toEqual([
    [0, fold(text, 40) + text],
    [1, text],
  ]);
  expect(wideLine(fold(text, 40), 40)).toBeUndefined();
});

test('elsewhere a message is one line, however long, and names a place as a whole', () =>
  inFolder(async (cwd) => {
    await writeHostile(cwd, 'a-rather-long-name-'.repeat(5));
    const { stderr } = await replayProcess(['-q', 'all'], { cwd });
    const lines = stderr.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).toMatch(/^all\/invalid[a-z-]+\.jsonl:\d+:\d+: /);
  }));

describe('a text that is folded', () => {
  const painted = longText.map((text) => text.replace(/\p{Cc}|\p{Cs}/gu, ''));

  test('loses and gains nothing but blanks', () => {
    fc.assert(
      fc.property(painted, fc.constantFrom(...WIDTHS), fc.nat(30), (text, width, indent) => {
        const line = `${' '.repeat(indent)}\u001b[1m${text}\u001b[22m  and \u001b[2m${text}\u001b[22m`;
        const folded = fold(line, width);
        expect(wideLine(folded, width)).toBeUndefined();
        expect(folded.replace(/\s/g, '')).toBe(line.replace(/\s/g, ''));
      }),
      { numRuns: sized(300) },
    );
  });

  test('stays as it is where it fits', () => {
    const text = 'one line  of 40 columns\n\n  another\n';
    expect(fold(text, 40)).toBe(text);
  });

  test.each(['again', 'show it'])('is still the same command behind %s', (label) => {
    const names = fc.array(longText, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(names, fc.constantFrom(...WIDTHS), (words, width) => {
        const line = `  ${label}    \u001b[1mreplay ${words.map(shellQuote).join(' ')}\u001b[22m`;
        const folded = fold(line, width);
        expect(wideLine(folded, width)).toBeUndefined();
        const script = folded.replace(STYLE, '').replace(/^.*?replay/, "printf '%s\\n'");
        const command = words.map(shellQuote).join(' ');
        const shell = (text: string): string =>
          execFileSync('bash', ['-c', text], { encoding: 'utf8', env: { LC_ALL: 'C' } });
        expect(shell(script)).toBe(shell(`printf '%s\\n' ${command}`));
      }),
      { numRuns: sized(40), seed: 1 },
    );
  });
});
