import type { FileResult, StepResult } from '../../replay/result.ts';
import type { FileReport, RunReport } from '../data/tally.ts';
import type { Palette } from '../text/palette.ts';

/** What a reporter is told about its surroundings; it never looks for itself. */
export interface ReportOptions {
  /** Columns that a line may take. */
  readonly width: number;
  readonly palette: Palette;
  /** The whole state after each step instead of what changed. */
  readonly full: boolean;
  /** More than one file is replayed, so that each says its own counts. */
  readonly several: boolean;
  /** The rule set that was given on the command line, or null: it belongs to the repeat command. */
  readonly rules: string | null;
  /** Findings that a trace does not state count like divergences. */
  readonly strict: boolean;
}

/** One trace that is being replayed. */
export interface FileHead {
  /** As printed, control characters not yet escaped; `<stdin>` for standard input. */
  readonly path: string;
  /** Read from standard input: the repeat command cannot name it. */
  readonly stdin: boolean;
  readonly title: string | null;
  /** The rule set that judges it. */
  readonly rules: FileResult['rules'];
}

/** How much of a step is shown: its line and what it changed, or only how it diverges. */
export type StepPart = 'whole' | 'divergences';

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
