import { describe, expect, test } from 'vitest';
import { mergeReports } from '../../src/report/data/merge.ts';
import type { Report } from '../../src/report/data/schema.ts';
import { AGREEING, DIVERGING } from '../cli/run.ts';
import { reportFile, runReport } from './run-report.ts';

const TRACES = { a: AGREEING, b: DIVERGING, c: AGREEING, d: DIVERGING, e: DIVERGING };

/** The report of one shard of a run over `TRACES`. */
function shard(index: number, count: number, rest: Partial<Report> = {}): Report {
  const files = Object.entries(TRACES)
    .map(([path, text], at) => reportFile(path, text, at))
    .filter((file) => file.index % count === index - 1);
  return runReport({}, { files, shards: { count, indexes: [index] }, ...rest });
}

function merge(...reports: readonly Report[]) {
  return mergeReports(reports.map((report, at) => ({ name: `${at + 1}.json`, report })));
}

describe('the shards of a run', () => {
  test('come to the whole run again, in whatever order they are given', () => {
    const { files, totals } = runReport(TRACES);
    const merged = merge(shard(3, 3), shard(1, 3), shard(2, 3));
    expect(merged).toMatchObject({ files, totals, shards: null });
  });

  test('say which of them are there when one is missing', () => {
    expect(merge(shard(3, 3), shard(1, 3))).toMatchObject({
      shards: { count: 3, indexes: [1, 3] },
      totals: { files: 3 },
    });
  });

  test('may have been merged in part before', () => {
    const part = merge(shard(1, 3), shard(2, 3));
    if ('what' in part) throw new Error(part.what);
    const report = { ...shard(1, 3), ...part };
    expect(merge(report, shard(3, 3))).toMatchObject({ shards: null, totals: { files: 5 } });
  });

  test('tell a path that stands for no file once', () => {
    const unread = [{ path: 'gone', what: 'cannot be read' }];
    const merged = merge(shard(1, 2, { unread }), shard(2, 2, { unread }));
    expect(merged).toMatchObject({ unread, totals: { unread: 1 } });
  });

  test('may have no file at all', () => {
    const shards = [1, 2, 3, 4, 5, 6, 7].map((index) => shard(index, 7));
    expect(merge(...shards)).toMatchObject({ shards: null, totals: { files: 5 } });
  });
});

describe('whole runs over different files', () => {
  test('come one after the other', () => {
    const merged = merge(runReport({ b: DIVERGING, a: AGREEING }), runReport({ c: AGREEING }));
    expect(merged).toMatchObject({
      shards: null,
      files: [
        { index: 0, path: 'b' },
        { index: 1, path: 'a' },
        { index: 2, path: 'c' },
      ],
    });
  });

  test('must not have a trace in common', () => {
    expect(merge(runReport({ a: AGREEING }), runReport({ a: AGREEING }))).toEqual({
      name: '2.json',
      what: 'the trace a is in this report and in 1.json',
    });
  });
});

describe('what does not belong together', () => {
  test.each<[string, Report, string]>([
    ['the same shard', shard(1, 3), 'shard 1/3 is in this report and in 1.json'],
    ['a shard of another number', shard(2, 4), 'a shard of 4, 1.json is one of 3'],
    [
      'a whole run',
      runReport({ z: AGREEING }),
      'this is the report of a whole run, 1.json of a shard',
    ],
    [
      'another version',
      shard(2, 3, { version: '9.9.9' }),
      'made by version 9.9.9, 1.json by 1.2.3',
    ],
    [
      'other options',
      shard(2, 3, { options: { ...shard(2, 3).options, rules: '21ddc74e8' } }),
      'its run had other options than that of 1.json',
    ],
    [
      'a shard of other files',
      { ...shard(2, 3), files: [reportFile('z', AGREEING, 0)] },
      'file 0 is in this report and in 1.json',
    ],
  ])('%s is refused', (_, other, what) => {
    expect(merge(shard(1, 3), other)).toEqual({ name: '2.json', what });
  });
});
