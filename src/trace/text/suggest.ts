/** Longest word that gets a suggestion: the comparison takes time in proportion to its square. */
const MAX_WORD = 64;

/** How many edits still count as a misspelling of a word of this length. */
function tolerance(length: number): number {
  if (length < 3) return 0;
  if (length < 6) return 1;
  return length < 12 ? 2 : 3;
}

/**
 * Edit distance of two words: insertions, deletions, replacements and swaps of neighbours. Anything
 * above `limit` is returned as `limit + 1`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      const swapped =
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1) &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2);
      const cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
      current.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

/**
 * The candidate that a word most likely means, or null. Case does not matter; of equally near
 * candidates the first wins. A candidate that differs in digits only is no misspelling: `c12` is
 * not meant to be `c13`.
 */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > MAX_WORD) return null;
  const lower = word.toLowerCase();
  const letters = lower.replace(/\d+/g, '0');
  let nearest: string | null = null;
  let limit = tolerance(word.length);
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (other !== lower && other.replace(/\d+/g, '0') === letters) continue;
    const distance = editDistance(lower, other, limit);
    if (distance > limit || candidate === word) continue;
    nearest = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return nearest;
}
