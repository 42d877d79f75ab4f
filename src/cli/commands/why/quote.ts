import { LineSplitter } from '../../../import/index.ts';
import type { Answer, Attempt, Interval, Place } from '../../../why/index.ts';

/** Lines of a capture by their numbers, as they stand there. */
export type Quoted = ReadonlyMap<number, string>;

/** Intervals of a connection that are shown: so many from the beginning, and to the end. */
const FIRST_SHOWN = 2;
const LAST_SHOWN = 6;

/** The intervals that are shown, and how many are left out between those of both ends. */
export function shownIntervals(intervals: readonly Interval[]): {
  readonly first: readonly Interval[];
  readonly left: number;
  readonly last: readonly Interval[];
} {
  const left = intervals.length - FIRST_SHOWN - LAST_SHOWN;
  if (left <= 1) return { first: intervals, left: 0, last: [] };
  return { first: intervals.slice(0, FIRST_SHOWN), left, last: intervals.slice(-LAST_SHOWN) };
}

/** Lines beside an attempt, in their order: the request, what it came to, its end. */
export function linesOfAttempt({ place, left }: Attempt): number[] {
  const { basis } = place;
  const named = [basis?.request, basis?.log, ...(basis?.lines ?? []), left?.basis?.lines[0]];
  const all = named.filter((line) => line != null);
  return [...new Set(all)].sort((one, other) => one - other);
}

/** The line beside a place: the first that it rests on. */
export function linesOf({ basis }: Place): number[] {
  return basis === null ? [] : [basis.lines[0]];
}

/** The line beside the end of a connection: the last that it rests on. */
export function linesOfEnd({ basis }: Place): number[] {
  return basis === null ? [] : [basis.lines[1]];
}

/** Every line of a capture that stands beside an answer. */
export function quotedLines(answer: Answer): number[] {
  if (answer.kind === 'request') return answer.attempts.flatMap(linesOfAttempt);
  if (answer.kind === 'held') return [];
  const { first, last } = shownIntervals(answer.intervals);
  return [
    ...(answer.privateSince === null ? [] : linesOf(answer.privateSince.place)),
    ...[...first, ...last].flatMap(({ from }) => linesOf(from)),
    ...(answer.gone === null ? [] : linesOfEnd(answer.gone.at)),
  ];
}

/** Takes the bytes of captures, and keeps those lines that are wanted. */
export class Quoter {
  readonly lines = new Map<number, string>();
  readonly #wanted: ReadonlySet<number>;
  readonly #last: number;
  readonly #splitter: LineSplitter;

  constructor(wanted: Iterable<number>) {
    this.#wanted = new Set(wanted);
    this.#last = Math.max(0, ...this.#wanted);
    this.#splitter = new LineSplitter((text, line) => {
      if (this.#wanted.has(line)) this.lines.set(line, text);
    });
  }

  /** Takes the next bytes; false once all lines are there. */
  write(chunk: Uint8Array): boolean {
    this.#splitter.write(chunk);
    return this.#splitter.count < this.#last;
  }

  /** The captures are over. */
  end(): void {
    this.#splitter.end();
  }
}
