import { Buffer } from 'node:buffer';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** Text that is kept in memory; what is more goes to a file. */
const MEMORY_LENGTH = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Text that is put aside until what comes before it is known: the header of a trace names all that
 * its events name. Much of it waits in a file without a name, which is gone with the process.
 */
export class Spool {
  #parts: string[] = [];
  #length = 0;
  #file: number | null = null;

  /** Adds text. Throws an error of the operating system when there is no room for it. */
  add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length >= MEMORY_LENGTH) this.#putAside();
  }

  #putAside(): void {
    this.#file ??= openNameless();
    const bytes = Buffer.from(this.#parts.join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#parts = [];
    this.#length = 0;
  }

  /** All text in its order, part by part. */
  *read(): Generator<string> {
    if (this.#file !== null) {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      const decoder = new StringDecoder('utf8');
      for (let at = 0; ; ) {
        const size = readSync(this.#file, buffer, 0, CHUNK_BYTES, at);
        if (size === 0) break;
        at += size;
        yield decoder.write(buffer.subarray(0, size));
      }
    }
    yield this.#parts.join('');
  }

  /** Nothing of it is needed any more. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#parts = [];
  }
}

/** Opens a new file that nobody else can read, and takes its name away. */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  try {
    return openSync(join(folder, 'spool'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
