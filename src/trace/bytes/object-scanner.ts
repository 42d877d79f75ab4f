import type { ObjectShape, Shape } from '../check/shape.ts';
import { type Cursor, isAt, MISS, type Scanner } from './cursor.ts';
import { type Key, KeyOrder } from './key-order.ts';

const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Most orders of keys that are kept for one shape: programs write few. Then all are forgotten. */
const MAX_ORDERS = 1000;

/** What is known of one key. */
interface Entry {
  readonly scan: Scanner;
  readonly required: boolean;
}

/** Compiles the shape of an object; `scannerOf` compiles what is in it. */
export function objectScanner(shape: ObjectShape, scannerOf: (shape: Shape) => Scanner): Scanner {
  const keys = Array.from(
    shape.keys,
    ([name, { shape: inner, required }]): Key<Entry> => ({
      name,
      spelling: new TextEncoder().encode(`${JSON.stringify(name)}:`),
      entry: { scan: scannerOf(inner), required },
    }),
  );
  const required = keys.filter(({ entry }) => entry.required);
  let empty = new KeyOrder<Entry>(null, null);
  let orders = 0;

  /** The order that the key at the cursor makes of one, known or new. */
  function follow(order: KeyOrder<Entry>, { bytes, at }: Cursor): KeyOrder<Entry> | null {
    const known = order.next.find(({ key }) => key !== null && isAt(bytes, at, key.spelling));
    if (known !== undefined) return known;
    const key = keys.find(({ spelling }) => isAt(bytes, at, spelling));
    if (key === undefined) return null;
    if (orders === MAX_ORDERS) {
      empty = new KeyOrder(null, null);
      orders = 0;
    }
    orders++;
    return order.extend(key);
  }

  return (cursor) => {
    const { bytes, values } = cursor;
    if (bytes[cursor.at++] !== OPENING_BRACE) return MISS;
    const base = cursor.depth;
    let order = empty;
    if (bytes[cursor.at] === CLOSING_BRACE) cursor.at++;
    else {
      for (;;) {
        const guess = order.guess;
        let next = guess;
        if (guess?.key == null || !isAt(bytes, cursor.at, guess.key.spelling)) {
          next = follow(order, cursor);
          order.guess = next;
        }
        if (next?.key == null) return MISS;
        order = next;
        const { spelling, entry } = next.key;
        cursor.at += spelling.length;
        const value = entry.scan(cursor);
        if (value === MISS) return MISS;
        values[cursor.depth++] = value;
        const byte = bytes[cursor.at++];
        if (byte === CLOSING_BRACE) break;
        if (byte !== COMMA) return MISS;
      }
    }
    cursor.depth = base;
    return order.make(values, base, required) ?? MISS;
  };
}
