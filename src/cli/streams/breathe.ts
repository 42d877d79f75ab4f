import { setImmediate } from 'node:timers/promises';

/**
 * Lets signals in, which wait for as long as there is something to compute.
 *
 * @throws what the signal says, once it is aborted
 */
export async function breathe(stop: AbortSignal): Promise<void> {
  await setImmediate();
  stop.throwIfAborted();
}
