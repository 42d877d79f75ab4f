import { fold } from '../../text/fold.ts';
import { tag, xmlText } from '../../text/xml.ts';
import type { Columns } from '../columns.ts';
import { crowdsOf } from '../crowd.ts';
import type { Drawing } from '../drawing.ts';
import { MORE } from '../glyphs.ts';
import { headingsOf } from '../headings.ts';
import { belowLines, type RowOptions, rowText } from '../step-rows.ts';
import { LaneDrawing, type Rows, stroke } from './lanes.ts';
import { COLUMN, LINE, MARGIN } from './style.ts';
import { label, textLine } from './text.ts';

const BASELINE = 5;

/** Lines of text, one below the other. */
export function textBlock(
  marked: string,
  x: number,
  top: number,
): { shapes: string; bottom: number } {
  const lines = marked.replace(/\n$/, '').split('\n');
  const shapes = lines.map((line, at) => textLine(line, x, top + at * LINE + LINE / 2 + BASELINE));
  return { shapes: shapes.join(''), bottom: top + lines.length * LINE };
}

/** The names of groups, each above the first of its lanes. */
export function headings(
  picture: Drawing['picture'],
  columns: Columns,
  top: number,
): { readonly shapes: string; readonly bottom: number } {
  const names = headingsOf(picture, columns);
  const bottom = top + names.length * LINE;
  let shapes = '';
  names.forEach(({ column, name }, at) => {
    const x = MARGIN + column * COLUMN + COLUMN / 2;
    const y = top + at * LINE + LINE / 2;
    shapes += stroke('stem', `M${x + COLUMN} ${y}H${x}V${bottom}`);
    shapes += label(name, 'faint', x + COLUMN + BASELINE, y + BASELINE);
  });
  return { shapes, bottom };
}

/** The lines of a step, and where they are. */
interface Row {
  readonly step: number;
  readonly top: number;
  readonly lines: readonly string[];
  readonly isBad: boolean;
}

function placed(
  drawing: Drawing,
  top: number,
  options: RowOptions,
): { rows: Row[]; bottom: number } {
  const rows: Row[] = [];
  let bottom = top;
  for (const drawn of drawing.steps) {
    const { number, outcome, divergences } = drawn.step;
    const said = [rowText(drawn, options), ...belowLines(drawn, options)];
    const lines = said.flatMap((each) => fold(each, options.width).split('\n'));
    const isBad = outcome.kind !== 'done' || divergences.length > 0;
    rows.push({ step: number, top: bottom, lines, isBad });
    bottom += lines.length * LINE;
  }
  return { rows, bottom };
}

/** How many have no lane, beside the rows at which that changes. */
function* counts({ picture }: Drawing, columns: Columns, rows: readonly Row[]): Generator<string> {
  const crowds = crowdsOf(picture, columns);
  for (const kind of ['sessions', 'connections'] as const) {
    const column = columns.folded[kind]?.column;
    if (column === undefined) continue;
    let before = 0;
    for (const { step, top } of rows) {
      const count = crowds[kind].at(step);
      if (count !== before) {
        const x = MARGIN + column * COLUMN;
        yield label(`${MORE}${count}`, 'faint', x, top + LINE / 2 + BASELINE);
      }
      before = count;
    }
  }
}

/** The steps of a drawing with the lanes beside them. */
export function body(
  drawing: Drawing,
  columns: Columns,
  top: number,
  options: RowOptions,
): { readonly shapes: Iterable<string>; readonly bottom: number } {
  // What was there before the first step begins above its row.
  const above = drawing.picture.first > 1 ? LINE : 0;
  const { rows, bottom } = placed(drawing, top + above, options);
  const where: Rows = {
    steps: rows.map(({ step }) => step),
    middles: rows.map((row) => row.top + LINE / 2),
    top: top + above / 2,
    bottom,
  };
  const left = MARGIN + columns.width * COLUMN;
  function* shapes(): Generator<string> {
    for (const row of rows) {
      if (!row.isBad) continue;
      const width = options.width * COLUMN;
      const area = { x: left - BASELINE, y: row.top, width, height: row.lines.length * LINE };
      yield tag('rect', { class: 'bad', ...area }, '/>\n');
    }
    yield* new LaneDrawing(drawing.picture, columns, where, MARGIN).shapes();
    yield* counts(drawing, columns, rows);
    for (const row of rows) {
      yield textBlock(row.lines.join('\n'), left, row.top).shapes;
    }
  }
  return { shapes: shapes(), bottom };
}

/** The title of a drawing and what it shows, for whoever does not see it. */
export function described(title: string, description: string): string {
  const about = `${tag('title', { id: 'title' }, '>')}${xmlText(title)}</title>\n`;
  return `${about}${tag('desc', { id: 'description' }, '>')}${xmlText(description)}</desc>\n`;
}
