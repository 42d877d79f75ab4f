import type { Severity } from '../../format/index.ts';
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
  /** The rule set that was given on the command line, or null. */
  readonly rules: string | null;
  /** The invariants that were given on the command line, or null. */
  readonly invariants: readonly string[] | null;
  /** Findings of these severities that a trace does not state count like divergences. */
  readonly strict: readonly Severity[];
  /** Divergences that follow from earlier ones are shown one by one, as in `Selection`. */
  readonly unfolded: boolean;
  /** This was asked for at all steps. */
  readonly allDivergences: boolean;
  /** The decisions of each step are told. */
  readonly explain: boolean;
}

/** What a replay without any option is told with. */
export const WITHOUT_OPTIONS = {
  full: false,
  several: false,
  rules: null,
  invariants: null,
  strict: [],
  unfolded: false,
  allDivergences: false,
  explain: false,
} as const satisfies Omit<ReportOptions, 'width' | 'palette'>;

/** What stands behind a count of divergences that are not shown: the option that shows them. */
export const UNFOLD = '(--all-divergences)';

/** The options that belong to a command which shows a step again: what the answer depends on. */
export type RepeatedOptions = Pick<
  ReportOptions,
  'rules' | 'invariants' | 'strict' | 'allDivergences' | 'explain' | 'full'
>;
