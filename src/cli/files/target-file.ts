import { createWriteStream, type WriteStream } from 'node:fs';
import { chmod, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { systemCode } from '../outcome/errors.ts';
import { Output } from '../streams/output.ts';

/** Where the bytes of a file go: links followed, and whether there is a file to be replaced. */
interface Target {
  /** The one real name, also of a file that does not exist yet. */
  readonly real: string;
  /** A pipe or a device is written directly; a rename would put a file in its place. */
  readonly isDirect: boolean;
  /** Permissions of the file that is replaced, or null. */
  readonly mode: number | null;
}

/**
 * The one real name of a file that may not exist yet.
 *
 * @throws the error of the operating system when its folder cannot be found
 */
export async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}

async function targetOf(path: string): Promise<Target> {
  try {
    const found = await stat(path);
    const isDirect = !found.isFile() && !found.isDirectory();
    // A pipe of the shell, /dev/fd/63, has no real path.
    const real = isDirect ? path : await realpath(path);
    return { real, isDirect, mode: found.mode };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return { real: await realTarget(path), isDirect: false, mode: null };
  }
}

/**
 * A file that is written to its end or not at all: text goes to a temporary file beside it, which
 * takes its name when it is complete.
 */
export class TargetFile {
  readonly output: Output;
  readonly #target: Target;
  readonly #temporary: string;
  readonly #stream: WriteStream;

  private constructor(target: Target, temporary: string) {
    this.#target = target;
    this.#temporary = temporary;
    this.#stream = createWriteStream(temporary, { flags: target.isDirect ? 'w' : 'wx' });
    this.output = new Output(this.#stream);
  }

  /**
   * Begins to write a file.
   *
   * @throws the error of the operating system; one of writing is thrown by `commit`
   */
  static async open(path: string): Promise<TargetFile> {
    const target = await targetOf(path);
    const { real, isDirect } = target;
    const name = `.${basename(real)}.${process.pid}.tmp`;
    return new TargetFile(target, isDirect ? real : join(dirname(real), name));
  }

  /**
   * Puts the complete file in its place.
   *
   * @throws the error of the operating system that made it impossible; nothing is left behind
   */
  async commit(): Promise<void> {
    const { real, isDirect, mode } = this.#target;
    try {
      await this.output.flush();
      // A pipe whose reader has seen enough, which is no error.
      if (isDirect && this.output.isClosedByReader) return await this.abandon();
      if (this.output.error !== null) throw this.output.error;
      this.#stream.end();
      await finished(this.#stream);
      if (isDirect) return;
      if (mode !== null) await chmod(this.#temporary, mode);
      await rename(this.#temporary, real);
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  /** Gives the file up: what stood in its place before stays. */
  async abandon(): Promise<void> {
    this.#stream.destroy();
    if (!this.#target.isDirect) await rm(this.#temporary, { force: true });
  }
}

/**
 * Writes a file to its end or not at all.
 *
 * @throws the error of the operating system when it cannot be written; nothing is left behind
 */
export async function writeTarget(path: string, text: string): Promise<void> {
  const file = await TargetFile.open(path);
  file.output.write(text);
  await file.commit();
}
