import type { Thread } from './thread.ts';

/** Text for one of several outputs; null stands for a blank line before what follows. */
export type Piece = readonly [output: number, text: string | null];

/** What a worker is told. */
export type ToWorker<Task> =
  | { readonly kind: 'task'; readonly task: Task }
  /** The last pieces have a place: more may be sent. */
  | { readonly kind: 'go-on' };

/** What a worker tells: pieces, after which it waits for `go-on`; the last ones with the result. */
export interface FromWorker<Result> {
  readonly pieces: readonly Piece[];
  /** UTF-16 code units of all pieces. */
  readonly length: number;
  /** Null as long as the task is not done. */
  readonly result: { readonly value: Result } | null;
}

/** One who does tasks, one at a time. */
export type PoolWorker<Task, Result> = Thread<ToWorker<Task>, FromWorker<Result>>;

/** How far workers may run ahead of what is printed. */
export interface PoolLimits {
  /** UTF-16 code units that wait to be printed, before nothing but the next task goes on. */
  readonly length: number;
  /** Tasks begun beyond the one that is printed. */
  readonly tasks: number;
}

const LIMITS: PoolLimits = { length: 8 * 1024 * 1024, tasks: 4096 };

/** One task on its way. */
class Job<Task, Result> {
  readonly received: FromWorker<Result>[] = [];
  /** The worker that waits for `go-on`. */
  held: PoolWorker<Task, Result> | null = null;
  failure: Error | null = null;
  #wake: () => void = () => {};

  /** Resolves when something was received, or the worker ended. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake();
  }

  goOn(): void {
    this.held?.send({ kind: 'go-on' });
    this.held = null;
  }
}

/**
 * Does tasks by several workers at a time, and gives what comes of them in the order of the tasks.
 * Workers run ahead up to a limit, so that memory stays bounded while a long task is printed.
 */
export class Pool<Task, Result> {
  readonly #tasks: readonly Task[];
  readonly #start: () => PoolWorker<Task, Result>;
  readonly #limits: PoolLimits;
  readonly #jobs = new Map<number, Job<Task, Result>>();
  readonly #idle: PoolWorker<Task, Result>[] = [];
  readonly #workers = new Map<PoolWorker<Task, Result>, number | null>();
  readonly #count: number;
  /** The task that is given now, and the one that is begun next. */
  #current = 0;
  #next = 0;
  /** Code units received and not yet taken. */
  #length = 0;

  /**
   * @param count workers at most; they are started when there is a task for them
   * @param start makes a worker; called again for one that ended
   */
  constructor(
    tasks: readonly Task[],
    count: number,
    start: () => PoolWorker<Task, Result>,
    limits = LIMITS,
  ) {
    this.#tasks = tasks;
    this.#count = count;
    this.#start = start;
    this.#limits = limits;
  }

  /**
   * Gives the next task's pieces as they come, then its result.
   *
   * @param take awaited for all pieces that came together, before the next ones are given
   * @throws what ended the worker, when it ended before the task was done
   */
  async next(take: (pieces: readonly Piece[]) => Promise<void>): Promise<Result> {
    const job = this.#job(this.#current);
    this.#fill();
    for (;;) {
      const message = job.received.shift();
      if (message !== undefined) {
        await take(message.pieces);
        this.#length -= message.length;
        // Whatever waits elsewhere, this one must get on: everybody waits for it.
        job.goOn();
        if (this.#hasRoom()) this.#goOnAll();
        if (message.result !== null) return this.#advance(message.result.value);
      } else if (job.failure !== null) {
        this.#advance(null);
        throw job.failure;
      } else await job.changed();
    }
  }

  /** Ends all workers, whether or not there is anything left to do. */
  async close(): Promise<void> {
    this.#next = this.#tasks.length;
    await Promise.all([...this.#workers.keys()].map((worker) => worker.stop()));
  }

  #advance<Value>(value: Value): Value {
    this.#jobs.delete(this.#current);
    this.#current++;
    this.#fill();
    return value;
  }

  #hasRoom(): boolean {
    return this.#length < this.#limits.length;
  }

  #goOnAll(): void {
    for (const index of this.#workers.values()) {
      if (index !== null) this.#jobs.get(index)?.goOn();
    }
  }

  #job(index: number): Job<Task, Result> {
    let job = this.#jobs.get(index);
    if (job === undefined) {
      job = new Job();
      this.#jobs.set(index, job);
    }
    return job;
  }

  /** Begins tasks while there are workers and room; the one that is given needs no room. */
  #fill(): void {
    for (;;) {
      const task = this.#tasks[this.#next];
      const ahead = this.#next - this.#current;
      if (task === undefined || ahead > this.#limits.tasks) return;
      if (ahead > 0 && !this.#hasRoom()) return;
      const worker = this.#idle.pop() ?? this.#hire();
      if (worker === null) return;
      this.#job(this.#next);
      this.#workers.set(worker, this.#next);
      this.#next++;
      worker.send({ kind: 'task', task });
    }
  }

  #hire(): PoolWorker<Task, Result> | null {
    if (this.#workers.size === this.#count) return null;
    const worker = this.#start();
    this.#workers.set(worker, null);
    worker.listen(
      (message) => this.#hear(worker, message),
      (why) => this.#lose(worker, why),
    );
    return worker;
  }

  #hear(worker: PoolWorker<Task, Result>, message: FromWorker<Result>): void {
    const index = this.#workers.get(worker) ?? null;
    if (index === null) throw new Error('a worker without a task has something to tell');
    const job = this.#job(index);
    job.received.push(message);
    this.#length += message.length;
    if (message.result === null) {
      job.held = worker;
      if (this.#hasRoom()) job.goOn();
    } else {
      this.#workers.set(worker, null);
      this.#idle.push(worker);
      this.#fill();
    }
    job.wake();
  }

  #lose(worker: PoolWorker<Task, Result>, why: Error): void {
    const index = this.#workers.get(worker) ?? null;
    this.#workers.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    if (index === null) return;
    const job = this.#job(index);
    job.held = null;
    job.failure = why;
    job.wake();
    this.#fill();
  }
}
