import type { StepResult } from '../../replay/result.ts';
import { fileReportOf } from '../../report/data/collect.ts';
import type { FileHead } from '../../report/data/file-head.ts';
import type { ReportFile, ToldReport } from '../../report/data/schema.ts';
import type { StepPart } from '../../report/data/select.ts';
import type { LineReporter, Reporter } from '../../report/formats/reporter.ts';
import type { TextOutput } from '../streams/output.ts';

/** A report that is written while the run goes on, and where its text goes. */
export interface ReportStream {
  readonly output: TextOutput;
  /** It tells the decisions of each step, whether or not they were asked for. */
  readonly explains?: boolean;
  /** The run begins; of a stream that a worker makes, it has begun elsewhere. */
  begin?(): void;
  /**
   * Every step of a file, with what it has changed, whatever the selection shows; missing where
   * nothing is to be known of steps that are not shown.
   */
  watch?(step: StepResult, isMatched: boolean): void;
  /** A file begins; its header was read. */
  start(head: FileHead): void;
  /** A step that the selection shows. */
  step(head: FileHead, step: StepResult, part: StepPart): void;
  /** A file is over, whether or not its header could be read. */
  end(file: ReportFile): void;
  /** The run is over. */
  finish(report: ToldReport): void;
}

/** Text for people: blank lines between blocks; when quiet, no word about a file that agrees. */
export class TextStream implements ReportStream {
  #isHeadWritten = false;

  constructor(
    readonly reporter: Reporter,
    readonly output: TextOutput,
    readonly quiet: boolean,
  ) {}

  start(head: FileHead): void {
    this.#isHeadWritten = false;
    if (!this.quiet) this.#writeHead(head);
  }

  #writeHead(head: FileHead): void {
    if (this.#isHeadWritten) return;
    this.#isHeadWritten = true;
    this.output.separate();
    this.output.tell(this.reporter.head(head));
  }

  step(head: FileHead, step: StepResult, part: StepPart): void {
    const text = this.reporter.step(head, step, part);
    if (text === '') return;
    this.#writeHead(head);
    if (part === 'divergences') this.output.separate();
    this.output.tell(text);
  }

  end(file: ReportFile): void {
    if (this.#isHeadWritten) this.output.tell(this.reporter.tail(fileReportOf(file)));
    this.#isHeadWritten = false;
  }

  finish({ totals }: ToldReport): void {
    if (totals.files === 0) return;
    this.output.separate();
    this.output.tell(this.reporter.summary(totals));
  }
}

/** One object per line for programs: every file has its lines, quiet or not. */
export class LineStream implements ReportStream {
  constructor(
    readonly reporter: LineReporter,
    readonly output: TextOutput,
  ) {}

  start(head: FileHead): void {
    this.output.write(this.reporter.head(head));
  }

  step(head: FileHead, step: StepResult): void {
    this.output.write(this.reporter.step(head, step));
  }

  end(file: ReportFile): void {
    this.output.write(this.reporter.tail(file));
  }

  finish(report: ToldReport): void {
    this.output.write(this.reporter.summary(report));
  }
}

/** Where everything goes that replaying a file brings up. */
export interface ReportSink {
  readonly streams: readonly ReportStream[];
  /** How many steps of a file are collected for reports that are made at the end. */
  readonly stepsMax: number;
  /** True when nobody is left who could read a report. */
  readonly isAbandoned: boolean;
  /** Waits for outputs that have collected much. */
  relieve(): Promise<void>;
}
