import { FileCollector } from '../../../report/data/collect.ts';
import type { ReportFile } from '../../../report/data/schema.ts';
import { Tally } from '../../../report/data/tally.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import type { Source } from '../../files/paths.ts';
import { type Piece, Pool } from '../../jobs/pool.ts';
import { isOutOfMemory, startThread } from '../../jobs/thread.ts';
import { internalErrorText } from '../../outcome/errors.ts';
import type { ReportSink } from '../../reports/report-stream.ts';
import type { TextOutput } from '../../streams/output.ts';
import type { WorkerSetup } from './file-worker.ts';

/** What is told of a file whose events keep more alive than a worker can hold. */
const OUT_OF_MEMORY =
  'not judged: its worker ran out of memory; ' +
  'NODE_OPTIONS=--max-old-space-size=<MiB> gives each more';

const WORKER = new URL('./file-worker.js', import.meta.url);

/** Where everything goes that the workers bring up, and what ends them early. */
export interface JobsTarget {
  /** Its streams are those that the workers are told to make. */
  readonly sink: ReportSink;
  /** Where problems go. */
  readonly stderr: TextOutput;
  readonly stop: AbortSignal | null;
}

/** Replays files by several threads at a time, and prints them as if there were one. */
export class ReplayJobs {
  readonly #pool: Pool<Source, ReportFile>;
  readonly #setup: WorkerSetup;
  readonly #target: JobsTarget;
  /** The outputs by their numbers. */
  readonly #outputs: readonly TextOutput[];
  readonly #close = (): Promise<void> => this.#pool.close();
  #hasFailed = false;

  /** @param sources what is replayed, in the order in which it is asked for; none is stdin */
  constructor(
    sources: readonly Source[],
    jobs: number,
    setup: Omit<WorkerSetup, 'columns'>,
    target: JobsTarget,
  ) {
    this.#target = target;
    this.#outputs = [...target.sink.streams.map(({ output }) => output), target.stderr];
    this.#setup = { ...setup, columns: this.#outputs.map(({ columns }) => columns) };
    this.#pool = new Pool(sources, jobs, () => startThread(WORKER, this.#setup));
    target.stop?.addEventListener('abort', this.#close);
  }

  /** True when a worker died by a bug of this program. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /**
   * Prints the next source's part of every report, and gives what came of it. One whose worker
   * dies could not be judged.
   *
   * @returns null when nobody reads the reports any more
   * @throws what the signal says, when it is aborted
   */
  async next(source: Source): Promise<ReportFile | null> {
    const { sink, stop } = this.#target;
    try {
      return await this.#pool.next((pieces) => this.#write(pieces));
    } catch (error) {
      stop?.throwIfAborted();
      if (sink.isAbandoned) return null;
      return this.#fail(source, error);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#target.stop?.removeEventListener('abort', this.#close);
    await this.#close();
  }

  async #write(pieces: readonly Piece[]): Promise<void> {
    for (const [at, text] of pieces) {
      const output = this.#outputs[at];
      if (text === null) output?.separate();
      else output?.write(text);
    }
    const { sink, stderr } = this.#target;
    await sink.relieve();
    if (stderr.isFull) await stderr.flush();
    if (sink.isAbandoned) await this.#close();
  }

  #fail(source: Source, error: unknown): ReportFile {
    const { sink, stderr } = this.#target;
    let what = 'not judged: an internal error of replay';
    if (isOutOfMemory(error)) {
      what = OUT_OF_MEMORY;
      stderr.tell(`${escapeControl(source.path)}: ${what}\n`);
    } else {
      this.#hasFailed = true;
      stderr.tell(internalErrorText(error, source.path));
    }
    const collector = new FileCollector(source, false, 0);
    collector.problem({ line: null, column: null, what, allowed: null });
    const tally = new Tally(source.path, this.#setup.settings.selection);
    const file = collector.end(tally.end(null, 1));
    for (const stream of sink.streams) stream.end(file);
    return file;
  }
}
