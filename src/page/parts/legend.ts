import type { Trace } from '../data/trace.ts';
import { h } from '../dom.ts';
import { Fillings, STATES, type Theme, themeOf } from '../lanes/looks.ts';
import { drawMark, MARKS } from '../lanes/marks.ts';

const WIDTH = 26;
const HEIGHT = 14;

type Draw = (context: CanvasRenderingContext2D) => void;

/** A sample, and how it is drawn in the colours that hold now. */
class Sample {
  readonly element = h('canvas', { 'aria-hidden': 'true' });

  constructor(readonly draw: Draw) {}

  redraw(): void {
    this.element.width = WIDTH * devicePixelRatio;
    this.element.height = HEIGHT * devicePixelRatio;
    const context = this.element.getContext('2d');
    if (context === null) return;
    context.scale(devicePixelRatio, devicePixelRatio);
    this.draw(context);
  }
}

/** What fillings and marks of a trace stand for. */
export class Legend {
  readonly element: HTMLElement;
  readonly #samples: Sample[] = [];

  constructor(trace: Trace) {
    const states = new Set(trace.bands.flatMap(({ looks }) => looks.map(({ state }) => state)));
    const dangles = trace.bands.some(({ looks }) => looks.some((look) => look.dangles));
    const kinds = new Set(trace.bands.flatMap(({ marks }) => marks.map(({ kind }) => kind)));
    const items: HTMLElement[] = [];
    for (const state of Object.keys(STATES) as (keyof typeof STATES)[]) {
      if (!states.has(state)) continue;
      items.push(this.#item(STATES[state].says, (context) => drawState(context, state)));
    }
    const lists = trace.bands.some(({ segments: { owner, lister } }) =>
      lister.some((session, at) => session >= 0 && session !== owner[at]),
    );
    if (lists) items.push(this.#item('listed by another session', drawListed));
    if (dangles) items.push(this.#item('owner freed: the pointer dangles', drawDangling));
    for (const kind of Object.keys(MARKS) as (keyof typeof MARKS)[]) {
      if (!kinds.has(kind)) continue;
      items.push(
        this.#item(MARKS[kind].says, (context) =>
          drawMark(context, kind, WIDTH / 2, HEIGHT / 2, themeNow()),
        ),
      );
    }
    this.element = h(
      'div',
      { class: 'legends' },
      this.#list('Lanes, in the colour of the owner', items),
      this.#list('Overview, connections', [
        this.#item('used', (context) => drawFlat(context, themeNow().owners[0] ?? '')),
        this.#item('waiting', (context) => drawFlat(context, themeNow().nobody)),
        this.#item('leaked or to be removed', (context) => drawFlat(context, themeNow().bad)),
      ]),
    );
    this.recolour();
  }

  /** Colours have changed. */
  recolour(): void {
    for (const sample of this.#samples) sample.redraw();
  }

  #list(title: string, items: readonly HTMLElement[]): HTMLElement {
    const name = h('li', { class: 'faint' }, `${title}:`);
    return h('ul', { class: 'legend', 'aria-label': title }, name, items);
  }

  #item(says: string, draw: Draw): HTMLElement {
    const sample = new Sample(draw);
    this.#samples.push(sample);
    return h('li', {}, sample.element, says);
  }
}

function themeNow(): Theme {
  return themeOf(document.documentElement);
}

function drawFlat(context: CanvasRenderingContext2D, colour: string): void {
  context.fillStyle = colour;
  context.fillRect(0, 0, WIDTH, HEIGHT);
}

function drawListed(context: CanvasRenderingContext2D): void {
  const theme = themeNow();
  drawFlat(context, theme.nobody);
  context.fillStyle = theme.owners[1] ?? theme.text;
  context.fillRect(0, 0, WIDTH, 4);
}

function drawState(context: CanvasRenderingContext2D, state: keyof typeof STATES): void {
  const theme = themeNow();
  if (state === 'freed') {
    drawMark(context, 'crash', WIDTH / 2, HEIGHT / 2, { ...theme, bad: theme.faint });
    return;
  }
  const colour = theme.owners[0] ?? theme.text;
  const { filling } = STATES[state];
  context.fillStyle = new Fillings(theme, devicePixelRatio).of(filling, colour);
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.strokeStyle = state === 'leaked' ? theme.bad : colour;
  context.lineWidth = state === 'leaked' ? 3 : 1.5;
  context.strokeRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1);
}

function drawDangling(context: CanvasRenderingContext2D): void {
  const theme = themeNow();
  drawFlat(context, theme.owners[0] ?? theme.text);
  context.fillStyle = theme.bad;
  context.fillRect(0, HEIGHT - 5, WIDTH, 5);
}
