import type { World } from '../../engine/objects/world.ts';
import type { TraceEvent } from '../../format/index.ts';

/**
 * Why an event is impossible, with `*` for every id and number in it, so that two traces with
 * different ids can be impossible for the same reason.
 */
export function maskReason(world: World, event: TraceEvent, reason: string): string {
  const ids = new Set<string>([...world.connections.keys(), ...world.streams.keys()]);
  for (const value of Object.values(event)) if (typeof value === 'string') ids.add(value);
  let masked = reason;
  // An id may have blanks; and one that is a word of the sentence is only replaced as a word.
  for (const id of [...ids].filter((each) => /\s/.test(each)).sort(byLength)) {
    masked = masked.replaceAll(id, () => '*');
  }
  return masked
    .split(' ')
    .map((word) => maskWord(word, ids))
    .join(' ');
}

function byLength(one: string, other: string): number {
  return other.length - one.length;
}

/** A word without its id or number; punctuation behind it stays. */
function maskWord(word: string, ids: ReadonlySet<string>): string {
  const bare = word.replace(/[,:;]$/, '');
  const isName = ids.has(bare) || /^\d+$/.test(bare);
  return isName ? `*${word.slice(bare.length)}` : word;
}
