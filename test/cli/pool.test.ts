import { describe, expect, test } from 'vitest';
import { type FromWorker, Pool, type PoolWorker, type ToWorker } from '../../src/cli/jobs/pool.ts';

type Tell = (message: FromWorker<string>) => void;

/** A worker that does what a test tells it to. */
class FakeWorker implements PoolWorker<string, string> {
  readonly tasks: string[] = [];
  /** Times it was told to go on. */
  wentOn = 0;
  isStopped = false;
  #hear: Tell = () => {};
  #ended: (why: Error) => void = () => {};

  listen(hear: Tell, ended: (why: Error) => void): void {
    this.#hear = hear;
    this.#ended = ended;
  }

  send(message: ToWorker<string>): void {
    if (message.kind === 'task') this.tasks.push(message.task);
    else this.wentOn++;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }

  tell(text: string): void {
    this.#hear({ pieces: [[0, text]], length: text.length, result: null });
  }

  finish(value: string): void {
    this.#hear({ pieces: [[0, `${value}.`]], length: 1, result: { value } });
  }

  die(why: string): void {
    this.#ended(new Error(why));
  }
}

const UNLIMITED = { length: Number.POSITIVE_INFINITY, tasks: Number.POSITIVE_INFINITY };

function poolOf(tasks: readonly string[], count: number, limits = UNLIMITED) {
  const workers: FakeWorker[] = [];
  const start = (): FakeWorker => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  };
  const pool = new Pool(tasks, count, start, limits);
  const taken: string[] = [];
  const next = (): Promise<string> =>
    pool.next(async (pieces) => {
      taken.push(...pieces.map(([, text]) => text ?? ''));
    });
  const worker = (at: number): FakeWorker => {
    const found = workers[at];
    if (found === undefined) throw new Error(`there is no worker ${at}`);
    return found;
  };
  return { pool, workers, worker, taken, next };
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a pool', () => {
  test('gives results in the order of the tasks, whoever is done first', async () => {
    const { worker, taken, next } = poolOf(['a', 'b', 'c'], 2);
    const first = next();
    worker(1).finish('b');
    worker(1).finish('c');
    worker(0).tell('A');
    worker(0).finish('a');
    expect([await first, await next(), await next()]).toEqual(['a', 'b', 'c']);
    expect(taken).toEqual(['A', 'a.', 'b.', 'c.']);
  });

  test('gives pieces as they come, before the task is done', async () => {
    const { worker, taken, next } = poolOf(['a'], 1);
    const first = next();
    worker(0).tell('A');
    await settle();
    expect(taken).toEqual(['A']);
    expect(worker(0).wentOn).toBe(1);
    worker(0).finish('a');
    expect(await first).toBe('a');
  });

  test('starts no more workers than there are tasks', async () => {
    const { workers, worker, next } = poolOf(['a', 'b'], 8);
    const first = next();
    worker(0).finish('a');
    await first;
    expect(workers).toHaveLength(2);
  });

  test('holds back who is ahead while too much waits, but never who is first', async () => {
    const { worker, next } = poolOf(['a', 'b', 'c'], 3, { length: 10, tasks: 100 });
    const first = next();
    worker(1).tell('B'.repeat(9));
    worker(2).tell('C'.repeat(9));
    expect([worker(1).wentOn, worker(2).wentOn]).toEqual([1, 0]);
    worker(0).tell('A'.repeat(9));
    await settle();
    // What was first has been taken; what waits is still too much.
    expect([worker(0).wentOn, worker(2).wentOn]).toEqual([1, 0]);
    worker(0).finish('a');
    await first;
    const second = next();
    await settle();
    expect(worker(2).wentOn).toBe(1);
    worker(1).finish('b');
    expect(await second).toBe('b');
  });

  test('begins no task that is too far ahead', async () => {
    const { worker, next } = poolOf(['a', 'b', 'c', 'd'], 2, { length: 100, tasks: 2 });
    const first = next();
    worker(1).finish('b');
    worker(1).finish('c');
    expect(worker(1).tasks).toEqual(['b', 'c']);
    worker(0).finish('a');
    await first;
    expect([...worker(0).tasks, ...worker(1).tasks].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('begins no task while too much waits to be taken', async () => {
    const { worker, next } = poolOf(['a', 'b', 'c'], 2, { length: 5, tasks: 100 });
    const first = next();
    worker(1).tell('BBBBBBBB');
    worker(1).finish('b');
    expect(worker(1).tasks).toEqual(['b']);
    worker(0).finish('a');
    await first;
    const second = next();
    expect(await second).toBe('b');
    expect([...worker(0).tasks, ...worker(1).tasks]).toContain('c');
  });

  test('tells who died at its place, and does the rest with a new worker', async () => {
    const { workers, worker, taken, next } = poolOf(['a', 'b', 'c'], 1);
    const first = next();
    worker(0).tell('A');
    worker(0).die('out of memory');
    await expect(first).rejects.toThrow('out of memory');
    expect(taken).toEqual(['A']);
    expect(workers).toHaveLength(2);
    const second = next();
    worker(1).finish('b');
    worker(1).finish('c');
    expect([await second, await next()]).toEqual(['b', 'c']);
  });

  test('stops every worker when it is closed, and starts none', async () => {
    const { pool, workers, worker, next } = poolOf(['a', 'b', 'c'], 2);
    const first = next();
    const ended = expect(first).rejects.toThrow('stopped');
    await pool.close();
    expect(workers.map(({ isStopped }) => isStopped)).toEqual([true, true]);
    worker(0).die('stopped');
    await ended;
    expect(workers).toHaveLength(2);
  });
});
