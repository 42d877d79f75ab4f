import { placeIn } from '../../../picture/lanes.ts';
import type {
  ConnectionLife,
  Picture,
  Segment,
  SessionLife,
  Stay,
} from '../../../picture/picture.ts';
import { tag } from '../../text/xml.ts';
import type { Columns } from '../columns.ts';
import { DANGLES, GLYPHS, letterOf } from '../glyphs.ts';
import { overlapOf, type Span, togetherOn, within } from '../together.ts';
import { COLUMN, LINE, OWNER_COLORS } from './style.ts';
import { label } from './text.ts';

/** Where the steps of a drawing are, from top to bottom. */
export interface Rows {
  /** The steps that have a row, in order, and the middle of the first line of each. */
  readonly steps: readonly number[];
  readonly middles: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

/** Half of a cross, and of what stands on a lane. */
const ARM = 4;
/** From the middle of a line to where its characters stand. */
const BASELINE = 5;
const GLYPH = GLYPHS.unicode;

/** The place of the first row that is not before a step. */
function rowAt({ steps }: Rows, step: number): number {
  return placeIn(steps, step);
}

function isRow(rows: Rows, step: number): boolean {
  return rows.steps[rowAt(rows, step)] === step;
}

/** From where to where a time is drawn; null when no row is within it. */
function extent(rows: Rows, { from, to }: Span): readonly [top: number, bottom: number] | null {
  const [first, last] = [rowAt(rows, from), to === null ? rows.steps.length : rowAt(rows, to)];
  if (first >= last) return null;
  const isBefore = first === 0 && rows.steps[0] !== from;
  return [
    isBefore ? rows.top : (rows.middles[first] ?? rows.top),
    rows.middles[last] ?? rows.bottom,
  ];
}

/** The class of a session, and of what it owns. */
export function ownerClass(lane: number | null): string {
  return lane === null ? '' : `o${lane % OWNER_COLORS}`;
}

/** The look of a lane by how its connection is. */
export const CLASS_OF: Readonly<Record<Segment['state'], string>> = {
  connecting: 'connecting',
  'in use': 'use',
  'session list': 'list',
  'session idle': 'list',
  safe: 'list',
  idle: 'list',
  available: 'list',
  'to be removed': 'list',
  leaked: 'leaked',
  freed: '',
};

/** A line in a class. */
export function stroke(name: string, data: string): string {
  return tag('path', { class: name.trim(), d: data }, '/>\n');
}

/** What ends here. */
export function cross(name: string, x: number, y: number): string {
  const [left, right, top, bottom] = [x - ARM, x + ARM, y - ARM, y + ARM];
  return stroke(
    `end ${name}`,
    `M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}`,
  );
}

/** A state that is told by its character, where it begins, besides the line. */
export function isTold(state: Segment['state']): boolean {
  return CLASS_OF[state] === 'list' || state === 'leaked';
}

/** Draws the lanes of a picture beside its rows. */
export class LaneDrawing {
  readonly #picture: Picture;
  readonly #columns: Columns;
  readonly #rows: Rows;
  readonly #left: number;
  readonly #together: ReturnType<typeof togetherOn>;

  constructor(picture: Picture, columns: Columns, rows: Rows, left: number) {
    this.#picture = picture;
    this.#columns = columns;
    this.#rows = rows;
    this.#left = left;
    this.#together = togetherOn(picture);
  }

  /** All of it, a shape at a time: what lies below comes first. */
  *shapes(): Generator<string> {
    const { sessions, connections } = this.#picture;
    for (const session of sessions) yield* this.#session(session);
    yield* this.#links();
    for (const [place, connection] of connections.entries()) {
      for (const [at, stay] of connection.stays.entries()) {
        yield* this.#stay(connection, place, stay, connection.stays[at + 1] ?? null);
      }
    }
  }

  #x(lane: number | null): number | null {
    const column = lane === null ? undefined : this.#columns.placeOf.get(lane);
    return column === undefined ? null : this.#left + column * COLUMN + COLUMN / 2;
  }

  *#session(session: SessionLife): Generator<string> {
    const { lane, from, to } = session;
    const x = this.#x(lane);
    const span = extent(this.#rows, { from, to });
    if (x === null || lane === null) return;
    const name = ownerClass(lane);
    if (span !== null) {
      const [top, bottom] = span;
      // Below its letter.
      yield stroke(`session ${name}`, `M${x} ${top + LINE / 2 - 2}V${bottom}`);
      yield label(letterOf(lane), `strong glyph ${name}`, x, top + BASELINE);
    }
    if (to !== null && isRow(this.#rows, to)) yield cross(name, x, this.#middle(to));
    for (const [step, count] of session.idleConns) {
      if (!isRow(this.#rows, step) || step === from) continue;
      yield label(String(count), `letter ${name}`, x + ARM, this.#middle(step) + ARM);
    }
  }

  #middle(step: number): number {
    return this.#rows.middles[rowAt(this.#rows, step)] ?? this.#rows.bottom;
  }

  *#links(): Generator<string> {
    const { streams, sessions, connections } = this.#picture;
    for (const { session, connection, from } of streams) {
      if (session === null || !isRow(this.#rows, from)) continue;
      const lane = sessions[session]?.lane ?? null;
      const stays = connections[connection]?.stays ?? [];
      const [start, end] = [this.#x(lane), this.#x(laneAt(stays, from))];
      if (start === null || end === null) continue;
      const y = this.#middle(from);
      yield stroke(`link ${ownerClass(lane)}`, `M${start + BASELINE} ${y}H${end}`);
    }
  }

  *#stay(
    { segments }: ConnectionLife,
    place: number,
    stay: Stay,
    next: Stay | null,
  ): Generator<string> {
    const x = this.#x(stay.lane);
    if (x === null) return;
    let before: Segment | null = null;
    for (const segment of within(segments, stay)) {
      const span = overlapOf(segment, stay);
      if (span === null) continue;
      yield* this.#segment(segment, span, x, before);
      before = segment;
    }
    for (const each of within(this.#together.get(place) ?? [], stay)) {
      for (const segment of within(segments, each)) {
        const both = overlapOf(each, segment);
        const span = both === null ? null : overlapOf(both, stay);
        if (span !== null) yield this.#line(`several ${this.#ownerOf(segment)}`, span, x);
      }
    }
    const end = next === null ? null : this.#x(next.lane);
    if (end === null || next === null || !isRow(this.#rows, next.from)) return;
    const y = this.#middle(next.from);
    const back = end > x ? -ARM : ARM;
    const tip = end + back;
    yield stroke(
      'move',
      `M${x} ${y}H${tip}M${tip + back} ${y - ARM}L${tip} ${y}L${tip + back} ${y + ARM}`,
    );
  }

  #line(name: string, span: Span, x: number): string {
    const ends = extent(this.#rows, span);
    return ends === null ? '' : stroke(name, `M${x} ${ends[0]}V${ends[1]}`);
  }

  /** The class of whoever owns a connection, or of a pointer to nobody. */
  #ownerOf({ owner, dangles, state }: Segment): string {
    if (dangles || state === 'leaked') return 'bad';
    return ownerClass(owner === null ? null : (this.#picture.sessions[owner]?.lane ?? null));
  }

  *#segment(segment: Segment, span: Span, x: number, before: Segment | null): Generator<string> {
    const { state, owner, dangles } = segment;
    const name = this.#ownerOf(segment);
    if (state === 'freed') {
      if (isRow(this.#rows, span.from)) yield cross(name, x, this.#middle(span.from));
      return;
    }
    const ends = extent(this.#rows, span);
    if (ends === null) return;
    const [top] = ends;
    yield this.#line(`${CLASS_OF[state]} ${name}`, span, x);
    if (isTold(state) && state !== before?.state) {
      const back = {
        class: 'back',
        x: x - ARM - 1,
        y: top - ARM - 2,
        width: 10,
        height: LINE / 2 + 2,
      };
      yield tag('rect', back, '/>\n');
      yield label(GLYPH.states[state], `glyph ${name}`, x, top + BASELINE);
    }
    const isOther = before === null || owner !== before.owner || dangles !== before.dangles;
    const lane = owner === null ? null : (this.#picture.sessions[owner]?.lane ?? null);
    const says = dangles ? DANGLES : lane === null ? '' : letterOf(lane);
    if (isOther && says !== '') yield label(says, `letter ${name}`, x + ARM + 3, top + ARM);
  }
}

/** The lane of a connection after a step. */
function laneAt(stays: readonly Stay[], step: number): number | null {
  return stays.findLast(({ from }) => from <= step)?.lane ?? null;
}
