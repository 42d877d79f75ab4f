import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPORTER_NAMES } from '../../../src/report/index.ts';
import { sized } from '../../size.ts';
import { type Ended, inFolder, replay } from '../run.ts';
import { hostileText, traceName, writeHostile } from './hostile.ts';

const ESCAPE = '\u001b';
/** What the program itself sends to a terminal for colours; no hostile text holds one. */
const COLOURS = new RegExp(`${ESCAPE}\\[(?:1|2|22|3[1-6]|39)m`, 'g');
/** Everything that moves, reorders or hides, by what Unicode says; only line feeds are meant. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Every kind of call that can print a text which came from outside, by what it is. */
function calls(text: string): Readonly<Record<string, readonly string[]>> {
  const trace = traceName(text);
  const all = ['--explain', '--coverage', '--strict', '--full', 'all', `gone${text}`];
  const reporters = REPORTER_NAMES.flatMap((name) => [
    [`replay to ${name}`, ['--reporter', name, ...all.filter((arg) => arg !== '--full')]],
    [`all to ${name}`, ['--color', 'always', '--reporter', name, ...all]],
    [`merge to ${name}`, ['merge', '--color', 'always', '--reporter', name, 'report.json']],
  ]);
  const sets = ['--from', '21ddc74e8', '--to', '08016ab82'];
  return {
    ...Object.fromEntries(reporters),
    quiet: ['-q', 'all'],
    'every step under the other rules': ['--rules', '21ddc74e8', trace],
    'steps of an id': ['--only', text, trace],
    compare: ['compare', '--color', 'always', ...sets, '--steps', 'all', 'all', `gone${text}`],
    'compare quietly': ['compare', '-q', ...sets, 'all'],
    'minimize to standard output': ['minimize', trace],
    'minimize to a file': ['minimize', trace, '--out', `small${text}.json`],
    'minimize nothing': ['minimize', '--property', 'no-crash', trace],
    explore: ['explore', '--all', '--explain', '--states', '300', 'world.json'],
    'explore to files': ['explore', '--all', '--states', '300', '--out', `o${text}`, 'world.json'],
    'explore a wrong world': ['explore', 'wrong.json'],
    'explore by an unknown name': ['explore', text],
    update: ['-u', '--update-force', 'update.jsonl', 'all', `gone${text}`],
    'merge what is no report': ['merge', 'no-report.json', `gone${text}`],
    'an unknown rule set': ['--rules', text, trace],
    'an unknown reporter': ['--reporter', text, trace],
    'a report in no folder': ['--reporter', `json=gone${text}/report.json`, trace],
    'an unknown invariant': ['--invariant', text, trace],
    'an unknown update mode': [`--update=${text}`, trace],
    'an unknown option': [`--${text}`, trace],
    'a shard that is none': ['--shard', text, trace],
    'an unknown schema': ['schema', text],
    'rules of an unknown set': ['rules', text],
    'a property that is none': ['minimize', '--property', text, trace],
    'an output in no folder': ['minimize', trace, '--out', `gone${text}/small.jsonl`],
  };
}

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

describe.each(REPORTER_NAMES)('the reporter %s', (name) => {
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
