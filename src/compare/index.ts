/** Compares rule sets: the same events in two worlds, and where and why these part. */
export { type ComparedRules, Comparison } from './comparison.ts';
export type {
  ComparedStep,
  ComparisonObserver,
  FileComparison,
  Parting,
  Side,
} from './result.ts';
export {
  addFile,
  byFrequency,
  type CauseCount,
  type CauseCounts,
  CauseTally,
  type FileReport,
  NO_RUN,
  type RunReport,
} from './tally.ts';
