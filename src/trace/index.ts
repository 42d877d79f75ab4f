/**
 * Text to events: reads traces with line and column of everything that is wrong in them, and writes
 * them.
 */
export { escapeControl } from './escape.ts';
export { IdSet } from './id-set.ts';
export { MAX_LINE_BYTES } from './lines.ts';
export { formatProblem, type Problem } from './problem.ts';
export {
  type ReadTrace,
  readTrace,
  TraceReader,
  type TraceSink,
} from './reader.ts';
export { suggest } from './suggest.ts';
export { formatLine, formatTrace } from './writer.ts';
