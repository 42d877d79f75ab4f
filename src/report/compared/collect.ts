import type { NeighbourCount, ReleasesResult, ReleasesRun } from '../../compare/releases/index.ts';
import type { TraceEvent } from '../../format/index.ts';
import { bare } from '../data/collect.ts';
import type { ReportProblem } from '../data/schema.ts';
import { REPORT_SCHEMA_VERSION } from '../data/schema-version.ts';
import type { Unrecorded } from '../data/unrecorded.ts';
import type { Compared, ComparedFile, ComparedPair, ComparedRow } from './schema.ts';

/** Where a file stands in the run, and what is wrong with it. */
export interface ComparedSource {
  readonly index: number;
  readonly path: string;
  readonly stdin: boolean;
  /** The first of its problems. */
  readonly problems: readonly ReportProblem[];
  readonly problemCount: number;
}

/** A place without what the trace expects there; null where there is none. */
function barePlace<P extends { readonly event: TraceEvent }>(place: P): P;
function barePlace<P extends { readonly event: TraceEvent }>(place: P | null): P | null;
function barePlace<P extends { readonly event: TraceEvent }>(place: P | null): P | null {
  return place === null ? null : { ...place, event: bare(place.event) };
}

function bareRow(row: ReleasesResult['rows'][number]): ComparedRow {
  return { ...row, divergence: barePlace(row.divergence), end: barePlace(row.end) };
}

function barePair(pair: ReleasesResult['neighbours'][number]): ComparedPair {
  const places = pair.places.map((place) => barePlace(place));
  return { ...pair, places, untold: barePlace(pair.untold) };
}

/**
 * A file as a report holds it.
 *
 * @param result null when no header could be read
 */
export function comparedFile(source: ComparedSource, result: ReleasesResult | null): ComparedFile {
  const { index, path, stdin, problems, problemCount } = source;
  const { title = null, steps = 0, rows = [], neighbours = [] } = result ?? {};
  const differs = neighbours.some(({ differing }) => differing > 0);
  const isJudged = result !== null && problemCount === 0;
  return {
    index,
    path,
    stdin,
    title,
    verdict: isJudged ? (differs ? 'differs' : 'agrees') : 'not-judged',
    steps,
    rows: rows.map(bareRow),
    neighbours: neighbours.map(barePair),
    problemCount,
    problems,
  };
}

/** The causes of a pair, most frequent first; those of the same frequency by name, in code units. */
export function byFrequency({ causes }: NeighbourCount) {
  return [...causes]
    .sort(([name, one], [next, other]) => other.steps - one.steps || (name < next ? -1 : 1))
    .map(([, shown]) => shown);
}

function pairTotals(pair: NeighbourCount) {
  const { from, to, files, untold } = pair;
  const causes = byFrequency(pair).map(({ place, ...shown }) => {
    return { ...shown, first: barePlace(place) };
  });
  if (untold === null) return { from, to, files, causes, untold };
  const { place, ...shown } = untold;
  return { from, to, files, causes, untold: { ...shown, first: barePlace(place) } };
}

/** The counts of a run as a report holds them. */
function comparedTotals(
  { files, steps, differing, unjudged, unread, counts, neighbours }: ReleasesRun,
  unrecorded: Unrecorded | undefined,
): Compared['totals'] {
  const releases = counts.map(({ rules, verdicts, crashes, aborts, broken }) => {
    return { rules, ...verdicts, crashes, aborts, broken };
  });
  const pairs = neighbours.map(pairTotals);
  const told = unrecorded === undefined ? {} : { unrecorded };
  return { files, steps, differing, unjudged, unread, ...told, releases, neighbours: pairs };
}

/** How a run ended, what of it is no file, and what it rests on. */
export type RunEnd = Pick<Compared, 'version' | 'outcome' | 'exitCode' | 'unread'> & {
  readonly unrecorded: Unrecorded | undefined;
};

/** A run as a report holds it, but for its files. */
export function comparedRun(run: ReleasesRun, end: RunEnd): Omit<Compared, 'files'> {
  const { version, outcome, exitCode, unread } = end;
  return {
    report: 'haproxy-ownership-compare',
    schemaVersion: REPORT_SCHEMA_VERSION,
    version,
    options: { rules: run.counts.map(({ rules }) => rules) },
    outcome,
    exitCode,
    totals: comparedTotals(run, end.unrecorded),
    unread,
  };
}
