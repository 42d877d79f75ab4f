import { isSameSubject, type Subject } from '../data/band.ts';
import { h, number } from '../dom.ts';
import type { State } from '../state.ts';
import { AXIS_HEIGHT } from './axis.ts';
import { Gestures } from './gestures.ts';
import { Fillings, type Theme, themeOf } from './looks.ts';
import { Painter } from './paint.ts';
import { type Row, Rows } from './rows.ts';
import { Scale } from './scale.ts';
import { Strip } from './strip.ts';
import { describeAt } from './tell.ts';

/** Pixels for names left of the lanes, on wide screens and on narrow ones. */
const GUTTER = { wide: 120, narrow: 64 } as const;
const NARROW = 560;
const ZOOM_STEP = 1.5;

/** The lanes of a trace with the overview above them: paints them, and hears pointers and wheels. */
export class LanesView {
  readonly element: HTMLElement;
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #spacer = h('div', { class: 'spacer' });
  readonly #tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  readonly #scroller: HTMLElement;
  readonly #strip: Strip;
  readonly scale: Scale;
  #rows: Rows;
  #theme: Theme;
  #fillings: Fillings;
  #hovered: Subject | null = null;
  #isAsked = false;

  constructor(readonly state: State) {
    const { trace } = state;
    this.scale = new Scale(trace.first, Math.max(trace.first, trace.last));
    this.#rows = new Rows(trace, state.shown);
    this.#theme = themeOf(document.documentElement);
    this.#fillings = new Fillings(this.#theme, devicePixelRatio);
    this.#strip = new Strip(state, this.scale, () => this.draw());
    this.#scroller = h(
      'div',
      {
        class: 'scroller',
        tabindex: 0,
        role: 'application',
        'aria-roledescription': 'lanes',
        'aria-label': 'Lanes of sessions and connections, step by step',
        'aria-describedby': 'told',
      },
      this.#canvas,
      this.#spacer,
    );
    this.element = h('div', { class: 'lanes' }, this.#strip.element, this.#scroller, this.#tip);
    state.listen((change) => this.#changed(change));
    new ResizeObserver(() => this.#resize()).observe(this.#scroller);
    this.#scroller.addEventListener('scroll', () => this.draw());
    new Gestures({
      scroller: this.#scroller,
      scale: this.scale,
      gutter: () => this.#gutter,
      draw: () => this.draw(),
      click: (event) => this.#click(event),
      hover: (event) => this.#hover(event),
      leave: () => this.#leave(),
    });
  }

  get rows(): Rows {
    return this.#rows;
  }

  /** Colours have changed. */
  recolour(): void {
    this.#theme = themeOf(document.documentElement);
    this.#fillings = new Fillings(this.#theme, devicePixelRatio);
    this.#strip.spoil();
    this.draw();
  }

  focus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  /** Paints before the next frame. */
  draw(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#paint();
    });
  }

  zoom(by: 1 | -1): void {
    const x = this.scale.xOf(this.state.step + 0.5);
    const isSeen = x >= 0 && x <= this.scale.width;
    this.scale.zoomBy(by === 1 ? ZOOM_STEP : 1 / ZOOM_STEP, isSeen ? x : this.scale.width / 2);
    this.draw();
  }

  /** Whether there are more lanes than are seen at once. */
  get isLong(): boolean {
    return this.#rows.height > this.#scroller.clientHeight - AXIS_HEIGHT;
  }

  /** Shows the lanes below a heading, by its place among the rows. */
  showRow(at: number): void {
    this.#scroller.scrollTop = this.#rows.all[at]?.top ?? 0;
  }

  whole(): void {
    this.scale.whole();
    this.draw();
  }

  /** Goes to the lane above or below the chosen one that has something at this step. */
  goLane(by: 1 | -1): void {
    const { step } = this.state;
    let at = this.#chosenRow();
    if (at === -1) at = by === 1 ? -1 : this.#rows.all.length;
    for (;;) {
      const next = this.#rows.next(at, by);
      if (next === at) return;
      at = next;
      const subject = this.#subjectOn(this.#rows.all[at], step);
      if (subject === null) continue;
      this.state.goTo({ subject });
      return;
    }
  }

  /** What is on the lane of a row at a step. */
  #subjectOn(row: Row | undefined, step: number): Subject | null {
    if (row?.kind !== 'lane') return null;
    const on = this.state.trace.bands[row.band]?.onLane(row.lane, step) ?? null;
    return on === null ? null : { band: row.band, ...on };
  }

  #chosenRow(): number {
    const { subject } = this.state.place;
    if (subject === null) return -1;
    const lane = this.state.trace.bands[subject.band]?.laneOf(subject, this.state.step) ?? -1;
    return this.#rows.numberOf(subject.band, lane);
  }

  #changed(change: 'place' | 'found' | 'bands'): void {
    if (change === 'bands') {
      this.#rows = new Rows(this.state.trace, this.state.shown);
      this.#strip.spoil();
      this.#resize();
    }
    if (change === 'place') {
      this.scale.reveal(this.state.step);
      this.#revealLane();
    }
    this.draw();
  }

  #revealLane(): void {
    const row = this.#rows.all[this.#chosenRow()];
    if (row === undefined) return;
    const { scrollTop, clientHeight } = this.#scroller;
    const room = clientHeight - AXIS_HEIGHT;
    if (row.top < scrollTop) this.#scroller.scrollTop = row.top - row.height;
    else if (row.top + row.height > scrollTop + room) {
      this.#scroller.scrollTop = row.top + 2 * row.height - room;
    }
  }

  get #gutter(): number {
    return this.#scroller.clientWidth < NARROW ? GUTTER.narrow : GUTTER.wide;
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#scroller;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#canvas.style.width = `${clientWidth}px`;
    this.#canvas.style.height = `${clientHeight}px`;
    this.#strip.resize();
    this.#spacer.style.height = `${Math.max(0, this.#rows.height + AXIS_HEIGHT + 12 - clientHeight)}px`;
    const isFirst = this.scale.width === 1;
    this.scale.resize(clientWidth - this.#gutter);
    if (isFirst) this.#begin();
    this.#strip.spoil();
    this.draw();
  }

  /** A long trace opens as a whole, unless a place was asked for. */
  #begin(): void {
    this.scale.whole();
    if (this.state.place.row > 0 && this.scale.perStep < 2) {
      const { step } = this.state;
      this.scale.show(step - 40, step + 40);
    }
    const row = this.#rows.all[this.#chosenRow()];
    if (row !== undefined) this.#scroller.scrollTop = row.top - this.#scroller.clientHeight / 2;
  }

  #paint(): void {
    const context = this.#canvas.getContext('2d');
    if (context === null || this.#canvas.width === 0) return;
    const { trace, place, found, step } = this.state;
    const { clientWidth, clientHeight, scrollTop } = this.#scroller;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const held = this.#hovered ?? place.subject;
    new Painter(context, {
      trace,
      rows: this.#rows,
      scale: this.scale,
      theme: this.#theme,
      fillings: this.#fillings,
      gutter: this.#gutter,
      scrolled: scrollTop,
      size: { width: clientWidth, height: clientHeight },
      step,
      chosen: place.subject,
      lit: held?.kind === 'sess' ? held : null,
      found: found?.rows.map((row) => trace.numberOf(row)) ?? [],
    }).paint();
    this.#strip.paint(this.#theme);
  }

  #placeOf(event: MouseEvent): { readonly row: Row | undefined; readonly step: number } {
    const { left, top } = this.#scroller.getBoundingClientRect();
    const y = event.clientY - top - AXIS_HEIGHT;
    const step = Math.floor(this.scale.stepAt(event.clientX - left - this.#gutter));
    const row = y < 0 ? undefined : this.#rows.all[this.#rows.at(y + this.#scroller.scrollTop)];
    return { row, step: Math.max(this.scale.first, Math.min(this.scale.last, step)) };
  }

  #click(event: PointerEvent): void {
    const { row, step } = this.#placeOf(event);
    const { left } = this.#scroller.getBoundingClientRect();
    const isName = event.clientX - left < this.#gutter;
    const at = isName ? this.state.step : step;
    const subject = this.#subjectOn(row, at);
    this.state.goTo({ row: this.state.trace.rowOf(at), subject });
  }

  #hover(event: PointerEvent): void {
    const { row, step } = this.#placeOf(event);
    const { left, top, right, bottom } = this.#scroller.getBoundingClientRect();
    const isName = event.clientX - left < this.#gutter;
    const subject = this.#subjectOn(row, isName ? this.state.step : step);
    if (!isSameSubject(subject, this.#hovered)) {
      this.#hovered = subject;
      this.draw();
    }
    this.#tip.hidden = subject === null;
    if (subject === null) return;
    const at = isName ? this.state.step : step;
    this.#tip.textContent = `step ${number(at)}: ${describeAt(this.state.trace, subject, at)}`;
    const { offsetWidth, offsetHeight } = this.#tip;
    const x = Math.min(event.clientX + 14, right - offsetWidth - 4);
    const isLow = event.clientY + 20 + offsetHeight > bottom;
    const y = isLow ? event.clientY - offsetHeight - 10 : event.clientY + 16;
    this.#tip.style.left = `${Math.max(left, x)}px`;
    this.#tip.style.top = `${Math.max(top, y)}px`;
  }

  #leave(): void {
    this.#tip.hidden = true;
    if (this.#hovered === null) return;
    this.#hovered = null;
    this.draw();
  }
}
