import { Buffer } from 'node:buffer';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Header, TraceEvent } from '../../format/index.ts';
import { TraceReader } from '../../trace/index.ts';
import type { Source } from '../files/paths.ts';
import { bytesOf } from '../files/source-bytes.ts';
import { KnownError, systemErrorText } from '../outcome/errors.ts';
import { breathe } from '../streams/breathe.ts';
import type { ProblemPrinter } from '../streams/problems.ts';

const MIB = 1024 * 1024;
/** What is held in memory, all of it. */
const TRACE_MIB = 64;

/** A trace that is held as a whole. */
export interface HeldTrace {
  readonly header: Header;
  readonly events: readonly { readonly event: TraceEvent; readonly line: number }[];
  /** The column at which a line says a key, from 1; 1 where it does not. */
  readonly columnOf: (line: number, key: string | null) => number;
}

/**
 * Reads a trace as a whole; its problems are printed.
 *
 * @returns null when anything is wrong with it
 */
export async function holdTrace(
  source: Pick<Source, 'path' | 'stdin' | 'isRegular'>,
  problems: ProblemPrinter,
  { stdin, stop }: { readonly stdin: Readable; readonly stop: AbortSignal },
): Promise<HeldTrace | null> {
  let header: Header | null = null;
  const events: { event: TraceEvent; line: number }[] = [];
  const reader = new TraceReader(source.path, {
    header(read) {
      header = read;
      return null;
    },
    event: (event, line) => events.push({ event, line }),
    problem: (problem) => problems.add(problem),
  });
  const parts: Buffer[] = [];
  let size = 0;
  try {
    const input = source.stdin ? addAbortSignal<Readable>(stop, stdin) : null;
    for await (const chunk of bytesOf(source, input)) {
      size += chunk.length;
      if (size > TRACE_MIB * MIB) {
        throw new KnownError(`it is longer than ${TRACE_MIB} MiB, which is the most for a script`);
      }
      parts.push(Buffer.from(chunk));
      reader.write(chunk);
      if (reader.done) break;
      await breathe(stop);
    }
    reader.end(true);
  } catch (error) {
    if (stop.aborted) throw error;
    problems.addFile(`cannot be read: ${systemErrorText(error)}`);
  }
  if (problems.count > 0 || header === null) return null;
  const lines = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n');
  const columnOf = (line: number, key: string | null): number =>
    key === null ? 1 : Math.max(1, (lines[line - 1] ?? '').indexOf(`${JSON.stringify(key)}:`) + 1);
  return { header, events, columnOf };
}
