import type { Picture, StreamLink } from '../../picture/picture.ts';
import { glue, type Text, text } from '../text/layout.ts';
import type { Paint, Palette } from '../text/palette.ts';
import type { Columns } from './columns.ts';
import { type Crowds, crowdsOf } from './crowd.ts';
import { type LaneContent, PictureCursor } from './cursor.ts';
import { DANGLES, type Glyphs, letterOf, MORE } from './glyphs.ts';

/** One column of a line: a character in a style, or in none. */
interface Cell {
  readonly glyph: string;
  readonly paint: Paint | undefined;
}

const BLANK: Cell = { glyph: ' ', paint: undefined };

/** How many connections a session keeps idle, in one column; nothing while it is none. */
function digitOf(idleConns: number): string {
  if (idleConns === 0) return ' ';
  if (idleConns < 0) return '-';
  return idleConns < 10 ? String(idleConns) : MORE;
}

/** The style of a session by its lane, the same for all that it owns. */
export function ownerPaint({ owners }: Palette, lane: number | null): Paint | undefined {
  return lane === null || owners.length === 0 ? undefined : owners[lane % owners.length];
}

/** The lanes of a picture as text: the part of each line that stands left of what it says. */
export class LaneRows {
  readonly #picture: Picture;
  readonly #columns: Columns;
  readonly #glyphs: Glyphs;
  readonly #palette: Palette;
  readonly #cursor: PictureCursor;
  readonly #crowds: Crowds;
  #linked = 0;
  #step = 0;

  constructor(picture: Picture, columns: Columns, glyphs: Glyphs, palette: Palette) {
    this.#picture = picture;
    this.#columns = columns;
    this.#glyphs = glyphs;
    this.#palette = palette;
    this.#cursor = new PictureCursor(picture);
    this.#crowds = crowdsOf(picture, columns);
  }

  /** The lanes after a step, with what happens at it. Steps only go up. */
  row(step: number): Text {
    this.#step = step;
    this.#cursor.moveTo(step);
    const cells = this.#lanes(true);
    this.#link(cells, step);
    return line(cells);
  }

  /** The same lanes beside a further line of that step. */
  below(): Text {
    return line(this.#lanes(false));
  }

  #lanes(isRow: boolean): Cell[] {
    const { placeOf, folded, width } = this.#columns;
    const cells = Array.from({ length: width }, () => BLANK);
    for (const [lane, column] of placeOf) {
      const content = this.#cursor.at(lane);
      if (content !== null) this.#put(cells, column, lane, content, isRow);
    }
    for (const kind of ['sessions', 'connections'] as const) {
      const column = folded[kind]?.column;
      const count = this.#crowds[kind].at(this.#step);
      if (column === undefined || count === 0 || !isRow) continue;
      write(cells, column, `${MORE}${count}`, this.#palette.faint);
    }
    return cells;
  }

  #put(cells: Cell[], column: number, lane: number, content: LaneContent, isRow: boolean): void {
    const { states, several, ended, toLeft, toRight } = this.#glyphs;
    const { bad, strong } = this.#palette;
    if (content.kind === 'moved') {
      if (isRow) write(cells, column, content.to > lane ? toRight : toLeft, strong);
      return;
    }
    if (content.kind === 'session') {
      const paint = ownerPaint(this.#palette, lane);
      const isOver = content.session.to === this.#step;
      if (isOver && !isRow) return;
      write(cells, column, isOver ? ended : letterOf(lane), paint);
      if (!isOver && isRow) write(cells, column + 1, digitOf(content.idleConns), paint);
      return;
    }
    const { segment, streams } = content;
    const { state, owner, dangles } = segment;
    if (state === 'freed' && !isRow) return;
    const session = owner === null ? null : (this.#picture.sessions[owner] ?? null);
    const isBad = state === 'leaked' || dangles;
    const paint = isBad ? bad : ownerPaint(this.#palette, session?.lane ?? null);
    write(cells, column, state === 'in use' && streams > 1 ? several : states[state], paint);
    if (session === null || !isRow || state === 'freed') return;
    write(cells, column + 1, dangles ? DANGLES : letterOf(session.lane ?? -1), paint);
  }

  /** From the session of each stream that the step has attached to its connection. */
  #link(cells: Cell[], step: number): void {
    const { streams } = this.#picture;
    for (; (streams[this.#linked]?.from ?? Number.POSITIVE_INFINITY) <= step; this.#linked++) {
      const link = streams[this.#linked];
      if (link?.from === step) this.#draw(cells, link);
    }
  }

  #draw(cells: Cell[], link: StreamLink): void {
    const { sessions, connections } = this.#picture;
    const session = link.session === null ? null : (sessions[link.session]?.lane ?? null);
    const stays = connections[link.connection]?.stays ?? [];
    const lane = stays.findLast(({ from }) => from <= this.#step)?.lane ?? null;
    if (session === null || lane === null) return;
    const start = this.#columns.placeOf.get(session);
    const end = this.#columns.placeOf.get(lane);
    if (start === undefined || end === undefined) return;
    const paint = ownerPaint(this.#palette, session);
    for (let column = start + 1; column < end; column++) {
      if (cells[column] === BLANK || cells[column]?.glyph === ' ') {
        cells[column] = { glyph: this.#glyphs.link, paint };
      }
    }
  }
}

function write(cells: Cell[], column: number, glyphs: string, paint: Paint | undefined): void {
  for (const [at, glyph] of [...glyphs].entries()) cells[column + at] = { glyph, paint };
}

/** Cells as one text: neighbours in one style are painted as one. */
function line(cells: readonly Cell[]): Text {
  const parts: Text[] = [];
  let run = '';
  let paint: Paint | undefined;
  const end = (): void => {
    if (run !== '') parts.push(text(run, paint));
    run = '';
  };
  for (const cell of cells) {
    if (cell.paint !== paint) end();
    paint = cell.paint;
    run += cell.glyph;
  }
  end();
  return glue(...parts);
}
