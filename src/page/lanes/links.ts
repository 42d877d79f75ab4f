import type { Band } from '../data/band.ts';
import { placeAfter } from '../data/columns.ts';
import { AXIS_HEIGHT } from './axis.ts';
import { colourOf, type Painted } from './painted.ts';
import { LANE_HEIGHT, type Row } from './rows.ts';

/** Pixels to a step from which on links are drawn. */
export const LINKS_FROM = 5;

/** Pixels between a lane and what is drawn in it. */
const GAP = 3;

/** From where a connection was to where another thread has taken it. */
function paintTakeovers(
  context: CanvasRenderingContext2D,
  painted: Painted,
  at: number,
  band: Band,
): void {
  const { rows, scale, theme, gutter, scrolled } = painted;
  for (const { kind, step, conn } of band.marks) {
    if (kind !== 'takeover' || conn === undefined || step < scale.start - 1 || step > scale.end)
      continue;
    const one = rows.of(at, band.laneAt(conn, step - 1));
    const other = rows.of(at, band.laneAt(conn, step));
    if (one === undefined || other === undefined) continue;
    const x = gutter + scale.xOf(step);
    context.globalAlpha = 1;
    context.strokeStyle = theme.chosen;
    context.lineWidth = 2;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(x, AXIS_HEIGHT + one.top - scrolled + LANE_HEIGHT / 2);
    context.lineTo(x, AXIS_HEIGHT + other.top - scrolled + LANE_HEIGHT / 2);
    context.stroke();
    context.setLineDash([]);
  }
}

/**
 * Paints lines where steps are wide: from sessions to the connections that their streams are put on,
 * and from thread to thread.
 */
export function paintLinks(context: CanvasRenderingContext2D, painted: Painted): void {
  const { trace, rows, scale, lit, theme, gutter, scrolled, size } = painted;
  if (scale.perStep < LINKS_FROM) return;
  const isSeen = ({ top, height }: Row): boolean =>
    top + height > scrolled && top < scrolled + size.height - AXIS_HEIGHT;
  const shown = new Set(rows.all.map(({ band }) => band));
  for (const at of shown) {
    const band = trace.bands[at];
    if (band === undefined) continue;
    paintTakeovers(context, painted, at, band);
    const { from, connection, session } = band.streams;
    const begin = placeAfter(from, Math.floor(scale.start) - 1);
    for (let strm = begin; strm < from.length && (from[strm] ?? 0) <= scale.end; strm++) {
      const sess = session[strm] ?? -1;
      if (sess < 0) continue;
      const isLit = lit === null || (lit.band === at && lit.place === sess);
      const step = from[strm] ?? 0;
      const one = rows.of(at, band.sessions.lane[sess] ?? -1);
      const other = rows.of(at, band.laneAt(connection[strm] ?? 0, step));
      if (one === undefined || other === undefined) continue;
      // From far away they would only cross what is seen, unless they are asked for.
      const isAsked = lit !== null && isLit;
      if (!isAsked && !(isSeen(one) && isSeen(other))) continue;
      const x = gutter + scale.xOf(step) + 1;
      context.globalAlpha = isLit ? (lit === null ? 0.55 : 1) : 0.08;
      context.strokeStyle = colourOf(painted, band, sess);
      context.lineWidth = isAsked ? 2 : 1;
      context.beginPath();
      context.moveTo(x, AXIS_HEIGHT + one.top - scrolled + LANE_HEIGHT / 2);
      context.lineTo(x, AXIS_HEIGHT + other.top - scrolled + GAP);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = theme.text;
}
