import { REPORTED_STEPS_MAX } from '../../report/data/collect.ts';
import type { GlyphSetName } from '../../report/drawing/glyphs.ts';
import type { ReporterName, WholeReporterName } from '../../report/formats/names.ts';
import type { ReportFile, ToldReport } from '../../report/index.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { type ColorMode, usesColor } from '../streams/color.ts';
import type { Host } from '../streams/host.ts';
import { KeptFiles } from './kept-files.ts';
import type { ReportSink, ReportStream } from './report-stream.ts';
import { ReportWriter } from './report-writer.ts';
import type { Destination, ReporterRequest } from './reporters.ts';
import { type Drawn, type RunOptions, type StreamSpec, streamFor } from './stream-spec.ts';

/** Columns of a report for people that goes to a file. */
export const FILE_WIDTH = 80;

/** What the reporters for people are told about the run. */
export interface OutputOptions extends RunOptions {
  readonly color: ColorMode;
  /** Files without a divergence are passed over in silence. */
  readonly quiet: boolean;
  /** The characters of the lanes beside steps, for people; null: there are none. */
  readonly glyphs: GlyphSetName | null;
  /** What is drawn. */
  readonly drawn: Drawn;
  /** Columns that were asked for, or null. */
  readonly columns: number | null;
}

/** Whether a reporter's text is made when the run is over. */
export function isWhole(name: ReporterName): name is WholeReporterName {
  return name !== 'pretty' && name !== 'jsonl' && name !== 'svg' && name !== 'html';
}

/** A report that is made when the run is over. */
interface WholeRequest {
  readonly name: WholeReporterName;
  readonly to: Destination;
}

/** Every report of a run on its way to where it was asked for. */
export class ReportOutputs implements ReportSink {
  readonly streams: ReportStream[] = [];
  /** The same streams as data, for those who make theirs elsewhere. */
  readonly specs: StreamSpec[] = [];
  readonly #wholes: WholeRequest[] = [];
  /** What the reports at the end are made of. */
  readonly kept = new KeptFiles();
  readonly #writer: ReportWriter;

  private constructor(host: Host) {
    this.#writer = new ReportWriter(host);
  }

  /** Opens what is written while the run goes on. What cannot be opened is told, and left out. */
  static async open(
    requests: readonly ReporterRequest[],
    options: OutputOptions,
    host: Host,
  ): Promise<ReportOutputs> {
    const outputs = new ReportOutputs(host);
    for (const { name, to } of requests) {
      if (isWhole(name)) {
        outputs.#wholes.push({ name, to });
        continue;
      }
      const output = await outputs.#writer.open(name, to);
      if (output === null) continue;
      const isFile = typeof to !== 'string';
      const spec = specFor(name, isFile, options, host);
      outputs.specs.push(spec);
      const stream = await streamFor(spec, output);
      stream.begin?.();
      outputs.streams.push(stream);
    }
    return outputs;
  }

  get stepsMax(): number {
    return this.#wholes.length > 0 ? REPORTED_STEPS_MAX : 0;
  }

  get isAbandoned(): boolean {
    return this.#writer.isAbandoned(this.#wholes);
  }

  /** Takes a file that is over, to be told at the end. */
  keep(file: ReportFile): void {
    if (this.#wholes.length > 0) this.kept.add(file);
  }

  async relieve(): Promise<void> {
    for (const { output } of this.streams) if (output.isFull) await output.flush();
  }

  /** The run is over: completes every report. What cannot be written is told. */
  async finish(report: ToldReport): Promise<Outcome> {
    for (const stream of this.streams) stream.finish(report);
    await this.#writer.commit();
    if (this.#wholes.length > 0) await this.#writeWholes(report);
    return this.#writer.outcome;
  }

  /** Their reporters are loaded only here: most runs have none, and want to start soon. */
  async #writeWholes(report: ToldReport): Promise<void> {
    const { wholeReporters, githubSummary } = await import('../../report/index.ts');
    for (const { name, to } of this.#wholes) {
      await this.#writer.whole(name, to, wholeReporters[name](report));
    }
    if (this.#wholes.some(({ name }) => name === 'github')) {
      await this.#writer.summarize(() => githubSummary(report));
    }
  }

  /** The run ends early: no file is left behind, neither whole nor in part. */
  abandon(): void {
    this.#writer.abandon();
  }
}

function specFor(
  name: StreamSpec['name'],
  isFile: boolean,
  { color, quiet, glyphs, columns, ...options }: OutputOptions,
  { env, isTerminal, width }: Host,
): StreamSpec {
  if (name === 'jsonl') return { name };
  if (name === 'html') return { name, drawn: options.drawn };
  // A drawing is the same wherever it goes.
  if (name === 'svg') return { name, width: columns ?? FILE_WIDTH, ...options };
  const hasColor = usesColor({ mode: color, env, isTerminal: !isFile && isTerminal.stdout });
  const room = columns ?? (isFile ? FILE_WIDTH : width);
  return { name, width: room, hasColor, quiet, glyphs, ...options };
}
