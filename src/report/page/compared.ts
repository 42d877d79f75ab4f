import type { ComparedStep, FileReport, Parting, Side } from '../../compare/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { type ComparedWords, toldDifferenceOf } from './differences.ts';
import { type RuleNumber, toldEvent, toldOutcome } from './step.ts';
import type { ToldOutcome, ToldParting, ToldStep, TraceSummary } from './told.ts';

/** What is not told of a difference: it stands at the step of its parting. */
const WORDS: ComparedWords = 'compared';

function toldSide({ rule, fn, says }: Side): ToldParting['from'] {
  return [escapeControl(rule), fn ?? '', escapeControl(says)];
}

/**
 * Where two neighbours among the rule sets part.
 *
 * @param at the place of the first of them
 */
export function toldParting({ from, to, kind, differences }: Parting, at: number): ToldParting {
  return {
    at,
    from: toldSide(from),
    to: toldSide(to),
    isOfRules: kind === 'rules',
    differences: differences.map((each) => toldDifferenceOf(each, WORDS)),
  };
}

/** The numbers of the rules of some partings. */
export function rulesOf(partings: readonly Parting[], numberOf: RuleNumber): number[] {
  return partings
    .flatMap(({ from, to }) => [from, to])
    .flatMap(({ rule, fn, file }) =>
      fn === null || file === null ? [] : [numberOf({ rule, fn, file })],
    );
}

/** Outcomes under several rule sets, each once, and which of them is whose. */
export function distinct(outcomes: readonly ToldOutcome[]): Pick<ToldStep, 'outcomes' | 'of'> {
  const places = new Map<string, number>();
  const all: ToldOutcome[] = [];
  const of = outcomes.map((outcome) => {
    const key = JSON.stringify(outcome);
    const place = places.get(key) ?? all.push(outcome) - 1;
    places.set(key, place);
    return place;
  });
  return all.length === 1 ? { outcomes: all } : { outcomes: all, of };
}

/** All that a page tells of a step under two rule sets. */
export function toldComparedStep(step: ComparedStep): ToldStep {
  const { event, partings, following, changes } = step;
  const outcomes = (['from', 'to'] as const).map((side) => {
    const { abort, ...outcome } = step[side];
    const ended = abort === null ? {} : { abort };
    return toldOutcome(event, { ...outcome, ...ended }, changes?.[side] ?? []);
  });
  return {
    ...toldEvent(step),
    ...distinct(outcomes),
    ...(partings.length === 0 ? {} : { partings: partings.map((each) => toldParting(each, 0)) }),
    ...(following.length === 0
      ? {}
      : { following: following.map((each) => toldDifferenceOf(each, WORDS)) }),
  };
}

/** The first step at which two rule sets part, for an index. */
export function firstParting({ number, partings }: ComparedStep): TraceSummary['first'] {
  const [first] = partings;
  if (first === undefined) return null;
  return { step: number, says: escapeControl(first.cause) };
}

/** `crash in conn_free under 2.3.0` */
function endOf({ result }: FileReport): string | null {
  const end = result?.end ?? null;
  if (result === null || end === null) return null;
  const sides = [
    [end.from, result.from],
    [end.to, result.to],
  ] as const;
  const says = sides.flatMap(([side, rules]) =>
    side === null ? [] : [`${side.kind} in ${side.fn} under ${rules}`],
  );
  return escapeControl(says.join(', '));
}

/** A trace under two rule sets as an index tells it. */
export function comparedSummary(
  report: FileReport,
  about: Pick<TraceSummary, 'rules' | 'sessions' | 'connections' | 'first' | 'problems' | 'again'>,
): TraceSummary {
  const { path, result } = report;
  const isJudged = result !== null && about.problems.length === 0;
  const verdict = result !== null && result.differing > 0 ? 'parts' : 'same';
  return {
    kind: 'two',
    ...about,
    path: escapeControl(path),
    title: result?.title == null ? null : escapeControl(result.title),
    verdict: isJudged ? verdict : 'not judged',
    steps: result?.steps ?? 0,
    divergences: result?.parting ?? 0,
    followers: result === null ? 0 : result.differing - result.parting,
    findings: 0,
    end: endOf(report),
  };
}
