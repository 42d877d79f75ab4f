import { escapeControl } from '../../trace/text/escape.ts';
import type { Report, ReportFile } from '../data/schema.ts';
import { severityOf } from '../data/severity.ts';
import { block } from '../text/layout.ts';
import { fileNotices, type NoticeOptions, runNotices, testResult } from './notices.ts';
import { escapeNoncharacters } from './xml.ts';

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
function yaml(fields: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(fields).flatMap(([key, value]) => {
    if (!Array.isArray(value)) return [`  ${key}: ${JSON.stringify(printable(value))}`];
    return [`  ${key}:`, ...value.map((item) => `    - ${JSON.stringify(printable(item))}`)];
  });
  return `  ---\n${block(lines)}  ...\n`;
}

function filePoint(file: ReportFile, options: NoticeOptions): { ok: boolean; text: string } {
  const notices = fileNotices(file, options);
  const { verdict, title, rules, steps, divergences, followers, crash } = file;
  const ok = testResult(file, options) === 'passed';
  if (notices.length === 0) return { ok, text: '' };
  const about = { verdict, title, rules, steps, divergences, followers, crash };
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
  return { ok, text: yaml({ ...about, notices: told }) };
}

/**
 * The reporter `tap`: the Test Anything Protocol, version 14. One test point per trace; below one
 * with something to tell, a YAML block says what.
 */
export function tap(report: Report): string {
  const { options } = report;
  const points = [
    ...runNotices(report).map(({ path, title, text }) => {
      return { ok: false, name: path ?? title, text: yaml({ message: text }) };
    }),
    ...report.files.map((file) => ({ name: file.path, ...filePoint(file, options) })),
  ];
  const lines = points.map(
    ({ ok, name, text }, index) =>
      `${ok ? 'ok' : 'not ok'} ${index + 1} - ${description(name)}\n${text}`,
  );
  const plan = points.length === 0 ? '1..0 # SKIP no traces' : `1..${points.length}`;
  return `TAP version 14\n${plan}\n${lines.join('')}`;
}
