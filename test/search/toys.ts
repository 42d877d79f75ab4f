import { DISABLED, END, type Model } from '../../src/search/model.ts';

/** A model of numbers: `next` gives the numbers that follow one; null ends the run. */
export class Numbers implements Model {
  readonly words = new Uint32Array(4096);
  findings: readonly string[] = [];
  opened = 0;
  #open = 0;

  constructor(
    readonly start: number,
    readonly next: (number: number) => readonly (number | null | undefined)[],
    readonly found: (from: number, to: number | null) => readonly string[] = () => [],
    /** Length of a state in words. */
    readonly length: (number: number) => number = () => 1,
  ) {}

  initial(): number {
    return this.#pack(this.start);
  }

  open(words: Uint32Array, at: number): number {
    this.opened++;
    this.#open = words[at] ?? 0;
    return this.next(this.#open).length;
  }

  take(action: number): number {
    const to = this.next(this.#open)[action];
    this.findings = [];
    if (to === undefined) return DISABLED;
    this.findings = this.found(this.#open, to);
    return to === null ? END : this.#pack(to);
  }

  #pack(number: number): number {
    const length = this.length(number);
    this.words.fill(number, 0, length);
    return length;
  }
}
