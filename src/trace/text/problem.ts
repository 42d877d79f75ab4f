import { escapeControl } from './escape.ts';
import { issueText } from './wording.ts';

/** Something wrong with a trace, and where. */
export interface Problem {
  /** The trace's path, as given to the reader. */
  readonly path: string;
  /** Line of the file, from 1; blank lines count. */
  readonly line: number;
  /** Column from 1, in UTF-16 code units, as most editors count; a byte order mark has none. */
  readonly column: number;
  /** What is wrong, in plain English. */
  readonly what: string;
  /** What is allowed there, or what to do; null when `what` says it all. */
  readonly allowed: string | null;
  /** Reading stopped at it, whatever follows. */
  readonly isLast?: true;
}

/** A problem of one line of the trace, before the reader adds the path. */
export type LineProblem = Omit<Problem, 'path'>;

/** A problem as one line of text, `path:line:column: what; allowed`, safe for a terminal. */
export function formatProblem(problem: Problem): string {
  const { path, line, column } = problem;
  return escapeControl(`${path}:${line}:${column}: ${issueText(problem)}`);
}
