import type { ReleasesResult, ReleasesStep, Row } from '../../compare/releases/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { valueText } from '../text/value.ts';
import { distinct, toldParting } from './compared.ts';
import { toldEvent, toldOutcome } from './step.ts';
import type { PageRow, ToldOutcome, ToldStep, TraceSummary } from './told.ts';

/** After the end of the program. */
const ENDED: ToldOutcome = { came: 'not reached' };

/** All that a page tells of a step under many rule sets. */
export function toldReleasesStep(step: ReleasesStep): ToldStep {
  const outcomes = step.sides.map((side) => {
    if (side === null) return ENDED;
    const { abort, ...outcome } = side.outcome;
    const ended = abort === null ? {} : { abort };
    return toldOutcome(step.event, { ...outcome, ...ended }, side.changes);
  });
  const partings = step.partings.map(({ at, parting }) => toldParting(parting, at));
  return {
    ...toldEvent(step),
    ...distinct(outcomes),
    ...(partings.length === 0 ? {} : { partings }),
  };
}

type Said = PageRow['broken'][number];

function saidAt(number: number, says: string): Said {
  return { step: number, says: escapeControl(says) };
}

function firstOf({ divergence, verdict }: Row): PageRow['first'] {
  if (divergence === null) return null;
  const { number, difference } = divergence;
  if (verdict === 'impossible') return saidAt(number, 'the event cannot happen');
  const { field, expected, actual } = difference;
  const says = `${field}: ${valueText(expected)} expected, ${valueText(actual)} here`;
  return saidAt(number, says);
}

/** Where a rule set parts from the one before it. */
function partsOf(pair: ReleasesResult['neighbours'][number] | undefined): Said[] {
  if (pair === undefined) return [];
  const { untold, places } = pair;
  return [
    ...(untold === null ? [] : [saidAt(untold.number, 'no rule tells why')]),
    ...places.map(({ number, parting }) => saidAt(number, parting.cause)),
  ];
}

/** What came of a trace under each of many rule sets. */
export function pageRows({ rows, neighbours }: ReleasesResult): PageRow[] {
  return rows.map((row, at) => ({
    verdict: row.verdict,
    first: firstOf(row),
    end: row.end === null ? null : saidAt(row.end.number, `${row.end.kind} in ${row.end.fn}`),
    broken: row.broken.map(({ name, number }) => saidAt(number, name)),
    parts: partsOf(neighbours[at - 1]),
  }));
}

/**
 * A trace under many rule sets as an index tells it.
 *
 * @param result null when no header could be read
 */
export function releasesSummary(
  path: string,
  result: ReleasesResult | null,
  about: Pick<TraceSummary, 'rules' | 'sessions' | 'connections' | 'problems'>,
): TraceSummary {
  const rows = result === null ? [] : pageRows(result);
  const parts = rows.flatMap((row) => row.parts);
  const [first = null] = parts.toSorted((one, other) => one.step - other.step);
  const isJudged = result !== null && about.problems.length === 0;
  return {
    kind: 'many',
    ...about,
    path: escapeControl(path),
    title: result?.title == null ? null : escapeControl(result.title),
    verdict: isJudged ? (parts.length > 0 ? 'parts' : 'same') : 'not judged',
    steps: result?.steps ?? 0,
    divergences: new Set(parts.map(({ step }) => step)).size,
    followers: 0,
    findings: 0,
    first,
    end: null,
    rows,
  };
}
