/*
 * What has to hold besides the invariants: names of properties that a search looks for, and that a
 * trace can be minimised by.
 */

/** No step crashes the modelled program. */
export const NO_CRASH = 'no-crash';
/** No step leaves a connection that nothing finds any more: see `leavesLeak`. */
export const NO_LEAK = 'no-leak';
