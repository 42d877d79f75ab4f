import { pretty } from './pretty.ts';
import type { Reporter, ReportOptions } from './reporter.ts';

/** Every reporter by its name. */
export const reporters: Readonly<Record<'pretty', (options: ReportOptions) => Reporter>> = {
  pretty,
};

export { type Paint, type Palette, PLAIN } from './palette.ts';
export type {
  FileHead,
  Reporter,
  ReportOptions,
  StepPart,
} from './reporter.ts';
export { partOf, type Selection, type StepsShown } from './select.ts';
export {
  addFile,
  type FileReport,
  NO_RUN,
  type RunReport,
  Tally,
} from './tally.ts';
