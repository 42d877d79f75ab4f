import { createWriteStream, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { Output } from '../streams/output.ts';
import { type Target, targetOf } from './target.ts';
import { Temporary } from './temporary.ts';

/**
 * A file that is written to its end or not at all: text goes to a temporary file beside it, which
 * takes its name when it is complete.
 */
export class TargetFile {
  readonly output: Output;
  readonly #target: Target;
  /** Null where the bytes go to their place at once. */
  readonly #temporary: Temporary | null;
  readonly #stream: WriteStream;

  private constructor(target: Target) {
    this.#target = target;
    const { real, isDirect, before } = target;
    this.#temporary = isDirect ? null : new Temporary(dirname(real), before !== null);
    const file = this.#temporary?.file;
    const options = file === undefined ? { flags: 'w' } : { fd: file, autoClose: false };
    this.#stream = createWriteStream(real, options);
    this.output = new Output(this.#stream);
  }

  /**
   * Begins to write a file.
   *
   * @throws KnownError when a file stands there that must not be replaced; else the error of the
   *   operating system; one of writing is thrown by `commit`
   */
  static async open(path: string): Promise<TargetFile> {
    return new TargetFile(await targetOf(path));
  }

  /**
   * Puts the complete file in its place.
   *
   * @throws KnownError when the owner of the file that stood there cannot be kept; else the error
   *   of the operating system; nothing is left behind
   */
  async commit(): Promise<void> {
    const { real, isDirect, before } = this.#target;
    try {
      await this.output.flush();
      // A pipe whose reader has seen enough, which is no error.
      if (isDirect && this.output.isClosedByReader) return this.abandon();
      if (this.output.error !== null) throw this.output.error;
      this.#stream.end();
      await finished(this.#stream);
      this.#temporary?.moveTo(real, before);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Gives the file up: what stood in its place before stays. */
  abandon(): void {
    // A stream that is destroyed closes its file, whenever that may be: the temporary one is closed
    // before it is removed, and must not be closed twice.
    if (this.#temporary === null) this.#stream.destroy();
    else this.#temporary.remove();
  }
}

/**
 * Writes a file to its end or not at all.
 *
 * @param parts of its text, each asked for when the one before is written
 * @throws as `TargetFile` does when it cannot be written; nothing is left behind
 */
export async function writeParts(path: string, parts: Iterable<string>): Promise<void> {
  const file = await TargetFile.open(path);
  await file.output.writeAll(parts);
  await file.commit();
}

/** Writes a file to its end or not at all, like `writeParts`. */
export async function writeTarget(path: string, text: string): Promise<void> {
  await writeParts(path, [text]);
}
