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
