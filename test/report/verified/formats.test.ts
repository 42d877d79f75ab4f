import { Parser, type Result } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import {
  runLine,
  traceLine,
  verifiedReporters,
  verifiedSummary,
} from '../../../src/report/verified/formats.ts';
import type { VerifiedTrace, VerifyReport } from '../../../src/report/verified/result.ts';
import { ANT, JENKINS, schemaProblems } from '../formats/junit-schema.ts';
import { sarifProblems } from '../formats/sarif-schema.ts';
import { parseXml } from '../formats/xml.ts';

const NASTY = 'b/<&"\u001b[31m#\\{}]( .jsonl';

const differs = { kind: 'differs', line: 4, model: 'request /t2 takes a new one' } as const;
const reason = { kind: 'taken-over', commits: ['ecb40b2c3'], says: 'a # first request' } as const;

const PREDICTED: VerifiedTrace = {
  path: 'a/one.jsonl',
  title: 'one',
  verdict: { kind: 'as-predicted', says: 'alive' },
  others: [],
};
const REFUSED: VerifiedTrace = {
  path: 'a/two.jsonl',
  title: null,
  verdict: { kind: 'not-exportable', line: 3, column: 7, what: 'detach', why: 'full # buffers' },
};

const TRACES: readonly VerifiedTrace[] = [
  PREDICTED,
  REFUSED,
  {
    path: NASTY,
    title: NASTY,
    verdict: { ...differs, program: NASTY, reason: null },
    others: ['2.8.0'],
  },
  { path: 'b/known.jsonl', title: '', verdict: { ...differs, program: 'x', reason }, others: [] },
  { path: 'b/late.jsonl', title: '', verdict: { kind: 'not-reached', why: 'late' }, others: [] },
  { path: 'bad.jsonl', title: null, verdict: { kind: 'invalid', problems: 2 } },
];

function reportOf(traces: readonly VerifiedTrace[]): VerifyReport {
  return {
    version: '2.6.12',
    rules: '2.6.0',
    since: [{ bug: null, commits: ['ecb40b2c3'] }],
    traces,
    unread: traces === TRACES ? [{ path: 'gone.jsonl', what: 'cannot be read' }] : [],
    by: { version: '1.2.3', outcome: 'not-judged', exitCode: 2 },
  };
}

const ALL = reportOf(TRACES);
const textOf = (name: keyof typeof verifiedReporters, report = ALL): string =>
  [...verifiedReporters[name](report)].join('');

describe('reports of traces on a real program', () => {
  test('junit keeps to both schemas; what cannot be exported is skipped, and says why', () => {
    const root = parseXml(textOf('junit'));
    expect(schemaProblems(root, ANT)).toEqual([]);
    expect(schemaProblems(root, JENKINS)).toEqual([]);
    const counted = root.children.map(({ attributes }) =>
      ['name', 'tests', 'failures', 'errors', 'skipped'].map((name) => attributes.get(name)),
    );
    expect(counted).toEqual([
      ['.', '2', '0', '2', undefined],
      ['a', '2', '0', '0', '1'],
      ['b', '3', '2', '1', undefined],
    ]);
    const output = root.children[1]?.children.find(({ name }) => name === 'system-out');
    expect(output?.text).toContain('a/two.jsonl:3:7: not exportable: 3:7: detach: full # buffers');
  });

  test('tap is read by a strict parser, with what is skipped and what differs', () => {
    const points: Result[] = [];
    const parser = new Parser({ strict: true });
    parser.on('assert', (point: Result) => points.push(point));
    parser.end(textOf('tap'));
    expect(parser.results?.failures.filter(({ tapError }) => tapError)).toEqual([]);
    expect(points.map(({ ok, skip }) => [ok, skip !== false && skip !== undefined])).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
      [false, false],
      [false, false],
      [false, false],
    ]);
    expect(points[2]?.skip).toContain('detach: full # buffers');
    expect(points[4]?.diag).toMatchObject({ verdict: 'differs', line: 4, reason });
  });

  test('sarif keeps to its schema: what differs is a result, of its kind', () => {
    const log = JSON.parse(textOf('sarif'));
    expect(sarifProblems(log)).toEqual([]);
    const [run] = log.runs;
    expect(
      run.results.map(({ ruleId, level }: { ruleId: string; level: string }) => [ruleId, level]),
    ).toEqual([
      ['not-exportable', 'note'],
      ['differs', 'error'],
      ['differs.known', 'warning'],
    ]);
    const [invocation] = run.invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications).toHaveLength(3);
  });

  test('json and jsonl say the same', () => {
    const { traces, ...run } = JSON.parse(textOf('json'));
    expect(traces).toEqual(TRACES);
    const lines = [...TRACES.map(traceLine), runLine(ALL)].map((line) => JSON.parse(line));
    expect(lines.at(-1)).toEqual({ type: 'run', ...run });
    expect(lines.slice(0, -1)).toEqual(TRACES.map((trace) => ({ type: 'trace', ...trace })));
  });

  test('agent has a line for each thing to see to, and ok where there is none', () => {
    const lines = textOf('agent').trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines).toContain(
      'b/known.jsonl:4: differs at line 4: model: request /t2 takes a new one; program: x; ' +
        'known: its branch was asked to take over ecb40b2c3, by which a # first request',
    );
    const quiet = textOf('agent', reportOf([PREDICTED, REFUSED]));
    expect(quiet).toBe('ok: 2 traces, 1 as predicted, 1 not exportable\n');
  });

  test('github has an annotation for each, and a summary of the rest', () => {
    const lines = textOf('github').trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, line.indexOf(' ')))).toEqual([
      '::error',
      '::error',
      '::warning',
      '::error',
      '::error',
    ]);
    expect(lines[2]).toMatch(/^::warning file=b\/known\.jsonl,line=4,title=replay%3A differs::/);
    expect(verifiedSummary(ALL)).toContain('6 traces, 1 as predicted, 1 not exportable');
  });

  test.each(['agent', 'junit', 'tap', 'github', 'sarif'] as const)(
    '%s lets nothing of a trace reach a terminal as it is',
    (name) => expect(textOf(name)).not.toContain('\u001b'),
  );
});
