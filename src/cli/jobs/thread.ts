import { Worker } from 'node:worker_threads';
import type { FromWorker, PoolWorker, ToWorker } from './pool.ts';

/**
 * A worker of a pool that is a thread of this process.
 *
 * @param module what the thread runs
 * @param data what it is given at its start; plain data
 */
export function startThread<Task, Result>(module: URL, data: object): PoolWorker<Task, Result> {
  const thread = new Worker(module, { workerData: data });
  return {
    listen(hear, ended) {
      let error: Error | null = null;
      thread.on('message', (message: FromWorker<Result>) => hear(message));
      thread.on('error', (thrown: unknown) => {
        error = thrown instanceof Error ? thrown : new Error(String(thrown));
      });
      thread.on('exit', (code) => ended(error ?? new Error(`a worker thread ended with ${code}`)));
    },
    send(message: ToWorker<Task>) {
      thread.postMessage(message);
    },
    async stop() {
      await thread.terminate();
    },
  };
}
