import type { SegmentState } from '../../picture/picture.ts';
import type { Band } from '../data/band.ts';
import type { Trace } from '../data/trace.ts';
import type { Theme } from './looks.ts';
import { drawMark, weightOf } from './marks.ts';

/** Pixels of the strip that shows the whole trace. */
export const OVERVIEW_HEIGHT = 64;
/** Of it, those of the marks. */
const MARKS_HEIGHT = 16;

/** What connections are counted as. */
const COUNTED: Readonly<Record<SegmentState, 'used' | 'waiting' | 'lost' | null>> = {
  connecting: 'used',
  'in use': 'used',
  'session list': 'waiting',
  'session idle': 'waiting',
  safe: 'waiting',
  idle: 'waiting',
  available: 'waiting',
  'to be removed': 'lost',
  leaked: 'lost',
  freed: null,
};

/** How many connections are used, wait, or are nobody's, after each step. */
export interface Counts {
  readonly used: Int32Array;
  readonly waiting: Int32Array;
  readonly lost: Int32Array;
  readonly most: number;
}

/** Counts the connections of a band, by step from `first` to `last`. */
export function countsOf(band: Band, first: number, last: number): Counts {
  const length = Math.max(1, last - first + 2);
  const all = {
    used: new Int32Array(length),
    waiting: new Int32Array(length),
    lost: new Int32Array(length),
  };
  const { from, to, look } = band.segments;
  const kinds = band.looks.map(({ state }) => COUNTED[state]);
  const place = (step: number): number => Math.max(0, Math.min(length - 1, step - first));
  for (let at = 0; at < from.length; at++) {
    const kind = kinds[look[at] ?? 0];
    if (kind === null || kind === undefined) continue;
    const counts = all[kind];
    const begin = place(from[at] ?? 0);
    const end = place(to[at] ?? 0);
    counts[begin] = (counts[begin] ?? 0) + 1;
    counts[end] = (counts[end] ?? 0) - 1;
  }
  let most = 1;
  const now = { used: 0, waiting: 0, lost: 0 };
  for (let at = 0; at < length; at++) {
    for (const kind of ['used', 'waiting', 'lost'] as const) {
      now[kind] += all[kind][at] ?? 0;
      all[kind][at] = now[kind];
    }
    most = Math.max(most, now.used + now.waiting + now.lost);
  }
  return { ...all, most };
}

/** What the strip is painted with. */
export interface Overview {
  readonly trace: Trace;
  readonly shown: readonly number[];
  readonly counts: readonly Counts[];
  readonly theme: Theme;
  readonly width: number;
}

/** The most of some counts that fall into a pixel: what is brief must be seen. */
function mostWithin(counts: Int32Array, from: number, to: number): number {
  let most = 0;
  for (let at = from; at < to; at++) most = Math.max(most, counts[at] ?? 0);
  return most;
}

/** Paints the whole trace: how many connections there are, and what is worth looking at. */
export function paintOverview(
  context: CanvasRenderingContext2D,
  { trace, shown, counts, theme, width }: Overview,
): void {
  const steps = Math.max(1, trace.last - trace.first + 1);
  context.fillStyle = theme.back;
  context.fillRect(0, 0, width, OVERVIEW_HEIGHT);
  const height = (OVERVIEW_HEIGHT - MARKS_HEIGHT) / Math.max(1, shown.length);
  for (const [place, band] of shown.entries()) {
    const count = counts[band];
    if (count === undefined) continue;
    const bottom = MARKS_HEIGHT + (place + 1) * height;
    const scale = (height - 2) / count.most;
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x / width) * steps);
      const to = Math.max(from + 1, Math.floor(((x + 1) / width) * steps));
      let y = bottom;
      for (const [counted, colour] of [
        [count.used, theme.owners[0] ?? theme.text],
        [count.waiting, theme.nobody],
        [count.lost, theme.bad],
      ] as const) {
        const tall = mostWithin(counted, from, to) * scale;
        context.fillStyle = colour;
        context.fillRect(x, y - tall, 1, tall);
        y -= tall;
      }
    }
    context.fillStyle = theme.line;
    context.fillRect(0, bottom - 1, width, 1);
  }
  const byPixel = new Map<number, Band['marks'][number]>();
  for (const band of shown) {
    for (const mark of trace.bands[band]?.marks ?? []) {
      const pixel = Math.round((((mark.step - trace.first + 0.5) / steps) * width) / 4);
      const known = byPixel.get(pixel);
      if (known === undefined || weightOf(mark) < weightOf(known)) byPixel.set(pixel, mark);
    }
  }
  for (const [pixel, { kind }] of byPixel) drawMark(context, kind, pixel * 4, 8, theme);
}
