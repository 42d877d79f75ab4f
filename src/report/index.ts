import { agent } from './agent.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { jsonl, type LineReporter } from './jsonl.ts';
import { junit } from './junit.ts';
import { pretty } from './pretty.ts';
import type { Reporter, ReportOptions } from './reporter.ts';
import { sarif } from './sarif.ts';
import type { Report } from './schema.ts';
import { tap } from './tap.ts';

/** Every reporter for people by its name; its text is made part by part, as the run goes on. */
export const reporters: Readonly<Record<'pretty', (options: ReportOptions) => Reporter>> = {
  pretty,
};

/** Every reporter of a line per step by its name, made part by part as well. */
export const lineReporters: Readonly<Record<'jsonl', () => LineReporter>> = { jsonl };

/** Every other reporter by its name: a function of the report of a whole run. */
export const wholeReporters: Readonly<
  Record<'json' | 'junit' | 'tap' | 'github' | 'sarif' | 'agent', (report: Report) => string>
> = { json, junit, tap, github, sarif, agent };

export { githubSummary } from './github.ts';
export type { LineReporter } from './jsonl.ts';
export { REPORTER_NAMES, type ReporterName } from './names.ts';
export { type Paint, type Palette, PLAIN } from './palette.ts';
export type {
  FileHead,
  Reporter,
  ReportOptions,
  StepPart,
} from './reporter.ts';
export type { Report, ReportFile, ReportStep } from './schema.ts';
export { partOf, type Selection, type StepsShown } from './select.ts';
export {
  addFile,
  type FileReport,
  NO_RUN,
  type RunReport,
  Tally,
} from './tally.ts';
