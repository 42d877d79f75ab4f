import { setImmediate } from 'node:timers/promises';

/**
 * Lets signals in, which wait for as long as there is something to compute.
 *
 * @param stop null where nothing but the end of the process stops it
 * @throws what the signal says, once it is aborted
 */
export async function breathe(stop: AbortSignal | null): Promise<void> {
  await setImmediate();
  stop?.throwIfAborted();
}

/** Milliseconds of work after which signals are let in. */
const BREATH_MS = 50;

/**
 * Runs to its end what goes on step by step, and lets signals in now and then.
 *
 * @throws what the signal says, once it is aborted
 */
export async function toTheEnd<Result>(
  steps: Iterator<unknown, Result>,
  stop: AbortSignal,
): Promise<Result> {
  for (let since = performance.now(); ; ) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() - since < BREATH_MS) continue;
    await breathe(stop);
    since = performance.now();
  }
}
