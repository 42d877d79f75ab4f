import { Place, scan } from '../../trace/text/scanner.ts';
import { type Report, reportSchema } from './schema.ts';
import { REPORT_SCHEMA_VERSION } from './schema-version.ts';

/** What is wrong with the text of a report. */
export interface ReportTextProblem {
  /** Both from 1; columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

/** What came of reading a report. */
export type ParsedReport = { readonly report: Report } | { readonly problem: ReportTextProblem };

/** Something wrong with a value, and where in it. */
interface Issue {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

const HINT = 'a report is what --reporter json writes';
const A_TRACE = `a trace, not a report; ${HINT}`;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `files[0].steps`: where in a report something is. */
function pathText(path: Issue['path']): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`));
  return parts.join('').replace(/^\./, '');
}

/** The first thing that is wrong with a value that should be a report. */
function issueOf(value: unknown): Issue | null {
  if (!isObject(value)) return { path: [], what: `not a report; ${HINT}` };
  if ('trace' in value) return { path: [], what: A_TRACE };
  if (!('report' in value) || !('schemaVersion' in value)) {
    return { path: [], what: `not a report; ${HINT}` };
  }
  const { schemaVersion } = value;
  if (schemaVersion !== REPORT_SCHEMA_VERSION) {
    const theirs = JSON.stringify(schemaVersion);
    const what = `schemaVersion ${theirs} is unknown; allowed is ${REPORT_SCHEMA_VERSION}`;
    return { path: ['schemaVersion'], what };
  }
  const issue = reportSchema.safeParse(value).error?.issues[0];
  if (issue === undefined) return null;
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const what = `${path.length === 0 ? '' : `${pathText(path)}: `}${issue.message}`;
  return { path, what: `not a valid report: ${what}` };
}

function problemAt(text: string, offset: number, what: string): ParsedReport {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { problem: { line, column: offset - (before.lastIndexOf('\n') + 1) + 1, what } };
}

/** True for the text of a trace, whose first line alone is JSON. */
function isTrace(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  return scan(first).syntax === null && issueOf(JSON.parse(first))?.what === A_TRACE;
}

/** Says of a report of an earlier version, too, what follows: there, all are first causes. */
function completed(report: Report): Report {
  for (const { reported } of report.files) {
    for (const { divergences } of reported) {
      for (const divergence of divergences as readonly { follows?: number | null }[]) {
        divergence.follows ??= null;
      }
    }
  }
  return report;
}

/** Takes the text that the reporter `json` wrote. No text makes it throw. */
export function parseReport(text: string): ParsedReport {
  // First of all, because it is the scan that bounds how deep the rest has to go.
  const { syntax } = scan(text);
  if (syntax !== null && isTrace(text)) return problemAt(text, 0, A_TRACE);
  if (syntax !== null) {
    return problemAt(text, syntax.offset, `not JSON: ${syntax.what}; ${syntax.allowed}`);
  }
  const value: unknown = JSON.parse(text);
  const issue = issueOf(value);
  // The value itself: a parsed copy would lose keys of later versions, and one named __proto__.
  if (issue === null) return { report: completed(value as Report) };
  const wanted = new Place();
  const places = issue.path.map((_, at) => wanted.at(issue.path.slice(0, at + 1)));
  scan(text, wanted);
  // What is missing has no place of its own: it is missing in the nearest that has one.
  const place = places.findLast(({ valueAt }) => valueAt !== -1);
  return problemAt(text, place?.valueAt ?? 0, issue.what);
}
