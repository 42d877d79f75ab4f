import { escapeControl } from '../../trace/text/escape.ts';
import { fileReportOf } from '../data/collect.ts';
import type { ReportFile } from '../data/schema.ts';
import { columnsOf } from '../drawing/columns.ts';
import type { Drawing } from '../drawing/drawing.ts';
import { GLYPHS, type GlyphSetName } from '../drawing/glyphs.ts';
import { foldedLine, headingLines, legendLine } from '../drawing/headings.ts';
import { LaneRows } from '../drawing/lane-rows.ts';
import { belowLines, type RowOptions, rowText } from '../drawing/step-rows.ts';
import { fold } from '../text/fold.ts';
import { block, flow, glue, sentence, type Text, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { pretty } from './pretty.ts';
import type { DrawingReporter } from './reporter.ts';

/** What a step says gets this part of a line at least, within these columns. */
const TEXT_SHARE = 0.6;
const TEXT_MIN = 30;
const TEXT_MAX = 64;

/** Columns for lanes: what steps say must remain readable beside them. */
export function roomFor(width: number): number {
  return width - Math.min(TEXT_MAX, Math.max(TEXT_MIN, Math.floor(width * TEXT_SHARE)));
}

/** Why a trace ends where it does, if it could not be read on. */
export function endLines(file: ReportFile, { palette, width }: ReportOptions): string[] {
  const [first] = file.problems;
  if (first === undefined) return [];
  const place = first.line === null ? '' : `line ${first.line}: `;
  const says = `not read on: ${place}${escapeControl(first.what)}`;
  return [flow(text('  '), sentence(says, palette.bad), { width, indent: 4, gap: 1 })];
}

/** Lines beside lanes: those that are too wide go on below, beside lanes as well. */
function* beside(lanes: Text, below: () => Text, said: string, width: number): Generator<string> {
  let isFirst = true;
  for (const line of fold(said, width).split('\n')) {
    yield glue(isFirst ? lanes : below(), { painted: line, columns: 0 }).painted.trimEnd();
    isFirst = false;
  }
}

/** The steps of a trace, a row for each, the lanes left of it, below the names of the lanes. */
function* rowsOf(
  { picture, steps }: Drawing,
  set: GlyphSetName,
  options: ReportOptions,
): Generator<string> {
  const glyphs = GLYPHS[set];
  const { palette, width } = options;
  const columns = columnsOf(picture, roomFor(width));
  const rowOptions: RowOptions = {
    ...options,
    width: width - columns.width,
    digits: String(picture.last).length,
    mark: glyphs.diverges,
  };
  if (picture.lanes > 0) {
    const folded = foldedLine(columns, options);
    const legend = block([
      '',
      legendLine(picture, columns, glyphs, options),
      ...(folded === null ? [] : [folded]),
      '',
    ]);
    yield fold(legend, width);
    yield block(headingLines(picture, columns, glyphs, options));
  }
  const rows = new LaneRows(picture, columns, glyphs, palette);
  const below = (): Text => rows.below();
  for (const drawn of steps) {
    const lanes = rows.row(drawn.step.number);
    const lines = [...beside(lanes, below, rowText(drawn, rowOptions), rowOptions.width)];
    for (const said of belowLines(drawn, rowOptions)) {
      lines.push(...beside(below(), below, said, rowOptions.width));
    }
    yield block(lines);
  }
}

/**
 * The reporter of `replay --graph`: like `pretty`, but each step is a row, with lanes left of it. No
 * line is wider than the width, on a terminal or not: what is longer goes on below, beside the lanes.
 */
export function graph(set: GlyphSetName, options: ReportOptions): DrawingReporter {
  const { head, tail, summary } = pretty(options);
  const folded = (said: string): string => fold(said, options.width);
  return {
    tells: 'shown',
    *draw(drawing) {
      if (drawing.head === null) return;
      yield folded(head(drawing.head));
      for (const rows of rowsOf(drawing, set, options)) yield rows;
      yield folded(block(endLines(drawing.file, options)));
      yield folded(tail(fileReportOf(drawing.file)));
    },
    summary: (run) => (run.files === 0 ? '' : folded(summary(run))),
  };
}
