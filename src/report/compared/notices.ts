import { escapeControl } from '../../trace/text/escape.ts';
import { type Placed, problemNotice, unreadNotice, unrecordedNotices } from '../formats/notices.ts';
import type { Descriptor } from '../formats/sarif.ts';
import { eventText } from '../parts/event.ts';
import { changedFields } from '../parts/parting.ts';
import { count, inline } from '../text/layout.ts';
import { PLAIN } from '../text/palette.ts';
import { commitItems, rowItems } from './row.ts';
import type {
  ComparedFile,
  ComparedPair,
  ComparedPlace,
  ComparedRow,
  ToldCompared,
} from './schema.ts';

/** Nothing is painted or broken into lines. */
const BARE = { palette: PLAIN, width: Number.POSITIVE_INFINITY };

/** One thing that a report of many rule sets has to say about a place. */
export interface ComparedNotice extends Placed {
  /**
   * `release`: what came of a trace under one rule set; `parting`: where two neighbours part;
   * `problem`: something could not be judged; `evidence`: what the run rests on.
   */
  readonly kind: 'release' | 'parting' | 'problem' | 'evidence';
  /** The rule set that it is about; of two that part, the younger. */
  readonly rules?: string;
  /** What results of the kind have in common. */
  readonly descriptor?: Descriptor;
  /** The step that it is about. */
  readonly number?: number;
}

/** Whether a rule set is not what a trace is of; where that expects nothing none is. */
export function isOther({ verdict }: ComparedRow): boolean {
  return verdict !== 'agrees' && verdict !== 'silent';
}

/** The step of a row that its line is about: the first that is not as the trace expects, or the end. */
function stepOf({ divergence, end, broken }: ComparedRow): { number: number; line: number } | null {
  const [promise] = broken;
  return divergence ?? end ?? (promise === undefined ? null : { ...promise, line: 0 });
}

const VERDICTS: Readonly<Record<ComparedRow['verdict'], string>> = {
  agrees: 'the rule set agrees with the trace, and the program ends, or a promise is broken',
  diverges: 'a step comes out otherwise than the trace expects',
  impossible: 'a step cannot be under the rule set',
  ends: 'the program ends, of which the trace says nothing',
  silent: 'the trace expects nothing, and the program ends, or a promise is broken',
};

/** What is worth a word of a trace under one rule set; nothing where it simply agrees. */
function rowNotices(path: string, row: ComparedRow): ComparedNotice[] {
  const step = stepOf(row);
  if (step === null) return [];
  const { rules, verdict } = row;
  const { number, line } = step;
  const fails = isOther(row);
  return [
    {
      kind: 'release',
      level: fails ? 'error' : 'note',
      path,
      line: line === 0 ? null : line,
      column: null,
      title: `${rules} ${fails ? verdict : 'agrees'}`,
      text: `${escapeControl(rules)} ${inline(rowItems(row, BARE), 1).painted}`,
      rules,
      number,
      descriptor: { id: `release.${verdict}`, shortDescription: { text: VERDICTS[verdict] } },
    },
  ];
}

function placeHead(pair: ComparedPair, { number, event }: Pick<ComparedPlace, 'number' | 'event'>) {
  const names = `${escapeControl(pair.from)} → ${escapeControl(pair.to)}`;
  return `${names} part at step ${number} ${inline(eventText(event, PLAIN), 1).painted}`;
}

function fieldsText({ differences }: { differences: Parameters<typeof changedFields>[0] }): string {
  return differences
    .map((difference) => inline(changedFields([difference], BARE), 1).painted)
    .join(', ');
}

/** `3.2.0 → 3.3.0 part at step 7 detach t2: conn.c1 alive → none; 3.2.0 h2.detach.shared: …` */
function placeText(pair: ComparedPair, place: ComparedPlace): string {
  const { parting, steps } = place;
  const side = (rules: string, { rule, says }: ComparedPlace['parting']['from']): string =>
    escapeControl(`${rules} ${rule}: ${says}`);
  const by = [parting.from.fn ?? parting.to.fn ?? ''].map((fn) => {
    const commits = inline(commitItems(place, BARE), 1).painted;
    return `${escapeControl(fn)} ${commits}`.trim();
  });
  const parts = [
    `${placeHead(pair, place)}: ${fieldsText(parting)}`,
    ...by,
    side(pair.from, parting.from),
    side(pair.to, parting.to),
    ...(steps === 1 ? [] : [`and again at ${count(steps - 1, 'step')}`]),
  ];
  return parts.join('; ');
}

function pairNotices(path: string, pair: ComparedPair): ComparedNotice[] {
  const { from, to, places, untold } = pair;
  const about = { kind: 'parting', level: 'warning', path, column: null, rules: to } as const;
  const title = `${from} and ${to} part`;
  const parted = places.map((place): ComparedNotice => {
    const { cause, from: one, to: other } = place.parting;
    const means = escapeControl(`${one.means} | ${other.means}`);
    const descriptor = { id: escapeControl(cause), shortDescription: { text: means } };
    const { number, line } = place;
    return { ...about, title, line, number, text: placeText(pair, place), descriptor };
  });
  if (untold === null) return parted;
  const { number, line } = untold;
  const text = `${placeHead(pair, untold)}: ${fieldsText(untold)}; no rule tells why`;
  const descriptor = { id: 'untold', shortDescription: { text: 'no rule tells why' } };
  return [{ ...about, title, line, number, text, descriptor }, ...parted];
}

/** Everything about one trace, rule set by rule set: what came of it, after where it parts from the one before. */
export function fileNotices({
  path,
  rows,
  neighbours,
  problems,
  problemCount,
}: ComparedFile): ComparedNotice[] {
  const told = rows.flatMap((row, at) => {
    const pair = neighbours[at - 1];
    return [...(pair === undefined ? [] : pairNotices(path, pair)), ...rowNotices(path, row)];
  });
  const wrong = problems.map((problem): ComparedNotice => {
    return { ...problemNotice(path, problem), kind: 'problem' };
  });
  const more = problemCount - problems.length;
  if (more > 0) {
    const problem = { line: null, column: null, what: count(more, 'more problem'), allowed: null };
    wrong.push({ ...problemNotice(path, problem), kind: 'problem' });
  }
  return [...told, ...wrong];
}

/** What made it impossible to judge the run, beside the problems of its files. */
export function runNotices({ unread }: Pick<ToldCompared, 'unread'>): ComparedNotice[] {
  return unread.map((each) => ({ ...unreadNotice(each), kind: 'problem' }));
}

/** What the run rests on, where that is known from reading alone. */
export function evidenceNotices({ totals }: Pick<ToldCompared, 'totals'>): ComparedNotice[] {
  return unrecordedNotices(totals.unrecorded);
}

/** Everything that a report has to say, in the order of its files. */
export function* noticesOf(report: ToldCompared): Generator<ComparedNotice> {
  yield* runNotices(report);
  for (const file of report.files) yield* fileNotices(file);
  yield* evidenceNotices(report);
}
