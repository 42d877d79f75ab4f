import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { FileCollector, fileReportOf } from '../../src/report/data/collect.ts';
import { Tally } from '../../src/report/data/tally.ts';
import { runReport, wholeTexts } from './run-report.ts';
import { divergence, step } from './sample.ts';

const RESULT = {
  path: 'a',
  title: null,
  rules: '08016ab82',
  steps: 9,
  divergences: 3,
  followers: 0,
  divergingSteps: 3,
  findings: 0,
  unstatedFindings: 0,
  unstatedBy: { crash: 0, broken: 0, hint: 0 },
  crash: null,
  unrecorded: [],
  reached: null,
};

/** What a collector with room for so many steps makes of three steps that diverge. */
function collected(stepsMax: number) {
  const collector = new FileCollector({ index: 0, path: 'a', stdin: false }, false, stepsMax);
  const tally = new Tally('a', { steps: 'all', range: null, only: null, unfolded: false });
  for (const number of [1, 4, 7]) {
    const event: TraceEvent = { event: 'detach', strm: 't1', expect: { calls: [] } };
    const diverging = step(number, event, { divergences: [divergence()] });
    tally.add(diverging);
    collector.step(diverging);
  }
  return { report: tally.end(RESULT, 0), file: collector.end(tally.end(RESULT, 0)) };
}

describe('what a report holds of a file', () => {
  test('is bounded; the rest is counted, and told', () => {
    const { file } = collected(2);
    expect(file.reported.map(({ number }) => number)).toEqual([1, 4]);
    expect(file.omitted).toBe(1);
    expect(
      wholeTexts
        .agent(runReport({}, { files: [file] }))
        .trim()
        .split('\n')
        .at(-1),
    ).toBe('a: 1 more step with divergences or findings');
  });

  test('has no expectations, which are most of an event', () => {
    expect(collected(9).file.reported.map(({ event }) => event)).toEqual(
      Array.from({ length: 3 }, () => ({ event: 'detach', strm: 't1' })),
    );
  });

  test('is enough to tell its last lines again', () => {
    const { file, report } = collected(0);
    expect(fileReportOf(file)).toEqual(report);
  });
});
