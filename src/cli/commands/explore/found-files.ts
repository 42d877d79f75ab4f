import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Find } from '../../../explore/index.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { checkName } from '../../files/names.ts';
import { writeTarget } from '../../files/target-file.ts';
import { Temporary } from '../../files/temporary.ts';
import { KnownError, systemCode, systemErrorText } from '../../outcome/errors.ts';

/** Words in characters that every system allows in the name of a file. */
export function inFileName(words: string): string {
  return words.replace(/[^A-Za-z0-9_.]+/g, '-').replace(/^-|-$/g, '');
}

/** The name of the file of a find: its finding. */
export function fileNameOf({ finding }: Find): string {
  return `${inFileName(finding)}.jsonl`;
}

/**
 * Makes a directory and those above it. One at a time: made all at once, some that the system
 * never makes, as below /proc, would be tried for ever.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    const isThere = code === 'EEXIST' && (await stat(path)).isDirectory();
    if (isThere) return;
    const above = dirname(path);
    const lacksParent = code === 'ENOENT' && path !== '' && !(await exists(above));
    if (!lacksParent || above === path) throw error;
    await makeDirectory(above);
    await mkdir(path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The directory that finds are written to. */
export class FoundFiles {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Makes the directory, if it is not there, and sees to it that files can be written in it.
   *
   * @throws KnownError when they cannot
   */
  static async open(directory: string): Promise<FoundFiles> {
    try {
      checkName(directory);
      await makeDirectory(directory);
      new Temporary(directory, true).remove();
    } catch (error) {
      const why = systemErrorText(error);
      throw new KnownError(`--out: nothing can be written to ${escapeControl(directory)}: ${why}`);
    }
    return new FoundFiles(directory);
  }

  /**
   * Writes the trace of a find.
   *
   * @returns the path of the file
   * @throws the error of the operating system when it cannot be written; nothing is left behind
   */
  write(find: Find): Promise<string> {
    return this.writeText(fileNameOf(find), find.text);
  }

  /**
   * Writes a text to a file of the directory, or of one below it.
   *
   * @param path from the directory on, with a slash between folders
   * @returns the path of the file
   * @throws the error of the operating system when it cannot be written; nothing is left behind
   */
  async writeText(path: string, text: string): Promise<string> {
    const file = join(this.#directory, ...path.split('/'));
    await makeDirectory(dirname(file));
    await writeTarget(file, text);
    return file;
  }
}
