/**
 * Makes a trace fit the rules that it does not fit: the fewest events that are to be added, dropped
 * or moved, as far as one looks. What is changed is a guess, and marked so.
 */

export { type Aligned, align } from './align.ts';
export { AHEAD, BACK, TRIED_MAX } from './repairs/bounds.ts';
