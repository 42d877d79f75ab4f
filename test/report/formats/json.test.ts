import { describe, expect, test } from 'vitest';
import { parseReport } from '../../../src/report/data/parse.ts';
import { lineReporters } from '../../../src/report/index.ts';
import { AGREEING, DIVERGING, INVALID } from '../../cli/run.ts';
import { NASTY_TRACES, nastyTrace, reportFile, runReport, wholeTexts } from '../run-report.ts';
import { divergence, FILE, step } from '../sample.ts';

const { json } = wholeTexts;

describe('json', () => {
  test('holds the counts of each file, and the steps with a first cause', () => {
    const report = JSON.parse(json(runReport({ 'a.jsonl': AGREEING, 'b.jsonl': DIVERGING })));
    expect(report).toMatchObject({
      schemaVersion: 1,
      outcome: 'diverges',
      exitCode: 1,
      totals: { files: 2, steps: 6, divergences: 2, followers: 1, divergingFiles: 1 },
      files: [
        { index: 0, path: 'a.jsonl', verdict: 'agrees', reported: [] },
        {
          index: 1,
          path: 'b.jsonl',
          verdict: 'diverges',
          folds: [{ from: 2, divergences: 1, steps: 1 }],
          reported: [
            {
              number: 2,
              line: 3,
              event: { event: 'connect_server', strm: 't1' },
              outcome: { kind: 'done', ret: 'NONE', conn: 'c1' },
              divergences: [
                {
                  field: 'conn.c1.owner',
                  expected: null,
                  actual: 's1',
                  decidedBy: { fn: 'connect_server', file: 'src/backend.c' },
                },
                { field: 'conn.c1.flags', expected: ['PRIVATE'], actual: [] },
              ],
            },
          ],
        },
      ],
    });
    expect(report.files[1].reported[0].event).not.toHaveProperty('expect');
  });

  test('holds what is wrong with an invalid trace', () => {
    const report = JSON.parse(json(runReport({ 'c.jsonl': INVALID })));
    expect(report.files).toMatchObject([
      {
        verdict: 'not-judged',
        problemCount: 1,
        problems: [{ line: 2, column: 10, what: 'unknown event "sesion_new"' }],
      },
    ]);
  });

  test('is read again as the very report, whatever texts it holds', () => {
    const report = runReport({ ...NASTY_TRACES, 'a.jsonl': AGREEING, 'c.jsonl': INVALID });
    const text = json(report);
    const parsed = parseReport(text);
    expect('report' in parsed && json(parsed.report)).toBe(text);
  });

  test('keeps an object that is called __proto__', () => {
    const [file] = JSON.parse(json(runReport({ 'p.jsonl': nastyTrace('__proto__') }))).files;
    const fields = file.reported[0].divergences.map(({ field }: { field: string }) => field);
    expect(fields).toContain('conn.__proto__.owner');
  });

  test('holds so many problems of a file, and counts the others', () => {
    const bad = `${'{"event":"x"}\n'.repeat(60)}`;
    const file = reportFile('bad.jsonl', AGREEING + bad);
    expect({ count: file.problemCount, held: file.problems.length }).toEqual({
      count: 60,
      held: 50,
    });
  });
});

describe('a text that should be a report', () => {
  const good = json(runReport({ 'b.jsonl': DIVERGING }));
  test.each([
    ['nothing', '', /^1:1 not JSON: /],
    ['no JSON', '{"report": 1,}', /^1:14 not JSON: /],
    ['a list', '[]', /^1:1 not a report; a report is what --reporter json writes$/],
    ['null', 'null', /^1:1 not a report/],
    ['another object', '{"a": 1}', /^1:1 not a report/],
    ['a trace', AGREEING, /^1:1 a trace, not a report/],
    ['the header of a trace', AGREEING.split('\n')[0] ?? '', /^1:1 a trace, not a report/],
    [
      'another version',
      good.replace('"schemaVersion": 1', '"schemaVersion": 7'),
      /^3:20 schemaVersion 7 is unknown; allowed is 1$/,
    ],
    [
      'a bad count',
      good.replace('"steps": 3', '"steps": -3'),
      /^\d+:14 not a valid report: totals\.steps: /,
    ],
    [
      'a bad verdict',
      good.replace('"verdict": "diverges"', '"verdict": "fine"'),
      /^\d+:18 not a valid report: files\[0\]\.verdict: /,
    ],
    [
      'a missing key',
      good.replace('"strict"', '"strct"'),
      /^5:14 not a valid report: options\.strict: /,
    ],
    ['a deep list', '['.repeat(100_000), /^1:\d+ not JSON: /],
  ])('is told by its place: %s', (_, text, problem) => {
    const parsed = parseReport(text);
    if ('report' in parsed) throw new Error('taken as a report');
    const { line, column, what } = parsed.problem;
    expect(`${line}:${column} ${what}`).toMatch(problem);
  });

  test('may have keys of a later version', () => {
    const text = good.replace('"schemaVersion": 1', '"schemaVersion": 1,\n  "news": "good"');
    const parsed = parseReport(text);
    expect('report' in parsed && json(parsed.report)).toBe(text);
  });
});

describe('jsonl', () => {
  const reporter = lineReporters.jsonl();

  test('has a line per step, with followers, changes and state as far as they are known', () => {
    const follower = divergence({ follows: 1 });
    const text = reporter.step(FILE, {
      ...step(2, { event: 'detach', strm: 't\n1', expect: { calls: [] } }),
      divergences: [follower],
      touches: new Set(['t\n1']),
      state: { sess: new Map(), conn: new Map([['__proto__', null]]) as never, srv: new Map() },
    });
    expect(text.match(/\n/g)).toHaveLength(1);
    const line = JSON.parse(text);
    expect(line).toMatchObject({
      type: 'step',
      path: FILE.path,
      number: 2,
      event: { event: 'detach', strm: 't\n1' },
      divergences: [{ follows: 1 }],
      touches: ['t\n1'],
    });
    expect(Object.keys(line.state.conn)).toEqual(['__proto__']);
    expect(line.event).not.toHaveProperty('expect');
  });

  test('begins a file with its head, and ends it with its counts and problems', () => {
    const report = runReport({ 'c.jsonl': INVALID });
    const [file] = report.files;
    if (file === undefined) throw new Error('no file');
    expect(JSON.parse(reporter.head(FILE))).toMatchObject({ type: 'file', schemaVersion: 1 });
    expect(JSON.parse(reporter.tail(file))).toMatchObject({ type: 'end', problemCount: 1 });
    expect(JSON.parse(reporter.summary(report))).toMatchObject({ type: 'run', exitCode: 2 });
  });
});
