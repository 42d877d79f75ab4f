import { escapeControl } from '../../trace/text/escape.ts';
import type { ReportFile, ToldReport } from '../data/schema.ts';
import { severityOf } from '../data/severity.ts';
import { escapeNoncharacters } from '../text/xml.ts';
import {
  evidenceNotices,
  fileNotices,
  type Notice,
  type NoticeOptions,
  runNotices,
  testResult,
} from './notices.ts';

/** The description of a test point: `#` would begin a directive, and a backslash escapes. */
function description(text: string): string {
  return escapeControl(text).replace(/[\\#]/g, '\\$&');
}

/** A value whose texts and keys have only characters that every reader of YAML takes. */
function printable(value: unknown): unknown {
  if (typeof value === 'string') return escapeNoncharacters(escapeControl(value));
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [printable(key), printable(field)]),
  );
}

/** A block of YAML below a test point. Its values are JSON, which YAML contains. */
function* yaml(fields: Readonly<Record<string, unknown>>): Generator<string> {
  yield '  ---\n';
  for (const [key, value] of Object.entries(fields)) {
    if (!Array.isArray(value)) yield `  ${key}: ${JSON.stringify(printable(value))}\n`;
    else {
      yield `  ${key}:\n`;
      for (const item of value) yield `    - ${JSON.stringify(printable(item))}\n`;
    }
  }
  yield '  ...\n';
}

function fileTold(file: ReportFile, options: NoticeOptions): TestPoint['told'] {
  const notices = fileNotices(file, options);
  const { verdict, title, rules, steps, divergences, followers, crash, abort } = file;
  if (notices.length === 0) return null;
  const counts = { verdict, title, rules, steps, divergences, followers, crash };
  const about = { ...counts, ...(abort === undefined ? {} : { abort }) };
  const told = notices.map(({ kind, line, column, text, step, divergence, finding }) => ({
    kind,
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
    ...(step === undefined ? {} : { step: step.number }),
    ...(divergence === undefined
      ? {}
      : { field: divergence.field, expected: divergence.expected, actual: divergence.actual }),
    ...(finding === undefined ? {} : { severity: severityOf(finding) }),
    text,
  }));
  return { ...about, notices: told };
}

/** A test point, and what the block of YAML below it says; no block where that is null. */
export interface TestPoint {
  readonly ok: boolean;
  /** Control characters not yet escaped. */
  readonly name: string;
  readonly told: Readonly<Record<string, unknown>> | null;
  /** Why it was left out, where it was: in a line, control characters not yet escaped. */
  readonly skip?: string;
}

/**
 * A test run in the Test Anything Protocol, version 14.
 *
 * @param planned how many points there are
 * @param comments what is told of the run, safe for a terminal
 */
export function* tapParts(
  planned: number,
  points: Iterable<TestPoint>,
  comments: readonly string[],
): Generator<string> {
  yield `TAP version 14\n${planned === 0 ? '1..0 # SKIP no traces' : `1..${planned}`}\n`;
  let number = 0;
  for (const { ok, name, told, skip } of points) {
    const directive = skip === undefined ? '' : ` # SKIP ${description(skip)}`;
    yield `${ok ? 'ok' : 'not ok'} ${++number} - ${description(name)}${directive}\n`;
    if (told !== null) yield* yaml(told);
  }
  for (const text of comments) yield `# ${text}\n`;
}

function* pointsOf({ options, files }: ToldReport, run: readonly Notice[]): Generator<TestPoint> {
  for (const { path, title, text } of run) {
    yield { ok: false, name: path ?? title, told: { message: text } };
  }
  for (const file of files) {
    const ok = testResult(file, options) === 'passed';
    yield { ok, name: file.path, told: fileTold(file, options) };
  }
}

/**
 * The reporter `tap`: one test point per trace; below one with something to tell, a YAML block says
 * what. What the verdict rests on is a comment.
 */
export function* tap(report: ToldReport): Generator<string> {
  const run = runNotices(report);
  const comments = evidenceNotices(report).map(({ text }) => text);
  yield* tapParts(run.length + report.files.length, pointsOf(report, run), comments);
}
