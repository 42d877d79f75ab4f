import { fileHeadOf, stepResultOf } from '../../../report/data/collect.ts';
import { type MergedRun, mergeReports, type NamedReport } from '../../../report/data/merge.ts';
import { parseReport } from '../../../report/data/parse.ts';
import { reportOf, selectionOf } from '../../../report/data/run.ts';
import type { Report, ReportFile } from '../../../report/data/schema.ts';
import { isRemarkable } from '../../../report/data/select.ts';
import { type Strict, strictOf } from '../../../report/data/severity.ts';
import { wholeText } from '../../files/source-bytes.ts';
import { realTarget } from '../../files/target.ts';
import { systemErrorText } from '../../outcome/errors.ts';
import { exitCodeOf, type Outcome, worse } from '../../outcome/outcome.ts';
import { runOutcome } from '../../outcome/run-outcome.ts';
import { ReportOutputs } from '../../reports/report-outputs.ts';
import type { ReportStream } from '../../reports/report-stream.ts';
import { checkDestinations, checkDrawings, parseReporters } from '../../reports/reporters.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import type { MergeOptions } from './options.ts';

/** A longer text no string can hold. */
const REPORT_MIB = 511;

/** A report holds no state that could be drawn. */
const UNDRAWN = { glyphs: null, drawn: { range: null, only: null }, columns: null } as const;

/** Prints what is wrong with files, and with traces of reports. */
type Print = (path: string) => ProblemPrinter;

async function readReport(path: string, print: Print): Promise<Report | null> {
  let text: string;
  try {
    text = await wholeText(path, REPORT_MIB, 'a report');
  } catch (error) {
    print(path).addFile(`cannot be read: ${systemErrorText(error)}`);
    return null;
  }
  const parsed = parseReport(text);
  if ('report' in parsed) return parsed.report;
  print(path).add({ path, ...parsed.problem, allowed: null });
  return null;
}

/** Every report; null when one of them is none, cannot be read or is given twice. */
async function readReports(paths: readonly string[], print: Print): Promise<NamedReport[] | null> {
  const reports: NamedReport[] = [];
  const real = new Set<string>();
  for (const path of paths) {
    const report = await readReport(path, print);
    if (report === null) continue;
    const name = await realTarget(path);
    if (real.has(name)) print(path).addFile('the same file is given twice');
    else reports.push({ name: path, report });
    real.add(name);
  }
  return reports.length === paths.length ? reports : null;
}

/** Numbers of shards that no report is of. */
function missingShards({ shards }: MergedRun): number[] {
  if (shards === null) return [];
  const numbers = Array.from({ length: shards.count }, (_, at) => at + 1);
  return numbers.filter((number) => !shards.indexes.includes(number));
}

/** The steps of a report, as a quiet run tells them while it goes on. */
function tellFile(file: ReportFile, stream: ReportStream, strict: Strict): void {
  const head = fileHeadOf(file);
  if (head !== null) {
    stream.start(head);
    const steps = file.reported.map(stepResultOf).filter((step) => isRemarkable(step, strict));
    for (const step of steps) stream.step(head, step, 'divergences');
  }
  stream.end(file);
}

/** What could not be judged, as the runs told it. */
function tellProblems(run: MergedRun, print: Print): void {
  for (const { path, what } of run.unread) print(path).addFile(what);
  for (const { path, problems, problemCount } of run.files) {
    const printer = print(path);
    for (const { line, column, what, allowed } of problems) {
      if (line === null || column === null) printer.addFile(what);
      else printer.add({ path, line, column, what, allowed });
    }
    printer.end(problemCount - problems.length);
  }
}

/**
 * The command `replay merge`: joins json reports to one, and tells it like a run. Reports that
 * cannot be read or do not belong together are told by their names.
 *
 * @throws KnownError for an unknown reporter, and for a report in the place of one that is read
 */
export async function runMerge(
  paths: readonly string[],
  options: MergeOptions,
  host: Host,
): Promise<Outcome> {
  const requests = parseReporters(options.reporter ?? [], host.env);
  const inputs = paths.map((path) => ({ path, stdin: false }));
  await checkDestinations(requests, inputs);
  checkDrawings(requests, 0);
  const { stderr, env, isTerminal } = host;
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const palette = await paletteFor(hasColor);
  const print: Print = (path) => new ProblemPrinter(path, stderr, palette);
  const reports = await readReports(paths, print);
  if (reports === null) return 'usage-error';
  const run = mergeReports(reports);
  if ('what' in run) {
    print(run.name).addFile(run.what);
    return 'usage-error';
  }
  tellProblems(run, print);

  const missing = missingShards(run);
  for (const shard of missing) {
    stderr.tell(`replay: shard ${shard}/${run.shards?.count ?? shard} is missing\n`);
  }
  const strict = strictOf(run.options);
  const { rules, invariants, allDivergences = false, explain = false } = run.options;
  const judged = runOutcome(run.totals, selectionOf(run.options), strict);
  const outcome = missing.length > 0 ? worse(judged, 'not-judged') : judged;

  const several = run.files.length > 1;
  const { color } = options;
  const judging = { rules, invariants, strict, allDivergences, explain };
  const { unfolded } = selectionOf(run.options);
  const about = { color, full: false, several, ...judging, unfolded, quiet: true, ...UNDRAWN };
  const outputs = await ReportOutputs.open(requests, about, host);
  for (const stream of outputs.streams) {
    for (const file of run.files) tellFile(file, stream, strict);
  }
  const report = reportOf({ ...run, outcome, exitCode: exitCodeOf(outcome) });
  return worse(outcome, await outputs.finish(report));
}
