import { Parser, type Result } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/format/index.ts';
import { totalsOf } from '../../src/report/data/run.ts';
import type { Report, ReportFinding } from '../../src/report/data/schema.ts';
import { githubSummary } from '../../src/report/index.ts';
import { DIVERGING } from '../cli/run.ts';
import { ANT, JENKINS, schemaProblems } from './formats/junit-schema.ts';
import { sarifProblems } from './formats/sarif-schema.ts';
import { parseXml } from './formats/xml.ts';
import { reportFile, runReport, wholeTexts } from './run-report.ts';

const FINDING: ReportFinding = {
  invariant: 'private-has-owner',
  subject: { kind: 'conn', id: 'c1' },
  says: 'c1 is private <and> has no owner',
  source: 'semantics.md section 4',
  stated: false,
};

/** A trace that agrees, at whose second step an invariant breaks that it does not state. */
function broken(strict: boolean, severity: Severity = 'broken', severities?: Severity[]): Report {
  const { reported, ...file } = reportFile('a.jsonl', DIVERGING);
  const steps = reported.map((step) => ({
    ...step,
    divergences: [],
    findings: [
      { ...FINDING, severity },
      { ...FINDING, invariant: 'no-orphan', stated: true },
    ],
  }));
  const files = [
    {
      ...file,
      verdict: 'agrees' as const,
      divergences: 0,
      followers: 0,
      folds: [],
      findings: 2,
      unstatedFindings: 1,
      unstatedBy: { crash: 0, broken: 0, hint: 0, [severity]: 1 },
      reported: steps,
    },
  ];
  const some = severities === undefined ? {} : { severities };
  const options = { rules: null, range: null, only: null, strict, ...some, invariants: null };
  return runReport({}, { files, options, totals: totalsOf(files, []), outcome: 'agrees' });
}

const TEXT =
  'step 2 connect_server t1 s1 b/srv c1: breaks private-has-owner: ' +
  'c1 is private <and> has no owner (semantics.md section 4)';

describe('a broken invariant', () => {
  test('is a line for an agent, unless the trace states it', () => {
    expect(wholeTexts.agent(broken(false))).toBe(`a.jsonl:3: ${TEXT}\n`);
  });

  test.each([
    [false, 'warning'],
    [true, 'error'],
  ])('is an annotation; strict %s: %s', (strict, level) => {
    expect(wholeTexts.github(broken(strict))).toBe(
      `::${level} file=a.jsonl,line=3,title=replay%3A step 2 breaks private-has-owner::${TEXT}\n`,
    );
    expect(githubSummary(broken(strict))).toContain('| a.jsonl |');
  });

  test.each([
    [false, 'warning'],
    [true, 'error'],
  ])('is a result of SARIF under its name; strict %s: %s', (strict, level) => {
    const log = JSON.parse(wholeTexts.sarif(broken(strict)));
    expect(sarifProblems(log)).toEqual([]);
    expect(log.runs[0].results).toMatchObject([{ ruleId: 'invariant.private-has-owner', level }]);
  });

  test.each([
    [false, 'system-out'],
    [true, 'failure'],
  ])('fails a test case only if strict %s: %s', (strict, place) => {
    const text = wholeTexts.junit(broken(strict));
    const root = parseXml(text);
    expect([...schemaProblems(root, ANT), ...schemaProblems(root, JENKINS)]).toEqual([]);
    expect(text).toContain(`failures="${Number(strict)}"`);
    expect(text).toMatch(new RegExp(`<${place}[^>]*>a\\.jsonl:3: step 2 [^<]*breaks private-has-`));
  });

  test.each([
    [false, true],
    [true, false],
  ])('fails a test point only if strict %s', (strict, ok) => {
    const points: Result[] = [];
    const parser = new Parser({ strict: true });
    parser.on('assert', (point: Result) => points.push(point));
    parser.end(wholeTexts.tap(broken(strict)));
    expect(points).toMatchObject([{ ok, diag: { notices: [{ kind: 'finding', line: 3 }] } }]);
  });

  test('is in the json report, with those that the trace states', () => {
    const report = JSON.parse(wholeTexts.json(broken(false)));
    expect(report.files[0].reported[0].findings).toHaveLength(2);
    expect(report.totals).toMatchObject({ findings: 2, unstatedFindings: 1 });
  });
});

describe('the severity of a finding', () => {
  const shown = (severity: Severity, severities?: Severity[]) =>
    broken(severities !== undefined, severity, severities);

  test.each([
    ['crash', undefined, 'warning'],
    ['broken', undefined, 'warning'],
    ['hint', undefined, 'notice'],
    ['hint', ['hint'], 'error'],
    ['hint', ['crash', 'broken'], 'notice'],
    ['crash', ['crash'], 'error'],
    ['crash', ['hint'], 'warning'],
  ] as const)('%s, strict about %j, is an annotation: %s', (severity, severities, level) => {
    const report = shown(severity, severities && [...severities]);
    expect(wholeTexts.github(report)).toMatch(new RegExp(`^::${level} `));
    const [result] = JSON.parse(wholeTexts.sarif(report)).runs[0].results;
    expect(result).toMatchObject({
      level: level === 'notice' ? 'note' : level,
      properties: { severity },
    });
  });

  test.each(['crash', 'broken', 'hint'] as const)('%s is told by every format', (severity) => {
    const report = shown(severity);
    expect(JSON.parse(wholeTexts.json(report)).files[0].reported[0].findings[0]).toMatchObject({
      severity,
    });
    expect(wholeTexts.tap(report)).toContain(`"severity":"${severity}"`);
    expect(wholeTexts.junit(report)).toContain(`(${severity})`);
    const verb = { crash: 'crashes:', broken: 'breaks', hint: 'hints at' }[severity];
    expect(wholeTexts.agent(report)).toContain(` ${verb} private-has-owner: `);
  });

  test.each([
    [['hint'], '1'],
    [['crash', 'broken'], '0'],
  ] as const)(
    'counts for a test case where the run is strict about %j: %s',
    (severities, count) => {
      expect(wholeTexts.junit(shown('hint', [...severities]))).toContain(`failures="${count}"`);
    },
  );
});
