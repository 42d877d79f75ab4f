import { appendFile } from 'node:fs/promises';
import type { ReporterName } from '../../report/formats/names.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { writeParts } from '../files/target-file.ts';
import { systemErrorText } from '../outcome/errors.ts';
import type { Outcome } from '../outcome/outcome.ts';
import type { Host } from '../streams/host.ts';
import type { Destination } from './reporters.ts';

/** Writes reports to where they were asked for. What cannot be written is told, and left out. */
export class ReportWriter {
  readonly #host: Host;
  #outcome: Outcome = 'agrees';

  constructor(host: Host) {
    this.#host = host;
  }

  /** How the writing ended so far. */
  get outcome(): Outcome {
    return this.#outcome;
  }

  /** What was written; null where it could not be. */
  async attempt<Result>(
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
    else await this.attempt(name, to.path, () => writeParts(to.path, parts));
  }

  /** The job summary of GitHub Actions, which other commands of the step may have begun. */
  async summarize(text: () => string): Promise<void> {
    const path = this.#host.env.GITHUB_STEP_SUMMARY ?? '';
    if (path !== '') await this.attempt('github', path, () => appendFile(path, text()));
  }
}
