/** One of several runs that share the files of a corpus, each on a machine of its own. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** What came of reading the value of `--shard`. */
export type ShardArgument =
  | { readonly shard: Shard }
  /** What is allowed, and what was probably meant, as a sentence. */
  | { readonly problem: string };

const SHARD = /^(\d+)\/(\d+)$/;
/** How else people write two numbers: `2-4`, `2:4`, `2 of 4`. */
const ALMOST = /^\s*(\d+)\s*(?:[/:,-]|of)\s*(\d+)\s*$/;
const GENERAL = 'A shard and their number are allowed: 1/4, 2/4, 3/4 or 4/4.';

function isShard({ index, count }: Shard): boolean {
  return index >= 1 && index <= count && Number.isSafeInteger(count);
}

function shardFrom(parts: RegExpExecArray | null): Shard {
  return { index: Number(parts?.[1] ?? 0), count: Number(parts?.[2] ?? 0) };
}

/** The value of `--shard`: `2/4` is the second of four. */
export function parseShard(value: string): ShardArgument {
  const shard = shardFrom(SHARD.exec(value));
  if (isShard(shard)) return { shard };
  const almost = shardFrom(ALMOST.exec(value));
  const { count } = almost;
  if (isShard(almost)) {
    return { problem: `${GENERAL} Did you mean ${almost.index}/${count}?` };
  }
  if (!Number.isSafeInteger(count) || count < 1) return { problem: GENERAL };
  const allowed = count === 1 ? '1/1 is allowed' : `1/${count} to ${count}/${count} are allowed`;
  const meant = almost.index === 0 ? ` Shards count from 1; did you mean 1/${count}?` : '';
  return { problem: `With ${count} in all, ${allowed}.${meant}` };
}

/** A shard as it is written on the command line. */
export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * The items of one shard: every `count`-th item from the `index`-th on, in their order. Every item
 * is in exactly one shard, and the sizes of any two shards differ by at most one. Neighbours go to
 * different shards, because files of one folder tend to be of one size.
 */
export function itemsOfShard<Item>(items: readonly Item[], { index, count }: Shard): Item[] {
  return items.filter((_, at) => at % count === index - 1);
}
