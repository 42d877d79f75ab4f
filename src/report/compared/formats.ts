import { jsonText } from '../../trace/text/escape.ts';
import { annotation, cell } from '../formats/github.ts';
import { jsonParts } from '../formats/json-parts.ts';
import { junitParts, type TestCase, type TestSuite } from '../formats/junit.ts';
import type { WholeReporterName } from '../formats/names.ts';
import { placeText } from '../formats/notices.ts';
import { type SarifResult, sarifParts } from '../formats/sarif.ts';
import { type TestPoint, tapParts } from '../formats/tap.ts';
import { count } from '../text/layout.ts';
import {
  type ComparedNotice,
  evidenceNotices,
  fileNotices,
  isOther,
  noticesOf,
  runNotices,
} from './notices.ts';
import type { ComparedFile, ComparedRow, ToldCompared } from './schema.ts';

function* json(report: ToldCompared): Generator<string> {
  yield* jsonParts(report);
  yield '\n';
}

/** A file as a line of `jsonl`. */
export function fileLine(file: ComparedFile): string {
  return `${jsonText({ type: 'file', ...file })}\n`;
}

/** The run as the last line of `jsonl`. */
export function runLine({ files: _, ...run }: ToldCompared): string {
  return `${jsonText({ type: 'run', ...run })}\n`;
}

/** A thing to tell per line, `path:line: …`; `ok` where there is none. */
function* agent(report: ToldCompared): Generator<string> {
  let isSilent = true;
  for (const notice of noticesOf(report)) {
    // What it rests on is no difference.
    if (notice.kind !== 'evidence') isSilent = false;
    yield `${placeText(notice)}: ${notice.text}\n`;
  }
  const { files, steps } = report.totals;
  const sets = count(report.options.rules.length, 'rule set');
  if (isSilent) yield `ok: ${count(files, 'file')}, ${count(steps, 'step')}, ${sets}\n`;
}

function* github(report: ToldCompared): Generator<string> {
  for (const notice of noticesOf(report)) yield annotation(notice);
}

/** A trace under one rule set, as a test. */
interface Test {
  readonly row: ComparedRow;
  readonly result: TestCase['result'];
  readonly notices: readonly ComparedNotice[];
}

/**
 * The tests of a trace, one for each rule set: it passes if the rule set agrees. Of a trace that
 * expects nothing it passes if it comes out as under the rule set before.
 */
function testsOf(file: ComparedFile): Test[] {
  const notices = fileNotices(file);
  return file.rows.map((row, at) => {
    const own = notices.filter(({ rules }) => rules === row.rules);
    const parts = row.verdict === 'silent' && (file.neighbours[at - 1]?.differing ?? 0) > 0;
    return { row, result: isOther(row) || parts ? 'failure' : 'passed', notices: own };
  });
}

function isJudged({ verdict }: ComparedFile): boolean {
  return verdict !== 'not-judged';
}

function problemsOf(file: ComparedFile): ComparedNotice[] {
  return fileNotices(file).filter(({ kind }) => kind === 'problem');
}

function toldOf({ line, column, number, kind, text }: ComparedNotice): object {
  return {
    kind,
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
    ...(number === undefined ? {} : { step: number }),
    text,
  };
}

function* pointsOf(report: ToldCompared): Generator<TestPoint> {
  for (const { path, title, text } of runNotices(report)) {
    yield { ok: false, name: path ?? title, told: { message: text } };
  }
  for (const file of report.files) {
    if (!isJudged(file)) {
      const notices = problemsOf(file).map(toldOf);
      yield { ok: false, name: file.path, told: { verdict: file.verdict, notices } };
      continue;
    }
    for (const { row, result, notices } of testsOf(file)) {
      const told = { verdict: row.verdict, title: file.title, notices: notices.map(toldOf) };
      const ok = result === 'passed';
      yield {
        ok,
        name: `${file.path} under ${row.rules}`,
        told: notices.length === 0 ? null : told,
      };
    }
  }
}

/** A test point for each trace and rule set; one alone for a trace that cannot be judged. */
function* tap(report: ToldCompared): Generator<string> {
  const { files, unjudged, unread } = report.totals;
  const planned = unread + unjudged + (files - unjudged) * report.options.rules.length;
  const comments = evidenceNotices(report).map(({ text }) => text);
  yield* tapParts(planned, pointsOf(report), comments);
}

function noticeLine(notice: ComparedNotice): string {
  return `${placeText(notice)}: ${notice.text}`;
}

function caseOf(
  name: string,
  result: TestCase['result'],
  notices: readonly ComparedNotice[],
): TestCase {
  const main = notices.find(({ level }) => level === 'error') ?? notices[0];
  const lines = notices.map(noticeLine);
  return {
    name,
    result,
    lines,
    main: { type: main?.kind ?? 'release', message: main?.text ?? '' },
  };
}

/** A suite for each trace, a case for each rule set. */
function suiteOf(file: ComparedFile): TestSuite {
  const cases = isJudged(file)
    ? testsOf(file).map(({ row, result, notices }) => caseOf(row.rules, result, notices))
    : [caseOf('the trace', 'error', problemsOf(file))];
  return { name: file.path, results: cases.map(({ result }) => result), cases: () => cases };
}

function* suitesOf(report: ToldCompared): Generator<TestSuite> {
  for (const notice of runNotices(report)) {
    const cases = [caseOf('the path', 'error', [notice])];
    yield { name: notice.path ?? notice.title, results: ['error'], cases: () => cases };
  }
  for (const file of report.files) yield suiteOf(file);
}

function* junit(report: ToldCompared): Generator<string> {
  const head = { version: report.version, rules: report.options.rules.join(', ') };
  yield* junitParts(suitesOf(report), head, evidenceNotices(report).map(noticeLine));
}

function* resultsOf(report: ToldCompared): Generator<SarifResult> {
  for (const notice of noticesOf(report)) {
    const { descriptor, rules, number } = notice;
    if (descriptor !== undefined) {
      yield { notice, descriptor, properties: { rules, step: number } };
    }
  }
}

function* asideOf(report: ToldCompared): Generator<ComparedNotice> {
  for (const notice of noticesOf(report)) {
    if (notice.kind === 'problem' || notice.kind === 'evidence') yield notice;
  }
}

function* sarif(report: ToldCompared): Generator<string> {
  yield* sarifParts(report, () => resultsOf(report), asideOf(report));
}

/**
 * Every reporter of a run under many rule sets whose text is made when it is over: a function of its
 * report, whose text comes in parts.
 */
export const comparedReporters: Readonly<
  Record<WholeReporterName, (report: ToldCompared) => Iterable<string>>
> = { json, junit, tap, github, sarif, agent };

/** The counts of a rule set in the job summary, in the order of its columns. */
const COLUMNS = [
  'agrees',
  'diverges',
  'impossible',
  'ends',
  'silent',
  'crashes',
  'aborts',
  'broken',
] as const;

/** The job summary of a run as Markdown: how many traces came to what under each rule set. */
export function comparedSummary({ totals, outcome }: ToldCompared): string {
  const { files, steps, releases, neighbours } = totals;
  const titles = ['rules', ...COLUMNS, 'parted'];
  const rows = releases.map((each, at) => {
    const parted = neighbours[at - 1]?.files ?? '';
    return [cell(each.rules), ...COLUMNS.map((name) => each[name]), parted];
  });
  const lines = [titles, titles.map((_, at) => (at === 0 ? '---' : '--:')), ...rows];
  const table = lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
  const head = `${count(files, 'file')}, ${count(steps, 'step')}`;
  return `### replay compare: ${outcome}\n\n${head}\n\n${table}`;
}
