import { escapeControl } from '../../trace/text/escape.ts';
import { type Item, listed, sentence, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import type { ComparedPlace, ComparedRow } from './schema.ts';

/** What the lines about many rule sets are told about their surroundings. */
export type ManyOptions = Pick<ReportOptions, 'width' | 'palette'>;

/**
 * `diverges at step 3: conn.c1.owner by connect.new.owned`, that a step cannot be, or that the
 * program goes on; nothing where it ends instead, which is told by itself.
 */
function divergenceItems({ divergence, end }: ComparedRow, { palette }: ManyOptions): Item[] {
  if (divergence === null) return [];
  const { number, decidedBy } = divergence;
  const { field, expected, actual } = divergence.difference;
  const by = decidedBy === null ? [] : [[text('by'), text(decidedBy.rule)]];
  if (field === 'event') {
    const reason = sentence(escapeControl(String(actual)));
    return [...sentence(`step ${number} is impossible:`, palette.bad), ...reason];
  }
  if (field !== 'crash' && field !== 'abort') {
    const what = text(escapeControl(field));
    return [...sentence(`diverges at step ${number}:`, palette.bad), [what], ...by];
  }
  if (end !== null || expected === null) return [];
  const wanted = escapeControl(String(expected));
  return [...sentence(`no ${field} in ${wanted} at step ${number}`, palette.bad), ...by];
}

/** `crash in conn_free at step 4`, `abort in h2_io_cb at step 9` */
function endItems({ end }: ComparedRow, { palette }: ManyOptions): Item[] {
  if (end === null) return [];
  return sentence(`${end.kind} in ${escapeControl(end.fn)} at step ${end.number}`, palette.bad);
}

/** `breaks owner-is-live at step 3, used-count at step 4` */
function brokenItems({ broken }: ComparedRow, { palette }: ManyOptions): Item[] {
  if (broken.length === 0) return [];
  const promises = broken.map(({ name, number }) => [
    [text(name, palette.warn)],
    ...sentence(`at step ${number}`),
  ]);
  return [[text('breaks')], ...listed(promises)];
}

function verdictItems(row: ComparedRow, options: ManyOptions): Item[] {
  const { palette } = options;
  switch (row.verdict) {
    case 'agrees':
      return [[text('agrees', palette.good)]];
    case 'silent':
      return sentence('runs to its end');
    case 'ends':
      return [];
    default:
      return divergenceItems(row, options);
  }
}

/** What came of a trace under one rule set: `agrees, crash in session_unown_conn at step 9`. */
export function rowItems(row: ComparedRow, options: ManyOptions): Item[] {
  const parts = [verdictItems(row, options), endItems(row, options), brokenItems(row, options)];
  return listed(parts.filter((part) => part.length > 0));
}

/** Commits behind a difference, to stand behind the functions that decided. */
export function commitItems({ commits, near }: ComparedPlace, { palette }: ManyOptions): Item[] {
  const dot = [text('·')];
  if (commits.length + near.length === 0) {
    return [dot, ...sentence('what was found differs', palette.faint)];
  }
  const lead = commits.length > 0 ? [] : [dot, ...sentence('changed there:', palette.faint)];
  const told = [...commits, ...near].flatMap(({ id, date }, at) => [
    ...(at > 0 || commits.length > 0 ? [dot] : []),
    [text(id, palette.strong), text(date, palette.faint)],
  ]);
  return [...lead, ...told];
}
