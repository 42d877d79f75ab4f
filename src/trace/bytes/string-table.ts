import type { Buffer } from 'node:buffer';

/** Places in the table: enough for what is alive in a trace, small enough for a processor's cache. */
const SLOTS = 1 << 13;
/** Longest string that is kept. */
const MAX_LENGTH = 96;

/**
 * Makes strings of ASCII bytes. Those that were seen lately are not made again but found by their
 * bytes: ids and calls come again and again. A string that falls on the place of another takes it,
 * so memory is bounded.
 */
export class StringTable {
  readonly #strings: string[] = new Array<string>(SLOTS).fill('');

  /** The string of the bytes from `from` up to, not including, `to`; `hash` depends on them only. */
  of(bytes: Buffer, from: number, to: number, hash: number): string {
    const length = to - from;
    if (length > MAX_LENGTH) return bytes.toString('latin1', from, to);
    const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
    const known = this.#strings[slot] ?? '';
    if (known.length === length && isSpelt(known, bytes, from)) return known;
    const string = bytes.toString('latin1', from, to);
    this.#strings[slot] = string;
    return string;
  }
}

function isSpelt(string: string, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < string.length; at++) {
    if (string.charCodeAt(at) !== bytes[from + at]) return false;
  }
  return true;
}
