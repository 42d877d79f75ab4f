import type { ComparedStep } from '../../compare/index.ts';
import type { Picture } from '../../picture/picture.ts';
import { partingLines } from '../parts/parting.ts';
import { outcomeItems } from '../parts/step.ts';
import { fold } from '../text/fold.ts';
import { block, glue, inline, type Text, text } from '../text/layout.ts';
import type { Palette } from '../text/palette.ts';
import { beside, roomFor } from './beside.ts';
import { columnsOf } from './columns.ts';
import { GLYPHS, type GlyphSetName } from './glyphs.ts';
import { foldedLine, headingLines, headingsOf, legendLine } from './headings.ts';
import { LaneRows } from './lane-rows.ts';
import { eventRow } from './step-rows.ts';

/** A step as it comes out under two rule sets. */
export type ComparedRow = Pick<ComparedStep, 'number' | 'event' | 'from' | 'to' | 'partings'> & {
  readonly changes: NonNullable<ComparedStep['changes']>;
};

/** Both sides of a trace up to where they part. */
export interface ComparedDrawing {
  /** Names of the two rule sets. */
  readonly from: string;
  readonly to: string;
  readonly pictures: { readonly from: Picture; readonly to: Picture };
  readonly rows: Iterable<ComparedRow>;
}

/** What the text is told about its surroundings. */
interface Surroundings {
  readonly width: number;
  readonly palette: Palette;
}

/** Between both sides. */
const BETWEEN_COLUMNS = 2;

/** What came of a step under either rule set: once, where it is the same. */
function resultText(
  { event, from, to, changes }: ComparedRow,
  between: string,
  palette: Palette,
): Text {
  const told = (side: 'from' | 'to'): Text => {
    const { abort, ...outcome } = side === 'from' ? from : to;
    const step = {
      event,
      outcome: { ...outcome, ...(abort === null ? {} : { abort }), broken: [] },
      changes: changes[side],
      divergences: [],
    };
    return inline([outcomeItems(step, palette)]);
  };
  const [one, other] = [told('from'), told('to')];
  if (one.painted === other.painted) return one;
  return glue(one, text(` ${between} `, palette.faint), other);
}

/**
 * The steps of a trace under two rule sets up to where these part: a row for each, left of it the
 * lanes of the one and of the other; and where they part, how and why.
 *
 * @returns its text, some lines at a time, none wider than the width
 */
export function* sideBySide(
  { from, to, pictures, rows }: ComparedDrawing,
  set: GlyphSetName,
  options: Surroundings,
): Generator<string> {
  const glyphs = GLYPHS[set];
  const { palette, width } = options;
  const half = Math.floor((roomFor(width) - BETWEEN_COLUMNS) / 2);
  const columns = { from: columnsOf(pictures.from, half), to: columnsOf(pictures.to, half) };
  const right = columns.from.width + BETWEEN_COLUMNS;
  const told = {
    width: width - right - columns.to.width,
    palette,
    digits: String(Math.max(pictures.from.last, pictures.to.last)).length,
  };
  const folded = foldedLine(columns.from, options) ?? foldedLine(columns.to, options);
  const legend = legendLine([pictures.from, pictures.to], columns.from, glyphs, options);
  const headings = [
    ...headingsOf(pictures.from, columns.from).map((each) => ({
      ...each,
      name: `${from}: ${each.name}`,
    })),
    ...headingsOf(pictures.to, columns.to).map(({ column, name }) => ({
      column: right + column,
      name: `${to}: ${name}`,
    })),
  ];
  yield fold(block(['', legend, ...(folded === null ? [] : [folded]), '']), width);
  yield block(headingLines(headings, glyphs, options));
  const lanes = {
    from: new LaneRows(pictures.from, columns.from, glyphs, palette),
    to: new LaneRows(pictures.to, columns.to, glyphs, palette),
  };
  const between = text(`${glyphs.between} `, palette.faint);
  const below = (): Text => glue(lanes.from.below(), between, lanes.to.below());
  for (const row of rows) {
    const left = glue(lanes.from.row(row.number), between, lanes.to.row(row.number));
    const said = eventRow(row, resultText(row, glyphs.between, palette), told);
    const lines = [...beside(left, below, said, told.width)];
    if (row.partings.length > 0) {
      const how = [`  ${palette.bad('they part:')}`, ...partingLines(row.partings, told)];
      for (const each of how) lines.push(...beside(below(), below, each, told.width));
    }
    yield block(lines);
  }
}
