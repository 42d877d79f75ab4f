/** What must hold of sessions, connections and servers between two steps. */
export { type Finding, INVARIANTS, promisedUnder, takeFindings } from './check.ts';
export type { Invariant } from './invariant.ts';
