import { Buffer } from 'node:buffer';
import { StringTable } from './string-table.ts';

/** What a scanner answers when the bytes are not what it looks for, or not of the usual spelling. */
export const MISS: unique symbol = Symbol('miss');

/** Strings that were seen lately, in whatever trace: ids and calls are alike in many. */
const STRINGS = new StringTable();

/** Where a scan stands in the bytes of a line, and what it has put aside so far. */
export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  /** Offset of the next byte. */
  at = 0;
  /** Values of the objects that are not complete yet, those of the innermost on top. */
  readonly values: unknown[] = [];
  /** How many of `values` count. */
  depth = 0;
  readonly strings = STRINGS;
}

/** Whether just these bytes stand at an offset. */
export function isAt(bytes: Uint8Array, at: number, spelling: Uint8Array): boolean {
  for (let index = 0; index < spelling.length; index++) {
    if (bytes[at + index] !== spelling[index]) return false;
  }
  return true;
}

/** The bytes of a value without white space. */
export function spellingOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Reads one value that begins at the cursor and moves behind it; `MISS` leaves the cursor anywhere. */
export type Scanner = (cursor: Cursor) => unknown;
