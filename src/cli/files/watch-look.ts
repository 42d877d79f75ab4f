import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { expandPaths, type PathProblem, type Source, type Sources } from './paths.ts';
import type { Folders } from './watch-folders.ts';

/** What is watched, as it was at one moment. */
export interface Look {
  readonly found: Sources;
  /** By path, what changes when the content of a trace does; no entry for one that is gone. */
  readonly states: ReadonlyMap<string, string>;
  /** Where a change of any of it shows. */
  readonly folders: Folders;
}

/** What is different between two looks. */
export interface Changes {
  /** New or changed, in the order of the files. */
  readonly sources: readonly Source[];
  readonly problems: readonly PathProblem[];
  /** Paths of traces that are gone, and are not among the problems. */
  readonly gone: readonly string[];
}

/** Collects folders; all names of a folder outdo some of them. */
class FolderSet {
  readonly folders = new Map<string, Set<string> | null>();

  addAll(folder: string): void {
    this.folders.set(folder, null);
  }

  /** An entry, in the nearest folder above it that exists. */
  async addEntry(path: string): Promise<void> {
    let entry = resolve(path);
    let folder = dirname(entry);
    while (folder !== entry && !(await isThere(folder))) {
      entry = folder;
      folder = dirname(entry);
    }
    const names = this.folders.get(folder);
    if (names === undefined) this.folders.set(folder, new Set([basename(entry)]));
    else names?.add(basename(entry));
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await orNull(stat(path))) !== null;
}

/** Null for what is gone or closed to us: replaying it tells. */
async function orNull<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value;
  } catch {
    return null;
  }
}

/** Looks at everything that paths stand for. */
export async function look(paths: readonly string[]): Promise<Look> {
  const found = await expandPaths(paths);
  const folders = new FolderSet();
  for (const directory of found.directories) folders.addAll(directory);
  for (const path of paths) {
    // A directory is watched from within; a file, a link, or what is not there yet, from outside.
    const kind = await orNull(lstat(path));
    if (kind?.isDirectory() !== true) await folders.addEntry(path);
  }
  const states = new Map<string, string>();
  for (const { path } of found.sources) {
    const state = await orNull(stat(path, { bigint: true }));
    if (state !== null) states.set(path, `${state.ino} ${state.size} ${state.mtimeNs}`);
    const real = await orNull(realpath(path));
    if (real !== null && !found.directories.has(dirname(real))) await folders.addEntry(real);
  }
  return { found, states, folders: folders.folders };
}

/** What happened between two looks. */
export function changesBetween(before: Look, after: Look): Changes {
  const isKnown = ({ path, what }: PathProblem): boolean =>
    before.found.problems.some((problem) => problem.path === path && problem.what === what);
  const problemPaths = new Set(after.found.problems.map(({ path }) => path));
  return {
    sources: after.found.sources.filter(
      ({ path }) => after.states.get(path) !== before.states.get(path),
    ),
    problems: after.found.problems.filter((problem) => !isKnown(problem)),
    gone: [...before.states.keys()].filter(
      (path) => !after.states.has(path) && !problemPaths.has(path),
    ),
  };
}
