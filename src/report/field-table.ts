import type { Divergence, Value } from '../replay/result.ts';
import { escapeControl } from '../trace/escape.ts';
import { type DiffEntry, diffLists } from './diff.ts';
import type { ReportOptions } from './reporter.ts';
import { columnsOf, count, flow, glue, padEnd, sentence, type Text, text } from './text.ts';
import { pairText, valueText } from './value.ts';

const MARGIN = 2;
const GAP = 2;
/** Where the values of a field that does not fit into the table begin. */
const STACKED_INDENT = 14;
/** A list up to this many columns is a value like others; a longer one is compared by entry. */
const SHORT_LIST = 24;
/** Equal entries of two lists that are named; a longer run is counted. */
const SAME_MAX = 3;

/** One field that fits beside its values. */
interface Row {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

interface Columns {
  readonly field: number;
  readonly expected: number;
  readonly actual: number;
}

/** A value as the table prints it: null instead of a whole object means that it is freed. */
function cell({ field, subject }: Divergence, value: Value): string {
  const isObject = field === `${subject.kind}.${subject.id}`;
  return isObject && value === null ? 'freed' : valueText(value);
}

function rowOf(divergence: Divergence): Row {
  return {
    field: escapeControl(divergence.field),
    expected: cell(divergence, divergence.expected),
    actual: cell(divergence, divergence.actual),
  };
}

/** Both values as entries of text when they are lists worth comparing by entry, else null. */
function asLists(divergence: Divergence): { expected: string[]; actual: string[] } | null {
  const { expected, actual, field } = divergence;
  if (!Array.isArray(expected) || !Array.isArray(actual)) return null;
  const isCalls = field === 'calls';
  const isShort = [expected, actual].every((list) => columnsOf(valueText(list)) <= SHORT_LIST);
  if (!isCalls && (isShort || field.endsWith('.flags'))) return null;
  const entryText = (entry: Value): string =>
    isCalls && typeof entry === 'string' ? escapeControl(entry) : pairText(entry);
  return { expected: expected.map(entryText), actual: actual.map(entryText) };
}

/** Widths of the titles and of all rows. */
function columnsFor(rows: readonly Row[]): Columns {
  const widest = (least: number, key: keyof Row): number =>
    rows.reduce((columns, row) => Math.max(columns, columnsOf(row[key])), least);
  return {
    field: widest('field'.length, 'field'),
    expected: widest('expected'.length, 'expected'),
    actual: widest('actual'.length, 'actual'),
  };
}

function total(columns: Columns): number {
  return MARGIN + columns.field + GAP + columns.expected + GAP + columns.actual;
}

/** The rows that fit beside each other within a width: as long as they do not, the widest goes. */
function fittingRows(rows: readonly Row[], width: number): readonly Row[] {
  let left = rows;
  while (left.length > 0 && total(columnsFor(left)) > width) {
    const widths = left.map((row) => total(columnsFor([row])));
    const widest = widths.indexOf(Math.max(...widths));
    left = left.filter((_, index) => index !== widest);
  }
  return left;
}

function tableLine(cells: readonly [Text, Text, Text], columns: Columns): string {
  const [field, expected, actual] = cells;
  const gap = text(' '.repeat(GAP));
  const margin = text(' '.repeat(MARGIN));
  const parts = [
    padEnd(field, columns.field),
    gap,
    padEnd(expected, columns.expected),
    gap,
    actual,
  ];
  return glue(margin, ...parts).painted;
}

function stackedLines(row: Row, { palette, width }: ReportOptions): string[] {
  const layout = { width, indent: STACKED_INDENT, gap: 1 };
  return [
    `  ${row.field}`,
    flow(text('    expected  ', palette.faint), sentence(row.expected, palette.good), layout),
    flow(text('    actual    ', palette.faint), sentence(row.actual, palette.bad), layout),
  ];
}

const MARKS = {
  same: '  same        ',
  missing: '- missing     ',
  unexpected: '+ unexpected  ',
  'moved-away': '< moved away  ',
  'moved-here': '> moved here  ',
};

function runTexts(run: readonly DiffEntry[]): string[] {
  const isLong = run[0]?.op === 'same' && run.length > SAME_MAX;
  return isLong ? [count(run.length, 'entry', 'entries')] : run.map((entry) => entry.text);
}

/** Neighbours of the same kind as one run. */
function runsOf(entries: readonly DiffEntry[]): DiffEntry[][] {
  const runs: DiffEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run !== undefined && run[0]?.op === entry.op) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** What is missing, unexpected and moved in a list, in the order of the actual one. */
function listLines(
  field: string,
  lists: {
    readonly expected: readonly string[];
    readonly actual: readonly string[];
  },
  { palette, width }: ReportOptions,
): string[] {
  const { expected, actual } = lists;
  const paints = {
    same: palette.faint,
    missing: palette.good,
    unexpected: palette.bad,
    'moved-away': palette.warn,
    'moved-here': palette.warn,
  };
  const sizes = `${expected.length} expected, ${actual.length} actual`;
  const lines = [`  ${field}  ${palette.faint(`(${sizes})`)}`];
  for (const run of runsOf(diffLists(expected, actual))) {
    const op = run[0]?.op ?? 'same';
    const lead = text(`    ${MARKS[op]}`, paints[op]);
    const items = runTexts(run).map((entry) => [text(entry, paints[op])]);
    lines.push(flow(lead, items, { width, indent: lead.columns, gap: GAP }));
  }
  return lines;
}

/** The divergences of a step as a table. */
export interface FieldTable {
  /** `field  expected  actual`, or null when nothing stands in columns. */
  readonly title: string | null;
  /** True when a divergence stands in columns. */
  isRow(divergence: Divergence): boolean;
  /** The lines of one of the divergences that the table was made for. */
  lines(divergence: Divergence): string[];
}

/**
 * Lays out divergences as field, expected and actual in columns that fit the width. What is too
 * wide has its values below the field; lists are compared entry by entry.
 */
export function fieldTable(divergences: readonly Divergence[], options: ReportOptions): FieldTable {
  const { palette, width } = options;
  const rows = new Map<Divergence, Row>();
  for (const divergence of divergences) {
    if (asLists(divergence) === null) rows.set(divergence, rowOf(divergence));
  }
  const fitting = fittingRows([...rows.values()], width);
  const columns = columnsFor(fitting);
  const name = (title: string): Text => text(title, palette.faint);
  const titles = [name('field'), name('expected'), name('actual')] as const;
  return {
    title: fitting.length > 0 ? tableLine(titles, columns) : null,
    isRow: (divergence) => fitting.some((row) => row === rows.get(divergence)),
    lines: (divergence) => {
      const lists = asLists(divergence);
      if (lists !== null) return listLines(escapeControl(divergence.field), lists, options);
      const row = rows.get(divergence) ?? rowOf(divergence);
      if (!fitting.includes(row)) return stackedLines(row, options);
      const cells = [
        text(row.field),
        text(row.expected, palette.good),
        text(row.actual, palette.bad),
      ] as const;
      return [tableLine(cells, columns)];
    },
  };
}
