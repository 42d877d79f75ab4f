import { Buffer } from 'node:buffer';
import { type Stats, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Temporary } from './temporary.ts';

/** Bytes that are collected before they are written. */
const FULL_AT = 1024 * 1024;

/**
 * The new content of a file: written to another file in the same folder, which takes the old
 * one's place, owner and permissions in one step, or vanishes.
 */
export class Replacement {
  readonly #target: string;
  readonly #temporary: Temporary;
  #parts: Uint8Array[] = [];
  #size = 0;

  /**
   * @param target the file itself, not a link to it
   * @throws an error of the operating system, when nothing can be written there
   */
  constructor(target: string) {
    this.#target = target;
    this.#temporary = new Temporary(dirname(target), true);
  }

  /** Where the new content stands until it takes its place. */
  get path(): string {
    return this.#temporary.path;
  }

  /** Adds bytes; they are copied. */
  write(bytes: Uint8Array): void {
    this.#parts.push(Buffer.from(bytes));
    this.#size += bytes.length;
    if (this.#size >= FULL_AT) this.flush();
  }

  /** Hands everything to the operating system, so that it can be read at `path`. */
  flush(): void {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#temporary.file, bytes, at);
  }

  /** Takes the place of the old file, whose owner and permissions are given. */
  commit(before: Stats): void {
    this.flush();
    this.#temporary.moveTo(this.#target, before);
  }

  /** Removes what was written; the old file stays as it is. */
  discard(): void {
    this.#temporary.remove();
  }
}
