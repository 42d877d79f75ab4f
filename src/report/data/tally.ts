import { NONE_BY_SEVERITY } from '../../replay/findings.ts';
import type { BySeverity, FileResult, StepResult } from '../../replay/result.ts';
import { addReached, type Reached } from './reached.ts';
import { firstCauses, isFiltered, isMatched, type Selection } from './select.ts';
import { addBySeverity } from './severity.ts';
import { addUnrecorded, type Unrecorded } from './unrecorded.ts';

/** First causes whose followers a file's report lists one by one; the rest is one more count. */
const FOLDS_MAX = 10;

/** Divergences that follow from the divergence of one step. */
export interface Fold {
  readonly from: number;
  readonly divergences: number;
  /** Later steps at which they are. */
  readonly steps: number;
}

/** One replayed file, as its last lines tell it. */
export interface FileReport {
  /** As printed; `<stdin>` for standard input. */
  readonly path: string;
  /** Null when no header could be read. */
  readonly result: FileResult | null;
  /** What follows from what, in order of first appearance. */
  readonly folds: readonly Fold[];
  /** Followers of first causes beyond the listed ones. */
  readonly moreFolds: Omit<Fold, 'from'>;
  /** Steps inside the selection; null when it leaves out none, for they are not counted then. */
  readonly matched: number | null;
  /** First causes at steps outside the selection, hence not shown. */
  readonly hidden: number;
  /** What made it impossible to judge the file: an invalid line, or an error of reading. */
  readonly problems: number;
}

/** A whole run, as its summary tells it. */
export interface RunReport {
  readonly files: number;
  readonly steps: number;
  readonly divergences: number;
  readonly followers: number;
  readonly divergingFiles: number;
  /** Files that could not be judged to their end. */
  readonly unjudged: number;
  /** Paths that stand for no file: missing, unreadable, a directory without traces. */
  readonly unread: number;
  /** Files whose trace ends with a crash. */
  readonly crashes: number;
  /** Files whose trace ends with an abort; absent: none. */
  readonly aborts?: number | undefined;
  /** Steps inside the selection in all files; 0 when it leaves out none. */
  readonly matched: number;
  /** Broken invariants. */
  readonly findings: number;
  /** Those of them that no trace states. */
  readonly unstatedFindings: number;
  /** The same by severity; absent from reports of earlier versions. */
  readonly unstatedBy?: BySeverity | undefined;
  /** Rules that verdicts rest on and no recording has exercised, by rule set; absent without any. */
  readonly unrecorded?: Unrecorded | undefined;
  /** How often each rule decided something, by rule set; absent unless a file counts that. */
  readonly reached?: Reached | undefined;
}

/** The report of a run without a file. */
export const NO_RUN: RunReport = {
  files: 0,
  steps: 0,
  divergences: 0,
  followers: 0,
  divergingFiles: 0,
  unjudged: 0,
  unread: 0,
  crashes: 0,
  matched: 0,
  findings: 0,
  unstatedFindings: 0,
  unstatedBy: NONE_BY_SEVERITY,
};

/** Counts one file while it is replayed, in a memory that does not grow with it. */
export class Tally {
  readonly #path: string;
  readonly #selection: Selection;
  readonly #folds = new Map<number, { divergences: number; steps: number }>();
  readonly #moreFolds = { divergences: 0, steps: 0 };
  #matched = 0;
  #hidden = 0;

  constructor(path: string, selection: Selection) {
    this.#path = path;
    this.#selection = selection;
  }

  /** Counts a step; true when the selection shows it. */
  add(step: StepResult): boolean {
    const matched = isMatched(step, this.#selection);
    if (matched) this.#matched++;
    if (step.divergences.length > 0) {
      if (!matched) this.#hidden += firstCauses(step).length;
      this.#fold(step);
    }
    return matched;
  }

  #fold(step: StepResult): void {
    const seen = new Set<object>();
    for (const { follows } of step.divergences) {
      if (follows === null) continue;
      let fold = this.#folds.get(follows);
      if (fold === undefined && this.#folds.size < FOLDS_MAX) {
        fold = { divergences: 0, steps: 0 };
        this.#folds.set(follows, fold);
      }
      fold ??= this.#moreFolds;
      fold.divergences++;
      if (!seen.has(fold)) fold.steps++;
      seen.add(fold);
    }
  }

  /** The file's report, once it has been read to its end. */
  end(result: FileResult | null, problems: number): FileReport {
    return {
      path: this.#path,
      result,
      folds: [...this.#folds].map(([from, fold]) => ({ from, ...fold })),
      moreFolds: { ...this.#moreFolds },
      matched: isFiltered(this.#selection) ? this.#matched : null,
      hidden: this.#hidden,
      problems,
    };
  }
}

function addAborts(
  { aborts = 0 }: RunReport,
  result: FileResult | null,
): Pick<RunReport, 'aborts'> {
  const all = aborts + (result?.abort === undefined ? 0 : 1);
  return all === 0 ? {} : { aborts: all };
}

/** The report of a run with one file more. */
export function addFile(run: RunReport, file: FileReport): RunReport {
  const { result } = file;
  const counts = result?.reached ?? null;
  const reached =
    result === null || counts === null
      ? run.reached
      : addReached(run.reached ?? {}, result.rules, counts);
  const unrecorded = addUnrecorded(run.unrecorded, result);
  return {
    ...(reached === undefined ? {} : { reached }),
    ...(unrecorded === undefined ? {} : { unrecorded }),
    files: run.files + 1,
    steps: run.steps + (result?.steps ?? 0),
    divergences: run.divergences + (result?.divergences ?? 0),
    followers: run.followers + (result?.followers ?? 0),
    divergingFiles: run.divergingFiles + ((result?.divergences ?? 0) > 0 ? 1 : 0),
    unjudged: run.unjudged + (file.problems > 0 || result === null ? 1 : 0),
    unread: run.unread,
    crashes: run.crashes + (result !== null && result.crash !== null ? 1 : 0),
    ...addAborts(run, result),
    matched: run.matched + (file.matched ?? 0),
    findings: run.findings + (result?.findings ?? 0),
    unstatedFindings: run.unstatedFindings + (result?.unstatedFindings ?? 0),
    unstatedBy: addBySeverity(
      run.unstatedBy ?? NONE_BY_SEVERITY,
      result?.unstatedBy ?? NONE_BY_SEVERITY,
    ),
  };
}
