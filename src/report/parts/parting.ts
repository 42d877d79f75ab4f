import type { Parting, Side } from '../../compare/index.ts';
import type { Difference } from '../../replay/compare.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { flow, glue, type Item, padEnd, sentence, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { fieldTable, type TableWords } from './field-table.ts';

/** Where the lines about who decided begin. */
export const DECIDER_INDENT = 4;
/** Where the rules begin, and where their sentences go on. */
const RULE_INDENT = DECIDER_INDENT + 2;
const SENTENCE_INDENT = RULE_INDENT + 6;

const WORDS: TableWords = {
  expected: 'from',
  actual: 'to',
  none: 'none',
  object: 'alive',
  missing: 'only from',
  unexpected: 'only to',
};

/** What the lines about partings are told about their surroundings. */
type Surroundings = Pick<ReportOptions, 'width' | 'palette'>;

/** The functions that decided, with their files: one, or two where the worlds part between them. */
function deciderItems({ from, to }: Pick<Parting, 'from' | 'to'>, options: Surroundings): Item[] {
  const functions = new Map<string, string>();
  for (const { fn, file } of [from, to]) {
    if (fn === null) continue;
    functions.set(fn, file ?? functions.get(fn) ?? '');
  }
  const all = [...functions];
  return all.map(([fn, file], at) => {
    const name = text(fn, options.palette.strong);
    const end = at === all.length - 1 ? '' : ',';
    return file === '' ? [glue(name, text(end))] : [name, text(`(${file})${end}`)];
  });
}

function sideLine(label: string, side: Side, says: string, options: Surroundings): string {
  const { palette, width } = options;
  const lead = glue(
    text(' '.repeat(RULE_INDENT)),
    padEnd(text(label, palette.faint), SENTENCE_INDENT - RULE_INDENT),
  );
  const items =
    side.fn === null
      ? sentence(escapeControl(says), palette.faint)
      : [[text(side.rule)], [text('·')], ...sentence(escapeControl(says))];
  return flow(lead, items, { width, indent: SENTENCE_INDENT, gap: 1 });
}

/** Who decided, and the two rules: about the objects of a step, or in general. */
export function causeLines(
  parting: Parting,
  words: 'says' | 'means',
  options: Surroundings,
): string[] {
  const { from, to } = parting;
  const margin = text(' '.repeat(DECIDER_INDENT));
  const layout = { width: options.width, indent: RULE_INDENT, gap: 1 };
  return [
    flow(margin, deciderItems(parting, options), layout),
    sideLine('from', from, from[words], options),
    sideLine('to', to, to[words], options),
  ];
}

/**
 * Where two worlds part: field, from and to; who decided, and the two rules.
 *
 * @param following differences that come from earlier steps, to be shown below
 */
export function partingLines(
  shown: readonly Parting[],
  options: Surroundings,
  following: readonly Difference[] = [],
): string[] {
  const all = [...shown.flatMap(({ differences }) => differences), ...following];
  const table = fieldTable(all, options, WORDS);
  const tableLines = (differences: readonly Difference[]): string[] => {
    const rows = differences.filter((difference) => table.isRow(difference));
    const rest = differences.filter((difference) => !rows.includes(difference));
    return [...rows, ...rest].flatMap((difference) => table.lines(difference));
  };
  const lines = table.title === null ? [] : [table.title];
  for (const parting of shown) {
    lines.push(...tableLines(parting.differences), ...causeLines(parting, 'says', options));
  }
  if (following.length === 0) return lines;
  const from = following.length === 1 ? 'comes from earlier steps' : 'come from earlier steps';
  const origin = `${' '.repeat(DECIDER_INDENT)}${options.palette.warn(from)}`;
  return [...lines, ...tableLines(following), origin];
}
