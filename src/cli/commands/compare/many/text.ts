import type {
  Neighbours,
  PartedPlace,
  ReleasesResult,
  Row,
  UntoldPlace,
} from '../../../../compare/releases/index.ts';
import { eventText } from '../../../../report/parts/event.ts';
import { causeLines, changedFields } from '../../../../report/parts/parting.ts';
import {
  block,
  count,
  flow,
  glue,
  type Item,
  listed,
  padEnd,
  sentence,
  text,
} from '../../../../report/text/layout.ts';
import type { ReportOptions } from '../../../../report/text/report-options.ts';
import { escapeControl } from '../../../../trace/text/escape.ts';
import { againLine, type ComparedHead } from '../text.ts';

/** What the report of many rule sets is told about its surroundings. */
export type ManyOptions = Pick<ReportOptions, 'width' | 'palette'>;

const MARGIN = 2;
const GAP = 2;

/** Columns of the longest name of a rule set. */
export function nameColumns(names: readonly string[]): number {
  return Math.max(...names.map((name) => name.length));
}

/**
 * `diverges at step 3: conn.c1.owner by connect.new.owned`, that a step cannot be, or that the
 * program goes on; nothing where it ends instead, which is told by itself.
 */
function divergenceItems({ divergence, end }: Row, { palette }: ManyOptions): Item[] {
  if (divergence === null) return [];
  const { number, decidedBy } = divergence;
  const { field, expected, actual } = divergence.difference;
  const by = decidedBy === null ? [] : [[text('by'), text(decidedBy.rule)]];
  if (field === 'event') {
    const reason = sentence(escapeControl(String(actual)));
    return [...sentence(`step ${number} is impossible:`, palette.bad), ...reason];
  }
  if (field !== 'crash' && field !== 'abort') {
    const what = text(escapeControl(field));
    return [...sentence(`diverges at step ${number}:`, palette.bad), [what], ...by];
  }
  if (end !== null || expected === null) return [];
  const wanted = escapeControl(String(expected));
  return [...sentence(`no ${field} in ${wanted} at step ${number}`, palette.bad), ...by];
}

/** `crash in conn_free at step 4`, `abort in h2_io_cb at step 9` */
function endItems({ end }: Row, { palette }: ManyOptions): Item[] {
  if (end === null) return [];
  return sentence(`${end.kind} in ${escapeControl(end.fn)} at step ${end.number}`, palette.bad);
}

/** `breaks owner-is-live at step 3, used-count at step 4` */
function brokenItems({ broken }: Row, { palette }: ManyOptions): Item[] {
  if (broken.length === 0) return [];
  const promises = broken.map(({ name, number }) => [
    [text(name, palette.warn)],
    ...sentence(`at step ${number}`),
  ]);
  return [[text('breaks')], ...listed(promises)];
}

function verdictItems(row: Row, options: ManyOptions): Item[] {
  const { palette } = options;
  switch (row.verdict) {
    case 'agrees':
      return [[text('agrees', palette.good)]];
    case 'silent':
      return sentence('runs to its end');
    case 'ends':
      return [];
    default:
      return divergenceItems(row, options);
  }
}

/** `2.3.0      agrees, crash in session_unown_conn at step 9` */
function rowLine(row: Row, columns: number, options: ManyOptions): string {
  const { palette, width } = options;
  const name = padEnd(text(row.rules, palette.strong), columns + GAP);
  const lead = text(' '.repeat(MARGIN));
  const parts = [verdictItems(row, options), endItems(row, options), brokenItems(row, options)];
  const items = listed(parts.filter((part) => part.length > 0));
  const indent = MARGIN + columns + GAP;
  return flow(glue(lead, name), items, { width, indent, gap: 1 });
}

/** Commits behind a difference, to stand behind the functions that decided. */
export function commitItems({ commits, near }: PartedPlace, { palette }: ManyOptions): Item[] {
  const dot = [text('·')];
  if (commits.length + near.length === 0) {
    return [dot, ...sentence('what was found differs', palette.faint)];
  }
  const lead = commits.length > 0 ? [] : [dot, ...sentence('changed there:', palette.faint)];
  const told = [...commits, ...near].flatMap(({ id, date }, at) => [
    ...(at > 0 || commits.length > 0 ? [dot] : []),
    [text(id, palette.strong), text(date, palette.faint)],
  ]);
  return [...lead, ...told];
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
