import type { LineProblem } from './problem.ts';

/** Problems that are enough to know of a trace. */
export const MAX_PROBLEMS = 10_000;
/** Lines that are read behind the first problem. */
export const MAX_LINES_BEHIND = 1_000_000;
/** The same in bytes. */
const MAX_BYTES_BEHIND = 256 * 1024 * 1024;
/** Blank lines before a header. */
export const MAX_BLANK_LINES = 1_000_000;

/** Knows when enough is wrong with a trace: nothing that follows would make it valid. */
export class Patience {
  #problems = 0;
  #bytes = 0;
  /** Lines may come up to this one. */
  #lastLine = MAX_BLANK_LINES;

  /** The header was read: a trace may go on for ever as long as nothing is wrong with it. */
  begin(): void {
    if (this.#problems === 0) this.#lastLine = Number.POSITIVE_INFINITY;
  }

  /** A problem was told. */
  problem(line: number): void {
    if (this.#problems === 0) this.#lastLine = line + MAX_LINES_BEHIND;
    this.#problems++;
  }

  /**
   * A line was read.
   *
   * @returns why reading ends with it; null while it goes on
   */
  ended(line: number, length: number): LineProblem | null {
    if (this.#problems === 0) {
      if (line < this.#lastLine) return null;
      const what = `no header in ${count(line)} lines: they are blank`;
      return last(line, what);
    }
    this.#bytes += length;
    if (this.#problems >= MAX_PROBLEMS) return last(line, `${count(this.#problems)} problems`);
    if (line >= this.#lastLine) {
      return last(line, `${count(MAX_LINES_BEHIND)} lines behind the first problem`);
    }
    if (this.#bytes < MAX_BYTES_BEHIND) return null;
    const mebibytes = MAX_BYTES_BEHIND / 1024 / 1024;
    return last(line, `${mebibytes} MiB behind the first problem`);
  }
}

/** `10,000`. */
function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

function last(line: number, what: string): LineProblem {
  const allowed = 'mend what was told, and replay it again';
  return { line, column: 1, what: `reading stops here: ${what}`, allowed, isLast: true };
}

/** Why reading stops within a line that does not end. */
export function endlessLine(line: number, bytes: number): LineProblem {
  return last(line, `the line goes on for more than ${bytes / 1024 / 1024} MiB`);
}
