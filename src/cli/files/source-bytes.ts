import { Buffer } from 'node:buffer';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { KnownError } from '../outcome/errors.ts';
import { nothingInStdin } from '../streams/stdin.ts';
import { chunksOf, chunksOfPipe } from './chunks.ts';
import { inflated } from './inflate.ts';
import { checkName } from './names.ts';
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

/** Enough of a file to tell what it is. */
const BEGINNING_BYTES = 256 * 1024;
const MIB = 1024 * 1024;
const OPENING_BRACE = '{';

/** True where what follows changes nothing: no JSON object goes on like that. */
function isSettled(beginning: string): boolean {
  // A byte order mark, as Latin-1 has it.
  const text = beginning.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (!text.startsWith(OPENING_BRACE)) return true;
  const end = text.indexOf('\n');
  try {
    // The object is over, and there is more.
    JSON.parse(text.slice(0, end + 1));
    return text.slice(end).trim() !== '';
  } catch {
    return false;
  }
}

/**
 * The text of a file that holds one JSON object and is read as a whole; less where its beginning
 * shows already that it holds none.
 *
 * @param mebibytes how large it may be
 * @param what it should be, e.g. `a report`
 * @throws KnownError when it is larger or no text; else the error of the operating system
 */
export async function wholeText(path: string, mebibytes: number, what: string): Promise<string> {
  checkName(path);
  const tooLarge = `it is larger than ${mebibytes} MiB, which is the most for ${what}`;
  const kind = await stat(path);
  if (kind.isFile() && kind.size > mebibytes * MIB) throw new KnownError(tooLarge);
  const parts: Buffer[] = [];
  let size = 0;
  let isBegun = false;
  for await (const chunk of kind.isFile() ? chunksOf(path) : chunksOfPipe(path)) {
    parts.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > mebibytes * MIB) throw new KnownError(tooLarge);
    if (isBegun || size < BEGINNING_BYTES) continue;
    isBegun = true;
    const beginning = Buffer.concat(parts);
    if (beginning.includes(0)) throw new KnownError('it is no text: it has a NUL byte');
    if (isSettled(beginning.toString('latin1'))) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
