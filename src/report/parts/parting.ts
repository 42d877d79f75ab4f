import type { Parting, Side } from '../../compare/index.ts';
import type { Difference } from '../../replay/compare.ts';
import type { Value } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { flow, glue, type Item, padEnd, sentence, type Text, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { diffLists } from './diff.ts';
import { COMPARED, cell, fieldTable } from './field-table.ts';

/** Where the lines about who decided begin. */
export const DECIDER_INDENT = 4;
/** Where the rules begin, and where their sentences go on. */
const RULE_INDENT = DECIDER_INDENT + 2;
/** Columns between what a side is called and its rule, where the name is longest. */
const LABEL_GAP = 2;

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

function sideLine(label: Text, side: Side, says: string, options: Surroundings): string {
  const { palette, width } = options;
  const lead = glue(text(' '.repeat(RULE_INDENT)), label);
  const items =
    side.fn === null
      ? sentence(escapeControl(says), palette.faint)
      : [[text(side.rule)], [text('·')], ...sentence(escapeControl(says))];
  return flow(lead, items, { width, indent: lead.columns, gap: 1 });
}

/** How the lines about a cause are worded. */
export interface CauseWords {
  /** About the objects of a step, or in general. */
  readonly words: 'says' | 'means';
  /** What the two sides are called. */
  readonly labels?: { readonly from: string; readonly to: string };
  /** What stands behind the functions that decided. */
  readonly by?: readonly Item[];
}

/** Who decided, and the two rules. */
export function causeLines(
  parting: Parting,
  { words, labels = { from: 'from', to: 'to' }, by = [] }: CauseWords,
  options: Surroundings,
): string[] {
  const { from, to } = parting;
  const margin = text(' '.repeat(DECIDER_INDENT));
  const layout = { width: options.width, indent: RULE_INDENT, gap: 1 };
  const one = text(labels.from, options.palette.faint);
  const other = text(labels.to, options.palette.faint);
  const columns = Math.max(one.columns, other.columns) + LABEL_GAP;
  return [
    flow(margin, [...deciderItems(parting, options), ...by], layout),
    sideLine(padEnd(one, columns), from, from[words], options),
    sideLine(padEnd(other, columns), to, to[words], options),
  ];
}

/** The calls of a step that only one of two sides makes: `- conn_free(c1)`, `+ …`. */
function callItems({ expected, actual }: Difference, { palette }: Surroundings): Item[] {
  const texts = (value: Value): string[] =>
    Array.isArray(value) ? value.map((each) => escapeControl(String(each))) : [];
  return diffLists(texts(expected), texts(actual)).flatMap(({ op, text: call }): Item[] => {
    if (op === 'missing') return [[text('-', palette.good), text(call)]];
    return op === 'unexpected' ? [[text('+', palette.bad), text(call)]] : [];
  });
}

/** Fields that come out differently, each as `conn.c1.owner null → s1`, one after the other. */
export function changedFields(differences: readonly Difference[], options: Surroundings): Item[] {
  const { palette } = options;
  return differences.flatMap((difference): Item[] => {
    const { field, expected, actual } = difference;
    const isCalls = field === 'calls' && Array.isArray(expected) && Array.isArray(actual);
    if (isCalls) return callItems(difference, options);
    // A reason is a sentence, to be wrapped as one.
    if (field === 'impossible') {
      const [one, other] = [expected, actual].map((reason) =>
        escapeControl(String(reason ?? 'no')),
      );
      return sentence(`impossible: ${one} → ${other}`);
    }
    const one = text(cell(difference, expected, COMPARED), palette.good);
    const other = text(cell(difference, actual, COMPARED), palette.bad);
    const values = [one, text('→'), other];
    return [[text(escapeControl(field)), ...values]];
  });
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
  const table = fieldTable(all, options, COMPARED);
  const tableLines = (differences: readonly Difference[]): string[] => {
    const rows = differences.filter((difference) => table.isRow(difference));
    const rest = differences.filter((difference) => !rows.includes(difference));
    return [...rows, ...rest].flatMap((difference) => table.lines(difference));
  };
  const lines = table.title === null ? [] : [table.title];
  for (const parting of shown) {
    lines.push(
      ...tableLines(parting.differences),
      ...causeLines(parting, { words: 'says' }, options),
    );
  }
  if (following.length === 0) return lines;
  const from = following.length === 1 ? 'comes from earlier steps' : 'come from earlier steps';
  const origin = `${' '.repeat(DECIDER_INDENT)}${options.palette.warn(from)}`;
  return [...lines, ...tableLines(following), origin];
}
