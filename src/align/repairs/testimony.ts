import { isConnect, type TraceEvent } from '../../format/index.ts';

/** Whether nothing but a guess stands behind an event. */
export function isGuess({ source }: TraceEvent): boolean {
  return source?.certainty === 'guessed';
}

/**
 * Whether an event says which request got which connection, and something shows it: that is what a
 * capture is made for, and nothing of it is given up.
 */
export function isTestimony(event: TraceEvent): boolean {
  return isConnect(event) && !isGuess(event);
}
