import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { KnownError, systemCode } from '../outcome/errors.ts';
import { undoneBySignals } from '../streams/signals.ts';
import { FOREIGN } from './replaceable.ts';

/** Names tried for a new file. */
const ATTEMPTS_MAX = 100;
/** What another machine or container left behind is taken for dead when it is as old as this. */
const STALE_MS = 24 * 60 * 60 * 1000;
/** `.replay-<place>-<process>-<any>.tmp`: no trace, and hidden, so that no run takes it for one. */
const NAME = /^\.replay-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.tmp$/;
const PERMISSIONS = 0o7777;

/** What the system says; null where it says nothing, which is never more than a help. */
function ask<Answer>(system: () => Answer): Answer | null {
  try {
    return system();
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

/**
 * Where process ids mean what they mean here: two containers that share a volume may each have a
 * process of the same number.
 */
function placeOfProcess(): string {
  const parts = [
    hostname(),
    ask(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    ask(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
}

let place: string | null = null;

function ownPlace(): string {
  place ??= placeOfProcess();
  return place;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

/** Whether a file is left from a process that cannot be at work any more. */
function isStale(path: string, [, where, pid]: RegExpExecArray): boolean {
  if (where === ownPlace()) return !isAlive(Number(pid));
  return Date.now() - statSync(path).mtimeMs > STALE_MS;
}

/** Folders that were looked through by this process. */
const swept = new Set<string>();

/** Removes what runs that were killed have left in a folder. */
function sweep(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of ask(() => readdirSync(folder)) ?? []) {
    const parts = NAME.exec(name);
    const path = join(folder, name);
    // Somebody else may sweep as well.
    if (parts !== null && ask(() => isStale(path, parts)) === true) ask(() => rmSync(path));
  }
}

/**
 * A new file in the folder of the one whose place it takes when it is complete. Until then it bears
 * a name that nobody else gives a file, and vanishes when the run ends early, by a signal as well.
 */
export class Temporary {
  readonly path: string;
  /** Its descriptor. */
  readonly file: number;
  readonly #forget: () => void;
  #isOpen = true;
  #isThere = true;

  /**
   * @param folder in which it is made
   * @param isPrivate nobody else may read it until it takes the place of another file
   * @param ending makes ends of names, which may be taken
   * @throws the error of the operating system when nothing can be made there
   */
  constructor(folder: string, isPrivate: boolean, ending = anyEnding) {
    sweep(folder);
    let made: string | null = null;
    // Before there is anything to be undone: a signal may come as soon as there is.
    this.#forget = undoneBySignals(() => {
      if (made !== null) rmSync(made, { force: true });
    });
    try {
      const { path, file } = create(folder, isPrivate ? 0o600 : 0o666, ending);
      made = path;
      this.path = path;
      this.file = file;
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  /**
   * Takes the place of a file, with the owner and the permissions of the one that stood there.
   *
   * @param before null where none stood
   * @throws KnownError when the owner cannot be kept; else the error of the operating system
   */
  moveTo(target: string, before: Stats | null): void {
    if (before !== null) {
      own(this.file, before);
      fchmodSync(this.file, before.mode & PERMISSIONS);
      fsyncSync(this.file);
    }
    this.#close();
    renameSync(this.path, target);
    this.#isThere = false;
    this.#forget();
  }

  /** Removes it, unless it has taken its place. */
  remove(): void {
    this.#close();
    if (!this.#isThere) return;
    this.#isThere = false;
    this.#forget();
    rmSync(this.path, { force: true });
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.file);
    this.#isOpen = false;
  }
}

function own(file: number, { uid, gid }: Stats): void {
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    if (systemCode(error) !== 'EPERM') throw error;
    throw new KnownError(FOREIGN);
  }
}

function anyEnding(): string {
  return randomBytes(4).toString('hex');
}

function create(
  folder: string,
  mode: number,
  ending: () => string,
): { path: string; file: number } {
  for (let attempt = 1; ; attempt++) {
    const name = `.replay-${ownPlace()}-${process.pid}-${ending()}.tmp`;
    const path = join(folder, name);
    try {
      return { path, file: openSync(path, 'wx', mode) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST' || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
