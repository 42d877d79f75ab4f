import { PictureBuilder } from '../../picture/index.ts';
import type { StepResult } from '../../replay/result.ts';
import type { FileHead } from '../../report/data/file-head.ts';
import type { ReportFile } from '../../report/data/schema.ts';
import type { Selection } from '../../report/data/select.ts';
import { type PageAssets, pageEnd, pageStart, pageTrace } from '../../report/page/document.ts';
import { toldStep } from '../../report/page/step.ts';
import { StepPacker } from '../../report/page/steps.ts';
import { firstOf, summaryOf } from '../../report/page/summary.ts';
import type { TraceSummary } from '../../report/page/told.ts';
import type { TextOutput } from '../streams/output.ts';
import type { ReportStream } from './report-stream.ts';

/** Stands in the tab of a browser until the page has drawn itself. */
const TITLE = 'replay';

/** A page with every trace of a run: each is written when it has been read. */
export class PageStream implements ReportStream {
  readonly explains = true;
  #builder = new PictureBuilder();
  #steps = new StepPacker();
  /** Of what the selected steps touch; null: everything has a lane. */
  #ids: Set<string> | null = null;
  #first: TraceSummary['first'] = null;

  /** @param selection the steps that the page has; lanes are those of what they touch */
  constructor(
    readonly assets: PageAssets,
    readonly output: TextOutput,
    readonly selection: Pick<Selection, 'range' | 'only'>,
  ) {}

  begin(): void {
    this.output.write(pageStart(this.assets, TITLE));
  }

  start(_head: FileHead): void {
    this.#reset();
  }

  watch(step: StepResult, isMatched: boolean): void {
    this.#builder.add(step);
    this.#first ??= firstOf(step);
    if (!isMatched) return;
    for (const id of step.touches) this.#ids?.add(id);
    const numberOf = this.#steps.ruleNumber;
    this.#steps.add(
      step.number,
      step.event,
      toldStep(step, numberOf),
      step.decisions.map(numberOf),
    );
  }

  /** All that a page has of a step is known before it is known whether the others show it. */
  step(): void {}

  end(file: ReportFile): void {
    const ids = this.#ids;
    const picture = this.#builder.layout({
      ...(this.selection.range ?? {}),
      ...(ids === null ? {} : { keeps: (id) => ids.has(id) }),
    });
    const summary = summaryOf(file, picture, this.#first);
    for (const part of pageTrace({ summary, ...this.#steps.pack([picture]) })) {
      this.output.write(part);
    }
    this.#reset();
  }

  finish(): void {
    this.output.write(pageEnd(this.assets));
  }

  #reset(): void {
    this.#builder = new PictureBuilder();
    this.#steps = new StepPacker();
    this.#ids = this.selection.only === null ? null : new Set();
    this.#first = null;
  }
}
