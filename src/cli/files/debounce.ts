/** What counts as a pause, and how long to wait for one. */
export interface DebounceTimes {
  readonly quiet_ms: number;
  readonly longest_ms: number;
}

/** Turns a burst of changes, as one save of an editor causes it, into one. */
export class Debounce {
  readonly #times: DebounceTimes;
  #isPending = false;
  #hear: (() => void) | null = null;

  constructor(times: DebounceTimes) {
    this.#times = times;
  }

  /** Something changed. */
  note(): void {
    this.#isPending = true;
    this.#hear?.();
  }

  /**
   * Resolves once something has changed since the last call resolved, and then nothing for a
   * pause, or the longest time is over; also when the signal is aborted.
   */
  async settled(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      let quiet: NodeJS.Timeout | undefined;
      let longest: NodeJS.Timeout | undefined;
      const finish = (): void => {
        clearTimeout(quiet);
        clearTimeout(longest);
        signal.removeEventListener('abort', finish);
        this.#hear = null;
        this.#isPending = false;
        resolve();
      };
      this.#hear = () => {
        clearTimeout(quiet);
        quiet = setTimeout(finish, this.#times.quiet_ms);
        longest ??= setTimeout(finish, this.#times.longest_ms);
      };
      signal.addEventListener('abort', finish);
      if (this.#isPending) this.#hear();
    });
  }
}
