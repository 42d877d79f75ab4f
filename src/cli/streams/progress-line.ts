import type { Host } from './host.ts';

/** Milliseconds between two words on progress. */
const PROGRESS_MS = 500;

/** How far something is, on one line of standard error, if that is a terminal. */
export class ProgressLine {
  readonly #host: Pick<Host, 'stderr' | 'isTerminal'>;
  #toldAt = performance.now();
  #isShown = false;

  constructor(host: Pick<Host, 'stderr' | 'isTerminal'>) {
    this.#host = host;
  }

  /** Tells how far it is, now and then: `says` is asked when it is time. */
  async show(says: () => string): Promise<void> {
    const { stderr, isTerminal } = this.#host;
    const now = performance.now();
    if (!isTerminal.stderr || now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    this.#isShown = true;
    const text = says();
    // Of a line that went on in the next, only the end could be taken back.
    stderr.write(`\r\x1b[K${text.slice(0, stderr.columns ?? text.length)}`);
    await stderr.flush();
  }

  /** Makes room for other text. */
  async clear(): Promise<void> {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#host.stderr.write('\r\x1b[K');
    await this.#host.stderr.flush();
  }
}
