import type { WholeReporterName } from '../../../report/formats/names.ts';
import { runLine, traceLine } from '../../../report/verified/formats.ts';
import type { VerifiedTrace, Verifier, VerifyReport } from '../../../report/verified/result.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { FILE_WIDTH, isWhole } from '../../reports/report-outputs.ts';
import { ReportWriter } from '../../reports/report-writer.ts';
import type { Destination, ReporterRequest } from '../../reports/reporters.ts';
import { type ColorMode, usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import type { TextOutput } from '../../streams/output.ts';
import { paletteFor } from '../../streams/palette.ts';
import { headText, summaryText, type TextOptions, traceText } from './text.ts';

/** A report that is written while the run goes on. */
interface Stream {
  readonly output: TextOutput;
  head(verifier: Verifier): void;
  trace(trace: VerifiedTrace): void;
  finish(report: VerifyReport): void;
}

/** Text for people. */
class TextStream implements Stream {
  constructor(
    readonly output: TextOutput,
    readonly options: TextOptions,
  ) {}

  head(verifier: Verifier): void {
    this.output.tell(headText(verifier, this.options));
  }

  trace(trace: VerifiedTrace): void {
    this.output.tell(traceText(trace, this.options));
  }

  finish({ traces }: VerifyReport): void {
    if (traces.length < 2) return;
    this.output.separate();
    this.output.tell(summaryText(traces, this.options));
  }
}

/** One object per line for programs. */
class LineStream implements Stream {
  constructor(readonly output: TextOutput) {}

  head(): void {
    // The run says it, in the last line.
  }

  trace(trace: VerifiedTrace): void {
    this.output.write(traceLine(trace));
  }

  finish(report: VerifyReport): void {
    this.output.write(runLine(report));
  }
}

/** Every report of a run on its way to where it was asked for. */
export class VerifyOutputs {
  readonly #streams: Stream[] = [];
  readonly #wholes: { readonly name: WholeReporterName; readonly to: Destination }[] = [];
  readonly #writer: ReportWriter;

  private constructor(host: Host) {
    this.#writer = new ReportWriter(host);
  }

  /** Opens what is written while the run goes on. What cannot be opened is told, and left out. */
  static async open(
    requests: readonly ReporterRequest[],
    color: ColorMode,
    host: Host,
  ): Promise<VerifyOutputs> {
    const outputs = new VerifyOutputs(host);
    for (const { name, to } of requests) {
      if (isWhole(name)) {
        outputs.#wholes.push({ name, to });
        continue;
      }
      const output = await outputs.#writer.open(name, to);
      if (output === null) continue;
      const isFile = typeof to !== 'string';
      const isTerminal = !isFile && host.isTerminal.stdout;
      const palette = await paletteFor(usesColor({ mode: color, env: host.env, isTerminal }));
      const width = isFile ? FILE_WIDTH : host.width;
      outputs.#streams.push(
        name === 'jsonl' ? new LineStream(output) : new TextStream(output, { palette, width }),
      );
    }
    return outputs;
  }

  /** Before the first trace. */
  head(verifier: Verifier): void {
    for (const stream of this.#streams) stream.head(verifier);
  }

  /** A trace is over. */
  trace(trace: VerifiedTrace): void {
    for (const stream of this.#streams) {
      stream.trace(trace);
      void stream.output.flush();
    }
  }

  /** The run is over: completes every report. What cannot be written is told. */
  async finish(report: VerifyReport): Promise<Outcome> {
    for (const stream of this.#streams) stream.finish(report);
    await this.#writer.commit();
    if (this.#wholes.length > 0) {
      const { verifiedReporters, verifiedSummary } = await import(
        '../../../report/verified/formats.ts'
      );
      for (const { name, to } of this.#wholes) {
        await this.#writer.whole(name, to, verifiedReporters[name](report));
      }
      if (this.#wholes.some(({ name }) => name === 'github')) {
        await this.#writer.summarize(() => verifiedSummary(report));
      }
    }
    return this.#writer.outcome;
  }

  /** The run ends early: no file is left behind, neither whole nor in part. */
  abandon(): void {
    this.#writer.abandon();
  }
}
