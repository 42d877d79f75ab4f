import { SEVERITIES, type Severity } from '../../format/index.ts';
import type { Candidate, Decider, Divergence, StepResult, TrailStep } from '../../replay/result.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type { FileHead } from '../data/file-head.ts';
import type { StepPart } from '../data/select.ts';
import { shownDivergences } from '../data/select.ts';
import { COMMAND_LABELS } from '../text/fold.ts';
import { flow, glue, padEnd, padStart, sentence, type Text, text } from '../text/layout.ts';
import { type RepeatedOptions, type ReportOptions, UNFOLD } from '../text/report-options.ts';
import { pathArgument, shellQuote } from '../text/shell.ts';
import { idText } from '../text/value.ts';
import { eventText } from './event.ts';
import { fieldTable } from './field-table.ts';
import { passedOver } from './passed-over.ts';
import { whyLines } from './why.ts';

const MARGIN = 2;
/** Columns of `earlier` and the other labels of a block. */
const LABEL_COLUMNS = 7;
/** Where the lines about a decision begin. */
const DECIDER_INDENT = 4;
const BODY_INDENT = MARGIN + LABEL_COLUMNS + 2;
/** The latest steps shown as the way to the divergence. */
const TRAIL_MAX = 5;
/** Steps that the repeat command shows at most: a trail may begin far away. */
const AGAIN_MAX = 20;

function labelled(
  label: string,
  items: Parameters<typeof flow>[1],
  options: ReportOptions,
): string {
  const lead = glue(
    text(' '.repeat(MARGIN)),
    padEnd(text(label, options.palette.faint), LABEL_COLUMNS),
    text('  '),
  );
  return flow(lead, items, {
    width: options.width,
    indent: BODY_INDENT,
    gap: 1,
  });
}

/**
 * Divergences of one step that the same decision made and that follow from the same step or none,
 * in order of first appearance.
 */
function byDecider(divergences: readonly Divergence[]): Map<string, Divergence[]> {
  const groups = new Map<string, Divergence[]>();
  for (const divergence of divergences) {
    const { decidedBy, follows } = divergence;
    const key = JSON.stringify([decidedBy?.rule, decidedBy?.says, follows]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [divergence]);
    else group.push(divergence);
  }
  return groups;
}

/** Who decided, further in than the fields that it is about. */
function deciderLines({ fn, file, rule, says }: Decider, options: ReportOptions): string[] {
  const { palette, width } = options;
  const margin = text(' '.repeat(DECIDER_INDENT));
  const layout = { width, indent: DECIDER_INDENT + 2, gap: 1 };
  const who = [
    ...sentence('decided by', palette.faint),
    [text(fn, palette.strong)],
    [text(`(${file})`)],
  ];
  const why = [[text(rule)], [text('·')], ...sentence(escapeControl(says))];
  return [flow(margin, who, layout), flow(margin, why, layout)];
}

/** Below fields that no rule of the step decided, where a rule decided others. */
function undecidedLine({ palette }: ReportOptions): string {
  return `${' '.repeat(DECIDER_INDENT)}${palette.faint('decided by no rule at this step')}`;
}

/** Whom the search passed over, below the rule that decided: `c1: assign.connecting`. */
function candidateLines(
  candidates: readonly Candidate[] | undefined,
  { palette, width }: ReportOptions,
): string[] {
  const over = passedOver(candidates);
  if (over.length === 0) return [];
  const items = over.flatMap(({ rule, ids }, at) => [
    ...ids.map((id, n) => [text(`${idText(id)}${n === ids.length - 1 ? ':' : ','}`)]),
    [text(at === over.length - 1 ? rule : `${rule};`)],
  ]);
  const margin = text(' '.repeat(DECIDER_INDENT));
  const lead = sentence('passed over', palette.faint);
  return [flow(margin, [...lead, ...items], { width, indent: DECIDER_INDENT + 2, gap: 1 })];
}

/** From which step the divergences above follow, where they do. */
function followsLines(from: number | null, { palette }: ReportOptions): string[] {
  if (from === null) return [];
  return [`${' '.repeat(DECIDER_INDENT)}${palette.warn(`follows from step ${from}`)}`];
}

function fieldLines(divergences: readonly Divergence[], options: ReportOptions): string[] {
  const fields = divergences.filter((divergence) => divergence.kind === 'field');
  const table = fieldTable(fields, options);
  const lines = table.title === null ? [] : [table.title];
  const isDecided = ([each]: readonly Divergence[]): boolean => (each?.decidedBy ?? null) !== null;
  const groups = [...byDecider(divergences).values()];
  // Last, as whoever decided stands below what was decided.
  const undecided = groups.filter((group) => !isDecided(group));
  for (const group of [...groups.filter(isDecided), ...undecided]) {
    const rows = group.filter((divergence) => table.isRow(divergence));
    const rest = group.filter(
      (divergence) => fields.includes(divergence) && !rows.includes(divergence),
    );
    for (const divergence of [...rows, ...rest]) lines.push(...table.lines(divergence));
    const decider = group[0]?.decidedBy ?? null;
    if (decider !== null) lines.push(...deciderLines(decider, options));
    else if (undecided.length < groups.length) lines.push(undecidedLine(options));
    lines.push(...candidateLines(group.find((each) => each.candidates)?.candidates, options));
    lines.push(...followsLines(group[0]?.follows ?? null, options));
  }
  return lines;
}

/** The trails of all divergences of a step as one: each earlier step with whom it touched. */
function mergedTrail(divergences: readonly Divergence[]): [TrailStep, string[]][] {
  const steps = new Map<number, [TrailStep, string[]]>();
  for (const { trail, subject } of divergences) {
    for (const step of trail) {
      const entry = steps.get(step.number) ?? [step, []];
      const name = subject.kind === 'event' ? '' : idText(subject.id);
      if (name !== '' && !entry[1].includes(name)) entry[1].push(name);
      steps.set(step.number, entry);
    }
  }
  return [...steps.values()]
    .sort((one, other) => one[0].number - other[0].number)
    .slice(-TRAIL_MAX);
}

function trailLines(trail: readonly [TrailStep, string[]][], options: ReportOptions): string[] {
  const { palette, width } = options;
  return trail.map(([step, touched], index) => {
    const lead = glue(
      text(' '.repeat(MARGIN)),
      padEnd(text(index === 0 ? 'earlier' : '', palette.faint), LABEL_COLUMNS),
      text('  '),
      padStart(text(String(step.number), palette.faint), 4),
      text('  '),
    );
    const names = touched.length === 0 ? [] : [[text(`(${touched.join(', ')})`, palette.faint)]];
    const items = [...eventText(step.event, palette), ...names];
    return flow(lead, items, { width, indent: lead.columns, gap: 1 });
  });
}

/** `--strict`, with the severities where not all of them count. */
function strictWords(strict: readonly Severity[]): readonly string[] {
  if (strict.length === 0) return [];
  return [strict.length === SEVERITIES.length ? '--strict' : `--strict=${strict.join(',')}`];
}

/** The options that the answer depends on, as they were given, in the order of the help text. */
function repeatedOptions({
  rules,
  strict,
  invariants,
  full,
  allDivergences,
  explain,
}: RepeatedOptions): readonly string[] {
  return [
    ...(rules === null ? [] : ['--rules', shellQuote(rules)]),
    ...strictWords(strict),
    ...(invariants === null ? [] : ['--invariant', shellQuote(invariants.join(','))]),
    ...(allDivergences ? ['--all-divergences'] : []),
    ...(full ? ['--full'] : []),
    ...(explain ? ['--explain'] : []),
  ];
}

/**
 * The command that shows steps again, by the same rules and with the same options; standard input
 * has to be fed by the reader.
 */
export function againLine(
  file: FileHead,
  first: number,
  last: number,
  options: ReportOptions,
): string {
  const words = ['replay', ...repeatedOptions(options)];
  words.push('--range', first === last ? `${first}` : `${first}-${last}`);
  words.push(file.stdin ? '-' : pathArgument(file.path));
  const hint = file.stdin ? ' (with the same input)' : '';
  return labelled(
    COMMAND_LABELS.again,
    [[text(`${words.join(' ')}${hint}`, options.palette.strong)]],
    options,
  );
}

/** The first line of a block about a step: its place, its number, what it does, its event. */
export function headline(
  file: FileHead,
  step: StepResult,
  what: string,
  options: ReportOptions,
): string {
  const { palette, width } = options;
  const place = `${escapeControl(file.path)}:${step.line}:`;
  const items = [
    [text(`step ${step.number}`)],
    [text(what, palette.bad)],
    ...eventText(step.event, palette),
  ];
  return flow(text(`${place} `, palette.strong), items, {
    width,
    indent: 4,
    gap: 1,
  });
}

/** How many divergences of a step are not shown, why, and what shows them. */
function foldedLine(folded: number, { palette, width }: ReportOptions): string {
  const follow = folded === 1 ? 'follows' : 'follow';
  const says = `and ${folded} more that ${follow} from earlier steps ${UNFOLD}`;
  const layout = { width, indent: MARGIN + 2, gap: 1 };
  return flow(text(' '.repeat(MARGIN)), sentence(says, palette.warn), layout);
}

function whyLead({ palette }: ReportOptions): Text {
  const label = padEnd(text('why', palette.faint), LABEL_COLUMNS);
  return glue(text(' '.repeat(MARGIN)), label, text('  '));
}

/**
 * A divergence as a block: place, step and event; field, expected and actual; the function that
 * decided; the steps before; the command that shows it again. What follows from an earlier
 * divergence is only counted, unless all is to be shown. Empty for a step with nothing to show.
 *
 * @param part `whole`: the step stands above, and has told its decisions
 */
export function divergenceLines(
  file: FileHead,
  step: StepResult,
  options: ReportOptions,
  part: StepPart = 'divergences',
): string[] {
  const shown = shownDivergences(step, options.unfolded);
  if (shown.length === 0) return [];
  const folded = step.divergences.length - shown.length;
  const trail = mergedTrail(shown);
  const near = trail.find(([earlier]) => step.number - earlier.number < AGAIN_MAX);
  const first = near?.[0].number ?? step.number;
  const what = step.outcome.kind === 'impossible' ? 'is impossible:' : 'diverges:';
  const lines = [headline(file, step, what, options)];
  if (step.outcome.impossible !== null) {
    lines.push(labelled('why', sentence(escapeControl(step.outcome.impossible)), options));
  }
  lines.push(...fieldLines(shown, options));
  if (folded > 0) lines.push(foldedLine(folded, options));
  if (part === 'divergences') lines.push(...whyLines(step.decisions, whyLead(options), options));
  // The range of the command may have several steps, and of these the causes only, then.
  const allDivergences = options.allDivergences || shown.some(({ follows }) => follows !== null);
  lines.push(...trailLines(trail, options));
  return [...lines, againLine(file, first, step.number, { ...options, allDivergences })];
}
