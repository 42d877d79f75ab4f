import { Buffer } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The bytes with which gzip data begin. */
const GZIP_MAGIC = [0x1f, 0x8b] as const;
/** Inflated bytes that are handed on at once. */
const CHUNK_BYTES = 256 * 1024;

/** Chunks of bytes, each to be used before the next one is asked for. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Whether data that begin with these bytes are compressed by gzip. */
export function isGzip(beginning: Uint8Array): boolean {
  return GZIP_MAGIC.every((byte, at) => beginning[at] === byte);
}

/**
 * The chunks as they are, or inflated if gzip compressed them, which their first bytes tell: no
 * JSON text begins like that. Throws, with the codes of zlib, for compressed data that are damaged
 * or cut short.
 */
export async function* inflated(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const iterator = iteratorOf(chunks);
  try {
    const beginning = await firstBytes(iterator);
    if (!isGzip(beginning)) {
      yield beginning;
      yield* rest(iterator);
      return;
    }
    const compressed = Readable.from(copies(beginning, iterator));
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    // An error reaches whoever reads; an end that comes too early closes both.
    yield* pipeline(compressed, gunzip, () => {}) as AsyncIterable<Uint8Array>;
  } finally {
    await iterator.return?.();
  }
}

type ChunkIterator = AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

function iteratorOf(chunks: Chunks): ChunkIterator {
  return Symbol.asyncIterator in chunks
    ? chunks[Symbol.asyncIterator]()
    : chunks[Symbol.iterator]();
}

/** The first chunk, or as many as it takes to tell what they are. */
async function firstBytes(iterator: ChunkIterator): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  while (bytes.length < GZIP_MAGIC.length) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    // A pipe may bring a single byte, and its place may be used again.
    bytes = bytes.length === 0 && value.length > 1 ? value : Buffer.concat([bytes, value]);
  }
  return bytes;
}

async function* rest(iterator: ChunkIterator): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) return;
    yield value;
  }
}

/** Chunks that may be kept: inflating runs ahead of whoever reads. */
async function* copies(beginning: Uint8Array, iterator: ChunkIterator): AsyncGenerator<Uint8Array> {
  yield Buffer.from(beginning);
  for await (const chunk of rest(iterator)) yield Buffer.from(chunk);
}
