/** A time for which something takes a lane: steps `from` to `to`, the last one excluded. */
export interface Taking {
  readonly from: number;
  /** Null: for ever. */
  readonly to: number | null;
}

/** The place in an ascending array where a number belongs: the first that is not below it. */
export function placeIn(ascending: readonly number[], number: number): number {
  let low = 0;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Gives each time the lowest lane that is free then, so that there are no more lanes than times that
 * overlap.
 *
 * @param takings in order of their beginnings
 * @returns the lane of each, from 0, and how many lanes there are
 */
export function lanesFor(takings: readonly Taking[]): { lanes: number[]; count: number } {
  const endOf = ({ to }: Taking): number => to ?? Number.POSITIVE_INFINITY;
  const ends = takings.map((_, at) => at);
  ends.sort((one, other) => {
    const [a, b] = [takings[one], takings[other]];
    return a && b && endOf(a) !== endOf(b) ? (endOf(a) < endOf(b) ? -1 : 1) : one - other;
  });
  const lanes: number[] = [];
  /** Lanes that are free again, ascending. */
  const free: number[] = [];
  let count = 0;
  let ended = 0;
  for (const { from } of takings) {
    for (; ended < ends.length; ended++) {
      const at = ends[ended] ?? 0;
      const taking = takings[at];
      // What ends before it begins has not got a lane yet.
      if (!taking || endOf(taking) > from || at >= lanes.length) break;
      const lane = lanes[at] ?? 0;
      free.splice(placeIn(free, lane), 0, lane);
    }
    lanes.push(free.shift() ?? count++);
  }
  return { lanes, count };
}
