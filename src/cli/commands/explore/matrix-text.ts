import type { RuleSet } from '../../../engine/index.ts';
import { evidenceOf } from '../../../evidence/index.ts';
import type { MatrixCell, MatrixColumn, MatrixRow } from '../../../explore/index.ts';
import {
  block,
  count,
  flow,
  type Item,
  padEnd,
  sentence,
  text,
} from '../../../report/text/layout.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import type { ExploreReportOptions } from './text.ts';

const MARGIN = 2;

/** Neighbours among the rule sets of which the same is to be said. */
interface Stretch {
  readonly first: RuleSet;
  readonly last: RuleSet;
  readonly items: readonly Item[];
}

/** What held: how many states were seen, and whether that is all there are. */
function heldText(columns: readonly MatrixColumn[]): string {
  const states = columns.map((column) => column.states);
  const [least, most] = [Math.min(...states), Math.max(...states)];
  const seen = least === most ? count(most, 'state') : `${least} to ${count(most, 'state')}`;
  const depths = columns.flatMap(({ depth }) => depth ?? []);
  return depths.length === 0
    ? `held: ${seen}, exhausted`
    : `held: ${seen}, up to depth ${Math.min(...depths)}`;
}

function brokenItems(
  { shortest, bugs }: MatrixCell,
  { palette }: ExploreReportOptions,
): readonly Item[] {
  if (shortest === null) return [];
  const met = bugs.length === 0 ? [] : [[text(bugs.join(' '), palette.strong)]];
  return [
    [text(`broken in ${count(shortest.depth, 'event')}`, palette.bad)],
    ...met,
    [text(escapeControl(shortest.world), palette.faint)],
    // Of a crash, where.
    [text(escapeControl(shortest.finding.split(' ').slice(1).join(' ')), palette.faint)],
  ].filter((item) => item.some(({ columns }) => columns > 0));
}

/** The cells of a row, those that say the same together. */
function stretchesOf(
  { cells }: MatrixRow,
  columns: readonly MatrixColumn[],
  options: ExploreReportOptions,
): Stretch[] {
  const { palette } = options;
  const stretches: { from: number; to: number; key: string }[] = [];
  cells.forEach((cell, at) => {
    const broken = brokenItems(cell, options);
    const key = cell.isPromised ? JSON.stringify(broken) : 'not promised';
    const before = stretches.at(-1);
    if (before?.key === key) before.to = at;
    else stretches.push({ from: at, to: at, key });
  });
  return stretches.flatMap(({ from, to }) => {
    const [cell, first, last] = [cells[from], columns[from], columns[to]];
    if (!cell || !first || !last) return [];
    const held = () => sentence(heldText(columns.slice(from, to + 1)), palette.good);
    const said = cell.shortest === null ? held() : brokenItems(cell, options);
    const items = cell.isPromised ? said : sentence('not promised', palette.faint);
    return [{ first: first.rules, last: last.rules, items }];
  });
}

/**
 * Each promise, and below it what has become of it from rule set to rule set; in the end, the rule
 * sets of which nothing but reading is known.
 */
export function matrixText(
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
  options: ExploreReportOptions,
): string {
  const { palette, width } = options;
  const lines = rows.flatMap((row) => {
    const stretches = stretchesOf(row, columns, options).map(({ first, last, items }) => ({
      label: text(first === last ? first.id : `${first.id} … ${last.id}`),
      items,
    }));
    const label = Math.max(...stretches.map((stretch) => stretch.label.columns)) + MARGIN;
    return [
      text(row.property, palette.strong).painted,
      ...stretches.map(({ label: name, items }) => {
        const lead = padEnd(text(`${' '.repeat(MARGIN)}${name.painted}`), label + MARGIN);
        return flow(lead, items, { width, indent: lead.columns, gap: 1 });
      }),
    ];
  });
  const unrecorded = columns.filter(({ rules }) => evidenceOf(rules).recordings === 0);
  const reading = unrecorded.map(({ rules }) => {
    const says = `${rules.id} was never recorded: this holds, and breaks, of what was read`;
    return flow(text(' '.repeat(MARGIN)), sentence(says, palette.warn), {
      width,
      indent: MARGIN,
      gap: 1,
    });
  });
  return block(lines) + block(reading);
}
