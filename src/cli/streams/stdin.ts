import { fstatSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { systemCode } from '../outcome/errors.ts';

/** What an empty standard input is without being one: it stands for it where it is closed. */
const NULL_DEVICE = '/dev/null';

/**
 * Why there is nothing to be read from standard input, where that is known beforehand; else null.
 * Node opens the null device in the place of a closed one.
 */
export function nothingInStdin(stdin: Readable): string | null {
  if (!('fd' in stdin) || typeof stdin.fd !== 'number') return null;
  try {
    const kind = fstatSync(stdin.fd);
    if (kind.isDirectory()) return 'it is a directory; give its path instead of -';
    if (!kind.isCharacterDevice() || kind.rdev !== statSync(NULL_DEVICE).rdev) return null;
    return `it is closed, or ${NULL_DEVICE}; give a trace: replay - < trace.jsonl`;
  } catch (error) {
    // A system without such a device, or a descriptor that reading will say more of.
    if (systemCode(error) === null) throw error;
    return null;
  }
}
