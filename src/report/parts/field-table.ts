import type { Difference } from '../../replay/compare.ts';
import type { Value } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { columnsOf, count, flow, glue, padEnd, sentence, type Text, text } from '../text/layout.ts';
import type { ReportOptions } from '../text/report-options.ts';
import { pairText, valueText } from '../text/value.ts';
import { type DiffEntry, diffLists } from './diff.ts';

const MARGIN = 2;
const GAP = 2;
/** Where the values of a field that does not fit into the table begin. */
const STACKED_INDENT = 14;
/** A list up to this many columns is a value like others; a longer one is compared by entry. */
const SHORT_LIST = 24;
/** Columns of a list's mark, with the space behind it. */
const MARK_COLUMNS = 14;
/** Equal entries of two lists that are named; a longer run is counted. */
const SAME_MAX = 3;

/** What a table needs of its surroundings. */
type TableOptions = Pick<ReportOptions, 'palette' | 'width'>;

/** What the two values of a field are called. */
export interface TableWords {
  readonly expected: string;
  readonly actual: string;
  /** Stands for an object that there is not. */
  readonly none: string;
  /** Stands for an object that there is, where the other value is none; null for its fields. */
  readonly object: string | null;
  /** Entries of a list that only one of the values has. */
  readonly missing: string;
  readonly unexpected: string;
}

/** Of what a trace expects, and what the rules give. */
export const EXPECTED_ACTUAL: TableWords = {
  expected: 'expected',
  actual: 'actual',
  none: 'freed',
  object: null,
  missing: 'missing',
  unexpected: 'unexpected',
};

/** Of what comes out under one rule set, and under another. */
export const COMPARED: TableWords = {
  expected: 'from',
  actual: 'to',
  none: 'none',
  object: 'alive',
  missing: 'only from',
  unexpected: 'only to',
};

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
export function cell({ field, subject }: Difference, value: Value, words: TableWords): string {
  const isObject = field === `${subject.kind}.${subject.id}`;
  if (!isObject) return valueText(value);
  return value === null ? words.none : (words.object ?? valueText(value));
}

function rowOf(divergence: Difference, words: TableWords): Row {
  return {
    field: escapeControl(divergence.field),
    expected: cell(divergence, divergence.expected, words),
    actual: cell(divergence, divergence.actual, words),
  };
}

/** Both values as entries of text when they are lists worth comparing by entry, else null. */
function asLists(divergence: Difference): { expected: string[]; actual: string[] } | null {
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
function columnsFor(rows: readonly Row[], words: TableWords): Columns {
  const widest = (least: number, key: keyof Row): number =>
    rows.reduce((columns, row) => Math.max(columns, columnsOf(row[key])), least);
  return {
    field: widest('field'.length, 'field'),
    expected: widest(words.expected.length, 'expected'),
    actual: widest(words.actual.length, 'actual'),
  };
}

function total(columns: Columns): number {
  return MARGIN + columns.field + GAP + columns.expected + GAP + columns.actual;
}

/** The rows that fit beside each other within a width: as long as they do not, the widest goes. */
function fittingRows(rows: readonly Row[], width: number, words: TableWords): readonly Row[] {
  let left = rows;
  while (left.length > 0 && total(columnsFor(left, words)) > width) {
    const widths = left.map((row) => total(columnsFor([row], words)));
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

function stackedLines(row: Row, { palette, width }: TableOptions, words: TableWords): string[] {
  const layout = { width, indent: STACKED_INDENT, gap: 1 };
  const lead = (word: string): Text => padEnd(text(`    ${word}`, palette.faint), STACKED_INDENT);
  return [
    `  ${row.field}`,
    flow(lead(words.expected), sentence(row.expected, palette.good), layout),
    flow(lead(words.actual), sentence(row.actual, palette.bad), layout),
  ];
}

/** The mark of a run of entries: `- missing     `. */
function markOf(op: DiffEntry['op'], words: TableWords): string {
  const marks = {
    same: '  same',
    missing: `- ${words.missing}`,
    unexpected: `+ ${words.unexpected}`,
    'moved-away': '< moved away',
    'moved-here': '> moved here',
  };
  return marks[op].padEnd(MARK_COLUMNS);
}

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
  { palette, width }: TableOptions,
  words: TableWords,
): string[] {
  const { expected, actual } = lists;
  const paints = {
    same: palette.faint,
    missing: palette.good,
    unexpected: palette.bad,
    'moved-away': palette.warn,
    'moved-here': palette.warn,
  };
  const sizes = `${expected.length} ${words.expected}, ${actual.length} ${words.actual}`;
  const lines = [`  ${field}  ${palette.faint(`(${sizes})`)}`];
  for (const run of runsOf(diffLists(expected, actual))) {
    const op = run[0]?.op ?? 'same';
    const lead = text(`    ${markOf(op, words)}`, paints[op]);
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
  isRow(divergence: Difference): boolean;
  /** The lines of one of the divergences that the table was made for. */
  lines(divergence: Difference): string[];
}

/**
 * Lays out divergences as field, expected and actual in columns that fit the width. What is too
 * wide has its values below the field; lists are compared entry by entry.
 */
export function fieldTable(
  divergences: readonly Difference[],
  options: TableOptions,
  words: TableWords = EXPECTED_ACTUAL,
): FieldTable {
  const { palette, width } = options;
  const rows = new Map<Difference, Row>();
  for (const divergence of divergences) {
    if (asLists(divergence) === null) rows.set(divergence, rowOf(divergence, words));
  }
  const fitting = fittingRows([...rows.values()], width, words);
  const columns = columnsFor(fitting, words);
  const name = (title: string): Text => text(title, palette.faint);
  const titles = [name('field'), name(words.expected), name(words.actual)] as const;
  return {
    title: fitting.length > 0 ? tableLine(titles, columns) : null,
    isRow: (divergence) => fitting.some((row) => row === rows.get(divergence)),
    lines: (divergence) => {
      const lists = asLists(divergence);
      if (lists !== null) return listLines(escapeControl(divergence.field), lists, options, words);
      const row = rows.get(divergence) ?? rowOf(divergence, words);
      if (!fitting.includes(row)) return stackedLines(row, options, words);
      const cells = [
        text(row.field),
        text(row.expected, palette.good),
        text(row.actual, palette.bad),
      ] as const;
      return [tableLine(cells, columns)];
    },
  };
}
