/**
 * `replay` as a library: the trace format, its reader and writer, the ownership engine, the
 * replay of a trace through it, and the comparison of rule sets.
 */
export {
  type ComparedRules,
  type ComparedStep,
  Comparison,
  type ComparisonObserver,
  type FileComparison,
  type Parting,
  type Side,
} from './compare/index.ts';
export * from './engine/index.ts';
export * from './format/index.ts';
export * from './replay/index.ts';
export * from './trace/index.ts';
