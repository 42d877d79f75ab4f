/** What must hold of sessions, connections and servers between two steps. */
export { type Breach, INVARIANTS, promisedUnder, takeBreaches } from './check.ts';
export type { Invariant } from './invariant.ts';
