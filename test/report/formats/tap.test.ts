import { Parser, type Result } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/report/data/schema.ts';
import { AGREEING, DIVERGING, INVALID } from '../../cli/run.ts';
import { NASTY, NASTY_TRACES, nastyTrace, runReport, wholeTexts } from '../run-report.ts';

const { tap } = wholeTexts;

/** The points of a report, as an independent and strict parser of TAP reads them. */
function parsed(report: Report) {
  const points: Result[] = [];
  const parser = new Parser({ strict: true });
  const extra: string[] = [];
  parser.on('assert', (point: Result) => points.push(point));
  parser.on('extra', (line: string) => extra.push(line));
  parser.end(tap(report));
  const { results } = parser;
  expect(extra).toEqual([]);
  expect(results?.failures.filter(({ tapError }) => tapError)).toEqual([]);
  expect(results?.plan).toMatchObject(points.length === 0 ? { end: 0 } : { end: points.length });
  return { points, ok: results?.ok ?? false };
}

describe('tap', () => {
  test('is a point per trace, in order', () => {
    const traces = { 'a.jsonl': AGREEING, 'b.jsonl': DIVERGING, 'c.jsonl': INVALID };
    const { points, ok } = parsed(runReport(traces));
    expect(ok).toBe(false);
    expect(points.map((point) => [point.ok, point.id, point.name])).toEqual([
      [true, 1, 'a.jsonl'],
      [false, 2, 'b.jsonl'],
      [false, 3, 'c.jsonl'],
    ]);
  });

  test('says in YAML what diverges', () => {
    const [point] = parsed(runReport({ 'b.jsonl': DIVERGING })).points;
    expect(point?.diag).toMatchObject({
      verdict: 'diverges',
      title: 'a test',
      notices: [
        {
          kind: 'divergence',
          line: 3,
          step: 2,
          field: 'conn.c1.owner',
          expected: null,
          actual: 's1',
        },
        { field: 'conn.c1.flags', expected: ['PRIVATE'], actual: [] },
      ],
    });
  });

  test('has a point of its own for a path that cannot be read', () => {
    const unread = [{ path: 'gone.jsonl', what: 'cannot be read' }];
    const { points } = parsed(runReport({ 'a.jsonl': AGREEING }, { unread }));
    expect(points.map((point) => [point.ok, point.name])).toEqual([
      [false, 'gone.jsonl'],
      [true, 'a.jsonl'],
    ]);
  });

  test('of no file at all is an empty plan', () => {
    expect(tap(runReport({}))).toBe('TAP version 14\n1..0 # SKIP no traces\n');
    expect(parsed(runReport({})).ok).toBe(true);
  });

  test('survives every text: none becomes a directive, a point or the end of a block', () => {
    const { points } = parsed(runReport(NASTY_TRACES));
    expect(points).toHaveLength(NASTY.length);
    for (const point of points) {
      expect(point).toMatchObject({ ok: false, skip: false, todo: false });
      expect(point.diag).toMatchObject({ verdict: 'diverges' });
    }
  });

  test('shows a path that looks like a directive as it is', () => {
    const [point] = parsed(runReport({ 'ok # SKIP \\ # TODO': nastyTrace('x') })).points;
    expect(point).toMatchObject({ name: 'ok # SKIP \\ # TODO', skip: false, todo: false });
  });
});
