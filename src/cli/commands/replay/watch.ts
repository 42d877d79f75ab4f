import { escapeControl } from '../../../trace/text/escape.ts';
import { Debounce } from '../../files/debounce.ts';
import { STDIN_ARGUMENT } from '../../files/paths.ts';
import { FolderWatch } from '../../files/watch-folders.ts';
import { type Changes, changesBetween, type Look, look } from '../../files/watch-look.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import type { Host } from '../../streams/host.ts';
import { interruptible } from '../../streams/signals.ts';
import type { ReplayOptions } from './options.ts';
import { replaySources } from './replay-sources.ts';

/** An editor writes a file in several steps; a recording that grows for ever is still shown. */
const TIMES = { quiet_ms: 100, longest_ms: 2000 };

/** One `--watch`, from its first run to Ctrl-C. */
class Watch {
  readonly #paths: readonly string[];
  readonly #options: ReplayOptions;
  readonly #host: Host;
  readonly #stop: AbortSignal;
  readonly #debounce = new Debounce(TIMES);
  readonly #folders = new FolderWatch(() => this.#debounce.note());

  constructor(paths: readonly string[], options: ReplayOptions, host: Host, stop: AbortSignal) {
    this.#paths = paths;
    this.#options = options;
    this.#host = host;
    this.#stop = stop;
  }

  /** Looks until every folder that it found was watched before it was looked into. */
  async #look(): Promise<Look> {
    for (;;) {
      const seen = await look(this.#paths);
      if (!this.#folders.set(seen.folders)) return seen;
    }
  }

  async #replay({ sources, problems }: Changes, { found }: Look): Promise<Outcome> {
    const scope = {
      found: { sources, problems, directories: found.directories },
      several: found.sources.length > 1,
      shard: null,
      stop: this.#stop,
    };
    const outcome = await replaySources(scope, this.#options, this.#host);
    const { stdout, stderr, isTerminal } = this.#host;
    await stdout.flush();
    if (isTerminal.stderr) {
      const { length } = found.sources;
      const files = length === 1 ? '1 file' : `${length} files`;
      stderr.tell(`\nreplay: watching ${files}; Ctrl-C ends\n`);
    }
    await stderr.flush();
    return outcome;
  }

  async #tellGone(paths: readonly string[]): Promise<void> {
    const { stderr } = this.#host;
    for (const path of paths) stderr.tell(`replay: ${escapeControl(path)} is gone\n`);
    await stderr.flush();
  }

  /**
   * Goes on until Ctrl-C, by which it throws what the signal says, or until nobody reads the
   * output any more.
   */
  async run(): Promise<Outcome> {
    const { stdout, isTerminal } = this.#host;
    try {
      let seen = await this.#look();
      const { sources, problems } = seen.found;
      let outcome = await this.#replay({ sources, problems, gone: [] }, seen);
      while (stdout.error === null) {
        await this.#debounce.settled(this.#stop);
        this.#stop.throwIfAborted();
        const before = seen;
        seen = await this.#look();
        const changes = changesBetween(before, seen);
        const isRun = changes.sources.length > 0 || changes.problems.length > 0;
        if (isRun && isTerminal.stdout) stdout.clearScreen();
        await this.#tellGone(changes.gone);
        if (isRun) outcome = await this.#replay(changes, seen);
      }
      return outcome;
    } finally {
      this.#folders.close();
    }
  }
}

/**
 * `replay --watch`: replays everything once, then whatever is new or has changed, until Ctrl-C.
 *
 * @throws KnownError for an unknown invariant, standard input, or more folders than can be watched
 */
export async function runWatch(
  paths: readonly string[],
  options: ReplayOptions,
  host: Host,
): Promise<Outcome> {
  if (paths.includes(STDIN_ARGUMENT)) {
    throw new KnownError('--watch: standard input (-) cannot be watched; name a file or directory');
  }
  return interruptible(async (stop) => {
    try {
      return await new Watch(paths, options, host, stop).run();
    } catch (error) {
      if (stop.aborted) return 'interrupted';
      throw error;
    }
  });
}
