import { jsonText } from '../../trace/text/escape.ts';
import { annotation, cell } from '../formats/github.ts';
import { jsonParts } from '../formats/json-parts.ts';
import { junitParts, splitPath, type TestCase, type TestSuite } from '../formats/junit.ts';
import type { WholeReporterName } from '../formats/names.ts';
import { placeText } from '../formats/notices.ts';
import { type SarifResult, sarifParts } from '../formats/sarif.ts';
import { type TestPoint, tapParts } from '../formats/tap.ts';
import { count } from '../text/layout.ts';
import { noticesOf, traceNotice, unreadNotices, type VerifiedNotice } from './notices.ts';
import { countVerdicts, type VerifiedTrace, type VerifyReport, verdictLine } from './result.ts';

const SCHEMA = 'haproxy-ownership-verify/1';

function about({ version, rules, since, unread, traces }: VerifyReport): object {
  const counts = countVerdicts(traces);
  return { report: SCHEMA, version, rules, since, counts, unread };
}

function* json(report: VerifyReport): Generator<string> {
  yield* jsonParts({ ...about(report), traces: report.traces });
  yield '\n';
}

/** A trace as a line of `jsonl`. */
export function traceLine(trace: VerifiedTrace): string {
  return `${jsonText({ type: 'trace', ...trace })}\n`;
}

/** The run as the last line of `jsonl`. */
export function runLine(report: VerifyReport): string {
  return `${jsonText({ type: 'run', ...about(report) })}\n`;
}

/** The counts of a run in words. */
function countsText({ traces }: VerifyReport): string {
  const counts = countVerdicts(traces);
  const refused = counts['not-exportable'];
  const rest = refused === 0 ? '' : `, ${refused} not exportable`;
  return `${count(traces.length, 'trace')}, ${counts['as-predicted']} as predicted${rest}`;
}

/** Whether a notice is worth a line of its own: what cannot be exported is counted. */
const isTold = ({ kind }: VerifiedNotice): boolean => kind !== 'refusal';

/** A thing to tell per line, `path:line: …`; `ok` where there is none. */
function* agent(report: VerifyReport): Generator<string> {
  const notices = noticesOf(report).filter(isTold);
  for (const notice of notices) yield `${placeText(notice)}: ${notice.text}\n`;
  if (notices.length === 0) yield `ok: ${countsText(report)}\n`;
}

function* github(report: VerifyReport): Generator<string> {
  for (const notice of noticesOf(report).filter(isTold)) yield annotation(notice);
}

const RESULTS: Readonly<Record<VerifiedTrace['verdict']['kind'], TestCase['result']>> = {
  'as-predicted': 'passed',
  differs: 'failure',
  'not-reached': 'error',
  invalid: 'error',
  'not-exportable': 'skipped',
};

function noticeLine(notice: VerifiedNotice): string {
  return `${placeText(notice)}: ${notice.text}`;
}

function caseOf(name: string, result: TestCase['result'], notice: VerifiedNotice | null): TestCase {
  const lines = notice === null ? [] : [noticeLine(notice)];
  const main = { type: notice?.descriptor.id ?? 'differs', message: notice?.text ?? '' };
  return { name, result, lines, main };
}

/** A suite for each folder, a case for each trace; what no test can make happen is skipped. */
function suitesOf(report: VerifyReport): TestSuite[] {
  const folders = new Map<string, TestCase[]>();
  const add = (path: string, result: TestCase['result'], notice: VerifiedNotice | null): void => {
    const { folder, name } = splitPath(path);
    const cases = folders.get(folder) ?? [];
    cases.push(caseOf(name, result, notice));
    folders.set(folder, cases);
  };
  for (const notice of unreadNotices(report)) add(notice.path ?? notice.title, 'error', notice);
  for (const trace of report.traces) {
    add(trace.path, RESULTS[trace.verdict.kind], traceNotice(trace));
  }
  return [...folders].map(([name, cases]) => ({
    name,
    results: cases.map(({ result }) => result),
    cases: () => cases,
  }));
}

function* junit(report: VerifyReport): Generator<string> {
  const head = { version: report.by.version, rules: report.rules };
  yield* junitParts(suitesOf(report), head, [`HAProxy ${report.version}, ${countsText(report)}`]);
}

function pointOf(trace: VerifiedTrace): TestPoint {
  const { path, title, verdict } = trace;
  const name = path;
  if (verdict.kind === 'as-predicted') return { ok: true, name, told: null };
  if (verdict.kind === 'not-exportable') {
    return { ok: true, name, told: null, skip: verdictLine(trace) };
  }
  const { kind, ...rest } = verdict;
  return { ok: false, name, told: { verdict: kind, title, ...rest } };
}

function* pointsOf(report: VerifyReport): Generator<TestPoint> {
  for (const { path, title, text } of unreadNotices(report)) {
    yield { ok: false, name: path ?? title, told: { message: text } };
  }
  for (const trace of report.traces) yield pointOf(trace);
}

function* tap(report: VerifyReport): Generator<string> {
  const { version, rules, traces, unread } = report;
  const comments = [`HAProxy ${version}, rules ${rules}: ${countsText(report)}`];
  yield* tapParts(unread.length + traces.length, pointsOf(report), comments);
}

function* resultsOf(report: VerifyReport): Generator<SarifResult> {
  for (const notice of noticesOf(report)) {
    if (notice.kind !== 'problem') yield { notice, descriptor: notice.descriptor };
  }
}

function* sarif(report: VerifyReport): Generator<string> {
  const problems = noticesOf(report).filter(({ kind }) => kind === 'problem');
  yield* sarifParts(report.by, () => resultsOf(report), problems);
}

/** Every reporter of a run on a real program whose text is made when it is over. */
export const verifiedReporters: Readonly<
  Record<WholeReporterName, (report: VerifyReport) => Iterable<string>>
> = { json, junit, tap, github, sarif, agent };

/** The job summary of a run as Markdown: how many traces came to what, and what differs. */
export function verifiedSummary(report: VerifyReport): string {
  const { version, rules } = report;
  const rows = noticesOf(report)
    .filter(isTold)
    .map(({ path, text }) => `| ${cell(path ?? '')} | ${cell(text)} |\n`);
  const table = rows.length === 0 ? '' : `\n| trace | |\n|---|---|\n${rows.join('')}`;
  const head = `HAProxy ${cell(version)}, rules ${cell(rules)}: ${countsText(report)}`;
  return `### replay verify: ${report.by.outcome}\n\n${head}\n${table}`;
}
