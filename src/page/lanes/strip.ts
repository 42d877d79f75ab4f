import { h } from '../dom.ts';
import type { State } from '../state.ts';
import { wheelFactor } from './gestures.ts';
import type { Theme } from './looks.ts';
import { type Counts, countsOf, OVERVIEW_HEIGHT, paintOverview } from './overview.ts';
import type { Scale } from './scale.ts';

/** The whole trace above its lanes, and the part of it that is seen, which it moves. */
export class Strip {
  readonly #canvas = h('canvas', { class: 'overview' });
  readonly #window = h('div', { class: 'window' });
  readonly element = h(
    'div',
    { class: 'strip', 'aria-hidden': 'true' },
    this.#canvas,
    this.#window,
  );
  readonly #counts: readonly Counts[];
  #isStale = true;

  constructor(
    readonly state: State,
    readonly scale: Scale,
    readonly draw: () => void,
  ) {
    const { trace } = state;
    this.#counts = trace.bands.map((band) => countsOf(band, trace.first, trace.last));
    this.element.addEventListener('pointerdown', (event) => {
      this.element.setPointerCapture(event.pointerId);
      this.#goTo(event);
    });
    this.element.addEventListener('pointermove', (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.#goTo(event);
    });
    this.element.addEventListener('wheel', (event) => this.#zoom(event), { passive: false });
  }

  /** What it shows has changed: colours, or whose lanes are shown. */
  spoil(): void {
    this.#isStale = true;
  }

  resize(): void {
    const width = this.element.clientWidth;
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(OVERVIEW_HEIGHT * devicePixelRatio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${OVERVIEW_HEIGHT}px`;
    this.#isStale = true;
  }

  paint(theme: Theme): void {
    const width = this.element.clientWidth;
    const context = this.#isStale ? this.#canvas.getContext('2d') : null;
    if (context !== null) {
      const { trace, shown } = this.state;
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      paintOverview(context, { trace, shown, counts: this.#counts, theme, width });
      this.#isStale = false;
    }
    const { first, count, start, end } = this.scale;
    const left = ((start - first) / count) * width;
    const right = Math.min(width, ((end - first) / count) * width);
    this.#window.style.left = `${left}px`;
    this.#window.style.width = `${Math.max(4, right - left)}px`;
  }

  /** The step at a place of the strip. */
  #stepAt(event: MouseEvent): number {
    const { left, width } = this.element.getBoundingClientRect();
    return this.scale.first + ((event.clientX - left) / width) * this.scale.count;
  }

  #goTo(event: PointerEvent): void {
    const { scale } = this;
    const seen = scale.end - scale.start;
    scale.panBy((this.#stepAt(event) - seen / 2 - scale.start) * scale.perStep);
    this.draw();
  }

  #zoom(event: WheelEvent): void {
    event.preventDefault();
    const { scale } = this;
    const x = scale.xOf(this.#stepAt(event));
    scale.zoomBy(wheelFactor(event), Math.max(0, Math.min(scale.width, x)));
    this.draw();
  }
}
