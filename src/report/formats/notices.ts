import type { Severity } from '../../format/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import type {
  ReportDivergence,
  ReportFile,
  ReportFinding,
  ReportProblem,
  ReportStep,
  ToldReport,
} from '../data/schema.ts';
import { classOf, type Strict, severityOf, strictOf, unstatedUnder } from '../data/severity.ts';
import type { Unrecorded } from '../data/unrecorded.ts';
import { eventText } from '../parts/event.ts';
import { passedOver } from '../parts/passed-over.ts';
import { unrecordedTexts } from '../parts/unrecorded.ts';
import { count, inline } from '../text/layout.ts';
import { PLAIN } from '../text/palette.ts';
import { UNFOLD } from '../text/report-options.ts';
import { valueText } from '../text/value.ts';

/** What of the options of a run decides how a thing is told. */
export type NoticeOptions = Pick<ToldReport['options'], 'strict' | 'severities' | 'allDivergences'>;

/** One thing to say about a place, for reporters with a line per thing. */
export interface Placed {
  /** What does not count is a note, or a warning. */
  readonly level: 'error' | 'warning' | 'note';
  /** Control characters not yet escaped; null: the run as such. */
  readonly path: string | null;
  /** Null: the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** What it is, in a few words. */
  readonly title: string;
  /** All of it on one line, safe for a terminal. */
  readonly text: string;
}

/** One thing that a report has to say about a place. A hint that does not count is a note. */
export interface Notice extends Placed {
  /**
   * `problem`: something could not be judged; `rest`: what is not reported one by one; `evidence`:
   * what the verdict rests on.
   */
  readonly kind: 'divergence' | 'finding' | 'problem' | 'rest' | 'evidence';
  /** The step and the divergence or finding that it is about, where it is about one. */
  readonly step?: ReportStep;
  readonly divergence?: ReportDivergence;
  readonly finding?: ReportFinding;
}

/** Name, ids and inputs of a step's event: `detach t1 idle=false`. */
export function stepEventText({ event }: Pick<ReportStep, 'event'>): string {
  return inline(eventText(event, PLAIN), 1).painted;
}

/** `conn.c1.owner expected s1, actual null`, or why the model cannot take the event. */
function differenceText({ kind, field, expected, actual }: ReportDivergence): string {
  if (kind === 'impossible') {
    return `impossible: ${typeof actual === 'string' ? escapeControl(actual) : valueText(actual)}`;
  }
  return `${escapeControl(field)} expected ${valueText(expected)}, actual ${valueText(actual)}`;
}

/** `decided by session_add_conn (src/session.c), rule session.add.not-owner: …`; or empty. */
function deciderText({ decidedBy, candidates }: ReportDivergence): string {
  if (decidedBy === null) return '';
  const { fn, file, rule, says } = decidedBy;
  const over = passedOver(candidates).map(({ rule, ids }) => `${ids.join(', ')}: ${rule}`);
  const list = over.length === 0 ? '' : `; passed over: ${over.join('; ')}`;
  return escapeControl(`decided by ${fn} (${file}), rule ${rule}: ${says}${list}`);
}

/**
 * `2 divergences at 1 later step follow`, and by which option they are shown, where they are not;
 * empty when nothing follows from the step.
 */
function followersText(file: ReportFile, step: ReportStep, unfolded: boolean): string {
  const fold = file.folds.find(({ from }) => from === step.number);
  if (fold === undefined) return '';
  const follow = fold.divergences === 1 ? 'follows' : 'follow';
  const hint = unfolded ? '' : ` ${UNFOLD}`;
  return `${count(fold.divergences, 'divergence')} at ${count(fold.steps, 'later step')} ${follow}${hint}`;
}

/** `follows from step 3`; empty for a first cause. */
function originText({ follows }: ReportDivergence): string {
  return follows === null ? '' : `follows from step ${follows}`;
}

/** A problem of a file as one line, without its place. */
function problemText({ what, allowed }: ReportProblem): string {
  return escapeControl(allowed === null ? what : `${what}; ${allowed}`);
}

/** What a step does to the promise that a finding is about. */
const VERBS: Readonly<Record<Severity | 'abort', string>> = {
  crash: 'crashes:',
  abort: 'aborts:',
  broken: 'breaks',
  hint: 'hints at',
};

function levelOf(severity: Severity, strict: Strict): Notice['level'] {
  if (strict.includes(severity)) return 'error';
  return severity === 'hint' ? 'note' : 'warning';
}

function stepNotices(file: ReportFile, step: ReportStep, options: NoticeOptions): Notice[] {
  const place = { path: file.path, line: step.line, column: null, step };
  const head = `step ${step.number} ${stepEventText(step)}`;
  const divergences = step.divergences.map((divergence, index): Notice => {
    const follow = index === 0 ? followersText(file, step, options.allDivergences === true) : '';
    const parts = [
      `${head}: ${differenceText(divergence)}`,
      deciderText(divergence),
      originText(divergence),
      follow,
    ];
    return {
      ...place,
      kind: 'divergence',
      level: divergence.follows === null ? 'error' : 'warning',
      title: `step ${step.number} ${divergence.kind === 'impossible' ? 'is impossible' : 'diverges'}`,
      text: parts.filter((part) => part !== '').join('; '),
      divergence,
    };
  });
  const unstated = (step.findings ?? []).filter(({ stated }) => !stated);
  const strict = strictOf(options);
  const findings = unstated.map((finding): Notice => {
    const { invariant, says, source } = finding;
    const severity = severityOf(finding);
    const verb = VERBS[classOf(finding)];
    return {
      ...place,
      kind: 'finding',
      level: levelOf(severity, strict),
      title: `step ${step.number} ${verb} ${escapeControl(invariant)}`,
      text: escapeControl(`${head}: ${verb} ${invariant}: ${says} (${source})`),
      finding,
    };
  });
  return [...divergences, ...findings];
}

/** What is known of a file only as a count. */
function restTexts({ hidden, omitted, problemCount, problems }: ReportFile): string[] {
  const more = problemCount - problems.length;
  return [
    hidden > 0 ? `${count(hidden, 'divergence')} at steps outside --range and --only` : '',
    omitted > 0 ? `${count(omitted, 'more step')} with divergences or findings` : '',
    more > 0 ? `${count(more, 'more problem')}` : '',
  ].filter((text) => text !== '');
}

/** How a file counts as a test; findings fail it only where the run is strict about them. */
export function testResult(
  file: ReportFile,
  options: NoticeOptions,
): 'passed' | 'failure' | 'error' {
  if (file.verdict === 'not-judged') return 'error';
  const isBroken = unstatedUnder(strictOf(options), file) > 0;
  return file.verdict === 'diverges' || isBroken ? 'failure' : 'passed';
}

/** Something wrong with a file, at its place. */
export function problemNotice(path: string, problem: ReportProblem): Notice {
  const { line, column } = problem;
  const title = line === null ? 'not judged' : 'invalid trace';
  return { kind: 'problem', level: 'error', path, line, column, title, text: problemText(problem) };
}

/** A path that stands for no file. */
export function unreadNotice({ path, what }: ToldReport['unread'][number]): Notice {
  const place = { path, line: null, column: null };
  return {
    kind: 'problem',
    level: 'error',
    ...place,
    title: 'not read',
    text: escapeControl(what),
  };
}

/** Everything that a report has to say about one file, in the order of its lines. */
export function fileNotices(file: ReportFile, options: NoticeOptions): Notice[] {
  const { path } = file;
  const problems = file.problems.map((problem) => problemNotice(path, problem));
  const rest = restTexts(file).map((text): Notice => {
    return {
      kind: 'rest',
      level: 'error',
      path,
      line: null,
      column: null,
      title: 'not shown',
      text,
    };
  });
  return [
    ...file.reported.flatMap((step) => stepNotices(file, step, options)),
    ...problems,
    ...rest,
  ];
}

/** What made it impossible to judge the run, beside the problems of its files. */
export function runNotices(report: Pick<ToldReport, 'unread' | 'outcome'>): Notice[] {
  const notices = report.unread.map(unreadNotice);
  if (report.outcome === 'nothing-selected') {
    const text = 'no step of any trace is within --range and --only';
    const title = 'nothing selected';
    notices.push({
      kind: 'problem',
      level: 'error',
      path: null,
      line: null,
      column: null,
      title,
      text,
    });
  }
  return notices;
}

/** What the verdict of the run rests on, where that is known from reading alone. */
export function evidenceNotices({ totals }: Pick<ToldReport, 'totals'>): Notice[] {
  return unrecordedNotices(totals.unrecorded);
}

/** The same of rules by rule set. */
export function unrecordedNotices(
  unrecorded: Unrecorded | undefined,
): (Placed & { readonly kind: 'evidence' })[] {
  return unrecordedTexts(unrecorded).map((text) => {
    const place = { path: null, line: null, column: null };
    return { kind: 'evidence', level: 'note', ...place, title: 'not recorded', text };
  });
}

/** Everything that a report has to say, in the order of its files. */
export function* noticesOf(report: ToldReport): Generator<Notice> {
  yield* runNotices(report);
  for (const file of report.files) yield* fileNotices(file, report.options);
  yield* evidenceNotices(report);
}

/** `path:line:column`, as far as they are known, safe for a terminal; `replay` for the run. */
export function placeText({ path, line, column }: Placed): string {
  if (path === null) return 'replay';
  const place = [line, column].filter((part) => part !== null);
  return [escapeControl(path), ...place].join(':');
}
