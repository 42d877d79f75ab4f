import type { Readable } from 'node:stream';
import type { Header, TraceEvent } from '../../format/index.ts';
import { TraceReader } from '../../trace/index.ts';
import type { Source } from '../files/paths.ts';
import { bytesOf } from '../files/source-bytes.ts';
import { systemErrorText } from '../outcome/errors.ts';
import type { ProblemPrinter } from '../streams/problems.ts';

/** What takes the problems of a trace. */
export type ProblemTaker = Pick<ProblemPrinter, 'count' | 'add' | 'addFile'>;

/** What takes the lines of a trace. */
export interface TraceTaker {
  header(header: Header, line: number): void;
  event(event: TraceEvent, line: number): void;
}

/**
 * Reads a trace to its end, whatever is wrong with it: its problems are handed on. After the first
 * one no event is handed on, since it would meet a wrong state.
 *
 * @returns whether there was a header
 */
export async function readThrough(
  source: Source,
  taker: TraceTaker,
  problems: ProblemTaker,
  stdin: Readable,
): Promise<boolean> {
  let hasHeader = false;
  const reader = new TraceReader(source.path, {
    header(header, line) {
      hasHeader = true;
      taker.header(header, line);
    },
    event(event, line) {
      if (problems.count === 0) taker.event(event, line);
    },
    problem: (problem) => problems.add(problem),
  });
  try {
    for await (const chunk of bytesOf(source, source.stdin ? stdin : null)) {
      reader.write(chunk);
      if (reader.done) break;
    }
    reader.end(true);
  } catch (error) {
    problems.addFile(`cannot be read: ${systemErrorText(error)}`);
  }
  return hasHeader;
}
