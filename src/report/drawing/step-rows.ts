import type { Divergence, StepResult } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { type StepPart, shownDivergences } from '../data/select.ts';
import { eventText, noteItems } from '../parts/event.ts';
import { findingLines } from '../parts/finding.ts';
import { outcomeItems } from '../parts/step.ts';
import { whyLines } from '../parts/why.ts';
import { flow, glue, inline, padEnd, padStart, sentence, type Text, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { valueText } from '../text/value.ts';

/** Columns kept for the outcome at the right. */
const OUTCOME_COLUMNS = 22;
/** Between what belongs together and what does not. */
const GAP = 2;

/** A step that is drawn, and how much of it is shown. */
export interface DrawnStep {
  readonly step: StepResult;
  readonly part: StepPart;
}

/** How steps are told beside lanes. */
export interface RowOptions extends ReportOptions {
  /** Columns of the largest step number. */
  readonly digits: number;
  /** Stands before what diverges. */
  readonly mark: string;
}

/** Number, event and what came of it: on one line wherever there is room. */
export function eventRow(
  { number, event }: Pick<StepResult, 'number' | 'event'>,
  result: Text,
  { palette, width, digits }: Pick<RowOptions, 'palette' | 'width' | 'digits'>,
): string {
  const lead = glue(padStart(text(String(number), palette.faint), digits), text(' '.repeat(GAP)));
  const items = eventText(event, palette);
  const start = glue(lead, inline(items, 1));
  for (const column of [width - OUTCOME_COLUMNS, start.columns + GAP]) {
    if (start.columns + GAP <= column && column + result.columns <= width) {
      return glue(padEnd(start, column), result).painted;
    }
  }
  const layout = { width, indent: lead.columns + GAP, gap: 1 };
  return flow(lead, [...items, [result]], layout);
}

/** The row of a step. */
export function rowText({ step }: DrawnStep, options: RowOptions): string {
  return eventRow(step, inline([outcomeItems(step, options.palette)]), options);
}

/** `✗ conn.c1.owner  s1 expected, null here, by h1.detach.shared`. */
function divergenceLine(divergence: Divergence, indent: number, options: RowOptions): string {
  const { palette, width, mark } = options;
  const { kind, field, expected, actual, decidedBy, follows } = divergence;
  const paint = follows === null ? palette.bad : palette.warn;
  const margin = text(' '.repeat(indent));
  const layout = { width, indent: indent + GAP, gap: 1 };
  if (kind === 'impossible') {
    const says = sentence(`cannot be: ${escapeControl(valueText(actual))}`, paint);
    return flow(glue(margin, text(mark, paint), text(' ')), says, layout);
  }
  const lead = glue(margin, text(`${mark} ${escapeControl(field)}`, paint), text(' '.repeat(GAP)));
  const by = decidedBy === null ? '' : `, by ${decidedBy.rule}`;
  const from = follows === null ? '' : `, follows from step ${follows}`;
  const says = `${valueText(expected)} expected, ${valueText(actual)} here${by}${from}`;
  return flow(lead, sentence(escapeControl(says)), layout);
}

/** What stands below a step: what it breaks, how it diverges, and why, where that is asked for. */
export function belowLines({ step }: DrawnStep, options: RowOptions): string[] {
  const { palette, width, digits, explain, unfolded } = options;
  const indent = digits + GAP + GAP;
  const note = explain ? noteItems(step.event, palette) : [];
  const why = glue(text(' '.repeat(indent)), text('why', palette.faint), text('  '));
  return [
    ...(note.length === 0
      ? []
      : [flow(text(' '.repeat(indent)), note, { width, indent: indent + GAP, gap: 1 })]),
    ...findingLines(step.findings, indent, options),
    ...shownDivergences(step, unfolded).map((each) => divergenceLine(each, indent, options)),
    ...whyLines(step.decisions, why, options),
  ];
}
