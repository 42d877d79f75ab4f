import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that are read at once. */
export const CHUNK_BYTES = 1024 * 1024;

/**
 * The bytes of an open file, by its descriptor, from where it stands, in one buffer that is used
 * again for every chunk.
 */
export function* chunksOfOpen(file: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const size = readSync(file, buffer, 0, CHUNK_BYTES, null);
    if (size === 0) return;
    yield buffer.subarray(0, size);
  }
}

/**
 * The bytes of a file. Nothing else waits to be done meanwhile, and reading at once is much faster
 * for many small files.
 */
export function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    yield* chunksOfOpen(file);
  } finally {
    closeSync(file);
  }
}
