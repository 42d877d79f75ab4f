import { stat } from 'node:fs/promises';
import { escapeControl } from '../../trace/text/escape.ts';
import { KnownError, systemCode, systemErrorText } from '../outcome/errors.ts';
import { targetOf } from './target.ts';
import { writeParts } from './target-file.ts';

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

/**
 * Sees to it that a file can stand where `--out` says, before any work is done for it.
 *
 * @param input path of the trace that is read; null for standard input
 * @throws KnownError when that is a directory, in no directory, the input itself, or a file that
 *   must not be replaced
 */
export async function checkOut(out: string, input: string | null): Promise<void> {
  const name = `--out ${escapeControl(out)}`;
  const found = await statOf(out);
  if (found?.isDirectory()) throw new KnownError(`${name}: is a directory; name a file in it`);
  const read = input === null ? null : await statOf(input);
  if (found?.isFile() && read?.ino === found.ino && read.dev === found.dev) {
    throw new KnownError(`${name}: is the trace that is read; name another file`);
  }
  try {
    await targetOf(out);
  } catch (error) {
    throw new KnownError(`${name}: cannot be written: ${systemErrorText(error)}`);
  }
}

/**
 * Writes a file to its end or not at all.
 *
 * @param text the whole, or its parts, each asked for when the one before is written
 * @throws KnownError when that is not possible; what stood there before stays
 */
export async function writeOut(out: string, text: string | Iterable<string>): Promise<void> {
  try {
    await writeParts(out, typeof text === 'string' ? [text] : text);
  } catch (error) {
    const why = systemErrorText(error);
    throw new KnownError(`--out ${escapeControl(out)}: cannot be written: ${why}`);
  }
}
