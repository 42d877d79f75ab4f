import type { Readable } from 'node:stream';
import { KnownError } from '../outcome/errors.ts';
import { nothingInStdin } from '../streams/stdin.ts';
import { chunksOf, chunksOfPipe } from './chunks.ts';
import { inflated } from './inflate.ts';
import type { Source } from './paths.ts';

/**
 * The bytes of a trace, inflated if gzip compressed them; each chunk is to be used before the next
 * one is asked for.
 *
 * @param stdin read instead of the path, unless it is null
 * @throws KnownError, or an error of the operating system or of zlib, when they cannot be read
 */
export function bytesOf(
  { path, isRegular }: Pick<Source, 'path' | 'isRegular'>,
  stdin: Readable | null,
): AsyncGenerator<Uint8Array> {
  if (stdin === null) return inflated(isRegular ? chunksOf(path) : chunksOfPipe(path));
  const what = nothingInStdin(stdin);
  if (what !== null) throw new KnownError(what);
  return inflated(stdin);
}
