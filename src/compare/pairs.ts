import type { Gap } from './align.ts';
import { isEndOf, type Taken } from './taken.ts';

/** The decisions of one step in both worlds. */
export interface Sequences {
  readonly from: readonly Taken[];
  readonly to: readonly Taken[];
}

/** What the worlds decided where they differ; null where one decided nothing of the kind. */
export interface Pair {
  readonly from: Taken | null;
  readonly to: Taken | null;
}

/** Whether a decision cannot be taken under one of the rule sets. */
export type IsSwitched = (taken: Taken) => boolean;

/** What stands for a function: the end of the program in it, else what it decided first. */
function standsFor(own: readonly Taken[]): Taken | undefined {
  return own.find(isEndOf) ?? own[0];
}

/** What a function decides next, or null when another one decides next. */
function nextOf(fn: string, next: Taken | undefined): Taken | null {
  return next?.fn === fn ? next : null;
}

/** A pair for every function that decided on both sides. */
function byFunction(left: readonly Taken[], right: readonly Taken[]): Pair[] {
  const pairs: Pair[] = [];
  for (const fn of new Set(left.map((taken) => taken.fn))) {
    const ofFunction = (taken: Taken): boolean => taken.fn === fn;
    const pair = standFor(left.filter(ofFunction), right.filter(ofFunction));
    if (pair !== null) pairs.push(pair);
  }
  return pairs;
}

/**
 * What stands for a function on both sides. Where the first decisions are about different things,
 * as when one side counts in that function and the other elsewhere, the first of the one side that
 * has its like on the other.
 */
function standFor(left: readonly Taken[], right: readonly Taken[]): Pair | null {
  const from = standsFor(left);
  const to = standsFor(right);
  if (from === undefined || to === undefined) return null;
  if (isEndOf(from) || isEndOf(to)) return { from, to };
  // Where both go over the same things in another order, each is held against itself.
  const like = right.find((each) => decideTheSame(from, each) && isAboutTheSame(from, each));
  if (like !== undefined) return { from, to: like };
  if (decideTheSame(from, to)) return { from, to };
  for (const one of left) {
    const other = right.find((each) => decideTheSame(one, each));
    if (other !== undefined) return { from: one, to: other };
  }
  return { from, to };
}

/** Whether the subject of two decisions is the same object. */
function isAboutTheSame({ objects: [one] }: Taken, { objects: [other] }: Taken): boolean {
  return one !== undefined && one.kind === other?.kind && one.id === other.id;
}

/** Whether two decisions of one function can decide a field in common. */
function decideTheSame(one: Taken, other: Taken): boolean {
  if (one.fn !== other.fn) return false;
  const parts = other.decision?.rule.decides.map(({ part }) => part) ?? [];
  return one.decision?.rule.decides.some(({ part }) => parts.includes(part)) === true;
}

/**
 * Pairs for the decisions left over that one of the rule sets cannot take: with what the same
 * function decided later about the same fields in the other world.
 */
function bySwitch(sides: Sequences, pairs: readonly Pair[], isSwitched: IsSwitched): Pair[] {
  const taken = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  const from = sides.from.filter((each) => !taken.has(each));
  const to = sides.to.filter((each) => !taken.has(each));
  return from.flatMap((one): Pair[] => {
    const other = to.find(
      (each) =>
        !taken.has(each) && (isSwitched(one) || isSwitched(each)) && decideTheSame(one, each),
    );
    if (other === undefined) return [];
    taken.add(other);
    return [{ from: one, to: other }];
  });
}

/** The end of the program on a side, with what the other side decided last: without a pair, if any. */
function ofEnd(sides: Sequences, pairs: readonly Pair[]): Pair[] {
  if (pairs.some(({ from, to }) => isEndOf(from) || isEndOf(to))) return [];
  const paired = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  const end = (taken: readonly Taken[]): Taken | null =>
    taken.find(isEndOf) ?? taken.findLast((each) => !paired.has(each)) ?? taken.at(-1) ?? null;
  const ends: Pair = { from: end(sides.from), to: end(sides.to) };
  return isEndOf(ends.from) || isEndOf(ends.to) ? [ends] : [];
}

/**
 * The pairs of a gap: what each function that decided on both sides decided first there, else
 * the first decision of either side; after them what is left over that only one of the rule sets
 * knows, and an end. Where one side decided nothing it is what the same function decided next on
 * that side, if it did.
 */
export function pairsOf(gap: Gap, { from, to }: Sequences, isSwitched: IsSwitched): Pair[] {
  const sides = {
    from: from.slice(gap.fromStart, gap.fromEnd),
    to: to.slice(gap.toStart, gap.toEnd),
  };
  const [one] = sides.from;
  const [other] = sides.to;
  if (one === undefined) {
    return other === undefined ? [] : [{ from: nextOf(other.fn, from[gap.fromEnd]), to: other }];
  }
  if (other === undefined) return [{ from: one, to: nextOf(one.fn, to[gap.toEnd]) }];
  const pairs = byFunction(sides.from, sides.to);
  if (pairs.length === 0) pairs.push({ from: one, to: other });
  pairs.push(...bySwitch(sides, pairs, isSwitched));
  pairs.push(...ofEnd(sides, pairs));
  return pairs;
}
