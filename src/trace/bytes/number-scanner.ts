import { type Cursor, MISS } from './cursor.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Most digits of a number that is added up here: every integer of so many is exact. */
const MAX_DIGITS = 15;

/** A number without an exponent, as JSON spells it. */
export function scanNumber(cursor: Cursor): number | typeof MISS {
  const { bytes } = cursor;
  const from = cursor.at;
  const start = bytes[from] === MINUS ? from + 1 : from;
  const end = digitsEnd(bytes, start);
  const digits = end - start;
  if (digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[start] === ZERO)) return MISS;
  if (bytes[end] === POINT) return scanFraction(cursor, end);
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  cursor.at = end;
  return start === from ? value : -value;
}

/** A number with a fraction: the platform rounds it. */
function scanFraction(cursor: Cursor, point: number): number | typeof MISS {
  const { bytes, at } = cursor;
  const end = digitsEnd(bytes, point + 1);
  if (end === point + 1) return MISS;
  cursor.at = end;
  return Number(bytes.toString('latin1', at, end));
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return at;
    at++;
  }
}
