/** Bytes that one state may take packed; far more than the bounds of a world allow. */
const BYTES_MAX = 16 * 1024;

/** Bytes to write to, which show as words of 32 bits as well. */
export class Buffer32 {
  readonly words = new Uint32Array(BYTES_MAX / 4);
  readonly bytes = new Uint8Array(this.words.buffer);

  /**
   * Fills up the last word of what ends before a place; returns how many words there are.
   *
   * @throws RangeError when the state did not fit: the bounds of a world must not allow that
   */
  finish(end: number): number {
    if (end > BYTES_MAX) throw new RangeError(`a state takes ${end} bytes`);
    let at = end;
    while ((at & 3) !== 0) this.bytes[at++] = 0;
    return at >>> 2;
  }
}

/**
 * Writes a signed or unsigned number of 32 bits: one byte for those near 0.
 *
 * @returns the place behind it
 */
export function putNumber(bytes: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let next = at;
  for (; rest > 0x7f; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80;
  bytes[next] = rest;
  return next + 1;
}

/** Reads numbers in the order in which they were written. */
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

  /** The place of the byte that comes next. */
  get at(): number {
    return this.#at;
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
