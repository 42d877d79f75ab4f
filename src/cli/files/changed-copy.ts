import { Buffer } from 'node:buffer';
import { accessSync, constants, fstatSync, readSync } from 'node:fs';
import { KnownError } from '../outcome/errors.ts';
import { CHUNK_BYTES } from './chunks.ts';
import { reasonToKeep } from './replaceable.ts';
import { Replacement } from './replacement.ts';

/** What is told when another program writes a file while it is updated. */
export function changedMeanwhile(): KnownError {
  return new KnownError('it changed while it was read');
}

/** The new content of a file, begun only when its first line changes. */
export class ChangedCopy {
  readonly #file: number;
  readonly #target: string;
  #replacement: Replacement | null = null;
  #offset = 0;

  constructor(file: number, target: string) {
    this.#file = file;
    this.#target = target;
  }

  /** Null while everything is as it was. */
  get replacement(): Replacement | null {
    return this.#replacement;
  }

  /** Takes a line of the file, and its new bytes if it has any. */
  add(raw: Buffer, rewritten: Buffer | null): void {
    if (rewritten !== null && this.#replacement === null) this.#begin();
    this.#replacement?.write(rewritten ?? raw);
    this.#offset += raw.length;
  }

  #begin(): void {
    // A rename asks for no permission to write the file itself.
    accessSync(this.#target, constants.W_OK);
    const why = reasonToKeep(fstatSync(this.#file));
    if (why !== null) throw new KnownError(why);
    this.#replacement = new Replacement(this.#target);
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.#offset));
    for (let at = 0; at < this.#offset; ) {
      const wanted = Math.min(buffer.length, this.#offset - at);
      const size = readSync(this.#file, buffer, 0, wanted, at);
      if (size === 0) throw changedMeanwhile();
      this.#replacement.write(buffer.subarray(0, size));
      at += size;
    }
  }

  /** Gives the new content up. */
  drop(): void {
    this.#replacement?.discard();
    this.#replacement = null;
  }
}
