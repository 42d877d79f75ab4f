import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { TraceReader, type TraceSink } from '../../trace/index.ts';
import { checkName } from '../files/names.ts';
import { STDIN_NAME } from '../files/paths.ts';
import { bytesOf } from '../files/source-bytes.ts';
import { KnownError, systemErrorText } from '../outcome/errors.ts';
import { breathe } from '../streams/breathe.ts';
import { type ColorMode, usesColor } from '../streams/color.ts';
import type { Host } from '../streams/host.ts';
import { paletteFor } from '../streams/palette.ts';
import { ProblemPrinter } from '../streams/problems.ts';

const MIB = 1024 * 1024;
/** Its events are held in memory, all of them. */
const TRACE_MIB = 512;
const TOO_LONG =
  `it is longer than ${TRACE_MIB} MiB, which is the most that is taken as a whole; ` +
  'cut it behind the first difference or crash';

/** What prints the problems of a trace to standard error. */
export async function problemsOf(
  path: string | null,
  color: ColorMode,
  { stderr, env, isTerminal }: Host,
): Promise<ProblemPrinter> {
  const hasColor = usesColor({ mode: color, env, isTerminal: isTerminal.stderr });
  return new ProblemPrinter(path ?? STDIN_NAME, stderr, await paletteFor(hasColor));
}

/**
 * Reads a trace that is held in memory as a whole. What is wrong with it, and that it cannot be
 * read, is printed.
 *
 * @param path null for standard input
 * @param sink hands what is wrong to `problems`
 * @returns whether nothing is wrong with it
 */
export async function readWhole(
  path: string | null,
  sink: TraceSink,
  problems: ProblemPrinter,
  { host, stop }: { readonly host: Host; readonly stop: AbortSignal },
): Promise<boolean> {
  const name = path ?? STDIN_NAME;
  const reader = new TraceReader(name, sink);
  try {
    const stdin = path === null ? addAbortSignal<Readable>(stop, host.stdin) : null;
    checkName(name);
    const isRegular = path !== null && (await stat(path)).isFile();
    let bytes = 0;
    for await (const chunk of bytesOf({ path: name, isRegular }, stdin)) {
      bytes += chunk.length;
      if (bytes > TRACE_MIB * MIB) throw new KnownError(TOO_LONG);
      reader.write(chunk);
      if (reader.done) break;
      await breathe(stop);
    }
    reader.end();
  } catch (error) {
    if (stop.aborted) throw error;
    problems.addFile(`cannot be read: ${systemErrorText(error)}`);
  }
  problems.end();
  return problems.count === 0;
}
