import { type InvariantName, NO_END } from '../../format/index.ts';
import { INVARIANTS } from './index.ts';

/*
 * What has to hold besides the invariants: names of properties that a search looks for, and that a
 * trace can be minimised by.
 */

/** No step crashes the modelled program. */
export const NO_CRASH = NO_END.crash;
/** No step ends the modelled program by an assertion of its own. */
export const NO_ABORT = NO_END.abort;
/** No step leaves a connection that nothing finds any more: see `leavesLeak`. */
export const NO_LEAK = 'no-leak';

/** The name of anything that has to hold always. */
export type Property = typeof NO_CRASH | typeof NO_ABORT | typeof NO_LEAK | InvariantName;

/** What a search can look for: all but what is about what a trace leaves out. */
export const SEARCHED: readonly Property[] = [
  NO_CRASH,
  NO_ABORT,
  NO_LEAK,
  ...INVARIANTS.filter(({ isAside }) => !isAside).map(({ name }) => name),
];

/** Every property, in the order in which they are listed to whoever names an unknown one. */
export const PROPERTIES: readonly Property[] = [
  NO_CRASH,
  NO_ABORT,
  NO_LEAK,
  ...INVARIANTS.map(({ name }) => name),
];
