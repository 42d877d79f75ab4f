/** One entry of two lists laid side by side. What moved stands at both of its places. */
export interface DiffEntry {
  readonly op: 'same' | 'missing' | 'unexpected' | 'moved-away' | 'moved-here';
  readonly text: string;
}

/** Above this many comparisons two lists are compared by their common ends only. */
const COMPARISONS_MAX = 4_000_000;

/** Lengths of the longest common subsequences of all pairs of ends, row by row. */
function commonLengths(expected: readonly string[], actual: readonly string[]): Uint32Array {
  const row = actual.length + 1;
  const lengths = new Uint32Array((expected.length + 1) * row);
  for (let left = expected.length - 1; left >= 0; left--) {
    for (let right = actual.length - 1; right >= 0; right--) {
      const here = left * row + right;
      const down = lengths[here + row] ?? 0;
      const aside = lengths[here + 1] ?? 0;
      const both = lengths[here + row + 1] ?? 0;
      lengths[here] = expected[left] === actual[right] ? both + 1 : Math.max(down, aside);
    }
  }
  return lengths;
}

function compare(expected: readonly string[], actual: readonly string[]): DiffEntry[] {
  const missing = expected.map((text): DiffEntry => ({ op: 'missing', text }));
  const extra = actual.map((text): DiffEntry => ({ op: 'unexpected', text }));
  const row = actual.length + 1;
  if ((expected.length + 1) * row > COMPARISONS_MAX) return [...missing, ...extra];
  const lengths = commonLengths(expected, actual);
  const entries: DiffEntry[] = [];
  let left = 0;
  let right = 0;
  for (;;) {
    const gone = missing[left];
    const come = extra[right];
    if (gone === undefined) return [...entries, ...extra.slice(right)];
    if (come === undefined) return [...entries, ...missing.slice(left)];
    const down = lengths[(left + 1) * row + right] ?? 0;
    const aside = lengths[left * row + right + 1] ?? 0;
    if (gone.text === come.text) {
      entries.push({ op: 'same', text: gone.text });
      left++;
      right++;
    } else if (down >= aside) {
      entries.push(gone);
      left++;
    } else {
      entries.push(come);
      right++;
    }
  }
}

/** Takes one entry of a text from a multiset; false when it has none left. */
function take(left: Map<string, number>, text: string): boolean {
  const count = left.get(text) ?? 0;
  if (count > 0) left.set(text, count - 1);
  return count > 0;
}

function textsOf(entries: readonly DiffEntry[], op: DiffEntry['op']): Map<string, number> {
  const texts = new Map<string, number>();
  for (const entry of entries) {
    if (entry.op === op) texts.set(entry.text, (texts.get(entry.text) ?? 0) + 1);
  }
  return texts;
}

/** What is missing at one place and unexpected at another has moved. */
function joinMoves(entries: readonly DiffEntry[]): DiffEntry[] {
  const missing = textsOf(entries, 'missing');
  const unexpected = textsOf(entries, 'unexpected');
  return entries.map((entry) => {
    const { op, text } = entry;
    if (op === 'missing' && take(unexpected, text)) return { op: 'moved-away', text };
    if (op === 'unexpected' && take(missing, text)) return { op: 'moved-here', text };
    return entry;
  });
}

/**
 * Lays two lists side by side: a longest common subsequence is the same, the rest is missing
 * from the second, unexpected in it, or moved. Entries of the second list keep their order;
 * missing ones stand where they were expected.
 */
export function diffLists(expected: readonly string[], actual: readonly string[]): DiffEntry[] {
  let start = 0;
  while (start < expected.length && start < actual.length && expected[start] === actual[start]) {
    start++;
  }
  let end = 0;
  const limit = Math.min(expected.length, actual.length) - start;
  while (end < limit && expected.at(-1 - end) === actual.at(-1 - end)) end++;
  const entries = compare(
    expected.slice(start, expected.length - end),
    actual.slice(start, actual.length - end),
  );
  const same = (text: string): DiffEntry => ({ op: 'same', text });
  return [
    ...actual.slice(0, start).map(same),
    ...joinMoves(entries),
    ...actual.slice(actual.length - end).map(same),
  ];
}
