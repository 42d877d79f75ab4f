/** Numbers from their differences. */
export function summed(differences: readonly number[]): Int32Array {
  const all = new Int32Array(differences.length);
  let last = 0;
  for (let at = 0; at < all.length; at++) {
    last += differences[at] ?? 0;
    all[at] = last;
  }
  return all;
}

/** Where each begins, if so many follow one another; one more than there are, the last is the end. */
export function starts(counts: readonly number[]): Int32Array {
  const all = new Int32Array(counts.length + 1);
  for (let at = 0; at < counts.length; at++) all[at + 1] = (all[at] ?? 0) + (counts[at] ?? 0);
  return all;
}

/** Where times end that begin so and last so long; those that are not over end at `open`. */
export function endsOf(from: Int32Array, lengths: readonly number[], open: number): Int32Array {
  return from.map((start, at) => {
    const length = lengths[at] ?? 0;
    return length === 0 ? open : start + length;
  });
}

/** The first place in an ascending part of an array at which a number is greater than `value`. */
export function placeAfter(
  ascending: ArrayLike<number>,
  value: number,
  low = 0,
  high = ascending.length,
): number {
  let [first, end] = [low, high];
  while (first < end) {
    const middle = (first + end) >> 1;
    if ((ascending[middle] ?? 0) <= value) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** Members of each of some groups, in the order in which they come. */
export class Grouped {
  readonly #starts: Int32Array;
  readonly members: Int32Array;

  /** @param groupOf the group of each member; a negative one is in none */
  constructor(groupOf: ArrayLike<number>, groups: number) {
    const counts = new Int32Array(groups + 1);
    for (let at = 0; at < groupOf.length; at++) {
      const group = groupOf[at] ?? -1;
      if (group >= 0) counts[group + 1] = (counts[group + 1] ?? 0) + 1;
    }
    for (let at = 0; at < groups; at++) counts[at + 1] = (counts[at + 1] ?? 0) + (counts[at] ?? 0);
    this.#starts = counts;
    const next = counts.slice();
    this.members = new Int32Array(counts[groups] ?? 0);
    for (let at = 0; at < groupOf.length; at++) {
      const group = groupOf[at] ?? -1;
      if (group < 0) continue;
      const place = next[group] ?? 0;
      this.members[place] = at;
      next[group] = place + 1;
    }
  }

  /** Where the members of a group stand in `members`. */
  range(group: number): readonly [first: number, end: number] {
    return [this.#starts[group] ?? 0, this.#starts[group + 1] ?? 0];
  }

  /** The members of a group. */
  of(group: number): Int32Array {
    return this.members.subarray(...this.range(group));
  }
}
