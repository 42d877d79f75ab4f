import type { Palette } from './palette.ts';

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
