import type { Batch, Expander, Expansion } from '../../../search/expand.ts';
import { startThread, type Thread } from '../../jobs/thread.ts';
import type { ExpandSetup } from './expand-worker.ts';

const WORKER = new URL('./expand-worker.js', import.meta.url);

/** A batch that a thread has not answered yet. */
interface Waiting {
  resolve(expansion: Expansion): void;
  reject(why: Error): void;
}

/** A thread of this process that expands states; batches are done in the order in which they come. */
class ExpandThread implements Expander {
  readonly #thread: Thread<Batch, Expansion>;
  readonly #waiting: Waiting[] = [];
  #error: Error | null = null;

  constructor(setup: ExpandSetup) {
    this.#thread = startThread(WORKER, setup);
    this.#thread.listen(
      (expansion) => this.#waiting.shift()?.resolve(expansion),
      (why) => {
        this.#error = why;
        for (const waiting of this.#waiting.splice(0)) waiting.reject(why);
      },
    );
  }

  expand(batch: Batch): Promise<Expansion> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null) return reject(this.#error);
      this.#waiting.push({ resolve, reject });
      this.#thread.send(batch, [batch.words.buffer]);
    });
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

/** Threads that expand the states of one search, started when they are needed. */
export class ExpandThreads {
  readonly #setup: ExpandSetup;
  readonly #count: number;
  #threads: readonly ExpandThread[] = [];

  /** @param count how many threads work at a time, this one among them if nobody else does */
  constructor(setup: ExpandSetup, count: number) {
    this.#setup = setup;
    this.#count = count;
  }

  /** Starts the threads; undefined where one thread is all that was asked for. */
  get hire(): (() => readonly Expander[]) | undefined {
    if (this.#count === 1) return undefined;
    return () => {
      this.#threads = Array.from({ length: this.#count }, () => new ExpandThread(this.#setup));
      return this.#threads;
    };
  }

  /** Ends all threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }
}
