import type { Shape } from '../check/shape.ts';
import { type Cursor, isAt, MISS, type Scanner, spellingOf } from './cursor.ts';
import { scanNumber } from './number-scanner.ts';
import { objectScanner } from './object-scanner.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DELETE = 0x7f;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Compiles a shape to a scanner: what it reads is what JSON.parse reads and the acceptor accepts. */
export function scannerOf(shape: Shape): Scanner {
  switch (shape.kind) {
    case 'string':
      // A limit is for texts that stand in few lines.
      if (shape.maxLength < Number.POSITIVE_INFINITY) return () => MISS;
      return shape.nonEmpty ? nonEmptyString : scanString;
    case 'number':
      return numberScanner(shape);
    case 'boolean':
      return choiceScanner([true, false]);
    case 'choice':
      return choiceScanner(shape.values);
    case 'nullable':
      return nullableScanner(scannerOf(shape.inner));
    case 'either':
      return eitherScanner(choiceScanner(shape.values), scannerOf(shape.inner));
    case 'text-or-object':
      return textOrObjectScanner(scannerOf(shape.text), scannerOf(shape.object));
    case 'array':
      return arrayScanner(scannerOf(shape.item));
    case 'tuple':
      return tupleScanner(shape.items.map(scannerOf));
    case 'record':
      return recordScanner(scannerOf(shape.key), scannerOf(shape.value));
    case 'object':
      return objectScanner(shape, scannerOf);
    case 'unknown':
      return anyScanner(ANY_DEPTH);
  }
}

/** Levels below a value of any kind that are read here: each takes a call. */
const ANY_DEPTH = 8;

/** Any value; `depth` more levels may be in it. */
function anyScanner(depth: number): Scanner {
  const literal = choiceScanner([true, false, null]);
  // Compiled when there is such a value: most traces have none.
  let list: Scanner | null = null;
  let record: Scanner | null = null;
  const inner: Scanner = depth === 0 ? () => MISS : (cursor) => below(cursor);
  let below: Scanner = (cursor) => {
    below = anyScanner(depth - 1);
    return below(cursor);
  };
  return (cursor) => {
    switch (cursor.bytes[cursor.at]) {
      case QUOTE:
        return scanString(cursor);
      case OPENING_BRACKET:
        list ??= arrayScanner(inner);
        return list(cursor);
      case OPENING_BRACE:
        record ??= recordScanner(scanString, inner);
        return record(cursor);
      default: {
        const value = literal(cursor);
        return value === MISS ? scanNumber(cursor) : value;
      }
    }
  };
}

/** A string of printable ASCII without escapes. */
function scanString(cursor: Cursor): unknown {
  const { bytes } = cursor;
  const from = cursor.at + 1;
  if (bytes[from - 1] !== QUOTE) return MISS;
  let at = from;
  let hash = 0;
  for (;;) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) break;
    if (byte < SPACE || byte === BACKSLASH || byte > DELETE) return MISS;
    hash = (Math.imul(hash, 31) + byte) | 0;
    at++;
  }
  cursor.at = at + 1;
  return cursor.strings.of(bytes, from, at, hash);
}

function nonEmptyString(cursor: Cursor): unknown {
  const string = scanString(cursor);
  return string === '' ? MISS : string;
}

function numberScanner(shape: Shape & { kind: 'number' }): Scanner {
  const { integer } = shape;
  const min = Math.max(shape.min, integer ? Number.MIN_SAFE_INTEGER : -Number.MAX_VALUE);
  const max = Math.min(shape.max, integer ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE);
  return (cursor) => {
    const number = scanNumber(cursor);
    if (number === MISS || number < min || number > max) return MISS;
    return integer && !Number.isInteger(number) ? MISS : number;
  };
}

/** A literal and how it is spelt. */
interface Spelt {
  readonly value: unknown;
  readonly spelling: Uint8Array;
}

function choiceScanner(values: readonly unknown[]): Scanner {
  const spelt = values.map((value): Spelt => ({ value, spelling: spellingOf(value) }));
  return (cursor) => {
    for (let index = 0; index < spelt.length; index++) {
      const choice = spelt[index];
      if (choice === undefined || !eat(cursor, choice.spelling)) continue;
      return choice.value;
    }
    return MISS;
  };
}

/** Moves over bytes if just these stand at the cursor. */
function eat(cursor: Cursor, spelling: Uint8Array): boolean {
  if (!isAt(cursor.bytes, cursor.at, spelling)) return false;
  cursor.at += spelling.length;
  return true;
}

const NULL = spellingOf(null);

function nullableScanner(inner: Scanner): Scanner {
  return (cursor) => (eat(cursor, NULL) ? null : inner(cursor));
}

/** Nothing is eaten of what is no literal. */
function eitherScanner(literal: Scanner, inner: Scanner): Scanner {
  return (cursor) => {
    const value = literal(cursor);
    return value === MISS ? inner(cursor) : value;
  };
}

/** The first byte tells which. */
function textOrObjectScanner(text: Scanner, object: Scanner): Scanner {
  return (cursor) => (cursor.bytes[cursor.at] === QUOTE ? text(cursor) : object(cursor));
}

/** After an element: 1 when another one follows, 0 when `close` ends the list, else -1. */
function separator(cursor: Cursor, close: number): number {
  const byte = cursor.bytes[cursor.at++];
  if (byte === COMMA) return 1;
  return byte === close ? 0 : -1;
}

function arrayScanner(item: Scanner): Scanner {
  return (cursor) => {
    if (cursor.bytes[cursor.at++] !== OPENING_BRACKET) return MISS;
    const items: unknown[] = [];
    if (cursor.bytes[cursor.at] === CLOSING_BRACKET) {
      cursor.at++;
      return items;
    }
    for (;;) {
      const value = item(cursor);
      if (value === MISS) return MISS;
      items.push(value);
      const more = separator(cursor, CLOSING_BRACKET);
      if (more === 0) return items;
      if (more < 0) return MISS;
    }
  };
}

function tupleScanner(scanners: readonly Scanner[]): Scanner {
  return (cursor) => {
    const items: unknown[] = [];
    if (cursor.bytes[cursor.at++] !== OPENING_BRACKET) return MISS;
    for (let index = 0; index < scanners.length; index++) {
      const value = scanners[index]?.(cursor) ?? null;
      if (value === MISS) return MISS;
      items.push(value);
      const more = separator(cursor, CLOSING_BRACKET);
      if (more !== (index === scanners.length - 1 ? 0 : 1)) return MISS;
    }
    return items;
  };
}

/**
 * Keys that are ids. The object has no prototype: one that had one would get a hidden class of its
 * own for each id.
 */
function recordScanner(key: Scanner, item: Scanner): Scanner {
  return (cursor) => {
    if (cursor.bytes[cursor.at++] !== OPENING_BRACE) return MISS;
    const record: Record<string, unknown> = Object.create(null);
    if (cursor.bytes[cursor.at] === CLOSING_BRACE) {
      cursor.at++;
      return record;
    }
    for (;;) {
      const name = key(cursor);
      if (typeof name !== 'string' || name in record) return MISS;
      if (cursor.bytes[cursor.at++] !== COLON) return MISS;
      const value = item(cursor);
      if (value === MISS) return MISS;
      record[name] = value;
      const more = separator(cursor, CLOSING_BRACE);
      if (more === 0) return record;
      if (more < 0) return MISS;
    }
  };
}
