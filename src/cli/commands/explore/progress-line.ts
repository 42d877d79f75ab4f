import type { Exploration } from '../../../explore/index.ts';
import type { Host } from '../../streams/host.ts';
import { progressText } from './text.ts';

/** Milliseconds between two words on progress. */
const PROGRESS_MS = 500;

/** How far the search is, on one line of standard error, if that is a terminal. */
export class ProgressLine {
  readonly #host: Host;
  #toldAt = performance.now();
  #isShown = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Tells how far it is, now and then. */
  async show(exploration: Exploration): Promise<void> {
    const { stderr, isTerminal } = this.#host;
    const now = performance.now();
    if (!isTerminal.stderr || now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    this.#isShown = true;
    const text = progressText(exploration.progress, exploration.result().finds);
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
