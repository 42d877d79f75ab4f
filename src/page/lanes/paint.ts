import type { Band } from '../data/band.ts';
import { placeAfter } from '../data/columns.ts';
import { short } from '../dom.ts';
import { AXIS_HEIGHT, paintAxis } from './axis.ts';
import { LINKS_FROM, paintLinks } from './links.ts';
import { STATES } from './looks.ts';
import { drawMark } from './marks.ts';
import { colourOf, type Painted } from './painted.ts';
import { LANE_HEIGHT, type Row } from './rows.ts';

/** Pixels between a lane and the next one. */
const GAP = 3;
/** Pixels that a segment needs to bear a name. */
const NAME_FROM = 26;
const FONT = '12px system-ui, sans-serif';

const FAINT = 0.16;

/** Paints lanes on a canvas, as much of them as is seen. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #painted: Painted;

  constructor(context: CanvasRenderingContext2D, painted: Painted) {
    this.#context = context;
    this.#painted = painted;
  }

  paint(): void {
    const context = this.#context;
    const { size, theme, rows, scrolled, gutter } = this.#painted;
    context.globalAlpha = 1;
    context.font = FONT;
    context.textBaseline = 'middle';
    context.fillStyle = theme.back;
    context.fillRect(0, 0, size.width, size.height);
    context.save();
    context.beginPath();
    context.rect(0, AXIS_HEIGHT, size.width, size.height - AXIS_HEIGHT);
    context.clip();
    this.#stepColumn();
    const first = Math.max(0, rows.at(scrolled));
    for (let at = first; at < rows.all.length; at++) {
      const row = rows.all[at];
      if (row === undefined || row.top - scrolled > size.height - AXIS_HEIGHT) break;
      const y = AXIS_HEIGHT + row.top - scrolled;
      if (row.kind === 'lane') this.#lane(row, y);
      else this.#heading(row, y);
    }
    context.save();
    context.beginPath();
    context.rect(gutter, AXIS_HEIGHT, size.width - gutter, size.height - AXIS_HEIGHT);
    context.clip();
    paintLinks(context, this.#painted);
    context.restore();
    context.restore();
    paintAxis(context, this.#painted);
  }

  /** The chosen step, from top to bottom. */
  #stepColumn(): void {
    const context = this.#context;
    const { scale, step, size, gutter, theme } = this.#painted;
    const x = gutter + scale.xOf(step);
    const width = Math.max(2, scale.perStep);
    if (x + width < gutter) return;
    context.globalAlpha = 0.2;
    context.fillStyle = theme.chosen;
    context.fillRect(Math.max(gutter, x), 0, Math.min(width, x + width - gutter), size.height);
    context.globalAlpha = 1;
  }

  #heading(row: Row, y: number): void {
    const context = this.#context;
    const { theme, size, trace } = this.#painted;
    const isBand = row.kind === 'band';
    if (isBand) {
      context.fillStyle = theme.line;
      context.fillRect(0, y, size.width, row.height);
    }
    context.fillStyle = isBand ? theme.text : theme.faint;
    context.font = isBand ? `bold ${FONT}` : FONT;
    const says = isBand && trace.bands.length > 1 ? `under ${row.says}` : row.says;
    context.fillText(short(says, 80), 8, y + row.height / 2 + 2);
    context.font = FONT;
  }

  #lane(row: Row, y: number): void {
    const context = this.#context;
    const { trace, size, gutter, step, chosen, theme } = this.#painted;
    const band = trace.bands[row.band];
    if (band === undefined) return;
    context.save();
    context.beginPath();
    context.rect(gutter, y, size.width - gutter, LANE_HEIGHT);
    context.clip();
    this.#sessions(band, row, y);
    this.#connections(band, row, y);
    context.restore();
    context.globalAlpha = 1;
    const on = band.onLane(row.lane, step);
    const isChosen =
      chosen !== null && chosen.band === row.band && band.laneOf(chosen, step) === row.lane;
    if (isChosen) {
      context.strokeStyle = theme.chosen;
      context.lineWidth = 2;
      context.strokeRect(1, y + 0.5, size.width - 2, LANE_HEIGHT - 1);
    }
    if (on === null) return;
    context.fillStyle = theme.text;
    const id = trace.idOf({ band: row.band, ...on });
    context.fillText(short(id, Math.floor((gutter - 12) / 7)), 8, y + LANE_HEIGHT / 2);
  }

  /** Where a time is seen; null where it is not. */
  #span(from: number, to: number): { readonly x: number; readonly width: number } | null {
    const { scale, gutter } = this.#painted;
    const left = Math.max(-4, scale.xOf(from));
    const right = Math.min(scale.width + 4, scale.xOf(to));
    return right < 0 || left > scale.width ? null : { x: gutter + left, width: right - left };
  }

  #sessions(band: Band, row: Row, y: number): void {
    const context = this.#context;
    const { theme, lit, trace, scale } = this.#painted;
    const { from, to, id } = band.sessions;
    let painted = Number.NEGATIVE_INFINITY;
    for (const place of band.sessionsOn(row.lane)) {
      if ((from[place] ?? 0) > scale.end) break;
      const span = this.#span(from[place] ?? 0, to[place] ?? 0);
      if (span === null || span.x + span.width < painted + 1) continue;
      painted = span.x + span.width;
      const isLit = lit === null || (lit.band === row.band && lit.place === place);
      context.globalAlpha = isLit ? 1 : FAINT;
      context.fillStyle = colourOf(this.#painted, band, place);
      context.fillRect(span.x, y + 8, Math.max(1, span.width - 1), LANE_HEIGHT - 16);
      if (span.width < NAME_FROM) continue;
      const says = short(trace.name(id[place]), Math.floor(span.width / 7));
      const x = Math.max(span.x, this.#painted.gutter) + 4;
      const room = context.measureText(says).width + 6;
      context.fillStyle = theme.back;
      context.fillRect(x - 3, y + 3, room, LANE_HEIGHT - 6);
      context.fillStyle = theme.text;
      context.fillText(says, x, y + LANE_HEIGHT / 2);
    }
  }

  #connections(band: Band, row: Row, y: number): void {
    const { scale } = this.#painted;
    const stays = band.staysOn(row.lane);
    // As they follow one another on a lane, those before the first that is seen need no look.
    let at = firstSeen(stays, band.stays.to, scale.start);
    while (at < stays.length) {
      const stay = stays[at] ?? 0;
      if ((band.stays.from[stay] ?? 0) > scale.end) return;
      this.#stay(band, row, stay, y);
      const seenTo = (band.stays.to[stay] ?? 0) + 1 / scale.perStep;
      at = Math.max(at + 1, firstSeen(stays, band.stays.to, seenTo));
    }
  }

  #stay(band: Band, row: Row, stay: number, y: number): void {
    const { scale } = this.#painted;
    const { segments, stays, connections } = band;
    const connection = stays.connection[stay] ?? 0;
    const first = connections.segmentStart[connection] ?? 0;
    const end = connections.segmentStart[connection + 1] ?? 0;
    const from = Math.max(stays.from[stay] ?? 0, Math.floor(scale.start));
    const to = Math.min(stays.to[stay] ?? 0, Math.ceil(scale.end));
    let at = Math.max(first, placeAfter(segments.from, from, first, end) - 1);
    while (at < end && (segments.from[at] ?? 0) < to) {
      const begin = Math.max(segments.from[at] ?? 0, stays.from[stay] ?? 0);
      const over = Math.min(segments.to[at] ?? 0, stays.to[stay] ?? 0);
      this.#segment(band, row, at, begin, over, y);
      // What is narrower than a pixel stands for what lies within the same one.
      const pixel = begin + 1 / scale.perStep;
      at = over >= pixel ? at + 1 : Math.max(at + 1, placeAfter(segments.from, pixel, at, end) - 1);
    }
    if (scale.perStep >= LINKS_FROM) this.#streams(band, connection, from, to, y);
  }

  #segment(band: Band, row: Row, segment: number, from: number, to: number, y: number): void {
    const span = this.#span(from, to);
    const look = band.looks[band.segments.look[segment] ?? 0];
    if (span === null || look === undefined) return;
    const context = this.#context;
    const { theme, lit, fillings } = this.#painted;
    const owner = band.segments.owner[segment] ?? -1;
    const lister = band.segments.lister[segment] ?? -1;
    const isLit = lit === null || (lit.band === row.band && band.isOf(segment, lit.place));
    context.globalAlpha = isLit ? 1 : FAINT;
    const { state, dangles } = look;
    const top = y + GAP;
    const height = LANE_HEIGHT - 2 * GAP;
    const width = Math.max(1, span.width - (span.width > 3 ? 1 : 0));
    const colour = colourOf(this.#painted, band, owner);
    if (state === 'freed') {
      drawMark(context, 'crash', span.x + Math.min(8, width / 2), y + LANE_HEIGHT / 2, {
        ...theme,
        bad: theme.faint,
      });
      return;
    }
    context.fillStyle = fillings.of(STATES[state].filling, colour);
    context.fillRect(span.x, top, width, height);
    if (state === 'leaked') {
      context.fillStyle = theme.bad;
      if (width < 4) context.fillRect(span.x, top, width, height);
      context.strokeStyle = theme.bad;
      context.lineWidth = 2;
      context.strokeRect(span.x + 1, top + 1, Math.max(1, width - 2), height - 2);
    } else if (state !== 'in use' && width > 3) {
      context.strokeStyle = colour;
      context.lineWidth = 1;
      context.strokeRect(span.x + 0.5, top + 0.5, width - 1, height - 1);
    }
    if (lister >= 0 && lister !== owner) {
      context.fillStyle = colourOf(this.#painted, band, lister);
      context.fillRect(span.x, top, width, 4);
    }
    if (dangles) {
      context.fillStyle = theme.bad;
      context.fillRect(span.x, top + height - 4, width, 4);
    }
    if (span.width >= NAME_FROM) this.#segmentName(band, segment, span, y);
  }

  #segmentName(
    band: Band,
    segment: number,
    span: { readonly x: number; readonly width: number },
    y: number,
  ): void {
    const context = this.#context;
    const { theme, trace, gutter } = this.#painted;
    const look = band.looks[band.segments.look[segment] ?? 0];
    if (look === undefined) return;
    const owner = band.segments.owner[segment] ?? -1;
    const name = owner < 0 ? '' : trace.name(band.sessions.id[owner]);
    const says = look.state === 'leaked' ? 'leaked' : look.dangles ? `${name}!freed` : name;
    if (says === '') return;
    const x = Math.max(span.x, gutter) + 5;
    const room = span.x + span.width - x - 4;
    const text = short(says, Math.floor(room / 7));
    if (room < 14 || text === '…') return;
    const isSolid = STATES[look.state].filling === 'solid';
    if (!isSolid) {
      context.fillStyle = theme.back;
      context.fillRect(x - 3, y + 5, context.measureText(text).width + 6, LANE_HEIGHT - 10);
    }
    const isOwned = isSolid && owner >= 0;
    context.fillStyle = isOwned ? theme.onOwner : look.state === 'leaked' ? theme.bad : theme.text;
    context.fillText(text, x, y + LANE_HEIGHT / 2 + 0.5);
  }

  /** Where streams come onto a connection. */
  #streams(band: Band, connection: number, from: number, to: number, y: number): void {
    const context = this.#context;
    const { scale, theme, gutter } = this.#painted;
    const all = band.streamsOf(connection);
    const begins = (at: number): number => band.streams.from[all[at] ?? 0] ?? 0;
    let low = 0;
    for (let high = all.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (begins(middle) < from) low = middle + 1;
      else high = middle;
    }
    context.fillStyle = theme.text;
    for (let at = low; at < all.length && begins(at) < to; at++) {
      context.fillRect(gutter + scale.xOf(begins(at)), y + GAP, 2, 5);
    }
  }
}

/** The first of some times on a lane that is not over before a step. */
function firstSeen(times: Int32Array, to: Int32Array, step: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((to[times[middle] ?? 0] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}
