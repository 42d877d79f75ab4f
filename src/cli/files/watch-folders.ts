import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import { KnownError, systemCode } from '../outcome/errors.ts';

/**
 * Folders by their absolute path, each with the names in it that matter; null for all of them. A
 * file is watched through its folder: many editors replace a file instead of writing into it.
 */
export type Folders = ReadonlyMap<string, ReadonlySet<string> | null>;

/** Watches the entries of some folders, not of the folders below them. */
export class FolderWatch {
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #folders: Folders = new Map();

  /** @param onChange called whenever something in a folder may have changed, maybe often */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these folders from now on and no others.
   *
   * @returns true if one is new: what happened in it before has not been heard
   * @throws KnownError when the system allows no more watches
   */
  set(folders: Folders): boolean {
    this.#folders = folders;
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#drop(folder);
    let hasNew = false;
    for (const folder of folders.keys()) {
      if (!this.#watchers.has(folder) && this.#add(folder)) hasNew = true;
    }
    return hasNew;
  }

  /** Watches nothing any more. */
  close(): void {
    this.set(new Map());
  }

  #add(folder: string): boolean {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, (type, name) => this.#hear(folder, type, name));
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOSPC' || code === 'EMFILE') {
        throw new KnownError(`--watch: the system allows no more watches (${code})`);
      }
      // Gone, or closed to us: what was found in it before will be missed by the next look.
      if (code !== null) return false;
      throw error;
    }
    // The folder itself is gone, as some systems tell it.
    watcher.on('error', () => {
      this.#drop(folder);
      this.#onChange();
    });
    this.#watchers.set(folder, watcher);
    return true;
  }

  #hear(folder: string, type: string, name: string | null): void {
    const names = this.#folders.get(folder);
    // The folder itself was moved or removed; another of its name needs a new watch.
    const isItself = type === 'rename' && (name === null || name === basename(folder));
    if (isItself) this.#drop(folder);
    if (isItself || name === null || names == null || names.has(name)) this.#onChange();
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
