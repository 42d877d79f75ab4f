import { type Transferable, Worker } from 'node:worker_threads';

/** A thread of this process, by what it is told and what it tells; plain data both. */
export interface Thread<Told, Tells> {
  /** Must be called before anything is sent. */
  listen(hear: (message: Tells) => void, ended: (why: Error) => void): void;
  /** @param transfer what the message holds and the thread takes over */
  send(message: Told, transfer?: readonly Transferable[]): void;
  /** Ends it, whatever it does. */
  stop(): Promise<void>;
}

/**
 * Memory of a thread for what was just allocated. What a task leaves is mostly dead at its end, and
 * each thread has its own.
 */
const YOUNG_MIB = 6;

/** True for what ended a thread that needed more memory than there is for it. */
export function isOutOfMemory(why: unknown): boolean {
  return why instanceof Error && 'code' in why && why.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/**
 * Starts a thread.
 *
 * @param module what it runs
 * @param data what it is given at its start; plain data
 */
export function startThread<Told, Tells>(module: URL, data: object): Thread<Told, Tells> {
  const thread = new Worker(module, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  return {
    listen(hear, ended) {
      let error: Error | null = null;
      thread.on('message', (message: Tells) => hear(message));
      thread.on('error', (thrown: unknown) => {
        error = thrown instanceof Error ? thrown : new Error(String(thrown));
      });
      thread.on('exit', (code) => ended(error ?? new Error(`a worker thread ended with ${code}`)));
    },
    send(message, transfer = []) {
      thread.postMessage(message, [...transfer]);
    },
    async stop() {
      await thread.terminate();
    },
  };
}
