/**
 * Text to events: reads traces with line and column of everything that is wrong in them, and writes
 * them.
 */

export { IdSet } from './check/id-set.ts';
export {
  type ReadTrace,
  readTrace,
  TraceReader,
  type TraceSink,
} from './reader.ts';
export { escapeControl } from './text/escape.ts';
export { MAX_LINE_BYTES } from './text/lines.ts';
export { formatProblem, type Problem } from './text/problem.ts';
export { suggest } from './text/suggest.ts';
export type { Issue } from './text/wording.ts';
export { formatLine, formatTrace } from './writer.ts';
