import type { Buffer } from 'node:buffer';
import type { TraceEvent } from '../../format/index.ts';
import { EVENT_SHAPES } from '../check/event-shapes.ts';
import { Cursor, isAt, MISS, type Scanner, spellingOf } from './cursor.ts';
import { scannerOf } from './value-scanner.ts';

/**
 * Reads events of the usual spelling straight from bytes: no white space, ASCII without escapes,
 * `event` first. What it reads is exactly what JSON.parse makes of the bytes, fits the schema of its
 * event and has no key twice; about everything else it says nothing.
 */
export class EventScanner {
  readonly #cursor = new Cursor();

  /** The event that begins at an offset, or null; `end` is then just behind it. */
  scan(bytes: Buffer, at: number): TraceEvent | null {
    const cursor = this.#cursor;
    cursor.bytes = bytes;
    cursor.at = at;
    cursor.depth = 0;
    const scan = scannerAt(bytes, at);
    const event = scan === null ? MISS : scan(cursor);
    // The scanner was derived from the schemas that the type is inferred from.
    return event === MISS ? null : (event as TraceEvent);
  }

  /** The offset behind the event that was read last. */
  get end(): number {
    return this.#cursor.at;
  }
}

/** An event's name as it begins a line, and what reads such a line. */
interface Beginning {
  readonly spelling: Uint8Array;
  readonly scan: Scanner;
}

const BEGINNINGS: Beginning[] = Array.from(EVENT_SHAPES, ([name, shape]) => ({
  // Without the brace that ends it: more keys follow.
  spelling: spellingOf({ event: name }).slice(0, -1),
  scan: scannerOf(shape),
}));

function scannerAt(bytes: Uint8Array, at: number): Scanner | null {
  for (let index = 0; index < BEGINNINGS.length; index++) {
    const beginning = BEGINNINGS[index];
    if (beginning !== undefined && isAt(bytes, at, beginning.spelling)) return beginning.scan;
  }
  return null;
}
