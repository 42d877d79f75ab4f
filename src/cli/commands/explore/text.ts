import type { ComparedStep } from '../../../compare/index.ts';
import type { ExploreResult, Find, Witness } from '../../../explore/exploration.ts';
import type { ReplayedTrace } from '../../../explore/found-trace.ts';
import { endOf, propertyOf } from '../../../explore/properties.ts';
import type { Unrecorded } from '../../../report/data/unrecorded.ts';
import { partingLines } from '../../../report/parts/parting.ts';
import { stepLines } from '../../../report/parts/step.ts';
import { unrecordedLines } from '../../../report/parts/unrecorded.ts';
import { COMMAND_LABELS } from '../../../report/text/fold.ts';
import {
  block,
  count,
  flow,
  glue,
  type Item,
  padEnd,
  sentence,
  type Text,
  text,
} from '../../../report/text/layout.ts';
import { type ReportOptions, WITHOUT_OPTIONS } from '../../../report/text/report-options.ts';
import { pathArgument, shellQuote } from '../../../report/text/shell.ts';
import type { Progress, Stop } from '../../../search/search.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

const MARGIN = 2;
/** Columns of `sometimes` and the other labels. */
const LABEL_COLUMNS = 11;

/** What a search is about. */
export interface ExploreHead {
  /** Name of the preset, or path of the file. */
  readonly world: string;
  readonly title: string | null;
  readonly rules: string;
  /** The other rule set, or null. */
  readonly from: string | null;
  /** The properties that were asked for; null: all that the rule set promises. */
  readonly properties: readonly string[] | null;
  /** The decisions of each step are told. */
  readonly explain: boolean;
}

/** What the report of a search is told about its surroundings. */
export type ExploreReportOptions = Pick<ReportOptions, 'width' | 'palette'>;

/** A find with everything that is printed of it. */
export interface ToldFind {
  readonly find: Find;
  readonly replayed: ReplayedTrace;
  /** What came of its events under both rule sets; null when there is only one. */
  readonly compared: readonly ComparedStep[] | null;
  /** The file that it was written to, or null. */
  readonly path: string | null;
}

function titled(lead: Text, items: readonly Item[], title: string | null, width: number): string[] {
  const lines = [flow(lead, items, { width, indent: MARGIN, gap: 2 })];
  if (title === null) return lines;
  const words = sentence(escapeControl(title));
  return [...lines, flow(text('  '), words, { width, indent: MARGIN, gap: 1 })];
}

function rulesText({ rules, from }: ExploreHead, { palette }: ExploreReportOptions): Item {
  const sets = from === null ? rules : `${from} → ${rules}`;
  return [text('rules', palette.faint), text(escapeControl(sets), palette.faint)];
}

/** Before the search: the world, the rule sets. */
export function exploreHeadText(head: ExploreHead, options: ExploreReportOptions): string {
  const { palette, width } = options;
  const items = [[text(escapeControl(head.world), palette.strong)], rulesText(head, options)];
  if (head.properties !== null) {
    items.push([text('only', palette.faint), text(head.properties.join(' '), palette.faint)]);
  }
  return block(titled(text(''), items, head.title, width));
}

/** The command that shows a find again. */
function againLine(head: ExploreHead, told: ToldFind, options: ExploreReportOptions): string {
  const { palette, width } = options;
  const words = ['replay'];
  if (told.path !== null && head.from === null) words.push('--explain', pathArgument(told.path));
  else if (told.path !== null) {
    words.push('compare', '--from', shellQuote(head.from ?? ''), '--to', shellQuote(head.rules));
    words.push(pathArgument(told.path));
  } else words.push(...searchWords(head, told.find));
  const lead = text(`  ${COMMAND_LABELS.again}    `, palette.faint);
  const command = text(words.join(' '), palette.strong);
  return flow(lead, [[command]], { width, indent: lead.columns, gap: 1 });
}

/** Ends where the find is: a search to its end could take for ever. */
function searchWords(head: ExploreHead, { finding, depth }: Find): string[] {
  const { world, rules, from, explain } = head;
  const words = ['explore', pathArgument(world)];
  const why = explain ? ['--explain'] : [];
  if (from !== null) {
    return [
      ...words,
      '--from',
      shellQuote(from),
      '--to',
      shellQuote(rules),
      '--all',
      '--depth',
      `${depth}`,
      ...why,
    ];
  }
  words.push('--rules', shellQuote(rules), '--property', propertyOf(finding));
  // Other places of a crash may come first.
  const isFirst = endOf(finding) === null;
  return isFirst ? [...words, ...why] : [...words, '--all', '--depth', `${depth}`, ...why];
}

/**
 * A find: what does not hold, and the shortest way there, step by step with what each has changed;
 * under two rule sets, what comes out differently at the end of it.
 */
export function findText(head: ExploreHead, told: ToldFind, options: ExploreReportOptions): string {
  const { palette, width } = options;
  const { find, replayed, compared } = told;
  const finding = text(escapeControl(find.finding), palette.bad);
  const way = text(`${count(find.depth, 'event')}, none shorter`, palette.faint);
  const lines = titled(text(''), [[finding], [way]], find.title, width);
  const all = { ...options, ...WITHOUT_OPTIONS };
  for (const step of replayed.steps) {
    // The trace states what was found; here it is news.
    const findings = step.findings.map((finding) => ({ ...finding, stated: false }));
    lines.push(...stepLines({ ...step, findings }, all));
  }
  const last = compared?.at(-1);
  if (last !== undefined) {
    const shown = last.partings.filter(({ cause }) => cause === find.finding);
    lines.push('', ...partingLines(shown, options));
  }
  return block([...lines, '', againLine(head, told, options)]);
}

function witnessLine(witness: Witness, isOver: boolean, options: ExploreReportOptions): string {
  const { palette, width } = options;
  const lead = glue(text('  '), padEnd(text('sometimes', palette.faint), LABEL_COLUMNS));
  const how = witnessText(witness, isOver, options);
  return flow(lead, [[text(witness.rule)], [how]], { width, indent: lead.columns, gap: 2 });
}

function witnessText(
  { depth, exists }: Witness,
  isOver: boolean,
  options: ExploreReportOptions,
): Text {
  const { palette } = options;
  if (!exists) return text('no rule of this set', palette.faint);
  if (depth !== null) return text(`after ${count(depth, 'event')}`, palette.good);
  return isOver ? text('never', palette.bad) : text('not yet', palette.warn);
}

/** What ended a search that was not exhausted. */
const STOPS: Readonly<Record<Stop, string>> = {
  depth: 'the bound of --depth',
  states: 'the bound of --states',
  memory: 'the bound of --memory',
};

/** How a search ended; `time` and the two signals are known outside of it only. */
export type Ending = Stop | 'exhausted' | 'found' | 'time' | 'interrupt' | 'terminate';

function endingText(ending: Ending): string {
  switch (ending) {
    case 'exhausted':
      return 'exhausted';
    case 'found':
      return 'ended by its first find; --all goes on';
    case 'time':
      return 'not exhausted, stopped by the bound of --time';
    case 'interrupt':
      return 'not exhausted, stopped by Ctrl-C';
    case 'terminate':
      return 'not exhausted, stopped by SIGTERM';
    default:
      return `not exhausted, stopped by ${STOPS[ending]}`;
  }
}

/** What was asked for, as the subject of a sentence. */
function asked({ properties }: ExploreHead): string {
  if (properties === null) return 'every property holds';
  return `${properties.join(', ')} ${properties.length === 1 ? 'holds' : 'hold'}`;
}

function findsText({ finds }: ExploreResult, head: ExploreHead, ending: Ending): string {
  if (head.from !== null) {
    if (finds > 0) return count(finds, 'cause');
    return ending === 'exhausted' ? 'no difference' : 'no difference within the bounds';
  }
  if (finds > 0) return count(finds, 'counterexample');
  // What was not seen is not known to hold.
  return ending === 'exhausted' ? asked(head) : 'no violation within the bounds';
}

/** Rules that have to decide sometimes, and did not. */
export function missingWitnesses({ witnesses }: ExploreResult): number {
  return witnesses.filter(({ depth, exists }) => exists && depth === null).length;
}

function missingText(missing: number, ending: Ending): string {
  const rules = count(missing, 'rule');
  if (ending === 'exhausted')
    return `${rules} that ${missing === 1 ? 'has' : 'have'} to decide never ${missing === 1 ? 'does' : 'do'}`;
  return `${rules} that ${missing === 1 ? 'has' : 'have'} to decide ${missing === 1 ? 'has' : 'have'} not yet`;
}

/** How a search ended, and what its finds rest on that no recording has exercised. */
export interface SearchEnd {
  readonly ending: Ending;
  readonly unrecorded?: Unrecorded | undefined;
}

/** After the search: the rules that were to decide sometimes, what was seen, and how it ended. */
export function exploreSummaryText(
  result: ExploreResult,
  head: ExploreHead,
  { ending, unrecorded }: SearchEnd,
  options: ExploreReportOptions,
): string {
  const { palette, width } = options;
  const { states, transitions, depth } = result.progress;
  const lines = result.witnesses.map((one) => witnessLine(one, ending === 'exhausted', options));
  if (lines.length > 0) lines.push('');
  const isBad = result.finds > 0;
  const paint = isBad ? palette.bad : ending === 'exhausted' ? palette.good : palette.warn;
  const missing = ending === 'found' ? 0 : missingWitnesses(result);
  const items: Item[] = [
    [text(`${count(states, 'state')} up to ${count(depth, 'event')} away,`)],
    [text(`${count(transitions, 'transition')}:`)],
    ...sentence(`${endingText(ending)};`),
    ...sentence(findsText(result, head, ending), paint),
  ];
  if (missing > 0)
    items.push([text('but')], ...sentence(missingText(missing, ending), palette.bad));
  lines.push(flow(text(''), items, { width, indent: MARGIN, gap: 1 }));
  return block([...lines, ...unrecordedLines(unrecorded, options)]);
}

/** Fewer states say nothing of what one takes: memory is allocated in large pieces. */
const PER_STATE_FROM = 100_000;

/** Bytes in a unit that suits them: `640 bytes`, `130 KiB`, `1.5 GiB`. */
function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let amount = bytes;
  let unit = 0;
  for (; amount >= 1024 && unit < units.length - 1; unit++) amount /= 1024;
  const digits = unit > 0 && amount < 10 ? 1 : 0;
  return `${amount.toFixed(digits)} ${units[unit]}`;
}

/** How fast a search was, for standard error: it differs from run to run. */
export function speedText({ states, transitions, bytes }: Progress, elapsed_ms: number): string {
  const perSecond = Math.round(transitions / Math.max(elapsed_ms / 1000, 0.001));
  const seconds = (elapsed_ms / 1000).toFixed(1);
  const perState = states < PER_STATE_FROM ? '' : `, ${bytesText(bytes / states)} per state`;
  const speed = `${count(perSecond, 'transition')} per second`;
  return `replay: ${seconds} s, ${speed}, ${bytesText(bytes)}${perState}\n`;
}

/** How far a search is, on one line of a terminal. */
export function progressText({ states, depth, bytes }: Progress, finds: number): string {
  const far = `${count(states, 'state')} up to ${count(depth, 'event')} away`;
  return `${far}, ${bytesText(bytes)}, ${count(finds, 'find')}`;
}

/** The worlds that can be searched by name. */
export function presetsText(
  presets: readonly { readonly name: string; readonly title: string }[],
  { palette, width }: ExploreReportOptions,
): string {
  const columns = Math.max(...presets.map(({ name }) => name.length)) + 2;
  const isBeside = columns <= width / 2;
  return block(
    presets.flatMap(({ name, title }) => {
      const label = text(name, palette.strong);
      const words = sentence(title);
      if (isBeside) {
        return [flow(padEnd(label, columns), words, { width, indent: columns, gap: 1 })];
      }
      return [label.painted, flow(text('  '), words, { width, indent: MARGIN, gap: 1 })];
    }),
  );
}
