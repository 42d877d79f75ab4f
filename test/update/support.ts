import { TraceUpdate, type UpdateMode } from '../../src/update/index.ts';
import { RawLines } from '../../src/update/raw-lines.ts';

/** What an update makes of a whole trace. */
export interface Updated {
  readonly bytes: Buffer;
  /** Numbers of the lines that changed. */
  readonly lines: readonly number[];
  /** What is wrong with the trace. */
  readonly problems: readonly string[];
  readonly refusal: string | null;
  /** First causes before the update. */
  readonly divergences: number;
}

/** Updates a trace in memory, whether or not it should be refused. */
export function update(trace: Uint8Array | string, mode: UpdateMode): Updated {
  const problems: string[] = [];
  const run = new TraceUpdate('trace', mode, ({ line, what }) => problems.push(`${line}: ${what}`));
  const raw = new RawLines();
  const parts: Buffer[] = [];
  const lines: number[] = [];
  const add = (line: Buffer): void => {
    const rewritten = run.line(line);
    // The bytes that come in are used again.
    parts.push(Buffer.from(rewritten ?? line));
    if (rewritten !== null) lines.push(parts.length);
  };
  for (const line of raw.push(Buffer.from(trace))) add(line);
  for (const line of raw.end()) add(line);
  const { divergences } = run.end();
  const refusal = run.refusal === null ? null : `${run.refusal.line}: ${run.refusal.what}`;
  return { bytes: Buffer.concat(parts), lines, problems, refusal, divergences };
}

/** The lines of a text with their line ends. */
export function linesOf(bytes: Buffer): string[] {
  return bytes.toString('utf8').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
