import { Buffer } from 'node:buffer';

/** Most bytes of a line that are looked at: what is longer is no line of HAProxy's. */
export const LINE_MAX = 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);

/** Takes a line without its end, and its number from 1. */
export type TakeLine = (text: string, line: number) => void;

/**
 * Bytes to lines, each byte a character: what matters in a capture is ASCII, and what is not may be
 * in any encoding. A carriage return at the end of a line belongs to its end.
 */
export class LineSplitter {
  readonly #take: TakeLine;
  #rest = NOTHING;
  #line = 0;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  /** How many lines there were so far. */
  get count(): number {
    return this.#line;
  }

  /** Takes the next bytes, which may be used again afterwards. */
  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(LF, from);
      if (end === -1) break;
      if (this.#rest.length === 0) this.#emit(bytes, from, end);
      else {
        const whole = Buffer.concat([this.#rest, bytes.subarray(from, end)]);
        this.#rest = NOTHING;
        this.#emit(whole, 0, whole.length);
      }
      from = end + 1;
    }
    if (from === bytes.length || this.#rest.length >= LINE_MAX) return;
    this.#rest = Buffer.concat([this.#rest, bytes.subarray(from)]);
  }

  /** The capture is over, with or without the end of a line. */
  end(): void {
    if (this.#rest.length === 0) return;
    const rest = this.#rest;
    this.#rest = NOTHING;
    this.#emit(rest, 0, rest.length);
  }

  /** Each line is a string of its own: a piece that is kept keeps no more than its line. */
  #emit(bytes: Buffer, from: number, to: number): void {
    const end = to > from && bytes[to - 1] === CR ? to - 1 : to;
    this.#take(bytes.toString('latin1', from, Math.min(end, from + LINE_MAX)), ++this.#line);
  }
}
