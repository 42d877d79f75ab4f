import { appendFile } from 'node:fs/promises';
import type { ReporterName } from '../../report/formats/names.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { TargetFile, writeParts } from '../files/target-file.ts';
import { systemErrorText } from '../outcome/errors.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Host } from '../streams/host.ts';
import type { Output } from '../streams/output.ts';
import type { Destination } from './reporters.ts';

/** A file that a report is written to while the run goes on. */
interface OpenFile {
  readonly name: ReporterName;
  readonly path: string;
  readonly file: TargetFile;
}

/** Writes reports to where they were asked for. What cannot be written is told, and left out. */
export class ReportWriter {
  readonly #host: Host;
  readonly #files: OpenFile[] = [];
  #outcome: Outcome = 'agrees';

  constructor(host: Host) {
    this.#host = host;
  }

  /** How the writing ended so far. */
  get outcome(): Outcome {
    return this.#outcome;
  }

  /** Where a report goes that is written while the run goes on; null where it cannot be opened. */
  async open(name: ReporterName, to: Destination): Promise<Output | null> {
    if (typeof to === 'string') return this.#host[to];
    const { path } = to;
    const file = await this.#attempt(name, path, () => TargetFile.open(path));
    if (file === null) return null;
    this.#files.push({ name, path, file });
    return file.output;
  }

  /** Nobody is left who could read a report, of those that are open or are made at the end. */
  isAbandoned(wholes: readonly { readonly to: Destination }[]): boolean {
    if (this.#host.stdout.error === null) return false;
    return this.#files.length === 0 && wholes.every(({ to }) => to === 'stdout');
  }

  /** The files that are open get their names. */
  async commit(): Promise<void> {
    for (const { name, path, file } of this.#files) {
      await this.#attempt(name, path, () => file.commit());
    }
  }

  /** The run ends early: no file is left behind, neither whole nor in part. */
  abandon(): void {
    for (const { file } of this.#files) file.abandon();
  }

  async #attempt<Result>(
    name: ReporterName,
    path: string,
    write: () => Promise<Result>,
  ): Promise<Result | null> {
    try {
      return await write();
    } catch (error) {
      const what = `the report ${name} cannot be written: ${systemErrorText(error)}`;
      this.#host.stderr.tell(`${escapeControl(path)}: ${what}\n`);
      this.#outcome = 'unwritable-output';
      return null;
    }
  }

  /** Writes a report that is made at the end of a run. */
  async whole(name: ReporterName, to: Destination, parts: Iterable<string>): Promise<void> {
    if (typeof to === 'string') await this.#host[to].writeAll(parts);
    else await this.#attempt(name, to.path, () => writeParts(to.path, parts));
  }

  /** The job summary of GitHub Actions, which other commands of the step may have begun. */
  async summarize(text: () => string): Promise<void> {
    const path = this.#host.env.GITHUB_STEP_SUMMARY ?? '';
    if (path !== '') await this.#attempt('github', path, () => appendFile(path, text()));
  }
}
