import type { StepResult } from '../../replay/result.ts';
import type { FileHead } from '../data/file-head.ts';
import type { ReportFile, ToldReport } from '../data/schema.ts';
import type { StepPart } from '../data/select.ts';
import type { FileReport, RunReport } from '../data/tally.ts';
import type { Drawing } from '../drawing/drawing.ts';

/**
 * Turns results into text, part by part, so that a run of any length can be written as it goes.
 * Every part is a pure function; a text is empty or ends with a newline.
 */
export interface Reporter {
  /** Before the first step of a file. */
  head(file: FileHead): string;
  /** One step; empty when `part` asks only for divergences and there is no first cause. */
  step(file: FileHead, step: StepResult, part: StepPart): string;
  /** After the last step of a file. */
  tail(report: FileReport): string;
  /** After the last file. */
  summary(report: RunReport): string;
}

/** A reporter that draws the lanes of a trace, once that has been read. */
export interface DrawingReporter {
  /** Whether it tells the steps that are shown, or all that are within the range. */
  readonly tells: 'shown' | 'matched';
  /** One trace, some of its lines at a time, laid out for the width that there is. */
  draw(drawing: Drawing): Iterable<string>;
  /** After the last file; `hasDrawn`: there was one. */
  summary(report: RunReport, hasDrawn: boolean): string;
}

/** A reporter whose text is made part by part, each of whole lines, with the data of a report. */
export interface LineReporter {
  /** Before the first step of a file. */
  head(file: FileHead): string;
  /** One step. */
  step(file: FileHead, step: StepResult): string;
  /** After the last step of a file, also of one without a header. */
  tail(file: ReportFile): string;
  /** After the last file. */
  summary(report: ToldReport): string;
}
