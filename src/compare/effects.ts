import type { Call } from '../engine/objects/step-log.ts';
import { callText } from '../engine/view/observe.ts';
import type { Difference } from '../replay/compare.ts';
import { leadsTo, partOf, questionsOf } from '../replay/reason/question.ts';
import type { Gap } from './align.ts';
import type { Seen } from './observables.ts';
import type { Pair, Sequences } from './pairs.ts';
import type { Taken } from './taken.ts';

/** A step under both rule sets. */
export interface BothSteps {
  readonly from: Seen;
  readonly to: Seen;
  /** What came out differently and was the same before, the events' own results included. */
  readonly fresh: readonly Difference[];
}

/** A gap of a step with its decisions. */
export interface OpenGap {
  readonly gap: Gap;
  readonly from: readonly Taken[];
  readonly to: readonly Taken[];
  readonly pairs: readonly Pair[];
}

/** Up to which decision of either world a difference can be led back; -1 for none. */
interface Reach {
  readonly from: number;
  readonly to: number;
}

function isCalls({ subject, field }: Difference): boolean {
  return subject.kind === 'event' && field === 'calls';
}

/** Whether a decision can have decided a field that came out differently. */
function explains(taken: Taken | null, difference: Difference): boolean {
  if (taken === null) return false;
  const part = partOf(difference);
  if (taken.decision === null) return part === taken.end?.kind;
  const { decision } = taken;
  return questionsOf(difference).some((question) => leadsTo(decision, question));
}

/** The calls that a world made between two of its decisions, both ends included. */
function callsBetween({ world }: Seen, start: number, end: number): readonly Call[] {
  return world.log.calls.filter(({ decisionsBefore: at }) => at >= start && at <= end);
}

/**
 * The decisions that the first call that differs in a gap is due to; null when all are the same.
 * A call is made by the decision before it; what it returns is decided after its entry.
 */
function reachOfCalls({ gap }: OpenGap, step: BothSteps): Reach | null {
  const ones = callsBetween(step.from, gap.fromStart, gap.fromEnd);
  const others = callsBetween(step.to, gap.toStart, gap.toEnd);
  for (let at = 0; at < Math.max(ones.length, others.length); at++) {
    const one = ones[at];
    const other = others[at];
    if (one && other && callText(one) === callText(other)) continue;
    const back = one?.fn === other?.fn ? 0 : 1;
    return {
      from: (one?.decisionsBefore ?? gap.fromEnd) - back,
      to: (other?.decisionsBefore ?? gap.toEnd) - back,
    };
  }
  return null;
}

/** How far a difference can be led back into a gap; null when nothing in the gap explains it. */
function reachOf(open: OpenGap, difference: Difference, step: BothSteps): Reach | null {
  if (isCalls(difference)) return reachOfCalls(open, step);
  const last = (taken: readonly Taken[]): number =>
    taken.findLast((each) => explains(each, difference))?.at ?? -1;
  const reach = { from: last(open.from), to: last(open.to) };
  return reach.from === -1 && reach.to === -1 ? null : reach;
}

/**
 * The pair of a gap that a difference is due to: the last one that decides it itself, else the
 * last one before the decision that does. Null when the gap does not explain it.
 */
function pairFor(open: OpenGap, difference: Difference, step: BothSteps): Pair | null {
  const reach = reachOf(open, difference, step);
  if (reach === null) return null;
  const own = open.pairs.findLast(
    ({ from, to }) => explains(from, difference) || explains(to, difference),
  );
  const before = open.pairs.findLast(
    ({ from, to }) =>
      (from !== null && from.at <= reach.from) || (to !== null && to.at <= reach.to),
  );
  return own ?? before ?? open.pairs[0] ?? null;
}

/** Opens a gap: its decisions, and the pairs that these make. */
export function openGap(gap: Gap, sequences: Sequences, pairs: readonly Pair[]): OpenGap {
  return {
    gap,
    from: sequences.from.slice(gap.fromStart, gap.fromEnd),
    to: sequences.to.slice(gap.toStart, gap.toEnd),
    pairs,
  };
}

/**
 * What each pair of a gap has made come out differently.
 *
 * @param left differences that no earlier gap of the step explains
 */
export function effectsOf(
  open: OpenGap,
  left: Iterable<Difference>,
  step: BothSteps,
): Map<Pair, Difference[]> {
  const effects = new Map<Pair, Difference[]>();
  for (const difference of left) {
    const pair = pairFor(open, difference, step);
    if (pair === null) continue;
    const others = effects.get(pair);
    if (others === undefined) effects.set(pair, [difference]);
    else others.push(difference);
  }
  return effects;
}
