import type { Scale } from './scale.ts';

/** Pixels that a pointer moves before it drags. */
const DRAG_FROM = 4;

/** What comes of gestures that are none of moving about. */
export interface GestureTarget {
  readonly scroller: HTMLElement;
  readonly scale: Scale;
  /** Pixels left of the lanes. */
  readonly gutter: () => number;
  readonly draw: () => void;
  readonly click: (event: PointerEvent) => void;
  readonly hover: (event: PointerEvent) => void;
  readonly leave: () => void;
}

/** How much wider steps get by a turn of a wheel, or by fingers that a trackpad tells as one. */
export function wheelFactor({ deltaY, ctrlKey }: WheelEvent): number {
  return Math.exp(-deltaY / (ctrlKey ? 100 : 300));
}

/** Hears pointers and wheels over the lanes: drag, pinch, pan and zoom. */
export class Gestures {
  readonly #target: GestureTarget;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  #dragged = 0;

  constructor(target: GestureTarget) {
    this.#target = target;
    const { scroller } = target;
    scroller.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    scroller.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || event.offsetX > scroller.clientWidth) return;
      this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (this.#pointers.size === 1) this.#dragged = 0;
    });
    scroller.addEventListener('pointermove', (event) => {
      if (this.#pointers.has(event.pointerId)) this.#drag(event);
      else if (event.pointerType !== 'touch') target.hover(event);
    });
    scroller.addEventListener('pointerup', (event) => {
      const isClick = this.#pointers.delete(event.pointerId) && this.#dragged < DRAG_FROM;
      if (isClick && this.#pointers.size === 0) target.click(event);
    });
    scroller.addEventListener('pointercancel', (event) => this.#pointers.delete(event.pointerId));
    scroller.addEventListener('pointerleave', () => target.leave());
  }

  /** Up and down the lanes, by itself; along the steps with Shift; else, or with Ctrl, wider. */
  #wheel(event: WheelEvent): void {
    const { scroller, scale, gutter, draw } = this.#target;
    const { deltaX, deltaY } = event;
    const hasAll = scroller.scrollHeight <= scroller.clientHeight;
    const isAlong = event.shiftKey || Math.abs(deltaX) > Math.abs(deltaY);
    const isZoom = event.ctrlKey || event.metaKey || (hasAll && !isAlong);
    if (!isZoom && !isAlong) return;
    event.preventDefault();
    const x = event.clientX - scroller.getBoundingClientRect().left - gutter();
    if (isZoom) scale.zoomBy(wheelFactor(event), x);
    else scale.panBy(deltaX === 0 ? deltaY : deltaX);
    draw();
  }

  /** One pointer moves what is seen; two of them also make it wider. */
  #drag(event: PointerEvent): void {
    const { scroller, scale, gutter, draw, leave } = this.#target;
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const [other] = [...this.#pointers].flatMap(([id, at]) => (id === event.pointerId ? [] : [at]));
    this.#pointers.set(event.pointerId, now);
    this.#dragged += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (this.#dragged < DRAG_FROM) return;
    scroller.setPointerCapture(event.pointerId);
    leave();
    if (other !== undefined) {
      const left = scroller.getBoundingClientRect().left + gutter();
      const factor = Math.abs(now.x - other.x) / Math.max(1, Math.abs(before.x - other.x));
      scale.zoomBy(Math.max(0.5, Math.min(2, factor)), (now.x + other.x) / 2 - left);
    } else {
      scale.panBy(before.x - now.x);
      // Fingers scroll by themselves.
      if (event.pointerType === 'mouse') scroller.scrollTop += before.y - now.y;
    }
    draw();
  }
}
