import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** UTF-16 code units of the lines that are compressed together. */
const BLOCK_LENGTH = 256 * 1024;
/** The quickest: lines that are alike take a few hundredths of their length all the same. */
const LEVEL = 1;

/** Lines of text, compressed in blocks: read again one after the other, or from any of them on. */
export class KeptLines {
  readonly #blocks: Buffer[] = [];
  /** The number of the first line of each block. */
  readonly #starts: number[] = [];
  #open: string[] = [];
  #openLength = 0;
  #count = 0;
  /** The block that was read last. */
  #inflated: readonly string[] = [];
  #inflatedAt = -1;

  get count(): number {
    return this.#count;
  }

  add(line: string): void {
    this.#open.push(line);
    this.#openLength += line.length;
    this.#count++;
    if (this.#openLength < BLOCK_LENGTH) return;
    this.#starts.push(this.#count - this.#open.length);
    // A line at a time: all of them may be longer together than a string can be.
    const lines = Buffer.concat(this.#open.map((each) => Buffer.from(`${each}\n`)));
    this.#blocks.push(deflateRawSync(lines, { level: LEVEL }));
    this.#open = [];
    this.#openLength = 0;
  }

  /** A line by its number, from 0. */
  at(number: number): string {
    const openAt = this.#count - this.#open.length;
    if (number >= openAt) return this.#open[number - openAt] ?? '';
    const block = this.#blockOf(number);
    if (block !== this.#inflatedAt) {
      const bytes = inflateRawSync(this.#blocks[block] ?? Buffer.alloc(0));
      this.#inflated = bytes.toString('utf8').split('\n');
      this.#inflatedAt = block;
    }
    return this.#inflated[number - (this.#starts[block] ?? 0)] ?? '';
  }

  #blockOf(number: number): number {
    let low = 0;
    for (let high = this.#starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= number) low = middle;
      else high = middle;
    }
    return low;
  }
}
