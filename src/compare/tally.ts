import type { ComparedStep, FileComparison, Parting } from './result.ts';

/** How often one cause shows, and where for the first time. */
export interface CauseCount {
  /** A parting with this cause, the first one that was seen. */
  readonly example: Parting;
  /** Steps at which it shows. */
  readonly steps: number;
  /** Files in which it shows. */
  readonly files: number;
  readonly first: { readonly path: string; readonly line: number };
}

/** How often each cause shows, by its name. */
export type CauseCounts = ReadonlyMap<string, CauseCount>;

/** One compared file, as its last lines and the summary tell it. */
export interface FileReport {
  /** As printed; `<stdin>` for standard input. */
  readonly path: string;
  /** Null when no header could be read. */
  readonly result: FileComparison | null;
  readonly causes: CauseCounts;
  /** Steps inside the selection. */
  readonly matched: number;
  /** What made it impossible to compare the file to its end. */
  readonly problems: number;
}

/** A whole run, as its summary tells it. */
export interface RunReport {
  readonly files: number;
  readonly steps: number;
  /** Steps that come out differently. */
  readonly differing: number;
  /** Those of them with a first cause. */
  readonly parting: number;
  readonly differingFiles: number;
  /** Files whose comparison ends with a crash, or an abort, under either rule set. */
  readonly crashes: number;
  readonly aborts: number;
  /** Files that could not be compared to their end. */
  readonly unjudged: number;
  /** Paths that stand for no file. */
  readonly unread: number;
  /** Steps inside the selection in all files. */
  readonly matched: number;
  readonly causes: CauseCounts;
}

/** The report of a run without a file. */
export const NO_RUN: RunReport = {
  files: 0,
  steps: 0,
  differing: 0,
  parting: 0,
  differingFiles: 0,
  crashes: 0,
  aborts: 0,
  unjudged: 0,
  unread: 0,
  matched: 0,
  causes: new Map(),
};

/** Counts the causes of one file. Memory grows with the number of different causes only. */
export class CauseTally {
  readonly #path: string;
  readonly #counts = new Map<string, CauseCount>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Counts a step, once for each of its causes. */
  add({ partings, line }: ComparedStep): void {
    const first = { path: this.#path, line };
    for (const [cause, example] of new Map(partings.map((each) => [each.cause, each]))) {
      const known = this.#counts.get(cause) ?? { example, steps: 0, files: 1, first };
      this.#counts.set(cause, { ...known, steps: known.steps + 1 });
    }
  }

  /** What was counted so far. */
  get counts(): CauseCounts {
    return this.#counts;
  }
}

function joined(one: CauseCounts, other: CauseCounts): CauseCounts {
  const all = new Map(one);
  for (const [cause, count] of other) {
    const known = all.get(cause);
    const steps = (known?.steps ?? 0) + count.steps;
    const files = (known?.files ?? 0) + count.files;
    all.set(cause, { ...(known ?? count), steps, files });
  }
  return all;
}

/** Whether a comparison ends so under either rule set. */
function endsBy({ result }: FileReport, kind: 'crash' | 'abort'): boolean {
  const end = result?.end ?? null;
  return end !== null && [end.from, end.to].some((each) => each?.kind === kind);
}

/** The report of a run with one file more. */
export function addFile(run: RunReport, file: FileReport): RunReport {
  const { result } = file;
  return {
    files: run.files + 1,
    steps: run.steps + (result?.steps ?? 0),
    differing: run.differing + (result?.differing ?? 0),
    parting: run.parting + (result?.parting ?? 0),
    differingFiles: run.differingFiles + ((result?.differing ?? 0) > 0 ? 1 : 0),
    crashes: run.crashes + (endsBy(file, 'crash') ? 1 : 0),
    aborts: run.aborts + (endsBy(file, 'abort') ? 1 : 0),
    unjudged: run.unjudged + (result === null || file.problems > 0 ? 1 : 0),
    unread: run.unread,
    matched: run.matched + file.matched,
    causes: joined(run.causes, file.causes),
  };
}

/** The causes, most frequent first; those of the same frequency by name, in code units. */
export function byFrequency(causes: CauseCounts): CauseCount[] {
  const order = (one: string, other: string): number => (one < other ? -1 : 1);
  return [...causes]
    .sort(([name, one], [next, other]) => other.steps - one.steps || order(name, next))
    .map(([, count]) => count);
}
