import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPORTER_NAMES } from '../../../src/report/index.ts';
import { sized } from '../../size.ts';
import { type Ended, inFolder, replay } from '../run.ts';
import { calls } from './calls.ts';
import { hostileText, traceName, writeHostile } from './hostile.ts';

const ESCAPE = '\u001b';
/** What the program itself sends to a terminal for colours; no hostile text holds one. */
const COLOURS = new RegExp(`${ESCAPE}\\[(?:1|2|22|3[1-6]|39)m`, 'g');
/** Everything that moves, reorders or hides, by what Unicode says; only line feeds are meant. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** The first line with something in it that must not reach a terminal. */
function dirtyLine(text: string): string | undefined {
  return text.split('\n').find((line) => UNSAFE.test(line.replace(COLOURS, '')));
}

function expectClean({ stdout, stderr }: Ended, call: string): void {
  const dirty = dirtyLine(stdout) ?? dirtyLine(stderr);
  expect(dirty, `what ${call} prints`).toBeUndefined();
}

describe('whatever stands in traces, reports, worlds and arguments', () => {
  test('is clean when a terminal could see it', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, (text) =>
        inFolder(async (cwd) => {
          await writeHostile(cwd, text);
          for (const [call, args] of Object.entries(calls(text))) {
            expectClean(await replay(args, { cwd }), call);
          }
        }),
      ),
      { numRuns: sized(4), seed: 1, endOnFailure: true },
    );
  });

  test('is clean in the files that are written, and still the same text', () =>
    inFolder(async (cwd) => {
      const text = '\u009b31m\u202e\u007f\u{e0041}\u2028';
      await writeHostile(cwd, text);
      for (const name of ['json', 'jsonl', 'sarif']) {
        await replay(['--reporter', `${name}=out.${name}`, 'all'], { cwd });
        expect(dirtyLine(readFileSync(join(cwd, `out.${name}`), 'utf8')), name).toBeUndefined();
      }
      await replay(['minimize', traceName(text), '--out', 'small.jsonl'], { cwd });
      await replay(['explore', '--states', '300', '--out', 'found', 'world.json'], { cwd });
      const found = readdirSync(join(cwd, 'found')).map((name) => join('found', name));
      expect(found).toHaveLength(1);
      for (const name of ['small.jsonl', ...found]) {
        const written = readFileSync(join(cwd, name), 'utf8');
        expect(dirtyLine(written), name).toBeUndefined();
        expect(JSON.stringify(written.split('\n')[0])).toContain('u009b31m');
      }
      const report = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'));
      expect(report.files.map(({ title }: { title: string }) => title)).toContain(text);
    }));
});

const hostile = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/hostile/${name}`, import.meta.url));

// A report holds nothing that svg could draw, nor html show.
const TELLING = REPORTER_NAMES.filter((name) => name !== 'svg' && name !== 'html');
describe.each(TELLING)('the reporter %s', (name) => {
  test('lets none of the escapes through that somebody wrote into a report', async () => {
    const ended = await replay(['merge', '--reporter', name, hostile('merge_escape.json')]);
    expectClean(ended, name);
    expect(ended.stdout).toMatch(name === 'jsonl' ? /"divergences":16/ : /RED/);
  });

  test.each(['c1_title.jsonl', 'min_ctrl.jsonl'])(
    'lets none of those in %s through',
    async (file) => {
      expectClean(await replay(['--reporter', name, hostile(file)]), name);
    },
  );
});
