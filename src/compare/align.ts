/** Above this many comparisons, what lies between the common ends is one gap. */
const COMPARISONS_MAX = 1_000_000;

/** Where two sequences differ: `from[fromStart…fromEnd)` stands in place of `to[toStart…toEnd)`. */
export interface Gap {
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

/** Lengths of the longest common subsequences of all pairs of ends, row by row. */
function commonLengths(from: readonly string[], to: readonly string[]): Uint32Array {
  const row = to.length + 1;
  const lengths = new Uint32Array((from.length + 1) * row);
  for (let left = from.length - 1; left >= 0; left--) {
    for (let right = to.length - 1; right >= 0; right--) {
      const here = left * row + right;
      lengths[here] =
        from[left] === to[right]
          ? (lengths[here + row + 1] ?? 0) + 1
          : Math.max(lengths[here + row] ?? 0, lengths[here + 1] ?? 0);
    }
  }
  return lengths;
}

/** The gaps of two sequences that begin and end differently. */
function gapsBetween(from: readonly string[], to: readonly string[]): Gap[] {
  const row = to.length + 1;
  const whole = { fromStart: 0, fromEnd: from.length, toStart: 0, toEnd: to.length };
  if ((from.length + 1) * row > COMPARISONS_MAX) return [whole];
  const lengths = commonLengths(from, to);
  const gaps: Gap[] = [];
  let start = { left: 0, right: 0 };
  let left = 0;
  let right = 0;
  const close = (fromEnd: number, toEnd: number): void => {
    const { left: fromStart, right: toStart } = start;
    if (fromEnd > fromStart || toEnd > toStart) gaps.push({ fromStart, fromEnd, toStart, toEnd });
  };
  while (left < from.length && right < to.length) {
    const here = left * row + right;
    if (from[left] === to[right]) {
      close(left++, right++);
      start = { left, right };
    } else if ((lengths[here + row] ?? 0) >= (lengths[here + 1] ?? 0)) left++;
    else right++;
  }
  close(from.length, to.length);
  return gaps;
}

/**
 * Lays two sequences side by side along a longest common subsequence.
 *
 * @returns where they differ, in order; empty when they are the same
 */
export function gapsOf(from: readonly string[], to: readonly string[]): Gap[] {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const inner = (all: readonly string[]): readonly string[] => all.slice(start, all.length - end);
  return gapsBetween(inner(from), inner(to)).map((gap) => ({
    fromStart: gap.fromStart + start,
    fromEnd: gap.fromEnd + start,
    toStart: gap.toStart + start,
    toEnd: gap.toEnd + start,
  }));
}
