import type { Buffer } from 'node:buffer';
import type { TraceEvent } from '../../format/index.ts';
import { EVENT_SHAPES } from '../check/event-shapes.ts';
import { Cursor, isAt, MISS, type Scanner } from './cursor.ts';
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

/** How a line begins in which `event` stands first. */
const BEGINNING = new TextEncoder().encode('{"event":"');

/** An event's name, and what reads a line of such an event. */
interface Named {
  /** The name and the quote behind it. */
  readonly spelling: Uint8Array;
  readonly scan: Scanner;
}

/** The events by the first letter of their names. */
const BY_LETTER: (readonly Named[] | undefined)[] = [];
for (const [name, shape] of EVENT_SHAPES) {
  const letter = name.charCodeAt(0);
  const named = { spelling: new TextEncoder().encode(`${name}"`), scan: scannerOf(shape) };
  BY_LETTER[letter] = [...(BY_LETTER[letter] ?? []), named];
}

function scannerAt(bytes: Uint8Array, at: number): Scanner | null {
  if (!isAt(bytes, at, BEGINNING)) return null;
  const place = at + BEGINNING.length;
  const events = BY_LETTER[bytes[place] ?? 0];
  if (events === undefined) return null;
  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    if (event !== undefined && isAt(bytes, place, event.spelling)) return event.scan;
  }
  return null;
}
