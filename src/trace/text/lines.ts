import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import { ColonCounter } from './colons.ts';
import { findBadUtf8 } from './utf8.ts';

/** Longest line that is read, in bytes without its line feed: 16 MiB. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** A line that is too long is read on, for the lines behind it, up to so many bytes: 64 MiB. */
export const ENDLESS_LINE_BYTES = 64 * 1024 * 1024;

/** How many bytes become one string at a time: large enough to be quick, small enough to stay cheap. */
const BLOCK_BYTES = 32 * 1024;

/** So many lines in a row that had to become text, and the rest of their block becomes text at once. */
const MAX_MISSES = 16;

const LF = 0x0a;
const BOM = [0xef, 0xbb, 0xbf] as const;

/** A line that cannot be read as text. */
export interface UnreadableLine {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly allowed: string;
  /** The line, or the beginning of one too long; what is not text is garbled in it. */
  readonly text: string;
}

/** Receives the lines of a file in order. */
export interface LineSink {
  /**
   * Takes a line straight from the bytes in which it begins at an offset; a line feed ends it.
   * Returns the offset of that line feed, or -1 for a line that has to be passed on as text.
   */
  bytes(bytes: Buffer, at: number, line: number): number;
  /**
   * One line without its line feed (a carriage return before it is left in), its number from 1, and
   * how many colons it holds. `open` is true for a last line that no line feed ends.
   */
  line(text: string, line: number, colons: number, open: boolean): void;
  /** A line that is too long or not UTF-8. */
  unreadable(line: UnreadableLine): void;
  /** The line that was too long does not end: nothing more is read. */
  endless(line: number): void;
}

/**
 * Splits bytes into lines of text. Lines, numbers and problems do not depend on how the bytes are
 * cut into chunks; memory is bounded by `MAX_LINE_BYTES` for files of any size.
 */
export class LineSplitter {
  readonly #sink: LineSink;
  /** The beginning of a line whose end has not come yet: the first `#held` bytes. */
  #buffer = Buffer.alloc(0);
  #held = 0;
  /** The line is too long and was reported: everything up to the line feed is dropped. */
  #discarding = false;
  /** How many bytes of it were dropped. */
  #dropped = 0;
  #line = 0;
  /** How many lines in a row could not be taken from their bytes. */
  #misses = 0;
  #stopped = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Takes the next bytes of the file; they may be reused afterwards. */
  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    while (from < bytes.length && !this.#stopped) {
      if (this.#held > 0 || this.#discarding) {
        const lineFeed = bytes.indexOf(LF, from);
        const to = lineFeed === -1 ? bytes.length : lineFeed;
        this.#hold(bytes.subarray(from, to));
        if (lineFeed !== -1) this.#endHeldLine(false);
        from = to + 1;
        continue;
      }
      const limit = Math.min(from + BLOCK_BYTES, bytes.length);
      const lastLineFeed = bytes.lastIndexOf(LF, limit - 1);
      if (lastLineFeed < from) {
        this.#hold(bytes.subarray(from, limit));
        from = limit;
      } else {
        this.#block(bytes, from, lastLineFeed + 1);
        from = lastLineFeed + 1;
      }
    }
  }

  /** The file has ended: passes on a last line without line feed. */
  end(): void {
    if ((this.#held > 0 || this.#discarding) && !this.#stopped) this.#endHeldLine(true);
    this.#stopped = true;
  }

  /** Drops the rest of the file. */
  stop(): void {
    this.#stopped = true;
  }

  /** Whether the rest of the file is dropped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** A range of whole lines. */
  #block(bytes: Buffer, from: number, to: number): void {
    for (let start = from; start < to && !this.#stopped; ) {
      const taken = this.#sink.bytes(bytes, start, this.#line + 1);
      if (taken !== -1) {
        this.#line++;
        this.#misses = 0;
        start = taken + 1;
        continue;
      }
      this.#misses++;
      const isUsual = this.#misses < MAX_MISSES;
      const end = isUsual ? bytes.indexOf(LF, start) + 1 : to;
      this.#textBlock(bytes, start, end);
      start = end;
    }
  }

  #textBlock(bytes: Buffer, from: number, to: number): void {
    const colons = new ColonCounter(bytes);
    if (!isAscii(bytes.subarray(from, to))) {
      for (let start = from; start < to && !this.#stopped; ) {
        const end = bytes.indexOf(LF, start);
        this.#bytesLine(bytes.subarray(start, end), colons.count(start, end), false);
        start = end + 1;
      }
      return;
    }
    const text = bytes.toString('latin1', from, to);
    for (let start = 0; start < text.length && !this.#stopped; ) {
      const end = text.indexOf('\n', start);
      this.#line++;
      const count = colons.count(from + start, from + end);
      this.#sink.line(text.slice(start, end), this.#line, count, false);
      start = end + 1;
    }
  }

  /** Keeps the beginning of a line, in a buffer that doubles so that small chunks stay cheap. */
  #hold(bytes: Buffer): void {
    if (this.#discarding) {
      this.#drop(bytes.length);
      return;
    }
    const kept = bytes.subarray(0, MAX_LINE_BYTES - this.#held);
    const size = this.#held + kept.length;
    // Room for a line feed behind it.
    if (size >= this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(size + 1, this.#buffer.length * 2, 1024));
      this.#buffer.copy(larger, 0, 0, this.#held);
      this.#buffer = larger;
    }
    kept.copy(this.#buffer, this.#held);
    this.#held = size;
    if (kept.length === bytes.length) return;
    this.#discarding = true;
    this.#dropped = 0;
    this.#line++;
    this.#sink.unreadable({
      line: this.#line,
      column: 1,
      what: 'the line is too long',
      allowed: `a line has at most ${MAX_LINE_BYTES} bytes`,
      // Enough to tell a file that is no text at all.
      text: this.#buffer.toString('latin1', 0, this.#held),
    });
    this.#drop(bytes.length - kept.length);
  }

  #drop(bytes: number): void {
    this.#dropped += bytes;
    if (this.#stopped || this.#dropped <= ENDLESS_LINE_BYTES - MAX_LINE_BYTES) return;
    this.#stopped = true;
    this.#sink.endless(this.#line);
  }

  #endHeldLine(open: boolean): void {
    const size = this.#held;
    this.#held = 0;
    if (!this.#discarding && !this.#takeHeld(size)) {
      const bytes = this.#buffer.subarray(0, size);
      this.#bytesLine(bytes, new ColonCounter(bytes).count(0, size), open);
    }
    this.#discarding = false;
  }

  /** Tries to take a held line from its bytes, as if a line feed ended it. */
  #takeHeld(size: number): boolean {
    this.#buffer[size] = LF;
    if (this.#sink.bytes(this.#buffer, 0, this.#line + 1) !== size) return false;
    this.#line++;
    return true;
  }

  #bytesLine(line: Buffer, colons: number, open: boolean): void {
    this.#line++;
    const marked = this.#line === 1 && BOM.every((byte, at) => line[at] === byte);
    const bytes = marked ? line.subarray(BOM.length) : line;
    if (isUtf8(bytes)) {
      const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
      this.#sink.line(text, this.#line, colons, open);
      return;
    }
    const bad = findBadUtf8(bytes) ?? { offset: 0, truncated: false };
    const cut = open && bad.truncated;
    const byte = (bytes[bad.offset] ?? 0).toString(16).toUpperCase();
    this.#sink.unreadable({
      line: this.#line,
      column: bytes.toString('utf8', 0, bad.offset).length + 1,
      what: cut ? 'the file ends inside a character' : `the byte 0x${byte} is not UTF-8 here`,
      allowed: cut ? 'it was cut short' : 'a trace is UTF-8 text',
      text: bytes.toString('utf8'),
    });
  }
}
