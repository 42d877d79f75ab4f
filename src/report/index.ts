import type { ToldReport } from './data/schema.ts';
import { agent } from './formats/agent.ts';
import { github } from './formats/github.ts';
import { json } from './formats/json.ts';
import { jsonl } from './formats/jsonl.ts';
import { junit } from './formats/junit.ts';
import type { WholeReporterName } from './formats/names.ts';
import { pretty } from './formats/pretty.ts';
import type { LineReporter, Reporter } from './formats/reporter.ts';
import { sarif } from './formats/sarif.ts';
import { tap } from './formats/tap.ts';
import type { ReportOptions } from './text/report-options.ts';

/** Every reporter for people by its name; its text is made part by part, as the run goes on. */
export const reporters: Readonly<Record<'pretty', (options: ReportOptions) => Reporter>> = {
  pretty,
};

/** Every reporter of a line per step by its name, made part by part as well. */
export const lineReporters: Readonly<Record<'jsonl', () => LineReporter>> = { jsonl };

/**
 * Every other reporter by its name: a function of the report of a whole run, whose text comes in
 * parts, each made when it is asked for.
 */
export const wholeReporters: Readonly<
  Record<WholeReporterName, (report: ToldReport) => Iterable<string>>
> = {
  json,
  junit,
  tap,
  github,
  sarif,
  agent,
};

export type { FileHead } from './data/file-head.ts';
export type { Report, ReportFile, ReportFiles, ReportStep, ToldReport } from './data/schema.ts';
export type { StepPart } from './data/select.ts';
export { partOf, type Selection, type StepsShown } from './data/select.ts';
export {
  addFile,
  type FileReport,
  NO_RUN,
  type RunReport,
  Tally,
} from './data/tally.ts';
export { githubSummary } from './formats/github.ts';
export { REPORTER_NAMES, type ReporterName } from './formats/names.ts';
export type { LineReporter, Reporter } from './formats/reporter.ts';
export { type Paint, type Palette, PLAIN } from './text/palette.ts';
export type { ReportOptions } from './text/report-options.ts';
