import { Buffer } from 'node:buffer';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../outcome/errors.ts';

/** Bytes that are collected before they are written. */
const FULL_AT = 1024 * 1024;
/** Names tried for the new file; one that was left behind by a killed process stays. */
const ATTEMPTS_MAX = 100;

const PERMISSIONS = 0o7777;

/**
 * The new content of a file: written to another file in the same folder, which takes the old
 * one's place, owner and permissions in one step, or vanishes.
 */
export class Replacement {
  /** Where the new content stands until it takes its place. */
  readonly path: string;
  readonly #target: string;
  readonly #file: number;
  #parts: Uint8Array[] = [];
  #size = 0;
  #open = true;

  /**
   * @param target the file itself, not a link to it
   * @throws an error of the operating system, when nothing can be written there
   */
  constructor(target: string) {
    this.#target = target;
    const { path, file } = create(dirname(target));
    this.path = path;
    this.#file = file;
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
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  /** Takes the place of the old file, whose owner and permissions are given. */
  commit({ uid, gid, mode }: Stats): void {
    this.flush();
    try {
      fchownSync(this.#file, uid, gid);
    } catch (error) {
      // Only root may give a file away; it then belongs to whoever rewrites it.
      if (systemCode(error) !== 'EPERM') throw error;
    }
    fchmodSync(this.#file, mode & PERMISSIONS);
    fsyncSync(this.#file);
    this.#close();
    renameSync(this.path, this.#target);
  }

  /** Removes what was written; the old file stays as it is. */
  discard(): void {
    this.#close();
    rmSync(this.path, { force: true });
  }

  #close(): void {
    if (this.#open) closeSync(this.#file);
    this.#open = false;
  }
}

/** A new file with a name that no trace has, readable by nobody else. */
function create(folder: string): { path: string; file: number } {
  for (let attempt = 1; ; attempt++) {
    const path = join(folder, `.replay-update-${process.pid}-${attempt}`);
    try {
      return { path, file: openSync(path, 'wx', 0o600) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
