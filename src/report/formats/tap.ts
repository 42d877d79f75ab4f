import { escapeControl } from '../../trace/text/escape.ts';
import type { ReportFile, ToldReport } from '../data/schema.ts';
import { severityOf } from '../data/severity.ts';
import { escapeNoncharacters } from '../text/xml.ts';
import {
  evidenceNotices,
  fileNotices,
  type NoticeOptions,
  runNotices,
  testResult,
} from './notices.ts';

/** A description: `#` would begin a directive, and a backslash escapes. */
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

function* fileYaml(file: ReportFile, options: NoticeOptions): Generator<string> {
  const notices = fileNotices(file, options);
  const { verdict, title, rules, steps, divergences, followers, crash, abort } = file;
  if (notices.length === 0) return;
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
  yield* yaml({ ...about, notices: told });
}

/**
 * The reporter `tap`: the Test Anything Protocol, version 14. One test point per trace; below one
 * with something to tell, a YAML block says what. What the verdict rests on is a comment.
 */
export function* tap(report: ToldReport): Generator<string> {
  const { options, files } = report;
  const run = runNotices(report);
  const points = run.length + files.length;
  yield `TAP version 14\n${points === 0 ? '1..0 # SKIP no traces' : `1..${points}`}\n`;
  let number = 0;
  for (const { path, title, text } of run) {
    yield `not ok ${++number} - ${description(path ?? title)}\n`;
    yield* yaml({ message: text });
  }
  for (const file of files) {
    const ok = testResult(file, options) === 'passed';
    yield `${ok ? 'ok' : 'not ok'} ${++number} - ${description(file.path)}\n`;
    yield* fileYaml(file, options);
  }
  for (const { text } of evidenceNotices(report)) yield `# ${text}\n`;
}
