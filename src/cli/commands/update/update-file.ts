import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import type { Problem } from '../../../trace/index.ts';
import { RawLines, TraceUpdate, type UpdateMode } from '../../../update/index.ts';
import { ChangedCopy, changedMeanwhile } from '../../files/changed-copy.ts';
import { chunksOfOpen } from '../../files/chunks.ts';
import { isGzip } from '../../files/inflate.ts';
import { realNameOf } from '../../files/names.ts';
import type { Replacement } from '../../files/replacement.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import { breathe } from '../../streams/breathe.ts';
import type { ProblemPrinter } from '../../streams/problems.ts';
import type { FileUpdate } from './text.ts';

/** How files are updated, the same for all of them. */
export interface UpdateFileOptions {
  readonly mode: UpdateMode;
  /** Also writes what should be looked at first. */
  readonly force: boolean;
}

/** Updates a trace line by line; `each` takes every line, and its new bytes if it has any. */
async function run(
  file: number,
  update: TraceUpdate,
  each: (raw: Buffer, rewritten: Buffer | null) => void,
): Promise<void> {
  const lines = new RawLines();
  for (const chunk of chunksOfOpen(file)) {
    for (const raw of lines.push(chunk)) each(raw, update.line(raw));
    if (update.done) return;
    await breathe(null);
  }
  for (const raw of lines.end()) each(raw, update.line(raw));
}

/** What was found in new content. */
interface Verified {
  /** The first thing that is wrong with it, or null. */
  readonly problem: Problem | null;
  /** First causes that stay. */
  readonly divergences: number;
}

/** Reads new content as a trace of its own: it must be valid, and leave nothing to update. */
async function verify(path: string, replacement: Replacement, mode: UpdateMode): Promise<Verified> {
  replacement.flush();
  const problems: Problem[] = [];
  const update = new TraceUpdate(path, mode, (problem) => {
    if (problems.length === 0) problems.push(problem);
  });
  const file = openSync(replacement.path, 'r');
  try {
    await run(file, update, () => {});
  } finally {
    closeSync(file);
  }
  const { divergences } = update.end();
  const problem = problems[0] ?? null;
  if (problem === null && update.lines > 0) {
    throw new Error('an update of what was just updated changes it again');
  }
  return { problem, divergences };
}

function isCompressed(file: number): boolean {
  const beginning = new Uint8Array(2);
  readSync(file, beginning, 0, beginning.length, 0);
  return isGzip(beginning);
}

function isSameFile(one: Stats, other: Stats): boolean {
  const keys = ['dev', 'ino', 'size', 'mtimeMs'] as const;
  return keys.every((key) => one[key] === other[key]);
}

/** A file on its way through an update. */
class FileRun {
  readonly #path: string;
  readonly #options: UpdateFileOptions;
  readonly #problems: ProblemPrinter;
  readonly #update: TraceUpdate;

  constructor(path: string, options: UpdateFileOptions, problems: ProblemPrinter) {
    this.#path = path;
    this.#options = options;
    this.#problems = problems;
    this.#update = new TraceUpdate(path, options.mode, (problem) => problems.add(problem));
  }

  /** Updates the file that is open; throws when that is not possible. */
  async run(file: number): Promise<FileUpdate> {
    const before = fstatSync(file);
    if (isCompressed(file)) throw new KnownError('it is compressed: unpack it first (gunzip)');
    const target = await realNameOf(this.#path);
    const copy = new ChangedCopy(file, target);
    try {
      await run(file, this.#update, (raw, rewritten) => {
        if (this.#isHopeless()) copy.drop();
        else copy.add(raw, rewritten);
      });
      const { divergences } = this.#update.end();
      const { replacement } = copy;
      const path = this.#path;
      if (this.#isRefused(divergences)) return { path, lines: 0, divergences, refused: true };
      if (replacement === null) return { path, lines: 0, divergences, refused: false };
      const verified = await verify(path, replacement, this.#options.mode);
      if (verified.problem !== null) {
        this.#tellInvalid(verified.problem);
        copy.drop();
        return { path, lines: 0, divergences, refused: true };
      }
      if (!isSameFile(before, statSync(target))) throw changedMeanwhile();
      replacement.commit(before);
      const { lines } = this.#update;
      return { path, lines, divergences: verified.divergences, refused: false };
    } catch (error) {
      copy.drop();
      throw error;
    }
  }

  /** An input that contradicts the rules can contradict what they make of it, too. */
  #tellInvalid({ what, ...problem }: Problem): void {
    this.#problems.add({ ...problem, what: `not updated: it would become invalid: ${what}` });
  }

  /** Nothing will be written, whatever follows. */
  #isHopeless(): boolean {
    const { isValid, refusal } = this.#update;
    return !isValid || (refusal !== null && !this.#options.force);
  }

  /** Says why nothing is written, unless there is nothing to write anyway. */
  #isRefused(divergences: number): boolean {
    const { isValid, refusal, lines } = this.#update;
    if (!isValid) this.#problems.addFile('not updated: the trace is invalid');
    if (!isValid || refusal === null || this.#options.force) return !isValid;
    if (lines === 0 && divergences === 0) return false;
    const what = `not updated: ${refusal.what}`;
    const allowed = 'look into it first; --update-force updates the file all the same';
    this.#problems.add({ path: this.#path, line: refusal.line, column: 1, what, allowed });
    return true;
  }
}

/**
 * Writes what a trace's steps did into what it expects of them. The file is replaced as a whole,
 * or not at all; one that needs no change is not touched. Why it was refused is printed.
 */
export async function updateFile(
  path: string,
  options: UpdateFileOptions,
  problems: ProblemPrinter,
): Promise<FileUpdate> {
  try {
    const file = openSync(path, 'r');
    try {
      return await new FileRun(path, options, problems).run(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    problems.addFile(`not updated: ${systemErrorText(error)}`);
    return { path, lines: 0, divergences: 0, refused: true };
  }
}
