/** Pixels that a step takes at most. */
const STEP_MAX = 96;

/** Which steps are seen, and how wide: pure numbers, in steps and pixels. */
export class Scale {
  /** Left end of what is seen, in steps. */
  start: number;
  /** Pixels to a step. */
  perStep = 1;
  #width = 1;

  /** Steps from `first` to `last`; each takes the place from its number to the next one. */
  constructor(
    readonly first: number,
    readonly last: number,
  ) {
    this.start = first;
  }

  get width(): number {
    return this.#width;
  }

  get count(): number {
    return Math.max(1, this.last - this.first + 1);
  }

  /** Right end of what is seen. */
  get end(): number {
    return this.start + this.#width / this.perStep;
  }

  /** The pixels to a step at which the whole trace is seen. */
  get least(): number {
    return Math.min(STEP_MAX, this.#width / this.count);
  }

  xOf(step: number): number {
    return (step - this.start) * this.perStep;
  }

  /** The step at a place, a fraction of it included. */
  stepAt(x: number): number {
    return this.start + x / this.perStep;
  }

  /** The place where something is drawn has got another width. */
  resize(width: number): void {
    const isWhole = this.perStep <= this.least;
    this.#width = Math.max(1, width);
    if (isWhole) this.perStep = this.least;
    this.#clamp();
  }

  /** Everything is seen. */
  whole(): void {
    this.perStep = this.least;
    this.#clamp();
  }

  /** Steps `first` to `last` are seen. */
  show(first: number, last: number): void {
    this.perStep = this.#width / Math.max(1, last - first + 1);
    this.start = first;
    this.#clamp();
  }

  panBy(pixels: number): void {
    this.start += pixels / this.perStep;
    this.#clamp();
  }

  /** Steps get wider by a factor; the one at `x` stays there. */
  zoomBy(factor: number, x: number): void {
    const step = this.stepAt(x);
    this.perStep = Math.min(STEP_MAX, Math.max(this.least, this.perStep * factor));
    this.start = step - x / this.perStep;
    this.#clamp();
  }

  /** A step is seen, with some room beside it; nothing moves if it is already. */
  reveal(step: number): void {
    const room = Math.min(this.#width / 4, 4 * this.perStep);
    const x = this.xOf(step);
    if (x < room) this.panBy(x - room);
    else if (x + this.perStep > this.#width - room) {
      this.panBy(x + this.perStep - this.#width + room);
    }
  }

  #clamp(): void {
    this.perStep = Math.min(STEP_MAX, Math.max(this.least, this.perStep));
    const latest = this.last + 1 - this.#width / this.perStep;
    this.start = Math.max(this.first, Math.min(this.start, latest));
  }
}
