import type { Band } from '../data/band.ts';
import { placeAfter } from '../data/columns.ts';
import { drawMark, weightOf } from './marks.ts';
import type { Painted } from './painted.ts';

/** Pixels of the bar with step numbers and marks above the lanes. */
export const AXIS_HEIGHT = 40;

/** The bar above the lanes: numbers of steps, what a search has found, and marks. */
export function paintAxis(context: CanvasRenderingContext2D, painted: Painted): void {
  const { scale, theme, size, gutter, trace, step, rows, found } = painted;
  context.globalAlpha = 1;
  context.fillStyle = theme.back;
  context.fillRect(0, 0, size.width, AXIS_HEIGHT);
  context.save();
  context.beginPath();
  context.rect(gutter, 0, size.width - gutter, AXIS_HEIGHT);
  context.clip();
  const every = tickOf(56 / scale.perStep);
  context.fillStyle = theme.faint;
  const begin = Math.max(every, Math.ceil(scale.start / every) * every);
  for (let at = begin; at <= Math.min(scale.end, scale.last); at += every) {
    const x = gutter + scale.xOf(at);
    context.fillRect(x, AXIS_HEIGHT - 6, 1, 6);
    context.fillText(String(at), x + 3, 10);
  }
  context.fillStyle = theme.chosen;
  const x = gutter + scale.xOf(step);
  context.fillRect(x, AXIS_HEIGHT - 5, Math.max(3, scale.perStep), 5);
  let last = Number.NEGATIVE_INFINITY;
  for (let at = placeAfter(found, scale.start - 1); at < found.length; at++) {
    const left = gutter + scale.xOf((found[at] ?? 0) + 0.5);
    if (left > size.width) break;
    if (left < last + 2) continue;
    last = left;
    context.fillRect(left - 1, 18, 2, 16);
  }
  const shown = new Set(rows.all.map(({ band }) => band));
  const byPixel = new Map<number, Band['marks'][number]>();
  for (const at of shown) {
    for (const mark of trace.bands[at]?.marks ?? []) {
      if (mark.step < scale.start - 1 || mark.step > scale.end) continue;
      const pixel = Math.round(scale.xOf(mark.step + 0.5) / 3);
      const known = byPixel.get(pixel);
      if (known === undefined || weightOf(mark) < weightOf(known)) byPixel.set(pixel, mark);
    }
  }
  for (const mark of byPixel.values()) {
    drawMark(context, mark.kind, gutter + scale.xOf(mark.step + 0.5), 26, theme);
  }
  context.restore();
  context.fillStyle = theme.faint;
  context.fillText('step', 8, 10);
  context.fillStyle = theme.line;
  context.fillRect(0, AXIS_HEIGHT - 1, size.width, 1);
}

/** A round number of steps, at least so many. */
function tickOf(least: number): number {
  let power = 1;
  while (power * 10 <= least) power *= 10;
  return [1, 2, 5, 10].map((times) => times * power).find((tick) => tick >= least) ?? 10 * power;
}
