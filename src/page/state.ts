import { isSameSubject, type Subject } from './data/band.ts';
import type { Trace } from './data/trace.ts';

/** Where a reader is in a trace. */
export interface Place {
  /** By its row. */
  readonly row: number;
  /** The chosen lane; null: none. */
  readonly subject: Subject | null;
}

/** What a search has found, and where the reader is in it. */
export interface FoundSteps {
  readonly says: string;
  /** Rows, ascending. */
  readonly rows: readonly number[];
}

/** Told when something has changed, with whether the reader has gone elsewhere. */
type Listener = (change: 'place' | 'found' | 'bands') => void;

/** What a reader has chosen in a trace, and who is told when that changes. */
export class State {
  #place: Place;
  #found: FoundSteps | null = null;
  #shown: readonly number[];
  readonly #listeners: Listener[] = [];
  /** Rows that have a mark, ascending. */
  #marked: readonly number[];

  constructor(
    readonly trace: Trace,
    shown: readonly number[],
  ) {
    this.#place = { row: 0, subject: null };
    this.#shown = shown;
    this.#marked = markedRows(trace, shown);
  }

  get place(): Place {
    return this.#place;
  }

  /** The number of the chosen step. */
  get step(): number {
    return this.trace.numberOf(this.#place.row);
  }

  get found(): FoundSteps | null {
    return this.#found;
  }

  /** The bands that are shown. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  get marked(): readonly number[] {
    return this.#marked;
  }

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  goTo(place: Partial<Place>): void {
    const { row = this.#place.row, subject = this.#place.subject } = place;
    const last = Math.max(0, this.trace.count - 1);
    const next = { row: Math.max(0, Math.min(last, row)), subject };
    const isHere = next.row === this.#place.row && isSameSubject(subject, this.#place.subject);
    this.#place = next;
    if (!isHere) this.#tell('place');
  }

  /** Goes to the next or the previous of some rows; nowhere if there is none. */
  goAmong(rows: readonly number[], by: 1 | -1): boolean {
    const { row } = this.#place;
    const next = by === 1 ? rows.find((each) => each > row) : rows.findLast((each) => each < row);
    if (next !== undefined) this.goTo({ row: next });
    return next !== undefined;
  }

  find(found: FoundSteps | null): void {
    this.#found = found;
    this.#tell('found');
  }

  show(bands: readonly number[]): void {
    this.#shown = bands;
    this.#marked = markedRows(this.trace, bands);
    const { subject } = this.#place;
    const isShown = subject === null || bands.includes(subject.band);
    if (!isShown) this.#place = { ...this.#place, subject: null };
    this.#tell('bands');
  }

  #tell(change: Parameters<Listener>[0]): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The rows of some bands that have a mark, ascending. */
function markedRows(trace: Trace, shown: readonly number[]): number[] {
  const marks = shown.flatMap((band) => trace.bands[band]?.marks ?? []);
  const rows = new Set(marks.map(({ step }) => trace.rowOf(step)));
  return [...rows].filter((row) => row >= 0).sort((one, other) => one - other);
}
