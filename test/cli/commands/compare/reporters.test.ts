import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser, type Result } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { comparedSchema } from '../../../../src/report/compared/schema.ts';
import { ANT, JENKINS, schemaProblems } from '../../../report/formats/junit-schema.ts';
import { sarifProblems } from '../../../report/formats/sarif-schema.ts';
import { parseXml } from '../../../report/formats/xml.ts';
import { type Ended, INVALID, inFolder, replay, replayIn, trace } from '../../run.ts';

const B24 = 'traces/releases/2.3.0/creator-ends-first.after.jsonl';
const SETS = ['08016ab82', '2.3.0', '3aab17bd5'];

const SILENT = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
);
const SAME = trace({ event: 'session_new', sess: 's1', fe: 'fe', expect: {} });
/** One that is the same everywhere, one that expects nothing, one that is none, and a path of no file. */
const FOLDER = { 'd/a.jsonl': SAME, 'd/b.jsonl': SILENT, 'd/c.jsonl': INVALID };
const PATHS = ['d', 'none.jsonl'];

/** The bug that came with one rule set and went with the next. */
function told(reporter: string): Promise<Ended> {
  return replay(['compare', '--rules', SETS.join(), '--reporter', reporter, B24]);
}

function toldOfFolder(reporter: string): Promise<Ended> {
  const args = ['--rules', '21ddc74e8,08016ab82', '--reporter', reporter];
  return replayIn(FOLDER, ['compare', ...args, ...PATHS]);
}

describe('json', () => {
  const schema = z.fromJSONSchema(
    JSON.parse(
      readFileSync(new URL('../../../../src/schema/compare.schema.json', import.meta.url), 'utf8'),
    ),
  );

  test('is the run as one value, which keeps to its schema', async () => {
    const { code, stdout } = await told('json');
    expect(code).toBe(1);
    const run = JSON.parse(stdout);
    expect(schema.safeParse(run).success).toBe(true);
    expect(comparedSchema.strict().safeParse(run).success).toBe(true);
    expect(run).toMatchObject({ outcome: 'diverges', exitCode: 1, options: { rules: SETS } });
    const [file] = run.files;
    expect(file.rows.map((row: { verdict: string }) => row.verdict)).toEqual([
      'diverges',
      'agrees',
      'diverges',
    ]);
    expect(file.neighbours[1].places[0].commits).toEqual([{ id: '3aab17bd5', date: '2020-11-21' }]);
    expect(run.totals.neighbours[1].causes[0].first).toEqual(file.neighbours[1].places[0]);
  });

  test('holds no expectation, whose values stand in what differs', async () => {
    expect((await told('json')).stdout).not.toContain('"expect"');
  });

  test('has problems, and paths that stand for nothing: exit code 2', async () => {
    const { code, stdout } = await toldOfFolder('json');
    expect(code).toBe(2);
    const run = JSON.parse(stdout);
    expect(schema.safeParse(run).success).toBe(true);
    const verdicts = run.files.map((each: { verdict: string }) => each.verdict);
    expect(verdicts).toEqual(['agrees', 'differs', 'not-judged']);
    expect(run.files[2].problems[0]).toMatchObject({ line: 2, what: expect.any(String) });
    expect(run.unread).toEqual([{ path: 'none.jsonl', what: expect.any(String) }]);
    expect(run.totals).toMatchObject({ files: 3, differing: 1, unjudged: 1, unread: 1 });
  });

  test('is refused by its schema with another shape', async () => {
    const run = JSON.parse((await told('json')).stdout);
    for (const [key, value] of [
      ['report', 'haproxy-ownership-replay'],
      ['exitCode', 3],
      ['totals', {}],
    ] as const) {
      expect(schema.safeParse({ ...run, [key]: value }).success).toBe(false);
    }
  });
});

test('jsonl is a line per file, and one of the run', async () => {
  const { stdout } = await toldOfFolder('jsonl');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type, path }) => [type, path])).toEqual([
    ['file', 'd/a.jsonl'],
    ['file', 'd/b.jsonl'],
    ['file', 'd/c.jsonl'],
    ['run', undefined],
  ]);
  const whole = JSON.parse((await toldOfFolder('json')).stdout);
  const { type: _, ...run } = lines[3];
  expect({ ...run, files: whole.files }).toEqual(whole);
});

describe('tap', () => {
  function pointsOf({ stdout }: Ended): Result[] {
    const points: Result[] = [];
    const parser = new Parser({ strict: true });
    parser.on('assert', (point: Result) => points.push(point));
    parser.end(stdout);
    expect(parser.results?.failures.filter(({ tapError }) => tapError)).toEqual([]);
    return points;
  }

  test('is a point for each trace and rule set', async () => {
    const points = pointsOf(await told('tap'));
    expect(points.map(({ ok, name }) => [ok, name])).toEqual(
      SETS.map((rules) => [rules === '2.3.0', `${B24} under ${rules}`]),
    );
    expect(points[1]?.diag.notices.at(-1).text).toContain(
      '2.3.0 agrees, crash in session_unown_conn at step 7',
    );
  });

  test('fails a rule set by what comes before it, where the trace expects nothing', async () => {
    const points = pointsOf(await toldOfFolder('tap'));
    expect(points.map(({ ok, name }) => [ok, name])).toEqual([
      [false, 'none.jsonl'],
      [true, 'd/a.jsonl under 21ddc74e8'],
      [true, 'd/a.jsonl under 08016ab82'],
      [true, 'd/b.jsonl under 21ddc74e8'],
      [false, 'd/b.jsonl under 08016ab82'],
      [false, 'd/c.jsonl'],
    ]);
  });
});

describe('junit', () => {
  test('is a suite for each trace, a case for each rule set, and keeps to both schemas', async () => {
    for (const { stdout } of [await told('junit'), await toldOfFolder('junit')]) {
      const root = parseXml(stdout);
      expect(schemaProblems(root, ANT)).toEqual([]);
      expect(schemaProblems(root, JENKINS)).toEqual([]);
    }
    const root = parseXml((await toldOfFolder('junit')).stdout);
    const counts = root.children.map(({ attributes }) =>
      ['name', 'tests', 'failures', 'errors'].map((name) => attributes.get(name)),
    );
    expect(counts).toEqual([
      ['none.jsonl', '1', '0', '1'],
      ['d/a.jsonl', '2', '0', '0'],
      ['d/b.jsonl', '2', '1', '0'],
      ['d/c.jsonl', '1', '0', '1'],
    ]);
  });
});

test('github has an error for a rule set that does not agree, a warning where two part', async () => {
  const lines = (await told('github')).stdout.trimEnd().split('\n');
  expect(lines.map((line) => /^::(\w+) .*title=([^:]*)::/.exec(line)?.slice(1))).toEqual([
    ['error', 'replay%3A 08016ab82 diverges'],
    ['warning', 'replay%3A 08016ab82 and 2.3.0 part'],
    ['warning', 'replay%3A 08016ab82 and 2.3.0 part'],
    ['notice', 'replay%3A 2.3.0 agrees'],
    ['warning', 'replay%3A 2.3.0 and 3aab17bd5 part'],
    ['error', 'replay%3A 3aab17bd5 diverges'],
  ]);
});

test('github adds the matrix to the summary of a job', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'summary.md');
    const args = ['compare', '--rules', SETS.join(), '--reporter', 'github', B24];
    await replay(args, { env: { GITHUB_STEP_SUMMARY: path } });
    const rows = readFileSync(path, 'utf8').split('\n').slice(4);
    expect(rows[0]).toMatch(/^\| rules \| agrees \| diverges \|/);
    expect(rows[3]).toBe('| 2.3.0 | 1 | 0 | 0 | 0 | 0 | 1 | 0 | 1 | 1 |');
  });
});

test('sarif keeps to its schema, with causes as rules', async () => {
  for (const { stdout } of [await told('sarif'), await toldOfFolder('sarif')]) {
    const log = JSON.parse(stdout);
    expect(sarifProblems(log)).toEqual([]);
    const [run] = log.runs;
    for (const { ruleId, ruleIndex } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    }
  }
  const [run] = JSON.parse((await told('sarif')).stdout).runs;
  expect(run.results.at(-2)).toMatchObject({
    ruleId: 'crash in session_unown_conn | session.unown.not-listed',
    properties: { rules: '3aab17bd5', step: 7 },
  });
});

test('agent has a line per thing, and says ok where there is none', async () => {
  const lines = (await told('agent')).stdout.trimEnd().split('\n');
  expect(lines.every((line) => line.startsWith(`${B24}:8: `))).toBe(true);
  expect(lines[3]).toMatch(/ 2\.3\.0 agrees, crash in session_unown_conn at step 7, breaks /);
  const args = ['compare', '--rules', '2.2.0,2.3.0', '--reporter', 'agent', 'a.jsonl'];
  const { code, stdout } = await replayIn({ 'a.jsonl': SAME }, args);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok: 1 file, 1 step, 2 rule sets\n' });
});

test('what people read is the same in a file, beside what programs read', async () => {
  await inFolder(async (folder) => {
    const [text, json] = [join(folder, 'r.txt'), join(folder, 'r.json')];
    const asked = ['--reporter', `pretty=${text}`, '--reporter', `json=${json}`];
    const { stdout } = await replay(['compare', '--rules', SETS.join(), ...asked, B24]);
    expect(stdout).toBe('');
    const plain = await replay(['compare', '--rules', SETS.join(), B24]);
    expect(readFileSync(text, 'utf8')).toBe(plain.stdout);
    expect(JSON.parse(readFileSync(json, 'utf8')).files).toHaveLength(1);
  });
});

test('no annotation comes by itself: that releases differ is no fault of a change', async () => {
  const args = ['compare', '--rules', SETS.join(), B24];
  const { stderr } = await replay(args, { env: { GITHUB_ACTIONS: 'true' } });
  expect(stderr).toBe('');
});

describe('refused with exit code 2', () => {
  test.each([
    [['--rules', '2.2.0,2.3.0', '--reporter', 'xml'], "unknown reporter 'xml'; allowed: pretty"],
    [['--from', '2.2.0', '--to', '2.3.0', '--reporter', 'json'], 'tells of many rule sets'],
    [['--from', '2.2.0', '--to', '2.3.0', '--reporter', 'html=a.jsonl'], 'would replace a.jsonl'],
    [['--rules', '2.2.0,2.3.0', '--reporter', 'json=a.jsonl'], 'would replace a.jsonl'],
  ])('%j', async (args, what) => {
    const files = { 'a.jsonl': SAME };
    const { code, stdout, stderr } = await replayIn(files, ['compare', ...args, 'a.jsonl']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });

  test('where a file cannot be written: the others are', async () => {
    await inFolder(async (folder) => {
      const [bad, good] = [join(folder, 'none', 'r.json'), join(folder, 'r.tap')];
      const asked = ['--reporter', `json=${bad}`, '--reporter', `tap=${good}`];
      const { code, stderr } = await replay(['compare', '--rules', SETS.join(), ...asked, B24]);
      expect(code).toBe(2);
      expect(stderr).toContain('the report json cannot be written');
      expect(existsSync(good)).toBe(true);
    });
  });
});
