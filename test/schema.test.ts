import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PRESET_NAMES, presetOf } from '../src/explore/index.ts';
import { SCHEMA_NAMES, type SchemaName, schemaText } from '../src/schema/index.ts';
import { AGREEING, DIVERGING, INVALID, replay } from './cli/run.ts';
import { NASTY_TRACES, runReport, wholeTexts } from './report/run-report.ts';
import { RECORDED, WRITTEN } from './traces/corpus.ts';

const FILES: Readonly<Record<SchemaName, URL>> = {
  trace: new URL('../src/schema/trace.schema.json', import.meta.url),
  report: new URL('../src/schema/report.schema.json', import.meta.url),
  compare: new URL('../src/schema/compare.schema.json', import.meta.url),
  world: new URL('../src/schema/world.schema.json', import.meta.url),
};

/** A validator made of the checked-in text alone. */
function validator(name: SchemaName): (value: unknown) => boolean {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(FILES[name], 'utf8')));
  return (value) => schema.safeParse(value).success;
}

describe.each(SCHEMA_NAMES)('the JSON Schema of a %s', (name) => {
  test('is checked in as it is generated', () => {
    const hint = 'run: npm run schemas';
    expect(readFileSync(FILES[name], 'utf8') === schemaText(name), hint).toBe(true);
  });

  test('is printed by replay schema', async () => {
    const { code, stdout, stderr } = await replay(['schema', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(FILES[name], 'utf8'));
  });

  test('names all of its parts', () => {
    expect(
      Object.keys(JSON.parse(schemaText(name)).$defs ?? {}).filter((key) => /__/.test(key)),
    ).toEqual([]);
  });
});

test('the package has all schemas, by a name of their own', () => {
  const resolve = (name: SchemaName) =>
    import.meta.resolve(`haproxy-ownership-replay/schema/${name}.json`);
  expect(SCHEMA_NAMES.map(resolve)).toEqual(SCHEMA_NAMES.map((name) => FILES[name].href));
});

describe('a trace', () => {
  const accepts = validator('trace');

  test('of the corpus is accepted line by line', () => {
    // Lines that differ in numbers only, as those of recordings do, are one to the schema.
    const kinds = new Map(
      [...WRITTEN, ...RECORDED]
        .flatMap(({ text }) => text.split('\n'))
        .map((line) => [line.replace(/\d+/g, '0'), line]),
    );
    const lines = [...kinds.values()].filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.filter((line) => !accepts(JSON.parse(line)))).toEqual([]);
  });

  test.each([
    {},
    { trace: 'haproxy-ownership/2' },
    { event: 'sesion_new', sess: 's1', fe: 'fe' },
    { event: 'session_new', sess: 's1' },
    { event: 'session_new', sess: 's1', fe: 'fe', colour: 'red' },
    { event: 'detach', strm: 't1', expect: { conn: { c1: { owner: 1 } } } },
  ])('with the line %j is refused', (line) => {
    expect(accepts(line)).toBe(false);
  });
});

describe('a report', () => {
  const accepts = validator('report');
  const traces = { ...NASTY_TRACES, 'a.jsonl': AGREEING, 'b.jsonl': DIVERGING, 'c.jsonl': INVALID };
  const report = JSON.parse(wholeTexts.json(runReport(traces)));

  test('is accepted, also with keys of a later version', () => {
    expect(accepts(report)).toBe(true);
    expect(accepts({ ...report, news: [1] })).toBe(true);
  });

  test.each([
    ['schemaVersion', 2],
    ['files', null],
    ['exitCode', 3],
    ['totals', {}],
  ])('with another %s is refused', (key, value) => {
    expect(accepts({ ...report, [key]: value })).toBe(false);
  });
});

test('an unknown schema is refused with those that are allowed', async () => {
  expect(await replay(['schema', 'repotr'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      "replay: unknown schema 'repotr'; allowed: trace, report, compare, world (did you mean report?)\n",
  });
});

test('every preset is valid by the schema of a world, and a world that is wrong is not', () => {
  const isWorld = validator('world');
  for (const name of PRESET_NAMES) expect(isWorld(presetOf(name)), name).toBe(true);
  expect(isWorld({ ...presetOf('takeover'), sessions: 0 })).toBe(false);
});
