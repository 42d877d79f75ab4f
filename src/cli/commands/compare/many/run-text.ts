import type {
  NeighbourCount,
  PartedPlace,
  ReleaseCount,
  ReleasesRun,
  Shown,
} from '../../../../compare/releases/index.ts';
import { byFrequency } from '../../../../report/compared/collect.ts';
import { commitItems, type ManyOptions } from '../../../../report/compared/row.ts';
import type { Unrecorded } from '../../../../report/data/unrecorded.ts';
import { causeLines, changedFields } from '../../../../report/parts/parting.ts';
import { unrecordedLines } from '../../../../report/parts/unrecorded.ts';
import {
  block,
  count,
  flow,
  glue,
  type Item,
  listed,
  padEnd,
  padStart,
  sentence,
  text,
} from '../../../../report/text/layout.ts';
import { escapeControl } from '../../../../trace/text/escape.ts';
import { nameColumns } from './text.ts';

const GAP = 2;

/** One column of the matrix: its title, and the number of a rule set and of it and the one before. */
interface Column {
  readonly title: string;
  /** What the title stands for, where it does not say so itself. */
  readonly means?: string;
  readonly of: (count: ReleaseCount, before: NeighbourCount | null) => number | null;
}

const COLUMNS: readonly Column[] = [
  { title: 'agree', of: ({ verdicts }) => verdicts.agrees },
  { title: 'diverge', of: ({ verdicts }) => verdicts.diverges },
  { title: 'impossible', of: ({ verdicts }) => verdicts.impossible },
  { title: 'silent', means: 'they expect nothing', of: ({ verdicts }) => verdicts.silent },
  { title: 'crash', of: ({ crashes }) => crashes },
  { title: 'abort', of: ({ aborts }) => aborts },
  { title: 'broken', means: 'a promise is', of: ({ broken }) => broken },
  {
    title: 'parted',
    means: 'they differ from the line above',
    of: (_, before) => before?.files ?? null,
  },
];

/** Columns in which some rule set has something; how many agree is always told. */
function told({ counts, neighbours }: ReleasesRun): readonly Column[] {
  return COLUMNS.filter(
    ({ of }, at) => at === 0 || counts.some((each, row) => of(each, neighbours[row - 1] ?? null)),
  );
}

/** Files by rule set and by what came of them. */
export function matrixText(run: ReleasesRun, { palette, width }: ManyOptions): string {
  const columns = told(run);
  const names = nameColumns(run.counts.map(({ rules }) => rules));
  const line = (name: string, cells: readonly string[]): string => {
    const parts = cells.map((cell, at) =>
      padStart(text(cell), (columns[at]?.title.length ?? 0) + GAP),
    );
    return glue(padEnd(text(name, palette.strong), names), ...parts).painted.trimEnd();
  };
  const rows = run.counts.map((each, at) => {
    const cells = columns.map(({ of }) => of(each, run.neighbours[at - 1] ?? null));
    return line(
      each.rules,
      cells.map((cell) => (cell === null ? '' : String(cell))),
    );
  });
  const title = line(
    '',
    columns.map((column) => column.title),
  );
  const meanings = columns.flatMap(({ title: name, means }) =>
    means === undefined ? [] : [sentence(`${name}: ${means}`, palette.faint)],
  );
  const legend = flow(text(''), listed(meanings), { width, indent: 0, gap: 1 });
  return block(meanings.length === 0 ? [title, ...rows] : [title, ...rows, legend]);
}

function often<P>({ path, place, steps, files }: Shown<P & { line: number }>): string {
  const total = `first of ${count(steps, 'step')} in ${count(files, 'file')}`;
  return `${escapeControl(path)}:${place.line}: ${total}`;
}

function causeBlock(
  pair: NeighbourCount,
  shown: Shown<PartedPlace>,
  options: ManyOptions,
): string[] {
  const { place } = shown;
  const by = commitItems(place, options);
  const layout = { width: options.width, indent: 4, gap: 1 };
  return [
    flow(text('  '), sentence(often(shown)), layout),
    ...causeLines(place.parting, { words: 'means', labels: pair, by }, options),
  ];
}

/** Where neighbours part: their causes, most frequent first, each with its first place. */
export function neighbourCausesText(pair: NeighbourCount, options: ManyOptions): string {
  const { palette, width } = options;
  const layout = { width, indent: 4, gap: 1 };
  const head: Item[] = [
    [text(`${pair.from} → ${pair.to}`, palette.strong)],
    ...sentence(`part in ${count(pair.files, 'file')} by ${count(pair.causes.size, 'cause')}:`),
  ];
  const lines = [flow(text(''), head, layout)];
  for (const shown of byFrequency(pair)) lines.push(...causeBlock(pair, shown, options));
  const { untold } = pair;
  if (untold !== null) {
    const first = `${escapeControl(untold.path)}:${untold.place.line}:`;
    const where = `${first} no rule tells why, in ${count(untold.files, 'file')}`;
    lines.push(flow(text('  '), sentence(where), layout));
    lines.push(flow(text('    '), changedFields(untold.place.differences, options), layout));
  }
  return block(lines);
}

/** After the last file: what was compared, how much of it differs, and what that rests on. */
export function manySummaryText(
  run: ReleasesRun,
  unrecorded: Unrecorded | undefined,
  options: ManyOptions,
): string {
  const { palette, width } = options;
  const { bad, good } = palette;
  const unjudged = run.unjudged > 0 ? sentence(`(${run.unjudged} not judged)`, bad) : [];
  const parting = run.neighbours.filter(({ files }) => files > 0);
  const causes = parting.reduce((sum, each) => sum + each.causes.size, 0);
  const where = run.files > 1 ? ` in ${count(run.differing, 'file')}` : '';
  const neighbours = `${count(parting.length, 'neighbour')} part${parting.length === 1 ? 's' : ''}`;
  const parts = [
    [...sentence(count(run.files, 'file')), ...unjudged],
    sentence(count(run.steps, 'step')),
    sentence(count(run.counts.length, 'rule set')),
    parting.length === 0
      ? sentence('no difference', good)
      : sentence(`${neighbours} from the one before${where}, by ${count(causes, 'cause')}`, bad),
  ];
  if (run.unread > 0) parts.push(sentence(`${count(run.unread, 'path')} not read`, bad));
  const line = flow(text(''), listed(parts), { width, indent: GAP, gap: 1 });
  return block([line, ...unrecordedLines(unrecorded, options)]);
}
