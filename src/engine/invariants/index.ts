/** What must hold of sessions, connections and servers between two steps. */
export {
  type Breach,
  type Broken,
  bitsOf,
  breachesOf,
  INVARIANTS,
  type InvariantBits,
  knowBroken,
  NOTHING_BROKEN,
  promisedUnder,
  takeBreaches,
  takeBroken,
} from './check.ts';
export type { Invariant } from './invariant.ts';
