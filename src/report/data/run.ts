import { fileReportOf } from './collect.ts';
import type { Report, ReportFile, ReportFiles } from './schema.ts';
import { REPORT_SCHEMA_VERSION } from './schema-version.ts';
import type { Selection } from './select.ts';
import { type Strict, strictOptions } from './severity.ts';
import { addFile, NO_RUN, type RunReport } from './tally.ts';

/** The counts of a run, from its files and the paths that stand for none. */
export function totalsOf(files: readonly ReportFile[], unread: Report['unread']): RunReport {
  let run: RunReport = { ...NO_RUN, unread: unread.length };
  for (const file of files) run = addFile(run, fileReportOf(file));
  return run;
}

/** The options that decide about the outcome of a run, and what is told of it. */
type JudgingOptions = Pick<Report['options'], 'rules' | 'invariants'> & {
  readonly strict: Strict;
  readonly allDivergences: boolean;
  readonly explain: boolean;
};

/** The options of a run as its report holds them; JSON has no number for an open end. */
export function reportOptions(
  { range, only }: Pick<Selection, 'range' | 'only'>,
  { rules, strict, invariants, allDivergences, explain }: JudgingOptions,
): Report['options'] {
  const last = range === null || range.last === Number.POSITIVE_INFINITY ? null : range.last;
  return {
    rules,
    range: range === null ? null : { first: range.first, last },
    only,
    ...strictOptions(strict),
    invariants,
    ...(allDivergences ? { allDivergences } : {}),
    ...(explain ? { explain } : {}),
  };
}

/** The steps that the options of a report select. */
export function selectionOf({ range, only }: Report['options']): Selection {
  // A report has what was to be shown, and nothing else.
  const others = { steps: 'all', only, unfolded: true } as const;
  if (range === null) return { ...others, range };
  const last = range.last ?? Number.POSITIVE_INFINITY;
  return { ...others, range: { first: range.first, last } };
}

/** A run's report from its parts. */
export function reportOf<Files extends ReportFiles>(
  parts: Omit<Report, 'report' | 'schemaVersion' | 'files'> & { readonly files: Files },
): Omit<Report, 'files'> & { readonly files: Files } {
  const { version, options, shards, outcome, exitCode, totals, unread, files } = parts;
  return {
    report: 'haproxy-ownership-replay',
    schemaVersion: REPORT_SCHEMA_VERSION,
    version,
    options,
    shards,
    outcome,
    exitCode,
    totals,
    unread,
    files,
  };
}
