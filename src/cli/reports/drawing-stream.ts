import { PictureBuilder } from '../../picture/index.ts';
import type { StepResult } from '../../replay/result.ts';
import type { FileHead } from '../../report/data/file-head.ts';
import type { ReportFile, ToldReport } from '../../report/data/schema.ts';
import type { Selection, StepPart } from '../../report/data/select.ts';
import type { DrawingReporter } from '../../report/formats/reporter.ts';
import type { TextOutput } from '../streams/output.ts';
import { KeptSteps } from './kept-steps.ts';
import type { ReportStream } from './report-stream.ts';

/** What of a trace is drawn: the lanes of what the selected steps touch, within its range. */
type Drawn = Pick<Selection, 'range' | 'only'>;

/**
 * A report with the lanes of each trace. How many lanes there are is known when the trace has been
 * read: until then its steps are kept.
 */
export class DrawingStream implements ReportStream {
  #builder = new PictureBuilder();
  #steps = new KeptSteps();
  /** Of what the selected steps touch; null: everything is drawn. */
  #ids: Set<string> | null = null;
  #head: FileHead | null = null;
  #hasDrawn = false;

  /** @param selection what is drawn; lanes are those of its steps, also of those not told */
  constructor(
    readonly reporter: DrawingReporter,
    readonly output: TextOutput,
    readonly selection: Drawn,
  ) {}

  start(head: FileHead): void {
    this.#head = head;
    this.#builder = new PictureBuilder();
    this.#steps = new KeptSteps();
    this.#ids = this.selection.only === null ? null : new Set();
  }

  watch(step: StepResult, isMatched: boolean): void {
    this.#builder.add(step);
    if (!isMatched) return;
    for (const id of step.touches) this.#ids?.add(id);
    if (this.reporter.tells === 'matched') this.#steps.add({ step, part: 'whole' });
  }

  step(_head: FileHead, step: StepResult, part: StepPart): void {
    if (this.reporter.tells === 'shown') this.#steps.add({ step, part });
  }

  end(file: ReportFile): void {
    const head = this.#head;
    const ids = this.#ids;
    const { range } = this.selection;
    const picture = this.#builder.layout({
      ...(range === null ? {} : range),
      ...(ids === null ? {} : { keeps: (id) => ids.has(id) }),
    });
    this.output.separate();
    for (const part of this.reporter.draw({ head, picture, steps: this.#steps, file })) {
      this.output.write(part);
    }
    this.#hasDrawn = true;
    this.#head = null;
    this.#builder = new PictureBuilder();
    this.#steps = new KeptSteps();
  }

  finish(report: ToldReport): void {
    const text = this.reporter.summary(report.totals, this.#hasDrawn);
    if (text === '') return;
    this.output.separate();
    this.output.write(text);
  }
}
