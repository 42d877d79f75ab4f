import { Buffer, isUtf8 } from 'node:buffer';
import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { findBadUtf8, REPLACEMENT } from '../../trace/text/utf8.ts';
import { KnownError } from '../outcome/errors.ts';

/** A byte that is not UTF-8 stands in a name as the lone surrogate at this place behind 0. */
const ESCAPED_AT = 0xdc00;
const ESCAPED = /[\udc80-\udcff]/u;

/**
 * A name as text that tells it from all others: bytes that are not UTF-8 are lone surrogates, which
 * are escaped wherever they are printed.
 */
export function nameOf(bytes: Uint8Array): string {
  let name = '';
  for (let rest = bytes; ; ) {
    const bad = findBadUtf8(rest);
    if (bad === null) return name + Buffer.from(rest).toString('utf8');
    name += Buffer.from(rest.subarray(0, bad.offset)).toString('utf8');
    name += String.fromCharCode(ESCAPED_AT + (rest[bad.offset] ?? 0));
    rest = rest.subarray(bad.offset + 1);
  }
}

function bytesOfName(name: string): Buffer {
  const parts = Array.from(name, (character) =>
    ESCAPED.test(character)
      ? Buffer.of(character.charCodeAt(0) - ESCAPED_AT)
      : Buffer.from(character),
  );
  return Buffer.concat(parts);
}

/** @throws KnownError for a name that is not UTF-8: node would open another file */
export function checkName(name: string, what = 'name'): void {
  const escaped = ESCAPED.exec(name)?.[0];
  if (escaped === undefined) return;
  const byte = (escaped.charCodeAt(0) - ESCAPED_AT).toString(16).toUpperCase();
  throw new KnownError(`its ${what} is not UTF-8: it has the byte 0x${byte}; give it another name`);
}

/**
 * Arguments as the system has them, where node has put something else in their place.
 *
 * @param args the last arguments of the process, as node has them
 * @param line the command line of the process, as Linux has it: each argument ends with a NUL
 */
export function givenNames(args: readonly string[], line: Uint8Array): readonly string[] {
  const parts: Uint8Array[] = [];
  for (let from = 0; from < line.length; ) {
    const end = line.indexOf(0, from);
    const to = end === -1 ? line.length : end;
    parts.push(line.subarray(from, to));
    from = to + 1;
  }
  const given = parts.slice(parts.length - args.length);
  return args.map((arg, at) => {
    const bytes = given[at];
    if (!arg.includes(REPLACEMENT) || bytes === undefined) return arg;
    return Buffer.from(bytes).toString('utf8') === arg ? nameOf(bytes) : arg;
  });
}

/** What stands in a directory. */
export interface Entry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** The entries of a directory, those with names that are not UTF-8 by what tells them apart. */
export async function entriesOf(directory: string): Promise<readonly Entry[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes(REPLACEMENT))) return entries;
  const found = await readdir(directory, { withFileTypes: true, encoding: 'buffer' });
  return found.map((entry) => ({
    name: nameOf(entry.name),
    isFile: () => entry.isFile(),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
}

/**
 * The one real name of a file.
 *
 * @throws KnownError when that is not UTF-8; else the error of the operating system
 */
export async function realNameOf(path: string): Promise<string> {
  const real = await realpath(path, { encoding: 'buffer' });
  if (!isUtf8(real)) checkName(nameOf(real), 'real path');
  return real.toString('utf8');
}

/** The kind of what stands under a name, which may be no UTF-8; links are followed. */
export async function kindOf(path: string): Promise<Stats> {
  return await stat(ESCAPED.test(path) ? bytesOfName(path) : path);
}
