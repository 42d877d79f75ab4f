import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KnownError, systemErrorText } from '../outcome/errors.ts';
import { checkName, entriesOf, kindOf } from './names.ts';

/** What stands for standard input on the command line. */
export const STDIN_ARGUMENT = '-';
/** How the names of traces end in a directory. */
const EXTENSIONS = ['.jsonl', '.jsonl.gz'] as const;

/** The name of standard input in everything that is printed. */
export const STDIN_NAME = '<stdin>';

/** One trace to replay. */
export interface Source {
  /** As given or found; `<stdin>` for standard input. */
  readonly path: string;
  readonly stdin: boolean;
  /** A file of the disk: to read it takes no longer than its bytes do. */
  readonly isRegular: boolean;
  /** Place among all files of the paths, from 0; a shard does not change it. */
  readonly index: number;
}

/** A path that cannot be replayed, in words. */
export interface PathProblem {
  readonly path: string;
  readonly what: string;
}

/** What came of expanding the paths of a command line. */
export interface Sources {
  /** Each file once, in the order of the paths, those of a directory by code units. */
  readonly sources: readonly Source[];
  readonly problems: readonly PathProblem[];
  /** Real paths of the directories that were looked into: a new trace can appear in each. */
  readonly directories: ReadonlySet<string>;
}

function byCodeUnits(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

const PATTERNS = EXTENSIONS.map((extension) => `*${extension}`).join(' and ');

function isNamedLikeTrace(path: string): boolean {
  return EXTENSIONS.some((extension) => path.endsWith(extension));
}

/** A file or directory under the name that is printed, and its one real name. */
interface Found {
  readonly path: string;
  readonly real: string;
}

interface Kind {
  isFile(): boolean;
  isDirectory(): boolean;
}

/** Whether what is found in a directory is looked at. */
function isWanted(path: string, kind: Kind): boolean {
  return kind.isDirectory() || isNamedLikeTrace(path);
}

class Expansion {
  readonly sources: Source[] = [];
  readonly problems: PathProblem[] = [];
  /** Real paths of the files taken and of the directories entered: links may lead back. */
  readonly #files = new Set<string>();
  readonly directories = new Set<string>();

  #fail(path: string, error: unknown): void {
    this.problems.push({
      path,
      what: `cannot be read: ${systemErrorText(error)}`,
    });
  }

  async add(path: string): Promise<void> {
    if (path === STDIN_ARGUMENT) {
      if (this.sources.some((source) => source.stdin)) {
        throw new KnownError('standard input (-) is given twice; it can be read only once');
      }
      this.#take(STDIN_NAME, { stdin: true, isRegular: false });
      return;
    }
    try {
      checkName(path);
      const target = await stat(path);
      if (target.isDirectory()) await this.#addDirectory(path);
      else if (target.isFile()) this.#addFile({ path, real: await realpath(path) });
      // A pipe of the shell, /dev/fd/63, has no real path.
      else this.#addFile({ path, real: path }, false);
    } catch (error) {
      this.#fail(path, error);
    }
  }

  #addFile({ path, real }: Found, isRegular = true): void {
    if (this.#files.has(real)) return;
    this.#files.add(real);
    this.#take(path, { stdin: false, isRegular });
  }

  #take(path: string, kind: Pick<Source, 'stdin' | 'isRegular'>): void {
    this.sources.push({ path, ...kind, index: this.sources.length });
  }

  async #addDirectory(path: string): Promise<void> {
    const real = await realpath(path);
    const isKnown = this.directories.has(real);
    const problemsBefore = this.problems.length;
    const found: Found[] = [];
    await this.#walk({ path, real }, found);
    if (found.length === 0 && !isKnown && this.problems.length === problemsBefore) {
      this.problems.push({
        path,
        what: `no traces in this directory; ${PATTERNS} files are read, at any depth`,
      });
    }
    found.sort((one, other) => byCodeUnits(one.path, other.path));
    for (const file of found) this.#addFile(file);
  }

  async #walk(directory: Found, found: Found[]): Promise<void> {
    if (this.directories.has(directory.real)) return;
    this.directories.add(directory.real);
    // Sorted, so that of two links to one directory the same is followed on every machine.
    const entries = await entriesOf(directory.path);
    for (const entry of [...entries].sort((one, other) => byCodeUnits(one.name, other.name))) {
      if (entry.name.startsWith('.')) continue;
      const path = join(directory.path, entry.name);
      try {
        if (entry.isSymbolicLink()) await this.#followLink(path, found);
        else await this.#visit({ path, real: join(directory.real, entry.name) }, entry, found);
      } catch (error) {
        this.#fail(path, error);
      }
    }
  }

  async #visit(file: Found, kind: Kind, found: Found[]): Promise<void> {
    if (!isWanted(file.path, kind)) return;
    checkName(file.path);
    if (kind.isDirectory()) await this.#walk(file, found);
    else if (kind.isFile()) found.push(file);
    else this.problems.push({ path: file.path, what: 'cannot be read: not a regular file' });
  }

  async #followLink(path: string, found: Found[]): Promise<void> {
    let kind: Kind;
    try {
      kind = await kindOf(path);
    } catch (error) {
      // A broken link is a problem only where a trace was meant.
      if (isNamedLikeTrace(path)) this.#fail(path, error);
      return;
    }
    if (!isWanted(path, kind)) return;
    checkName(path);
    await this.#visit({ path, real: await realpath(path) }, kind, found);
  }
}

/**
 * The traces that paths stand for: a file is itself, whatever its name; a directory is every
 * `*.jsonl` or `*.jsonl.gz` file below it, names with a leading dot left out; `-` is standard input.
 *
 * @throws KnownError when standard input is given twice
 */
export async function expandPaths(paths: readonly string[]): Promise<Sources> {
  const expansion = new Expansion();
  for (const path of paths) await expansion.add(path);
  const { sources, problems, directories } = expansion;
  // Not the expansion itself: it knows each file by a second name.
  return { sources, problems, directories };
}
