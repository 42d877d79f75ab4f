import { escapeControl } from '../../trace/text/escape.ts';
import { fileReportOf } from '../data/collect.ts';
import type { ReportFile } from '../data/schema.ts';
import { beside, roomFor } from '../drawing/beside.ts';
import { columnsOf } from '../drawing/columns.ts';
import type { Drawing } from '../drawing/drawing.ts';
import { GLYPHS, type GlyphSetName } from '../drawing/glyphs.ts';
import { foldedLine, headingLines, headingsOf, legendLine } from '../drawing/headings.ts';
import { LaneRows } from '../drawing/lane-rows.ts';
import { belowLines, type RowOptions, rowText } from '../drawing/step-rows.ts';
import { fold } from '../text/fold.ts';
import { block, flow, sentence, type Text, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { pretty } from './pretty.ts';
import type { DrawingReporter } from './reporter.ts';

/** Why a trace ends where it does, if it could not be read on. */
export function endLines(file: ReportFile, { palette, width }: ReportOptions): string[] {
  const [first] = file.problems;
  if (first === undefined) return [];
  const place = first.line === null ? '' : `line ${first.line}: `;
  const says = `not read on: ${place}${escapeControl(first.what)}`;
  return [flow(text('  '), sentence(says, palette.bad), { width, indent: 4, gap: 1 })];
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
      legendLine([picture], columns, glyphs, options),
      ...(folded === null ? [] : [folded]),
      '',
    ]);
    yield fold(legend, width);
    yield block(headingLines(headingsOf(picture, columns), glyphs, options));
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
