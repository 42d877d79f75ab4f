import type { Reading } from './reading.ts';

/*
 * What a line alone says of where it stands.
 */

/** Functions that run within an init or an attach: they make a stream, or read what has come. */
const WITHIN = /(?:_new|_new_[a-z]+|_create|_idle_expiration|_recv|_recv_allowed)$/;
/** Messages without a function that stand nowhere within one. */
const OUTSIDE = /^(?:rcvd|sent|set|upgrading|freeing) /;

/** Whether a line can stand between the beginning and the end of an init or an attach. */
export function isWithin({ fn, message }: Reading): boolean {
  return fn === '' ? !OUTSIDE.test(message) : WITHIN.test(fn);
}

/** `H1S_F_NOT_FIRST`, the same in all releases. */
const NOT_FIRST = 0x80;

/** Whether a line speaks of a stream of H1 that is not the first of its connection. */
export function isLaterStream({ kind, streamFlags }: Reading): boolean {
  return kind === 'h1' && streamFlags !== null && (streamFlags & NOT_FIRST) !== 0;
}
