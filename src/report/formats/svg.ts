import { escapeControl } from '../../trace/text/escape.ts';
import { roomFor } from '../drawing/beside.ts';
import { columnsOf } from '../drawing/columns.ts';
import type { Drawing } from '../drawing/drawing.ts';
import { GLYPHS } from '../drawing/glyphs.ts';
import type { RowOptions } from '../drawing/step-rows.ts';
import { legend } from '../drawing/svg/legend.ts';
import { body, described, headings, textBlock } from '../drawing/svg/page.ts';
import { COLUMN, MARGIN, STYLE } from '../drawing/svg/style.ts';
import { MARKED } from '../drawing/svg/text.ts';
import { fold } from '../text/fold.ts';
import { block, count } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { tag } from '../text/xml.ts';
import { endLines } from './graph.ts';
import { pretty } from './pretty.ts';
import type { DrawingReporter } from './reporter.ts';

/** Between the parts of a drawing. */
const GAP = 10;

/** What a drawing shows, in a few sentences. */
function descriptionOf({ picture, file }: Drawing): string {
  const { marks, sessions, connections, first, last } = picture;
  const steps = Math.max(0, last - first + 1);
  const sentences = [
    `Steps from top to bottom, ${count(steps, 'step')}, beside lanes of ` +
      `${count(sessions.length, 'session')} and ${count(connections.length, 'connection')}.`,
  ];
  const ends = marks.filter(({ kind }) => kind === 'crash' || kind === 'abort');
  for (const mark of ends)
    if ('fn' in mark) sentences.push(`A ${mark.kind} in ${mark.fn} at step ${mark.step}.`);
  for (const [kind, one] of [
    ['divergence', 'divergence'],
    ['finding', 'finding'],
    ['takeover', 'takeover'],
  ] as const) {
    const at = [...new Set(marks.filter((mark) => mark.kind === kind).map(({ step }) => step))];
    if (at.length > 0)
      sentences.push(
        `${count(at.length, `step with a ${one}`, `steps with a ${one}`)}: ${at.join(', ')}.`,
      );
  }
  const [problem] = file.problems;
  if (problem !== undefined) sentences.push(`Not read on: ${escapeControl(problem.what)}.`);
  return sentences.join(' ');
}

/** The outer element of a drawing, in pixels. */
function opening(width: number, height: number): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    // For programs that know nothing of white-space in CSS.
    'xml:space': 'preserve',
    role: 'img',
    'aria-labelledby': 'title description',
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('svg', attributes, '>')}\n`;
}

/** A drawing of nothing, for a run without a trace: what is asked for is there all the same. */
function nothing(width: number): string {
  const said = textBlock('no trace could be read', MARGIN, MARGIN);
  const parts = [
    opening(width * COLUMN + 2 * MARGIN, said.bottom + MARGIN),
    described('no trace', 'No trace could be read.'),
    `<style>\n${STYLE}\n</style>\n`,
    tag('rect', { class: 'back', width: '100%', height: '100%' }, '/>\n'),
    said.shapes,
  ];
  return `${parts.join('')}</svg>\n`;
}

/** All of a drawing, from its outer element on. */
function* page(drawing: Drawing, options: ReportOptions): Generator<string> {
  const { head, file, picture } = drawing;
  const { width } = options;
  const columns = columnsOf(picture, roomFor(width));
  const rowOptions: RowOptions = {
    ...options,
    width: width - columns.width,
    digits: String(picture.last).length,
    mark: GLYPHS.unicode.diverges,
  };
  const shown = head ?? { path: file.path, stdin: file.stdin, title: null, rules: 'not known' };
  const top = textBlock(fold(pretty(options).head(shown), width), MARGIN, MARGIN);
  const signs = legend(picture, columns, { x: MARGIN, y: top.bottom + GAP / 2, width });
  const names = headings(picture, columns, signs.bottom + GAP);
  const steps = body(drawing, columns, names.bottom, rowOptions);
  const ended = block(endLines(file, options));
  const end = ended === '' ? null : textBlock(fold(ended, width), MARGIN, steps.bottom);
  const size = {
    width: width * COLUMN + 2 * MARGIN,
    height: (end ?? steps).bottom + MARGIN,
  };
  yield opening(size.width, size.height);
  yield described(shown.title ?? shown.path, descriptionOf(drawing));
  yield `<style>\n${STYLE}\n</style>\n`;
  yield tag('rect', { class: 'back', width: '100%', height: '100%' }, '/>\n');
  yield top.shapes + signs.shapes + names.shapes;
  yield* steps.shapes;
  yield `${end?.shapes ?? ''}</svg>\n`;
}

/**
 * The reporter `svg`: the lanes of one trace as a static drawing, its steps beside them as text. It
 * has no script and refers to nothing; light and dark differ by their colours only.
 */
export function svg(options: Omit<ReportOptions, 'palette'>): DrawingReporter {
  return {
    tells: 'matched',
    draw: (drawing) => page(drawing, { ...options, palette: MARKED }),
    summary: (_, hasDrawn) => (hasDrawn ? '' : nothing(options.width)),
  };
}
