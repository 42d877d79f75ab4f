import { describe, expect, test } from 'vitest';
import { KeptFiles } from '../../../src/cli/reports/kept-files.ts';
import { type ReportStep, wholeReporters } from '../../../src/report/index.ts';
import { NASTY, nastyTrace, reportFile, runReport, wholeTexts } from '../../report/run-report.ts';
import { DIVERGING } from '../run.ts';

const TEMPLATE = reportFile('a', DIVERGING);
const [STEP] = TEMPLATE.reported;

function isStep(step: ReportStep | undefined): step is ReportStep {
  return step !== undefined;
}

/** Files with as many steps as their number says, and nasty names. */
const FILES = Array.from({ length: 3000 }, (_, index) => ({
  ...TEMPLATE,
  index,
  path: `folder ${index % 7}/${NASTY[index % NASTY.length]}${index}.jsonl`,
  reported: index % 500 === 3 ? Array.from({ length: index }, () => STEP).filter(isStep) : [],
}));

function kept(files: typeof FILES): KeptFiles {
  const keeping = new KeptFiles();
  for (const file of files) keeping.add(file);
  return keeping;
}

describe('files that are kept for the end of a run', () => {
  test('are those that were kept, one after the other or each by its place', () => {
    const keeping = kept(FILES);
    expect(keeping).toHaveLength(FILES.length);
    let place = 0;
    for (const file of keeping) expect(file).toEqual(FILES[place++]);
    expect(place).toBe(FILES.length);
    for (const at of [2999, 0, 1503, 3, 2504, 1]) expect(keeping.at(at)).toEqual(FILES[at]);
    expect(keeping.at(3000)).toBeUndefined();
  });

  test('take a fraction of their text', () => {
    const before = process.memoryUsage().arrayBuffers;
    const keeping = kept(FILES);
    const text = JSON.stringify(FILES).length;
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(text / 4);
    expect(keeping.length).toBe(FILES.length);
  });

  test.each(Object.keys(wholeReporters) as (keyof typeof wholeReporters)[])(
    'are told by %s like all others',
    (name) => {
      const traces = NASTY.map((text, at) =>
        reportFile(`${at % 3}/${text}.jsonl`, nastyTrace(text), at),
      );
      const files = [...traces, ...FILES.slice(0, 600)];
      const report = runReport({}, { files });
      const keeping = new KeptFiles();
      for (const file of files) keeping.add(file);
      expect(wholeTexts[name]({ ...report, files: keeping })).toBe(wholeTexts[name](report));
    },
  );
});
