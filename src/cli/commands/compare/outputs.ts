import type { Selection } from '../../../report/data/select.ts';
import type { Source } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { ReportWriter } from '../../reports/report-writer.ts';
import { checkDestinations, parseReporters } from '../../reports/reporters.ts';
import type { Host } from '../../streams/host.ts';
import { NOWHERE, type TextOutput } from '../../streams/output.ts';
import type { ComparedPage } from './page.ts';
import type { CompareOptions } from './text.ts';

/** Reporters that tell of two rule sets. */
const TELLING: readonly string[] = ['pretty', 'html'];

/** Loaded where it is asked for: most comparisons have no page. */
async function pageOn(
  output: TextOutput,
  selection: Pick<Selection, 'range' | 'only'>,
  sets: Pick<CompareOptions, 'from' | 'to'>,
): Promise<ComparedPage> {
  const { ComparedPage } = await import('./page.ts');
  const { pageAssets } = await import('../../reports/page-assets.ts');
  return new ComparedPage(await pageAssets(), output, selection, sets);
}

/** Where a comparison of two rule sets is told. */
export class TwoOutputs {
  readonly #writer: ReportWriter;
  /** Text for people; nobody reads it where only a page was asked for. */
  text: TextOutput = NOWHERE;
  /** The text goes to a file. */
  isFile = false;
  /** Null: none is made, or it cannot be written. */
  page: ComparedPage | null = null;

  private constructor(host: Host) {
    this.#writer = new ReportWriter(host);
  }

  /**
   * Opens what was asked for. What cannot be opened is told, and left out.
   *
   * @throws KnownError for a reporter that does not tell of two rule sets
   */
  static async open(
    reporters: readonly string[],
    inputs: readonly Source[],
    selection: Pick<Selection, 'range' | 'only'>,
    sets: Pick<CompareOptions, 'from' | 'to'>,
    host: Host,
  ): Promise<TwoOutputs> {
    // Annotations are of many rule sets, if any.
    const requests = parseReporters(reporters, {});
    const other = requests.find(({ name }) => !TELLING.includes(name));
    if (other !== undefined) {
      throw new KnownError(`the reporter ${other.name} tells of many rule sets: write --rules A,B`);
    }
    await checkDestinations(requests, inputs);
    const outputs = new TwoOutputs(host);
    for (const { name, to } of requests) {
      const output = await outputs.#writer.open(name, to);
      if (output === null) continue;
      if (name === 'html') outputs.page = await pageOn(output, selection, sets);
      else {
        outputs.text = output;
        outputs.isFile = typeof to !== 'string';
      }
    }
    return outputs;
  }

  /** Nobody is left who could read anything. */
  get isAbandoned(): boolean {
    return this.text.error !== null && this.page === null;
  }

  /** The run is over: completes what was opened. What cannot be written is told. */
  async finish(): Promise<Outcome> {
    this.page?.finish();
    await this.#writer.commit();
    return this.#writer.outcome;
  }

  /** The run ends early: no file is left behind, neither whole nor in part. */
  abandon(): void {
    this.#writer.abandon();
  }
}
