import { Buffer } from 'node:buffer';
import { MAX_LINE_BYTES } from '../trace/text/lines.ts';

const LF = 0x0a;

/**
 * Cuts the bytes of a file behind its line feeds and keeps every one of them. What is longer than
 * a trace's line may be comes in pieces, so that memory is bounded.
 */
export class RawLines {
  #parts: Buffer[] = [];
  #size = 0;

  /** Takes the next bytes; gives the lines that end in them, valid until the bytes change. */
  *push(bytes: Buffer): Generator<Buffer> {
    let from = 0;
    for (;;) {
      const lineFeed = bytes.indexOf(LF, from);
      if (lineFeed === -1) break;
      const part = bytes.subarray(from, lineFeed + 1);
      yield this.#size === 0 ? part : this.#take(part);
      from = lineFeed + 1;
    }
    if (from === bytes.length) return;
    this.#parts.push(Buffer.from(bytes.subarray(from)));
    this.#size += bytes.length - from;
    if (this.#size > MAX_LINE_BYTES) yield this.#take();
  }

  /** The last line, if no line feed ends it. */
  *end(): Generator<Buffer> {
    if (this.#size > 0) yield this.#take();
  }

  #take(...last: Buffer[]): Buffer {
    const line = Buffer.concat([...this.#parts, ...last]);
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
