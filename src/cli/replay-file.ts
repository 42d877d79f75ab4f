import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Header, TraceEvent } from '../format/index.ts';
import { type Recorded, Replay } from '../replay/index.ts';
import type { ReplayObserver, StepResult } from '../replay/result.ts';
import type { FileHead, Reporter } from '../report/reporter.ts';
import { isFiltered, partOf, type Selection } from '../report/select.ts';
import { type FileReport, Tally } from '../report/tally.ts';
import { type Problem, TraceReader } from '../trace/index.ts';
import { systemErrorText } from './errors.ts';
import type { Output } from './output.ts';
import type { Source } from './paths.ts';
import type { ProblemPrinter } from './problems.ts';

/** Bytes that are read at once. */
const CHUNK_BYTES = 1024 * 1024;
/**
 * Bytes that are replayed before output is flushed, when every step has output: a step may show
 * the whole state, many times as long as its event.
 */
const SHOWN_PIECE_BYTES = 16 * 1024;

/** How files are replayed, the same for all of them. */
export interface FileOptions {
  readonly rules: string | null;
  readonly selection: Selection;
  readonly full: boolean;
  /** Files without a divergence are passed over in silence. */
  readonly quiet: boolean;
  readonly reporter: Reporter;
  readonly stdout: Output;
  readonly stdin: Readable;
}

/** Steps that agree are told only when something has to be shown or counted of them. */
function recordingFor({ full, selection }: FileOptions): Recorded {
  if (selection.steps === 'none') return isFiltered(selection) ? 'changes' : 'nothing';
  return full ? 'state' : 'changes';
}

/** One file on its way from the reader through the model to the report. */
class FileRun implements ReplayObserver {
  readonly #source: Source;
  readonly #options: FileOptions;
  readonly #problems: ProblemPrinter;
  readonly #tally: Tally;
  readonly #replay: Replay;
  #head: FileHead | null = null;
  #hasHeadPrinted = false;

  constructor(source: Source, options: FileOptions, problems: ProblemPrinter) {
    this.#source = source;
    this.#options = options;
    this.#problems = problems;
    this.#tally = new Tally(source.path, options.selection);
    const record = recordingFor(options);
    const rules = options.rules === null ? {} : { rules: options.rules };
    this.#replay = new Replay(source.path, { ...rules, record }, this);
  }

  header(header: Header, line: number): void {
    const what = this.#replay.header(header, line);
    if (what === null) return;
    this.problem({
      path: this.#source.path,
      line,
      column: 1,
      what,
      allowed: null,
    });
  }

  /** After a problem the file is only read on: what follows would be judged from a wrong state. */
  event(event: TraceEvent, line: number): void {
    if (this.#problems.count === 0) this.#replay.event(event, line);
  }

  problem(problem: Problem): void {
    this.#problems.add(problem);
  }

  start({ path, header, rules }: Parameters<ReplayObserver['start']>[0]): void {
    this.#head = {
      path,
      stdin: this.#source.stdin,
      title: header.title ?? null,
      rules,
    };
    if (!this.#options.quiet) this.#printHead(this.#head);
  }

  #printHead(head: FileHead): void {
    if (this.#hasHeadPrinted) return;
    this.#hasHeadPrinted = true;
    const { stdout, reporter } = this.#options;
    stdout.separate();
    stdout.write(reporter.head(head));
  }

  step(step: StepResult): void {
    const { reporter, selection, stdout } = this.#options;
    if (!this.#tally.add(step) || this.#head === null) return;
    const part = partOf(step, selection.steps);
    if (part === 'divergences' && step.divergences.length === 0) return;
    const text = reporter.step(this.#head, step, part);
    if (text === '') return;
    this.#printHead(this.#head);
    if (part === 'divergences') stdout.separate();
    stdout.write(text);
  }

  end(): FileReport {
    const result = this.#head === null ? null : this.#replay.end();
    const report = this.#tally.end(result, this.#problems.count);
    if (this.#hasHeadPrinted) this.#options.stdout.write(this.#options.reporter.tail(report));
    return report;
  }
}

/**
 * The bytes of a file, in one buffer that is used again for every chunk. Nothing else waits to be
 * done meanwhile, and reading at once is much faster for many small files.
 */
function* chunksOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const bytesRead = readSync(file, buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    closeSync(file);
  }
}

/** Reads a source through; stops early when nobody reads the output any more. */
async function feed(source: Source, run: FileRun, options: FileOptions): Promise<void> {
  const { stdin, stdout, selection } = options;
  const reader = new TraceReader(source.path, run);
  const chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = source.stdin
    ? stdin
    : chunksOf(source.path);
  const piece = selection.steps === 'all' ? SHOWN_PIECE_BYTES : CHUNK_BYTES;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += piece) {
      reader.write(chunk.subarray(at, at + piece));
      if (stdout.isFull) await stdout.flush();
      if (stdout.error !== null) return;
    }
  }
  reader.end();
}

/** Replays one file, printing as it goes, and reports what came of it. */
export async function replayFile(
  source: Source,
  options: FileOptions,
  problems: ProblemPrinter,
): Promise<FileReport> {
  const run = new FileRun(source, options, problems);
  try {
    await feed(source, run, options);
  } catch (error) {
    problems.addFile(`cannot be read: ${systemErrorText(error)}`);
  }
  return run.end();
}
