import type {
  Neighbours,
  PartedPlace,
  ReleasesResult,
  Row,
  UntoldPlace,
} from '../../../../compare/releases/index.ts';
import { commitItems, type ManyOptions, rowItems } from '../../../../report/compared/row.ts';
import { eventText } from '../../../../report/parts/event.ts';
import { causeLines, changedFields } from '../../../../report/parts/parting.ts';
import {
  block,
  count,
  flow,
  glue,
  padEnd,
  sentence,
  text,
} from '../../../../report/text/layout.ts';
import { escapeControl } from '../../../../trace/text/escape.ts';
import { againLine, type ComparedHead } from '../text.ts';

const MARGIN = 2;
const GAP = 2;

/** Columns of the longest name of a rule set. */
export function nameColumns(names: readonly string[]): number {
  return Math.max(...names.map((name) => name.length));
}

/** `2.3.0      agrees, crash in session_unown_conn at step 9` */
function rowLine(row: Row, columns: number, options: ManyOptions): string {
  const { palette, width } = options;
  const name = padEnd(text(row.rules, palette.strong), columns + GAP);
  const lead = text(' '.repeat(MARGIN));
  const items = rowItems(row, options);
  const indent = MARGIN + columns + GAP;
  return flow(glue(lead, name), items, { width, indent, gap: 1 });
}

/** `2.2.0 → 21ddc74e8  step 4 (line 5): detach t1` */
function placeLine(
  { from, to }: Neighbours,
  { number, line, event }: PartedPlace | UntoldPlace,
  options: ManyOptions,
): string {
  const { palette, width } = options;
  const items = [
    [text(`${from} → ${to}`, palette.strong)],
    ...sentence(`at step ${number} (line ${line}):`),
    ...eventText(event, palette),
  ];
  return flow(text(''), items, { width, indent: MARGIN * 2, gap: 1 });
}

function fieldLine(differences: Parameters<typeof changedFields>[0], options: ManyOptions): string {
  const layout = { width: options.width, indent: MARGIN * 2, gap: GAP };
  return flow(text(' '.repeat(MARGIN)), changedFields(differences, options), layout);
}

/** @param isSame the place is a step that has just been told */
function partedLines(
  pair: Neighbours,
  place: PartedPlace,
  isSame: boolean,
  options: ManyOptions,
): string[] {
  const { palette, width } = options;
  const by = commitItems(place, options);
  const { parting, steps } = place;
  const again = `and again at ${count(steps - 1, 'step')}`;
  return [
    ...(isSame ? [] : [placeLine(pair, place, options)]),
    fieldLine(parting.differences, options),
    ...causeLines(parting, { words: 'says', labels: pair, by }, options),
    ...(steps === 1
      ? []
      : [flow(text('    '), sentence(again, palette.warn), { width, indent: 4, gap: 1 })]),
  ];
}

function untoldLines(pair: Neighbours, place: UntoldPlace, options: ManyOptions): string[] {
  const layout = { width: options.width, indent: MARGIN * 2, gap: 1 };
  return [
    placeLine(pair, place, options),
    fieldLine(place.differences, options),
    flow(text('    '), sentence('no rule tells why'), layout),
  ];
}

function neighbourBlock(
  pair: Neighbours,
  file: Omit<ComparedHead, 'title'>,
  options: ManyOptions,
): string {
  if (pair.differing === 0) return '';
  const { untold, places } = pair;
  const lines = [
    ...(untold === null ? [] : untoldLines(pair, untold, options)),
    ...places.flatMap((place, at) => {
      const isSame = place.number === places[at - 1]?.number;
      return partedLines(pair, place, isSame, options);
    }),
    againLine(file, pair, null, options),
  ];
  return block(['', ...lines]);
}

/**
 * A file under many rule sets: one row for each, then each place where one parts from the next.
 *
 * @param result null when no header could be read
 * @param problems what made it impossible to read it to its end
 */
export function fileText(
  file: Omit<ComparedHead, 'title'>,
  result: ReleasesResult | null,
  problems: number,
  options: ManyOptions,
): string {
  const { palette, width } = options;
  const layout = { width, indent: MARGIN, gap: 1 };
  const margin = text(' '.repeat(MARGIN));
  const lines = [text(escapeControl(file.path), palette.strong).painted];
  if (result?.title) lines.push(flow(margin, sentence(escapeControl(result.title)), layout));
  if (result === null || problems > 0) {
    const steps = count(result?.steps ?? 0, 'step');
    const what = sentence(`not judged: ${count(problems, 'problem')}`, palette.bad);
    lines.push(flow(margin, [...sentence(`${steps} compared, then`), ...what], layout));
    return block(lines);
  }
  if (result.rows.some(({ verdict }) => verdict === 'silent')) {
    lines.push(flow(margin, sentence('it expects nothing, so that none disagrees'), layout));
  }
  const columns = nameColumns(result.rows.map(({ rules }) => rules));
  lines.push(...result.rows.map((row) => rowLine(row, columns, options)));
  return (
    block(lines) + result.neighbours.map((each) => neighbourBlock(each, file, options)).join('')
  );
}
