import type { CauseCount, ComparedStep, FileReport, RunReport } from '../../../compare/index.ts';
import { byFrequency } from '../../../compare/index.ts';
import { withParting } from '../../../report/compared/rests-on.ts';
import type { Unrecorded } from '../../../report/data/unrecorded.ts';
import { eventText } from '../../../report/parts/event.ts';
import { causeLines, DECIDER_INDENT, partingLines } from '../../../report/parts/parting.ts';
import { unrecordedLines } from '../../../report/parts/unrecorded.ts';
import { COMMAND_LABELS } from '../../../report/text/fold.ts';
import {
  block,
  count,
  flow,
  type Item,
  listed,
  sentence,
  type Text,
  text,
} from '../../../report/text/layout.ts';
import type { ReportOptions } from '../../../report/text/report-options.ts';
import { pathArgument, shellQuote } from '../../../report/text/shell.ts';
import { escapeControl } from '../../../trace/text/escape.ts';

/** What the report of a comparison is told about its surroundings. */
export interface CompareOptions extends Pick<ReportOptions, 'width' | 'palette' | 'several'> {
  /** Names of the two rule sets. */
  readonly from: string;
  readonly to: string;
}

/** One trace that is being compared. */
export interface ComparedHead {
  /** As printed, control characters not yet escaped; `<stdin>` for standard input. */
  readonly path: string;
  /** Read from standard input: the repeat command cannot name it. */
  readonly stdin: boolean;
  readonly title: string | null;
}

const MARGIN = 2;
function sets({ from, to, palette }: CompareOptions): Text {
  return text(`${escapeControl(from)} → ${escapeControl(to)}`, palette.faint);
}

/** Before the first step of a file: its path, the rule sets, its title. */
export function headText(file: ComparedHead, options: CompareOptions): string {
  const { palette, width } = options;
  const path = text(escapeControl(file.path), palette.strong);
  const rules = [text('rules', palette.faint), sets(options)];
  const lines = [flow(text(''), [[path], rules], { width, indent: MARGIN, gap: 2 })];
  if (file.title !== null) {
    const title = sentence(escapeControl(file.title));
    lines.push(flow(text('  '), title, { width, indent: MARGIN, gap: 1 }));
  }
  return block(lines);
}

/**
 * The command that shows it again: where two rule sets part.
 *
 * @param range the step, or null for all of the trace
 */
export function againLine(
  file: Omit<ComparedHead, 'title'>,
  { from, to }: Pick<CompareOptions, 'from' | 'to'>,
  range: number | null,
  { palette, width }: Pick<CompareOptions, 'palette' | 'width'>,
): string {
  const words = ['replay', 'compare', '--from', shellQuote(from), '--to', shellQuote(to)];
  if (range !== null) words.push('--range', `${range}`);
  words.push(file.stdin ? '-' : pathArgument(file.path));
  const hint = file.stdin ? ' (with the same input)' : '';
  const lead = text(`  ${COMMAND_LABELS.again}    `, palette.faint);
  const command = text(`${words.join(' ')}${hint}`, palette.strong);
  return flow(lead, [[command]], { width, indent: lead.columns, gap: 1 });
}

/** What is shown of a step at which the rule sets part, or its outcome differs. */
export type ShownDifferences = Pick<ComparedStep, 'partings' | 'following'>;

/** How many differences of a step are not shown, and why. */
function restLine(step: ComparedStep, shown: ShownDifferences, options: CompareOptions): string {
  const others = step.partings.length - shown.partings.length;
  const parts: string[] = [];
  if (others > 0) parts.push(`${count(others, 'cause')} shown before`);
  const length = step.following.length - shown.following.length;
  if (length > 0) parts.push(`${count(length, 'difference')} from earlier steps`);
  if (parts.length === 0) return '';
  return line(sentence(`and ${parts.join(', ')}`, options.palette.warn), options);
}

/**
 * A step at which the rule sets part, as a block: place, step and event; field, from and to; who
 * decided, and the two rules. Empty when none of its differences is shown.
 */
export function stepText(
  file: ComparedHead,
  step: ComparedStep,
  shown: ShownDifferences,
  options: CompareOptions,
): string {
  if (shown.partings.length === 0 && shown.following.length === 0) return '';
  const { palette, width } = options;
  const place = `${escapeControl(file.path)}:${step.line}:`;
  const items = [
    [text(`step ${step.number}`)],
    [text('parts:', palette.bad)],
    ...eventText(step.event, palette),
  ];
  const lines = [flow(text(`${place} `, palette.strong), items, { width, indent: 4, gap: 1 })];
  lines.push(...partingLines(shown.partings, options, shown.following));
  const rest = restLine(step, shown, options);
  if (rest !== '') lines.push(rest);
  lines.push(againLine(file, options, step.number, options), '');
  return block(lines);
}

/** `12 steps differ: 5 by 3 causes, 7 merely follow`, or `no difference`. */
function differenceItems(
  { differing, parting }: Pick<RunReport, 'differing' | 'parting'>,
  causes: number,
  { palette }: CompareOptions,
  where = '',
): Item[] {
  if (differing === 0) return sentence('no difference', palette.good);
  const differ = differing === 1 ? 'differs' : 'differ';
  const end = where === '' ? ':' : '';
  const total = [
    ...sentence(`${count(differing, 'step')} ${differ}${end}`, palette.bad),
    ...sentence(where === '' ? '' : `${where}:`),
  ];
  const follow = differing - parting;
  const follows = follow === 0 ? '' : `, ${follow} merely ${follow === 1 ? 'follows' : 'follow'}`;
  return [...total, ...sentence(`${parting} by ${count(causes, 'cause')}${follows}`)];
}

/** Lines of a file below its steps. */
function line(items: readonly Item[], { width }: CompareOptions): string {
  return flow(text(' '.repeat(MARGIN)), items, { width, indent: MARGIN + 2, gap: 1 });
}

/** `crash at step 3 in conn_free under 2.3.0; 2 steps after it`. */
function endLine({ result }: FileReport, options: CompareOptions): string[] {
  const end = result?.end ?? null;
  if (result === null || end === null) return [];
  const { from, to } = end;
  const kinds = new Set([from, to].flatMap((each) => each?.kind ?? []));
  const isOneKind = kinds.size === 1;
  const sides: string[] = [];
  const side = (each: typeof from, rules: string): void => {
    if (each === null) return;
    sides.push(`${isOneKind ? '' : `${each.kind} `}in ${each.fn} under ${rules}`);
  };
  side(from, options.from);
  side(to, options.to);
  const after = result.uncompared > 0 ? `; ${count(result.uncompared, 'step')} after it` : '';
  const what = isOneKind ? [...kinds].join() : 'end';
  const says = `${what} at step ${end.step} ${sides.join(', ')}${after}`;
  return [line(sentence(says, options.palette.bad), options)];
}

/** Causes that the file shows more often than it was told. */
function repeatLines({ causes }: FileReport, options: CompareOptions): string[] {
  const { palette, width } = options;
  return byFrequency(causes)
    .filter(({ steps }) => steps > 1)
    .map(({ example, steps }) => {
      const lead = text(`  and again at ${count(steps - 1, 'step')}: `, palette.warn);
      const [from, to] = [example.from.rule, example.to.rule];
      const items = [[text(from)], [text('|'), text(to)]];
      return flow(lead, items, { width, indent: MARGIN + 2, gap: 1 });
    });
}

/**
 * After the last step of a file: the causes that show again, an end, and its counts.
 *
 * @param repeats causes that show again are told; they are not when every step is shown
 */
export function tailText(report: FileReport, repeats: boolean, options: CompareOptions): string {
  const { palette } = options;
  const { result, problems } = report;
  const lines = repeats ? repeatLines(report, options) : [];
  lines.push(...endLine(report, options));
  const steps = count(result?.steps ?? 0, 'step');
  if (problems > 0 || result === null) {
    const what = sentence(`not judged: ${count(problems, 'problem')}`, palette.bad);
    lines.push(line([...sentence(`${steps} compared, then`), ...what], options));
  } else if (options.several) {
    const difference = differenceItems(result, report.causes.size, options);
    lines.push(line(listed([sentence(steps), difference]), options));
  }
  return block(lines);
}

function summaryBlock(
  { example, steps, files, first }: CauseCount,
  options: CompareOptions,
): string {
  const { palette, width } = options;
  const place = text(`${escapeControl(first.path)}:${first.line}: `, palette.strong);
  const often = `first of ${count(steps, 'step')} in ${count(files, 'file')}`;
  const why = example.kind === 'rules' ? 'the rules differ' : 'the state differs';
  const items = [...sentence(often), ...sentence(`(${why})`, palette.faint)];
  const head = flow(place, items, { width, indent: DECIDER_INDENT, gap: 1 });
  return block([head, ...causeLines(example, { words: 'means' }, options), '']);
}

/** The causes of a run, most frequent first, each with its first place. Empty without any. */
export function causesText({ causes }: RunReport, options: CompareOptions): string {
  return byFrequency(causes)
    .map((cause) => summaryBlock(cause, options))
    .join('');
}

/** After the last file: what was compared, and how much of it differs. */
export function summaryText(run: RunReport, options: CompareOptions): string {
  const { palette, width } = options;
  const { bad } = palette;
  const unjudged = run.unjudged > 0 ? sentence(`(${run.unjudged} not judged)`, bad) : [];
  const where = run.differing > 0 && run.files > 1 ? `in ${count(run.differingFiles, 'file')}` : '';
  const parts = [
    [...sentence(count(run.files, 'file')), ...unjudged],
    sentence(count(run.steps, 'step')),
    differenceItems(run, run.causes.size, options, where),
  ];
  if (run.crashes > 0) parts.push(sentence(count(run.crashes, 'crash', 'crashes')));
  if (run.aborts > 0) parts.push(sentence(count(run.aborts, 'abort')));
  if (run.unread > 0) parts.push(sentence(`${count(run.unread, 'path')} not read`, bad));
  const line = flow(text(''), listed(parts), { width, indent: MARGIN, gap: 1 });
  return block([line, ...unrecordedLines(restsOn(run, options), options)]);
}

/** The rules that a comparison rests on and no recording has exercised: those of its causes. */
function restsOn({ causes }: RunReport, sets: CompareOptions): Unrecorded | undefined {
  let all: Unrecorded | undefined;
  for (const { example } of causes.values()) all = withParting(all, sets, example);
  return all;
}
