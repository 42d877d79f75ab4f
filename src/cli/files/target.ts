import type { Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KnownError, systemCode } from '../outcome/errors.ts';
import { checkName, realNameOf } from './names.ts';
import { reasonToKeep } from './replaceable.ts';

/** Links that are followed one after the other, as the system does. */
const LINKS_MAX = 40;

/** Where the bytes of a file go: links followed, and whether there is a file to be replaced. */
export interface Target {
  /** The one real name, also of a file that does not exist yet. */
  readonly real: string;
  /** A pipe or a device is written directly; a rename would put a file in its place. */
  readonly isDirect: boolean;
  /** The file that is replaced, or null. */
  readonly before: Stats | null;
}

/** Null where nothing stands under a name. */
async function found<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return null;
  }
}

/**
 * The one real name of a file that may not exist yet. A link is followed to its end, also where it
 * leads to nothing so far.
 *
 * @throws the error of the operating system when its folder cannot be found
 */
export async function realTarget(path: string): Promise<string> {
  let name = path;
  for (let links = 0; links < LINKS_MAX; links++) {
    const real = await found(realNameOf(name));
    if (real !== null) return real;
    const folder = await realNameOf(dirname(name));
    const kind = await found(lstat(name));
    if (kind?.isSymbolicLink() !== true) return join(folder, basename(name));
    name = resolve(folder, await readlink(name));
  }
  // Only where links are made faster than they are followed: the system says ELOOP itself.
  return await realNameOf(path);
}

/**
 * Where the bytes of a file go that is to be written.
 *
 * @throws KnownError when a file stands there that cannot be replaced without changing what it is;
 *   else the error of the operating system
 */
export async function targetOf(path: string): Promise<Target> {
  checkName(path);
  const kind = await found(stat(path));
  if (kind === null) return { real: await realTarget(path), isDirect: false, before: null };
  const isDirect = !kind.isFile() && !kind.isDirectory();
  // A pipe of the shell, /dev/fd/63, has no real path.
  if (isDirect) return { real: path, isDirect, before: null };
  const why = kind.isFile() ? reasonToKeep(kind) : null;
  if (why !== null) throw new KnownError(why);
  return { real: await realNameOf(path), isDirect, before: kind };
}
