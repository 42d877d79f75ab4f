/**
 * A delta debugger: finds few of many items that still do what all of them do. Knows nothing of
 * what the items are. Every search is a generator that yields after each attempt, so that whoever
 * runs it can do something else meanwhile, or stop.
 */

/**
 * Tries items out. Gives what is left of them if they still do it, which may be fewer than were
 * tried, since some are of no use without others; null if they do not.
 */
export type Attempt<Item> = (items: readonly Item[]) => readonly Item[] | null;

/** A search under way, which gives the items that it has come down to. */
export type Reduction<Item> = Generator<void, readonly Item[]>;

/**
 * Removes chunks, all items at first, then half of them, down to single ones, as long as the rest
 * still does it. What is left is 1-minimal: it loses what it does when any single item is removed.
 * Takes in the order of k · log n attempts to find k items among n, most of them on short lists.
 */
export function* reduce<Item>(items: readonly Item[], attempt: Attempt<Item>): Reduction<Item> {
  let kept = items;
  for (let size = kept.length; size > 0; ) {
    const before = kept;
    kept = yield* withoutChunks(kept, size, attempt);
    // Only a whole round of single items in vain shows that none of them can go.
    if (size > 1) size = Math.min(Math.ceil(size / 2), Math.max(kept.length, 1));
    else if (kept === before) break;
  }
  return kept;
}

/** One round: removes what can be removed in chunks of one size. */
function* withoutChunks<Item>(
  items: readonly Item[],
  size: number,
  attempt: Attempt<Item>,
): Reduction<Item> {
  let kept = items;
  for (let at = 0; at < kept.length; ) {
    const left = attempt([...kept.slice(0, at), ...kept.slice(at + size)]);
    yield;
    if (left === null) at += size;
    else kept = left;
  }
  return kept;
}

/**
 * Removes two items at a time, wherever they stand, as long as the rest still does it. The result
 * is the same array when no pair can go. Takes n² / 2 attempts.
 */
export function* reducePairs<Item>(
  items: readonly Item[],
  attempt: Attempt<Item>,
): Reduction<Item> {
  let kept = items;
  for (let one = 0; one < kept.length; one++) {
    for (let other = one + 1; other < kept.length; other++) {
      const left = attempt(kept.filter((_, at) => at !== one && at !== other));
      yield;
      if (left === null) continue;
      kept = left;
      other = one;
    }
  }
  return kept;
}

/**
 * The fewest items that still do it, found by trying every selection, small ones first. The result
 * is the same array when all are needed. Takes up to 2ⁿ attempts.
 */
export function* fewest<Item>(items: readonly Item[], attempt: Attempt<Item>): Reduction<Item> {
  for (let size = 0; size < items.length; size++) {
    for (const selection of selections(items, size)) {
      const left = attempt(selection);
      yield;
      if (left !== null) return left;
    }
  }
  return items;
}

/** Every selection of some items, in their order. */
function* selections<Item>(
  items: readonly Item[],
  size: number,
  from = 0,
): Generator<readonly Item[]> {
  if (size === 0) yield [];
  for (let at = from; size > 0 && at <= items.length - size; at++) {
    const item = items[at] as Item;
    for (const rest of selections(items, size - 1, at + 1)) yield [item, ...rest];
  }
}
