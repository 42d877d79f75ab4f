import type { ReportFile, ReportFiles } from '../../report/data/schema.ts';
import { KeptLines } from './kept-lines.ts';

/** A file without its steps, which follow it. */
type Head = Omit<ReportFile, 'reported'> & { readonly reported: number };

/**
 * The files of a run, for reports that are made when it is over: as JSON and compressed, so that a
 * hundred thousand of them take a few megabytes.
 */
export class KeptFiles implements ReportFiles {
  readonly #lines = new KeptLines();
  /** The number of the first line of each file: what it is; then a line to a step. */
  readonly #starts: number[] = [];

  get length(): number {
    return this.#starts.length;
  }

  /** Keeps a file. */
  add(file: ReportFile): void {
    this.#starts.push(this.#lines.count);
    this.#lines.add(JSON.stringify({ ...file, reported: file.reported.length }));
    for (const step of file.reported) this.#lines.add(JSON.stringify(step));
  }

  at(place: number): ReportFile | undefined {
    const start = this.#starts[place];
    if (start === undefined) return undefined;
    const head: Head = JSON.parse(this.#lines.at(start));
    const reported = Array.from({ length: head.reported }, (_, at) =>
      JSON.parse(this.#lines.at(start + 1 + at)),
    );
    return { ...head, reported };
  }

  *[Symbol.iterator](): Generator<ReportFile> {
    for (let place = 0; place < this.length; place++) {
      const file = this.at(place);
      if (file !== undefined) yield file;
    }
  }
}
