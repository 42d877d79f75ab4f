import { readFile } from 'node:fs/promises';
import { fileHeadOf, stepResultOf } from '../report/collect.ts';
import { type MergedRun, mergeReports, type NamedReport } from '../report/merge.ts';
import { parseReport } from '../report/parse.ts';
import { reportOf, selectionOf } from '../report/run.ts';
import type { Report, ReportFile } from '../report/schema.ts';
import { escapeControl } from '../trace/escape.ts';
import { usesColor } from './color.ts';
import type { MergeOptions } from './commands/merge.ts';
import { KnownError, systemErrorText } from './errors.ts';
import type { Host } from './host.ts';
import { exitCodeOf, type Outcome, worse } from './outcome.ts';
import { paletteFor } from './palette.ts';
import { ProblemPrinter } from './problems.ts';
import { ReportOutputs } from './report-outputs.ts';
import type { ReportStream } from './report-stream.ts';
import { checkDestinations, parseReporters } from './reporters.ts';
import { outcomeOf } from './run-replay.ts';
import { realTarget } from './target-file.ts';

async function readReport(path: string): Promise<Report> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new KnownError(`${escapeControl(path)}: cannot be read: ${systemErrorText(error)}`);
  }
  const parsed = parseReport(text);
  if ('report' in parsed) return parsed.report;
  const { line, column, what } = parsed.problem;
  throw new KnownError(escapeControl(`${path}:${line}:${column}: ${what}`));
}

/** @throws KnownError for a report that cannot be read, is none, or is given twice */
async function readReports(paths: readonly string[]): Promise<NamedReport[]> {
  const reports: NamedReport[] = [];
  const real = new Set<string>();
  for (const path of paths) {
    const report = await readReport(path);
    const name = await realTarget(path);
    if (real.has(name))
      throw new KnownError(`${escapeControl(path)}: the same file is given twice`);
    real.add(name);
    reports.push({ name: path, report });
  }
  return reports;
}

/** Numbers of shards that no report is of. */
function missingShards({ shards }: MergedRun): number[] {
  if (shards === null) return [];
  const numbers = Array.from({ length: shards.count }, (_, at) => at + 1);
  return numbers.filter((number) => !shards.indexes.includes(number));
}

/** The steps of a report, as they would have been told while the run went on. */
function tellFile(file: ReportFile, stream: ReportStream): void {
  const head = fileHeadOf(file);
  if (head !== null) {
    stream.start(head);
    for (const step of file.reported) stream.step(head, stepResultOf(step), 'divergences');
  }
  stream.end(file);
}

/** What could not be judged, as the runs told it. */
async function tellProblems(run: MergedRun, { color }: MergeOptions, host: Host): Promise<void> {
  const { stderr, env, isTerminal } = host;
  const isPainted = usesColor({ mode: color, env, isTerminal: isTerminal.stderr });
  const palette = await paletteFor(isPainted);
  for (const { path, what } of run.unread) new ProblemPrinter(path, stderr, palette).addFile(what);
  for (const { path, problems, problemCount } of run.files) {
    const printer = new ProblemPrinter(path, stderr, palette);
    for (const { line, column, what, allowed } of problems) {
      if (line === null || column === null) printer.addFile(what);
      else printer.add({ path, line, column, what, allowed });
    }
    printer.end(problemCount - problems.length);
  }
}

/**
 * The command `replay merge`: joins json reports to one, and tells it like a run.
 *
 * @throws KnownError for an unknown reporter, and for reports that cannot be read or joined
 */
export async function runMerge(
  paths: readonly string[],
  options: MergeOptions,
  host: Host,
): Promise<Outcome> {
  const requests = parseReporters(options.reporter ?? [], host.env);
  const inputs = paths.map((path) => ({ path, stdin: false }));
  await checkDestinations(requests, inputs);
  const run = mergeReports(await readReports(paths));
  if ('what' in run) throw new KnownError(escapeControl(`${run.name}: ${run.what}`));
  await tellProblems(run, options, host);

  const missing = missingShards(run);
  for (const shard of missing) {
    host.stderr.write(`replay: shard ${shard}/${run.shards?.count ?? shard} is missing\n`);
  }
  const strict = run.options.strict === true;
  const judged = outcomeOf(run.totals, selectionOf(run.options), strict);
  const outcome = missing.length > 0 ? worse(judged, 'not-judged') : judged;
  const { rules } = run.options;
  const several = run.files.length > 1;
  const { color } = options;
  const about = { color, full: false, several, rules, strict, quiet: true };
  const outputs = await ReportOutputs.open(requests, about, host);
  for (const stream of outputs.streams) {
    for (const file of run.files) tellFile(file, stream);
  }
  const report = reportOf({ ...run, outcome, exitCode: exitCodeOf(outcome) });
  return worse(outcome, await outputs.finish(report));
}
