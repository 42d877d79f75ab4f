import type { StepResult } from '../../replay/result.ts';
import type { FileHead } from '../data/file-head.ts';
import type { ReportFile, ToldReport } from '../data/schema.ts';
import type { StepPart } from '../data/select.ts';
import type { FileReport, RunReport } from '../data/tally.ts';

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
