import { reportOf, reportOptions } from '../../../report/data/run.ts';
import type { ReportFile } from '../../../report/data/schema.ts';
import { isSingleStep } from '../../../report/data/select.ts';
import type { RunReport } from '../../../report/data/tally.ts';
import { selectedInvariants } from '../../arguments/invariants.ts';
import type { Sources } from '../../files/paths.ts';
import type { Shard } from '../../jobs/shard.ts';
import { exitCodeOf, type Outcome, worse } from '../../outcome/outcome.ts';
import { runOutcome } from '../../outcome/run-outcome.ts';
import { ReportOutputs } from '../../reports/report-outputs.ts';
import { checkDestinations, checkDrawings, parseReporters } from '../../reports/reporters.ts';
import { usesColor } from '../../streams/color.ts';
import { glyphsFor } from '../../streams/glyphs.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import type { ReplayOptions } from './options.ts';
import { replayAll } from './replay-all.ts';
import type { FileOptions } from './replay-file.ts';

function selectionOf(options: ReplayOptions): FileOptions['selection'] {
  const { steps, quiet, range, only, allDivergences = false } = options;
  return {
    steps: quiet === true ? 'none' : steps,
    range: range ?? null,
    only: only ?? null,
    unfolded: allDivergences || isSingleStep(range ?? null),
  };
}

/** Which of the files found are replayed, and how it can end early. */
export interface RunScope {
  /** Replayed in this order. */
  readonly found: Sources;
  /** More than one file belongs to the run, whether replayed by this process or by another. */
  readonly several: boolean;
  /** The part of the run that these files are; null for all of it. */
  readonly shard: Shard | null;
  /** Ends the run by an error when aborted; null if nothing does. */
  readonly stop: AbortSignal | null;
}

/** Replays files and prints what came of them; paths that stand for no file are told first. */
export async function replaySources(
  scope: RunScope,
  options: ReplayOptions,
  host: Host,
): Promise<Outcome> {
  const { found, several, stop } = scope;
  const { stderr, env, isTerminal, stdin } = host;
  const invariants = selectedInvariants(options.invariant);
  const requests = parseReporters(options.reporter ?? [], env);
  await checkDestinations(requests, found.sources);
  // That there is none is told as well.
  checkDrawings(requests, Math.max(1, found.sources.length));
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const errorPalette = await paletteFor(hasColor);
  const print = (path: string): ProblemPrinter => new ProblemPrinter(path, stderr, errorPalette);

  for (const { path, what } of found.problems) print(path).addFile(what);
  const rules = options.rules ?? null;
  const full = options.full === true;
  const quiet = options.quiet === true;
  const strict = options.strict ?? [];
  const { color } = options;
  const explain = options.explain === true;
  const allDivergences = options.allDivergences === true;
  const judging = { rules, invariants, strict, explain, allDivergences };
  const selection = selectionOf(options);
  const { unfolded } = selection;
  const glyphMode = { mode: options.glyphs, env, isTerminal: isTerminal.stdout };
  const about = {
    color,
    full,
    several,
    ...judging,
    unfolded,
    quiet,
    glyphs: options.graph === true ? glyphsFor(glyphMode) : null,
    drawn: { range: selection.range, only: selection.only },
    columns: options.width ?? null,
  };
  const sink = await ReportOutputs.open(requests, about, host);
  const fileOptions = {
    ...judging,
    selection,
    full,
    coverage: options.coverage === true,
    sink,
    stdin,
    stop,
  };
  try {
    const { specs } = sink;
    const { jobs } = options;
    const allOptions = { file: fileOptions, specs, jobs, hasErrorColor: hasColor, errorPalette };
    const keep = (file: ReportFile): void => sink.keep(file);
    const { totals, hasFailed } = await replayAll(found.sources, allOptions, host, keep);
    const worst = hasFailed ? 'internal-error' : 'agrees';
    return await finish({ totals, worst }, scope, fileOptions, sink, host);
  } catch (error) {
    sink.abandon();
    throw error;
  }
}

/** Completes the reports of a run, which ends no better than `worst`. */
async function finish(
  run: { readonly totals: RunReport; readonly worst: Outcome },
  { found, shard }: RunScope,
  fileOptions: FileOptions,
  outputs: ReportOutputs,
  { stderr, version }: Host,
): Promise<Outcome> {
  const { selection, strict } = fileOptions;
  const totals = { ...run.totals, unread: found.problems.length };
  const outcome = worse(runOutcome(totals, selection, strict), run.worst);
  const report = reportOf({
    version,
    options: reportOptions(selection, fileOptions),
    shards: shard === null ? null : { count: shard.count, indexes: [shard.index] },
    outcome,
    exitCode: exitCodeOf(outcome),
    totals,
    unread: found.problems,
    files: outputs.kept,
  });
  const written = await outputs.finish(report);
  if (outcome === 'nothing-selected') {
    stderr.tell('replay: no step of any trace is within --range and --only\n');
  }
  return worse(outcome, written);
}
