import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { whileBlocked } from '../streams/signals.ts';

/** Bytes that are read at once. */
export const CHUNK_BYTES = 1024 * 1024;
/** The same of a pipe, which seldom holds more. */
const PIPE_BYTES = 64 * 1024;

/** A buffer that nobody reads into just now: files are many, and mostly small. */
let spare: Buffer | null = null;

/**
 * The bytes of an open file, by its descriptor, from where it stands, in one buffer that is used
 * again for every chunk.
 */
export function* chunksOfOpen(file: number): Generator<Buffer> {
  const buffer = spare ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  spare = null;
  try {
    for (;;) {
      const size = readSync(file, buffer, 0, CHUNK_BYTES, null);
      if (size === 0) return;
      yield buffer.subarray(0, size);
    }
  } finally {
    spare = buffer;
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

/**
 * The bytes of a pipe or a device. To open it and to read it may take for ever; signals are heard
 * meanwhile. Nothing is read ahead: whoever has seen enough need not wait for more to come.
 */
export async function* chunksOfPipe(path: string): AsyncGenerator<Buffer> {
  const file = await whileBlocked(() => open(path));
  try {
    const buffer = Buffer.allocUnsafe(PIPE_BYTES);
    for (;;) {
      const { bytesRead } = await whileBlocked(() => file.read(buffer, 0, buffer.length, null));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
