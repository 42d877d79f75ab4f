import { escapeControl } from '../../trace/text/escape.ts';
import type { ReportFile, ToldReport } from '../data/schema.ts';
import { count } from '../text/layout.ts';
import { noticesOf, type Placed } from './notices.ts';

/** Rows of the table in the job summary: GitHub takes 1 MiB for all summaries of a step. */
const SUMMARY_ROWS_MAX = 500;

const MARKS: ReadonlyMap<string, string> = new Map([
  ['%', '%25'],
  ['\r', '%0D'],
  ['\n', '%0A'],
  [':', '%3A'],
  [',', '%2C'],
]);

/** The text of a workflow command, which ends at the end of the line. */
function data(text: string): string {
  return text.replace(/[%\r\n]/g, (character) => MARKS.get(character) ?? '');
}

/**
 * A property of a workflow command, which also ends at a comma, and the last one at a colon. The
 * runner puts these characters back; others that a terminal would obey are made visible.
 */
function property(text: string): string {
  const encoded = text.replace(/[%\r\n:,]/g, (character) => MARKS.get(character) ?? '');
  return escapeControl(encoded);
}

/** A thing to tell as a workflow command of GitHub Actions. */
export function annotation({ level, path, line, column, title, text }: Placed): string {
  const properties = [
    path === null ? '' : `file=${property(path)}`,
    line === null ? '' : `line=${line}`,
    column === null ? '' : `col=${column}`,
    `title=${property(`replay: ${title}`)}`,
  ].filter((part) => part !== '');
  const command = level === 'note' ? 'notice' : level;
  return `::${command} ${properties.join(',')}::${data(text)}\n`;
}

/**
 * The reporter `github`: a workflow command of GitHub Actions for each thing to tell, which becomes
 * an annotation at its line.
 */
export function* github(report: ToldReport): Generator<string> {
  for (const notice of noticesOf(report)) yield annotation(notice);
}

/** Text in a cell of a Markdown table. */
export function cell(text: string): string {
  const shown = escapeControl(text).replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return shown.replace(/[\\`*_{}[\]()#+!|~@$-]/g, '\\$&');
}

const VERDICTS: Readonly<Record<ReportFile['verdict'], string>> = {
  agrees: 'agrees',
  diverges: '**diverges**',
  'not-judged': '**not judged**',
};

function row(file: ReportFile): string {
  const { path, rules, verdict, steps, divergences, followers, findings } = file;
  const first = file.reported[0]?.number ?? '';
  const cells = [cell(path), cell(rules ?? ''), VERDICTS[verdict], steps, divergences, followers];
  return `| ${[...cells, findings, first].join(' | ')} |\n`;
}

/**
 * The job summary of a run as Markdown: its counts, and a table of the traces that do not simply
 * agree.
 */
export function githubSummary(report: ToldReport): string {
  const { files, steps, divergences, followers, unjudged, unread } = report.totals;
  const parts = [
    count(files, 'file'),
    count(steps, 'step'),
    `${count(divergences, 'divergence')}${followers > 0 ? ` (${followers} more follow)` : ''}`,
    unjudged > 0 ? `${count(unjudged, 'file')} not judged` : '',
    unread > 0 ? `${count(unread, 'path')} not read` : '',
  ].filter((part) => part !== '');
  const rows: string[] = [];
  let more = 0;
  for (const file of report.files) {
    if (file.verdict === 'agrees' && file.reported.length === 0) continue;
    if (rows.length < SUMMARY_ROWS_MAX) rows.push(row(file));
    else more++;
  }
  const table =
    rows.length === 0
      ? ''
      : '\n| trace | rules | verdict | steps | divergences | follow | findings | first step |\n' +
        `|---|---|---|--:|--:|--:|--:|--:|\n${rows.join('')}`;
  const rest = more > 0 ? `\nand ${count(more, 'more trace')}\n` : '';
  const unreadLines = report.unread.map(({ path, what }) => `- ${cell(path)}: ${cell(what)}\n`);
  const paths = unreadLines.length === 0 ? '' : `\n${unreadLines.join('')}`;
  return `### replay: ${escapeControl(report.outcome)}\n\n${parts.join(', ')}\n${table}${rest}${paths}`;
}
