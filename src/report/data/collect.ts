import { NONE_BY_SEVERITY } from '../../replay/findings.ts';
import type { Divergence, FileResult, StepResult } from '../../replay/result.ts';
import type { FileHead } from './file-head.ts';
import { type ListedProblem, ProblemList } from './problem-list.ts';
import type { ReportDivergence, ReportFile, ReportStep } from './schema.ts';
import { shownDivergences } from './select.ts';
import { severityOf, unstatedBy } from './severity.ts';
import type { FileReport } from './tally.ts';

/** Steps of one file that a report holds; the rest is counted. */
export const REPORTED_STEPS_MAX = 10_000;

/** The event without its expectation: what of it matters stands in the divergences. */
export function bare(event: StepResult['event']): StepResult['event'] {
  if (event.expect === undefined) return event;
  const { expect: _, ...rest } = event;
  return rest;
}

/** A divergence as reports hold it: `followsFrom` is what `follows` was called at first. */
export function reportDivergence(divergence: Divergence): ReportDivergence {
  // What a divergence says is JSON already: the trace's own values, or what the engine answered.
  const { follows, trail, ...rest } = divergence as ReportDivergence;
  return { ...rest, follows, followsFrom: follows, trail };
}

/**
 * A step as a report holds it: its first causes, or all divergences, and how many of its
 * divergences follow from earlier ones.
 */
function reportStep(step: StepResult, unfolded: boolean): ReportStep {
  const { number, line, event, outcome, findings, decisions } = step;
  const divergences = shownDivergences(step, unfolded).map(reportDivergence);
  return {
    number,
    line,
    event: bare(event),
    outcome,
    divergences,
    followers: step.divergences.filter(({ follows }) => follows !== null).length,
    ...(findings.length === 0 ? {} : { findings }),
    ...(decisions.length === 0 ? {} : { decisions }),
  };
}

/** True for a step with something that the trace does not say itself. */
function isWorthReporting(step: StepResult, unfolded: boolean): boolean {
  const shown = shownDivergences(step, unfolded);
  return shown.length > 0 || step.findings.some(({ stated }) => !stated);
}

/** Where a file stands in the run, and where it came from. */
export type FilePlace = Pick<ReportFile, 'index' | 'path' | 'stdin'>;

function verdictOf({ result, problems }: FileReport): ReportFile['verdict'] {
  if (result === null || problems > 0) return 'not-judged';
  return result.divergences > 0 ? 'diverges' : 'agrees';
}

/** Counts of a file whose header could not be read. */
const NOTHING: Omit<FileResult, 'path' | 'rules'> = {
  title: null,
  steps: 0,
  divergences: 0,
  followers: 0,
  divergingSteps: 0,
  findings: 0,
  unstatedFindings: 0,
  unstatedBy: NONE_BY_SEVERITY,
  crash: null,
  unrecorded: [],
  reached: null,
};

/**
 * Collects what a report holds of one file, while it is replayed. Memory grows with the steps that
 * are worth reporting, up to a limit, and not with the length of the trace.
 */
export class FileCollector {
  readonly #place: FilePlace;
  readonly #unfolded: boolean;
  readonly #stepsMax: number;
  readonly #steps: ReportStep[] = [];
  readonly #problems = new ProblemList();
  #omitted = 0;

  /**
   * @param unfolded divergences that follow from earlier ones are reported as well
   * @param stepsMax 0 when nobody wants to know more than the counts
   */
  constructor({ index, path, stdin }: FilePlace, unfolded: boolean, stepsMax = REPORTED_STEPS_MAX) {
    this.#place = { index, path, stdin };
    this.#unfolded = unfolded;
    this.#stepsMax = stepsMax;
  }

  /** Takes a step that the selection shows. */
  step(step: StepResult): void {
    if (!isWorthReporting(step, this.#unfolded)) return;
    if (this.#steps.length < this.#stepsMax) {
      this.#steps.push(reportStep(step, this.#unfolded));
    } else this.#omitted++;
  }

  /** Takes something wrong with the file, at a place in it or with it as such. */
  problem(problem: ListedProblem): void {
    this.#problems.add(problem);
  }

  /** The file, once it has been read to its end. */
  end(report: FileReport): ReportFile {
    const { result, folds, moreFolds, matched, hidden } = report;
    const counted = result ?? NOTHING;
    const { reached, unrecorded } = counted;
    return {
      ...this.#place,
      title: counted.title,
      rules: result?.rules ?? null,
      verdict: verdictOf(report),
      steps: counted.steps,
      divergences: counted.divergences,
      followers: counted.followers,
      divergingSteps: counted.divergingSteps,
      findings: counted.findings,
      unstatedFindings: counted.unstatedFindings,
      unstatedBy: counted.unstatedBy,
      crash: counted.crash,
      ...(counted.abort === undefined ? {} : { abort: counted.abort }),
      ...(unrecorded.length === 0 ? {} : { unrecorded }),
      matched,
      hidden,
      ...(reached === null ? {} : { reached }),
      problemCount: report.problems,
      problems: this.#problems.all,
      reported: this.#steps,
      omitted: this.#omitted,
      folds,
      moreFolds,
    };
  }
}

/** A file of a report as its last lines tell it. */
export function fileReportOf(file: ReportFile): FileReport {
  const { path, rules, folds, moreFolds, matched, hidden, problemCount } = file;
  const counted = {
    path,
    title: file.title,
    steps: file.steps,
    divergences: file.divergences,
    followers: file.followers,
    divergingSteps: file.divergingSteps,
    findings: file.findings,
    unstatedFindings: file.unstatedFindings,
    unstatedBy: unstatedBy(file),
    crash: file.crash,
    ...(file.abort === undefined ? {} : { abort: file.abort }),
    unrecorded: file.unrecorded ?? [],
    reached: file.reached ?? null,
  };
  return {
    path,
    result: rules === null ? null : { ...counted, rules },
    folds,
    moreFolds,
    matched,
    hidden,
    problems: problemCount,
  };
}

/** The head of a file of a report; null when no header could be read. */
export function fileHeadOf({ path, stdin, title, rules }: ReportFile): FileHead | null {
  return rules === null ? null : { path, stdin, title, rules };
}

/** A step of a report as a step of a replay that recorded nothing but divergences. */
export function stepResultOf(step: ReportStep): StepResult {
  const { number, line, event, outcome, divergences, findings = [], decisions = [] } = step;
  return {
    number,
    line,
    event,
    // Names of invariants are texts in a report: those of a later version are passed on.
    outcome: { ...outcome, target: outcome.target } as StepResult['outcome'],
    changes: [],
    touches: new Set(),
    divergences: divergences as StepResult['divergences'],
    findings: findings.map(
      (finding) =>
        ({ ...finding, severity: severityOf(finding) }) as StepResult['findings'][number],
    ),
    decisions: decisions as StepResult['decisions'],
    state: undefined,
  };
}
