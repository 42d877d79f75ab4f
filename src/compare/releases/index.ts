/** Compares many rule sets: what a trace comes to under each, and where neighbours part. */
export { ReleasesComparison } from './comparison.ts';
export type {
  Neighbours,
  PartedPlace,
  Place,
  ReleasesResult,
  ReleasesStep,
  Row,
  UntoldPlace,
  Verdict,
} from './result.ts';
export {
  type NeighbourCount,
  noRun,
  type ReleaseCount,
  type ReleasesRun,
  type Shown,
  withFile,
} from './tally.ts';
export { agreeing, type Fit, nearest, type Origin, Which } from './which.ts';
