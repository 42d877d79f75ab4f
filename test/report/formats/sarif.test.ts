import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/report/data/schema.ts';
import { AGREEING, DIVERGING, INVALID } from '../../cli/run.ts';
import { NASTY_TRACES, nastyTrace, runReport, wholeTexts } from '../run-report.ts';
import { sarifProblems } from './sarif-schema.ts';

/** The one run of a report's log, which keeps to the schema. */
function runOf(report: Report) {
  const log = JSON.parse(wholeTexts.sarif(report));
  expect(sarifProblems(log)).toEqual([]);
  const [run] = log.runs;
  for (const { ruleId, ruleIndex } of run.results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  }
  return run;
}

describe('sarif', () => {
  test('has a result per divergence, under the rule that decided, at its line', () => {
    const { results, tool } = runOf(runReport({ 'traces/b.jsonl': DIVERGING }));
    const [first] = results;
    expect(first).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'traces/b.jsonl' },
            region: { startLine: 3 },
          },
        },
      ],
      properties: { step: 2, field: 'conn.c1.owner', expected: null, actual: 's1' },
    });
    expect(first.message.text).toMatch(/^step 2 connect_server .*: conn\.c1\.owner expected null/);
    expect(tool.driver).toMatchObject({ name: 'replay', version: '1.2.3' });
  });

  test('has a notification for what cannot be judged, and says that it did not succeed', () => {
    const unread = [{ path: 'gone.jsonl', what: 'cannot be read' }];
    const run = runOf(runReport({ 'c.jsonl': INVALID }, { unread }));
    const [invocation] = run.invocations;
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 2 });
    expect(invocation.toolExecutionNotifications).toMatchObject([
      { message: { text: 'cannot be read' } },
      { locations: [{ physicalLocation: { region: { startLine: 2, startColumn: 10 } } }] },
    ]);
    expect(run.results).toEqual([]);
  });

  test('of a run that agrees, or has no file, has no results', () => {
    expect(runOf(runReport({ 'a.jsonl': AGREEING })).results).toEqual([]);
    expect(runOf(runReport({})).invocations).toMatchObject([{ executionSuccessful: true }]);
  });

  test('survives every text', () => {
    expect(runOf(runReport(NASTY_TRACES)).results.length).toBeGreaterThan(0);
  });

  test.each([
    ['a b/c#d%e?.jsonl', 'a%20b/c%23d%25e%3F.jsonl'],
    ['x:y.jsonl', 'x%3Ay.jsonl'],
    ['/tmp/a.jsonl', 'file:///tmp/a.jsonl'],
    ['../a.jsonl', '../a.jsonl'],
    ['<stdin>', '%3Cstdin%3E'],
    ['\ud800.jsonl', '%EF%BF%BD.jsonl'],
  ])('names %j as %s', (path, uri) => {
    const [result] = runOf(runReport({ [path]: nastyTrace('x') })).results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  });
});

describe('the check of the schema', () => {
  const log = (result: object) => ({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'replay' } }, results: [result] }],
  });

  test.each([
    ['a missing message', log({ ruleId: 'x' })],
    ['an unknown key', log({ message: { text: 'x' }, colour: 'red' })],
    ['a level that does not exist', log({ message: { text: 'x' }, level: 'bad' })],
    ['a link', log({ message: { text: '[a](b)' } })],
    ['a placeholder', log({ message: { text: '{0}' } })],
    ['a missing tool', { version: '2.1.0', runs: [{}] }],
    ['another version', { version: '2.0.0', runs: [] }],
    [
      'line 0',
      log({
        message: { text: 'x' },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'a' }, region: { startLine: 0 } } },
        ],
      }),
    ],
    [
      'a blank in a URI',
      log({
        message: { text: 'x' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'a b' } } }],
      }),
    ],
  ])('finds %s', (_, value) => {
    expect(sarifProblems(value)).toHaveLength(1);
  });
});
