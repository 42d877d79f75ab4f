import type { ReleasesResult, ReleasesRun } from '../../../../compare/releases/index.ts';
import { fileLine, runLine } from '../../../../report/compared/formats.ts';
import type { ManyOptions } from '../../../../report/compared/row.ts';
import type { ComparedFile, ToldCompared } from '../../../../report/compared/schema.ts';
import type { ReporterName, WholeReporterName } from '../../../../report/formats/names.ts';
import type { Outcome } from '../../../outcome/outcome.ts';
import { KeptLines } from '../../../reports/kept-lines.ts';
import { FILE_WIDTH, isWhole } from '../../../reports/report-outputs.ts';
import { ReportWriter } from '../../../reports/report-writer.ts';
import type { Destination, ReporterRequest } from '../../../reports/reporters.ts';
import { type ColorMode, usesColor } from '../../../streams/color.ts';
import type { Host } from '../../../streams/host.ts';
import type { TextOutput } from '../../../streams/output.ts';
import { paletteFor } from '../../../streams/palette.ts';
import type { ReleasesPage } from './page.ts';
import { manySummaryText, matrixText, neighbourCausesText } from './run-text.ts';
import { fileText } from './text.ts';

/** A report that is written while the run goes on. */
interface Stream {
  readonly output: TextOutput;
  file(file: ComparedFile, result: ReleasesResult | null): void;
  finish(run: ReleasesRun, report: ToldCompared): void;
}

/** Text for people: blank lines between blocks; when quiet, no word about a single file. */
class TextStream implements Stream {
  constructor(
    readonly output: TextOutput,
    readonly options: ManyOptions,
    readonly quiet: boolean,
  ) {}

  file(file: ComparedFile, result: ReleasesResult | null): void {
    if (this.quiet) return;
    this.output.separate();
    this.output.tell(fileText(file, result, file.problemCount, this.options));
  }

  finish(run: ReleasesRun, { totals }: ToldCompared): void {
    if (run.files === 0) return;
    if (this.quiet || run.files > 1) {
      this.#block(matrixText(run, this.options));
      for (const pair of run.neighbours.filter(({ files }) => files > 0)) {
        this.#block(neighbourCausesText(pair, this.options));
      }
    }
    this.#block(manySummaryText(run, totals.unrecorded, this.options));
  }

  #block(text: string): void {
    this.output.separate();
    this.output.tell(text);
  }
}

/** One object per line for programs. */
class LineStream implements Stream {
  constructor(readonly output: TextOutput) {}

  file(file: ComparedFile): void {
    this.output.write(fileLine(file));
  }

  finish(_run: ReleasesRun, report: ToldCompared): void {
    this.output.write(runLine(report));
  }
}

/** What the reporters are told about the run. */
export interface ManyOutputOptions {
  readonly color: ColorMode;
  readonly quiet: boolean;
}

/** Every report of a run under many rule sets on its way to where it was asked for. */
export class ManyOutputs {
  readonly #streams: Stream[] = [];
  readonly #wholes: { readonly name: WholeReporterName; readonly to: Destination }[] = [];
  /** The files of the run, for what is made at its end. */
  readonly #kept = new KeptLines();
  readonly #host: Host;
  readonly #writer: ReportWriter;

  /** The page that is made besides; null: none is, or it cannot be written. */
  page: ReleasesPage | null = null;

  private constructor(host: Host) {
    this.#host = host;
    this.#writer = new ReportWriter(host);
  }

  /** Opens what is written while the run goes on. What cannot be opened is told, and left out. */
  static async open(
    requests: readonly ReporterRequest[],
    options: ManyOutputOptions,
    host: Host,
  ): Promise<ManyOutputs> {
    const outputs = new ManyOutputs(host);
    for (const { name, to } of requests) {
      if (isWhole(name)) outputs.#wholes.push({ name, to });
      else await outputs.#openStream(name, to, options);
    }
    return outputs;
  }

  async #openStream(
    name: ReporterName,
    to: Destination,
    { color, quiet }: ManyOutputOptions,
  ): Promise<void> {
    const output = await this.#writer.open(name, to);
    if (output === null) return;
    if (name === 'html') {
      // Most runs have no page.
      const { ReleasesPage } = await import('./page.ts');
      const { pageAssets } = await import('../../../reports/page-assets.ts');
      this.page = new ReleasesPage(await pageAssets(), output);
      return;
    }
    if (name === 'jsonl') {
      this.#streams.push(new LineStream(output));
      return;
    }
    const { env, isTerminal } = this.#host;
    const isFile = typeof to !== 'string';
    const isOnTerminal = !isFile && isTerminal.stdout;
    const palette = await paletteFor(usesColor({ mode: color, env, isTerminal: isOnTerminal }));
    const width = isFile ? FILE_WIDTH : this.#host.width;
    this.#streams.push(new TextStream(output, { palette, width }, quiet));
  }

  /** Nobody is left who could read a report. */
  get isAbandoned(): boolean {
    return this.#writer.isAbandoned(this.#wholes);
  }

  /** A file is over. No problem overtakes the results printed before it, nor the other way round. */
  async file(file: ComparedFile, result: ReleasesResult | null): Promise<void> {
    for (const stream of this.#streams) stream.file(file, result);
    if (this.#wholes.length > 0) this.#kept.add(JSON.stringify(file));
    for (const { output } of this.#streams) await output.flush();
    await this.page?.output.flush();
  }

  *#told(): Generator<ComparedFile> {
    for (let at = 0; at < this.#kept.count; at++) yield JSON.parse(this.#kept.at(at));
  }

  /** The run is over: completes every report. What cannot be written is told. */
  async finish(run: ReleasesRun, about: Omit<ToldCompared, 'files'>): Promise<Outcome> {
    const told = (): Generator<ComparedFile> => this.#told();
    const report = { ...about, files: { [Symbol.iterator]: told } };
    for (const stream of this.#streams) stream.finish(run, report);
    this.page?.finish();
    await this.#writer.commit();
    if (this.#wholes.length > 0) await this.#writeWholes(report);
    return this.#writer.outcome;
  }

  async #writeWholes(report: ToldCompared): Promise<void> {
    const { comparedReporters, comparedSummary } = await import(
      '../../../../report/compared/formats.ts'
    );
    for (const { name, to } of this.#wholes) {
      await this.#writer.whole(name, to, comparedReporters[name](report));
    }
    if (this.#wholes.some(({ name }) => name === 'github')) {
      await this.#writer.summarize(() => comparedSummary(report));
    }
  }

  /** The run ends early: no file is left behind, neither whole nor in part. */
  abandon(): void {
    this.#writer.abandon();
  }
}
