/** Longest word that gets a suggestion: the comparison takes time in proportion to its square. */
const MAX_WORD = 64;

/** Fewest letters of a word that is taken for a part of another. */
const MIN_SHARED = 3;

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
 * The candidate that a word most likely means, or null: the one that is spelt most like it, else
 * the only one that it is a part of, or that is a part of it (`CO_FL_PRIVATE`, `aggr`,
 * `srv_cleanup_idle`). Case does not matter; of equally near candidates the first wins. A candidate
 * that differs in digits only is no misspelling: `c12` is not meant to be `c13`.
 */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > MAX_WORD) return null;
  const all = [...candidates];
  return spelledLike(word, all) ?? sharingWords(word, all);
}

/** The candidate that takes the fewest edits, if they are few. */
function spelledLike(word: string, candidates: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const letters = withoutDigits(lower);
  let nearest: string | null = null;
  let limit = tolerance(word.length);
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (other !== lower && withoutDigits(other) === letters) continue;
    const distance = editDistance(lower, other, limit);
    if (distance > limit || candidate === word) continue;
    nearest = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return nearest;
}

function withoutDigits(text: string): string {
  return text.replace(/\d+/g, '0');
}

/** The only candidate whose words are those of another word in the same order, some left out. */
function sharingWords(word: string, candidates: readonly string[]): string | null {
  const words = wordsOf(word);
  if (words.join('').length < MIN_SHARED) return null;
  let found: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const others = wordsOf(candidate);
    const isSharing =
      isAbbreviation(words, others) || endsWith(words, others) || isAbbreviated(words, others);
    const extra = Math.abs(others.length - words.length);
    if (!isSharing || extra > fewest) continue;
    found = extra === fewest ? null : candidate;
    fewest = extra;
  }
  return found;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** Whether each word begins another one, in the same order: `sess_free` for `session_free`. */
function isAbbreviation(words: readonly string[], others: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    // A plural is no other word.
    const stem = word.length > 2 ? word.replace(/s$/, '') : word;
    while (at < others.length && others[at]?.startsWith(stem) !== true) at++;
    if (at++ === others.length) return false;
  }
  return true;
}

/** The same the other way round: `session` for `sess`. */
function isAbbreviated(words: readonly string[], others: readonly string[]): boolean {
  return others.join('').length >= MIN_SHARED && isAbbreviation(others, words);
}

/** Whether some words begin or end with others: `CO_FL_PRIVATE` with `PRIVATE`. */
function endsWith(words: readonly string[], others: readonly string[]): boolean {
  if (others.length === 0 || others.length >= words.length) return false;
  const text = others.join(' ');
  const size = others.length;
  return words.slice(-size).join(' ') === text || words.slice(0, size).join(' ') === text;
}

/**
 * The id of an object that a word most likely means, or null: of those that differ in a number only
 * the one whose number is nearest, else as `suggest`, else, for the shortest ids, one that differs
 * in one character.
 */
export function suggestId(word: string, ids: Iterable<string>): string | null {
  if (word.length > MAX_WORD) return null;
  const all = [...ids];
  return (
    numberedLike(word, all) ??
    spelledLike(word, all) ??
    sharingWords(word, all) ??
    shortLike(word, all)
  );
}

function numberedLike(word: string, ids: readonly string[]): string | null {
  const letters = withoutDigits(word);
  if (!/\d/.test(word)) return null;
  const number = numberIn(word);
  const same = ids.filter((id) => id !== word && withoutDigits(id) === letters);
  const [nearest = null] = same.sort(
    (one, other) => Math.abs(numberIn(one) - number) - Math.abs(numberIn(other) - number),
  );
  return nearest;
}

/** The last number in a text: `t1.conn.2` differs from `t1.conn.3` in it. */
function numberIn(text: string): number {
  return Number(/(\d+)\D*$/.exec(text)?.[1] ?? 0);
}

function shortLike(word: string, ids: readonly string[]): string | null {
  if (word.length >= MIN_SHARED) return null;
  // Of one character nothing would be left that is alike.
  const isLike = (id: string): boolean =>
    id.length + word.length > 2 && editDistance(word, id, 1) <= 1;
  return ids.find((id) => id !== word && isLike(id)) ?? null;
}

/** What is allowed, with the candidate in front that was meant, if one was. */
export function withSuggestion(meant: string | null, allowed: string): string {
  return meant === null ? allowed : `did you mean ${meant}? ${allowed}`;
}
