import type { RuleSet } from '../../engine/rule-sets/index.ts';
import type {
  Neighbours,
  PartedPlace,
  ReleasesResult,
  Row,
  UntoldPlace,
  Verdict,
} from './result.ts';

/** What came of the files of a run under one rule set. */
export interface ReleaseCount {
  readonly rules: string;
  /** Files by what came of them. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Files in which the program ends, whether they say so or not. */
  readonly crashes: number;
  readonly aborts: number;
  /** Files in which a promise is broken. */
  readonly broken: number;
}

/** Where something shows first in a run, and how often. */
export interface Shown<P> {
  readonly path: string;
  readonly place: P;
  readonly steps: number;
  readonly files: number;
}

/** How two neighbours part in the files of a run. */
export interface NeighbourCount {
  readonly from: string;
  readonly to: string;
  /** Files in which anything comes out differently. */
  readonly files: number;
  /** By the name of the cause, as first met. */
  readonly causes: ReadonlyMap<string, Shown<PartedPlace>>;
  /** Where the first difference of a file has no cause; its steps are not counted. */
  readonly untold: Shown<UntoldPlace> | null;
}

/** A run over files under several rule sets. */
export interface ReleasesRun {
  readonly files: number;
  readonly steps: number;
  /** Files in which any two neighbours differ. */
  readonly differing: number;
  /** Files that could not be read to their end. */
  readonly unjudged: number;
  /** Paths that stand for no file. */
  readonly unread: number;
  readonly counts: readonly ReleaseCount[];
  readonly neighbours: readonly NeighbourCount[];
}

const NO_VERDICTS: ReleaseCount['verdicts'] = {
  agrees: 0,
  diverges: 0,
  impossible: 0,
  ends: 0,
  silent: 0,
};

/** The report of a run without a file. */
export function noRun(sets: readonly RuleSet[], unread: number): ReleasesRun {
  const names = sets.map(({ id }) => id);
  return {
    files: 0,
    steps: 0,
    differing: 0,
    unjudged: 0,
    unread,
    counts: names.map((rules) => ({
      rules,
      verdicts: NO_VERDICTS,
      crashes: 0,
      aborts: 0,
      broken: 0,
    })),
    neighbours: names.slice(1).map((to, at) => {
      const from = names[at] ?? '';
      return { from, to, files: 0, causes: new Map(), untold: null };
    }),
  };
}

function withRow(count: ReleaseCount, { verdict, end, broken }: Row): ReleaseCount {
  const verdicts = { ...count.verdicts, [verdict]: count.verdicts[verdict] + 1 };
  return {
    ...count,
    verdicts,
    crashes: count.crashes + (end?.kind === 'crash' ? 1 : 0),
    aborts: count.aborts + (end?.kind === 'abort' ? 1 : 0),
    broken: count.broken + (broken.length > 0 ? 1 : 0),
  };
}

function more<P>(known: Shown<P> | null, path: string, place: P, steps: number): Shown<P> {
  if (known === null) return { path, place, steps, files: 1 };
  return { ...known, steps: known.steps + steps, files: known.files + 1 };
}

function withNeighbours(count: NeighbourCount, path: string, file: Neighbours): NeighbourCount {
  if (file.differing === 0) return count;
  const causes = new Map(count.causes);
  for (const place of file.places) {
    const { cause } = place.parting;
    causes.set(cause, more(causes.get(cause) ?? null, path, place, place.steps));
  }
  const { untold } = file;
  return {
    ...count,
    files: count.files + 1,
    causes,
    untold: untold === null ? count.untold : more(count.untold, path, untold, 1),
  };
}

/**
 * The report of a run with one file more.
 *
 * @param result null when no header could be read
 * @param problems what made it impossible to read the file to its end
 */
export function withFile(
  run: ReleasesRun,
  result: ReleasesResult | null,
  problems: number,
): ReleasesRun {
  const files = run.files + 1;
  const unjudged = run.unjudged + (result === null || problems > 0 ? 1 : 0);
  if (result === null) return { ...run, files, unjudged };
  const { path, steps, rows, neighbours } = result;
  const row = (count: ReleaseCount, at: number): ReleaseCount => {
    const own = rows[at];
    return own === undefined ? count : withRow(count, own);
  };
  const pair = (count: NeighbourCount, at: number): NeighbourCount => {
    const own = neighbours[at];
    return own === undefined ? count : withNeighbours(count, path, own);
  };
  return {
    ...run,
    files,
    unjudged,
    steps: run.steps + steps,
    differing: run.differing + (neighbours.some(({ differing }) => differing > 0) ? 1 : 0),
    counts: run.counts.map(row),
    neighbours: run.neighbours.map(pair),
  };
}
