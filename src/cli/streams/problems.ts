import type { Palette } from '../../report/text/palette.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { formatProblem, type Problem } from '../../trace/text/problem.ts';
import type { TextOutput } from './output.ts';

/** Problems of one file that are printed; the rest is counted. */
const PRINTED_MAX = 50;

/** Prints the problems of one file to standard error, up to a limit, and counts them all. */
export class ProblemPrinter {
  readonly #path: string;
  readonly #output: TextOutput;
  readonly #palette: Palette;
  #count = 0;
  #printed = 0;

  constructor(path: string, output: TextOutput, palette: Palette) {
    this.#path = path;
    this.#output = output;
    this.#palette = palette;
  }

  /** How many problems there were. */
  get count(): number {
    return this.#count;
  }

  #print(line: string, place: string, isLast = false): void {
    this.#count++;
    if (this.#printed >= PRINTED_MAX && !isLast) return;
    this.#printed++;
    const rest = line.startsWith(place) ? line.slice(place.length) : ` ${line}`;
    this.#output.tell(`${this.#palette.strong(place)}${this.#palette.bad(rest)}\n`);
  }

  /** A problem at a place in the file. */
  add(problem: Problem): void {
    const { path, line, column } = problem;
    this.#print(
      formatProblem(problem),
      `${escapeControl(path)}:${line}:${column}:`,
      problem.isLast,
    );
  }

  /** A problem with the file as such. */
  addFile(what: string): void {
    this.#print(escapeControl(what), `${escapeControl(this.#path)}:`);
  }

  /** Says how many problems were not printed, with those that nobody has told it of. */
  end(untold = 0): void {
    const more = this.#count + untold - this.#printed;
    if (more <= 0) return;
    const what = more === 1 ? '1 more problem' : `${more} more problems`;
    this.#output.tell(`${escapeControl(this.#path)}: and ${what} in this file\n`);
  }
}
