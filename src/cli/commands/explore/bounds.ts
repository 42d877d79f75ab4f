import type { Bounds } from '../../../search/search.ts';
import type { ExploreOptions } from './options.ts';

const MIB = 1024 * 1024;

/** The bounds of a search, as they were asked for. */
export function boundsOf({ depth, states, memory }: ExploreOptions): Bounds {
  return { depth, states, memory_bytes: memory * MIB };
}
