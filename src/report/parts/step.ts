import type { Change, WorldView } from '../../engine/view/view.ts';
import type { StepResult } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { firstCauses } from '../data/select.ts';
import { count, flow, glue, type Item, inline, padEnd, type Text, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { idWord } from '../text/value.ts';
import { changeItems, objectLabel } from './change.ts';
import {
  EVENT_INDENT,
  eventIds,
  eventInputs,
  eventLead,
  headerItems,
  IDS_INDENT,
  noteItems,
} from './event.ts';
import { findingLines } from './finding.ts';
import { connItems, isEmptySrv, sessItems, srvItems } from './state.ts';
import { whyLines } from './why.ts';

/** Columns of `conn c1` and the other labels below a step. */
const LABEL_COLUMNS = 10;
const BODY_INDENT = EVENT_INDENT + LABEL_COLUMNS + 1;
/** Columns kept for the outcome at the right; the column stays put on very wide terminals. */
const OUTCOME_COLUMNS = 26;
const OUTCOME_AT_MAX = 72;
/** A terminal that has fewer columns is narrow: there most events leave no room beside them. */
const WIDE_FROM = 80;
/** Columns kept for the outcome on a narrow terminal. */
const NARROW_OUTCOME_COLUMNS = 18;
/** Stands before an object that the step changed, where the whole state is shown. */
const CHANGED = '*';
/** What gives the connection of `connect_server` its name stands in the outcome. */
const CONN = 'conn';

/** What of a step its outcome is told by. */
type Ended = Pick<StepResult, 'event' | 'outcome' | 'changes' | 'divergences'>;

/** What came of the event itself: `= NONE, new c1`, `ok`, `crash in conn_free`, `abort in h2_io_cb`. */
function returnItems(step: Ended, palette: Palette): Text[] {
  const { event, outcome } = step;
  if (outcome.kind === 'crash') {
    return [text(`crash in ${escapeControl(outcome.crash ?? 'an unnamed function')}`, palette.bad)];
  }
  if (outcome.kind === 'abort') {
    return [text(`abort in ${escapeControl(outcome.abort ?? 'an unnamed function')}`, palette.bad)];
  }
  if (outcome.kind === 'impossible') return [text('impossible', palette.bad)];
  const unchanged = step.changes.length === 0;
  if (event.event === 'assign_server') {
    const found = outcome.target ?? null;
    return [glue(text('= '), found === null ? text('null') : idWord(found, palette))];
  }
  if (outcome.ret === null) return [unchanged ? text('no change', palette.faint) : text('ok')];
  const parts = [text(`= ${outcome.ret}`)];
  if (outcome.conn !== null && outcome.reused !== null) {
    const how = outcome.reused ? text('reused ') : text('new ', palette.good);
    parts.push(glue(how, idWord(outcome.conn, palette)));
  }
  return parts;
}

/** The outcome of a step and its divergences: phrases to be listed with commas. */
export function outcomeItems(step: Ended, palette: Palette): Text[] {
  const parts = returnItems(step, palette);
  const causes = firstCauses(step).length;
  const followers = step.divergences.length - causes;
  const isSaid = step.outcome.kind === 'impossible' && causes === 1;
  if (causes > 0 && !isSaid) parts.push(text(count(causes, 'divergence'), palette.bad));
  if (followers > 0) parts.push(text(`${followers} following`, palette.warn));
  return parts.map((part, at) => (at === parts.length - 1 ? part : glue(part, text(','))));
}

/**
 * The line of a step where few events leave room for the outcome beside them: it stands in its
 * column all the same, below an event that reaches too far, and goes on there. Only an outcome that
 * is too long for its column begins further to the left.
 */
function narrowStepLine(
  lead: Text,
  event: readonly Item[],
  outcome: readonly Text[],
  width: number,
): string {
  const widest = Math.max(...outcome.map(({ columns }) => columns));
  const regular = Math.min(WIDE_FROM - OUTCOME_COLUMNS, width - NARROW_OUTCOME_COLUMNS);
  const column = Math.max(0, Math.min(regular, width - widest));
  const results = outcome.map((part) => [part]);
  const layout = { width, indent: column, gap: 1 };
  const start = glue(lead, inline(event, 1));
  if (start.columns < column) return flow(padEnd(start, column), results, layout);
  const indent = Math.min(IDS_INDENT, Math.floor(width / 2));
  const lines = flow(lead, event, { width, indent, gap: 1 });
  return `${lines}\n${flow(text(' '.repeat(column)), results, layout)}`;
}

function stepLine(step: StepResult, options: ReportOptions): string {
  const { palette, width } = options;
  const { event, outcome } = step;
  const except =
    event.event === 'connect_server' && event.conn === outcome.conn && outcome.conn !== null
      ? CONN
      : '';
  const left = [...eventIds(event, palette, except), ...eventInputs(event)];
  const lead = eventLead(step.number, event, palette);
  const start = glue(lead, inline(left, 1));
  const phrases = outcomeItems(step, palette);
  if (width < WIDE_FROM) return narrowStepLine(lead, left, phrases, width);
  const result = inline([phrases]);
  for (const column of [Math.min(width - OUTCOME_COLUMNS, OUTCOME_AT_MAX), start.columns + 2]) {
    if (start.columns + 2 <= column && column + result.columns <= width) {
      return glue(padEnd(start, column), result).painted;
    }
  }
  const indent = Math.min(IDS_INDENT, Math.floor(width / 2));
  return flow(lead, [...left, [result]], { width, indent, gap: 1 });
}

function body(
  label: Text,
  items: readonly Item[],
  width: number,
  { gap = 2, mark = '' }: { readonly gap?: number; readonly mark?: string } = {},
): string {
  const margin = text(mark.padStart(EVENT_INDENT - 1).padEnd(EVENT_INDENT));
  const lead = glue(margin, padEnd(label, LABEL_COLUMNS), text(' '));
  return flow(lead, items, { width, indent: Math.min(BODY_INDENT, Math.floor(width / 2)), gap });
}

/**
 * The whole state; what the step changed has a star, what it freed is named before the rest.
 * Servers that hold nothing and did not change are one line.
 */
function stateLines(state: WorldView, step: StepResult, options: ReportOptions): string[] {
  const { palette, width } = options;
  const lines: string[] = [];
  const changed = new Set<string>();
  const put = (kind: Change['kind'], id: string, items: readonly Item[]): void => {
    const mark = changed.has(`${kind} ${id}`) ? CHANGED : '';
    lines.push(body(objectLabel(kind, id, palette), items, width, { mark }));
  };
  for (const change of step.changes) {
    changed.add(`${change.kind} ${change.id}`);
    if (change.after === null) put(change.kind, change.id, changeItems(change, palette));
  }
  for (const [id, sess] of state.sess) put('sess', id, sessItems(sess, palette));
  for (const [id, conn] of state.conn) put('conn', id, connItems(conn, palette));
  let empty = 0;
  for (const [id, srv] of state.srv) {
    if (isEmptySrv(srv) && !changed.has(`srv ${id}`)) empty++;
    else put('srv', id, srvItems(srv, palette));
  }
  if (empty > 0) {
    const label = text('srv', palette.faint);
    const rest = text(`${count(empty, 'server')}, empty`, palette.faint);
    lines.push(body(label, [[rest]], width));
  }
  return lines;
}

/**
 * A step as lines: number, event, ids, inputs and outcome; below them the note, the headers, the
 * ownership functions called, what changed (or, with `full`, the whole state), what it has broken,
 * and, where they were asked for, the decisions that led to it.
 */
export function stepLines(step: StepResult, options: ReportOptions): string[] {
  const { palette, width } = options;
  const { event, outcome, changes, state } = step;
  const lines = [stepLine(step, options)];
  const add = (label: string, items: readonly Item[], gap = 2): void => {
    if (items.length > 0) lines.push(body(text(label, palette.faint), items, width, { gap }));
  };
  add('note', noteItems(event, palette), 1);
  add('headers', headerItems(event));
  add(
    'calls',
    outcome.calls.map((call) => [text(escapeControl(call))]),
  );
  if (state !== undefined) lines.push(...stateLines(state, step, options));
  else
    for (const change of changes) {
      const label = objectLabel(change.kind, change.id, palette);
      lines.push(body(label, changeItems(change, palette), width));
    }
  lines.push(...findingLines(step.findings, EVENT_INDENT, options));
  const why = glue(text(' '.repeat(EVENT_INDENT)), text('why', palette.faint), text('  '));
  return [...lines, ...whyLines(step.decisions, why, options)];
}
