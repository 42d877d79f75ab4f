/** Bytes that one state may take packed; far more than the bounds of a world allow. */
const BYTES_MAX = 16 * 1024;

/** Writes numbers one behind the other, and shows them as words of 32 bits. */
export class ByteWriter {
  readonly words = new Uint32Array(BYTES_MAX / 4);
  /** What is written, up to `at`; compiled code writes here itself. */
  readonly bytes = new Uint8Array(this.words.buffer);
  at = 0;

  /** Begins anew. */
  clear(): void {
    this.at = 0;
  }

  /** A number from 0 to 255. */
  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** A signed or unsigned number of 32 bits: one byte for those near 0. */
  number(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  /**
   * Fills up the last word; returns how many words there are.
   *
   * @throws RangeError when the state did not fit: the bounds of a world must not allow that
   */
  finish(): number {
    if (this.at > BYTES_MAX) throw new RangeError(`a state takes ${this.at} bytes`);
    while ((this.at & 3) !== 0) this.bytes[this.at++] = 0;
    return this.at >>> 2;
  }
}

/** Reads numbers in the order in which a ByteWriter wrote them. */
export class ByteReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #buffer: ArrayBufferLike | null = null;
  #at = 0;

  /** Begins to read at a word. */
  open(words: Uint32Array, at: number): void {
    if (words.buffer !== this.#buffer) {
      this.#buffer = words.buffer;
      this.#bytes = new Uint8Array(words.buffer);
    }
    this.#at = words.byteOffset + at * 4;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  /** The byte that comes next. */
  peek(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  /** A signed number of 32 bits. */
  number(): number {
    let byte = this.byte();
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }
}
