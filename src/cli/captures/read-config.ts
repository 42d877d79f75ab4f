import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfigFile, type HaproxyConfig, parseConfig } from '../../import/index.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { checkName } from '../files/names.ts';
import { KnownError, systemErrorText } from '../outcome/errors.ts';

const CONFIG_MIB = 64;
const MIB = 1024 * 1024;
const EXTENSION = '.cfg';

/** Files of a path: itself, or the `*.cfg` of a directory, in the order in which HAProxy reads them. */
async function filesOf(path: string): Promise<string[]> {
  checkName(path);
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter(
    (name) => name.endsWith(EXTENSION) && !name.startsWith('.'),
  );
  if (names.length === 0) throw new KnownError(`no file in it ends in ${EXTENSION}`);
  return names.sort().map((name) => join(path, name));
}

async function readOne(path: string): Promise<ConfigFile> {
  if ((await stat(path)).size > CONFIG_MIB * MIB) {
    throw new KnownError(`it is larger than ${CONFIG_MIB} MiB, which is the most that is read`);
  }
  const text = await readFile(path, 'utf8');
  if (text.includes('\0')) throw new KnownError('it is no text: it has a NUL byte');
  return { path, text };
}

/**
 * What configuration files say, one after the other.
 *
 * @throws KnownError for one that cannot be read
 */
export async function readConfig(paths: readonly string[]): Promise<HaproxyConfig> {
  const files: ConfigFile[] = [];
  for (const path of paths) {
    try {
      for (const file of await filesOf(path)) files.push(await readOne(file));
    } catch (error) {
      const why = systemErrorText(error);
      throw new KnownError(`--config ${escapeControl(path)}: cannot be read: ${why}`);
    }
  }
  return parseConfig(files);
}
