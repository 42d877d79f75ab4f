import { ruleSetNames } from '../../../engine/index.ts';
import { reportOf, reportOptions, totalsOf } from '../../../report/data/run.ts';
import type { ReportFile } from '../../../report/data/schema.ts';
import { isFiltered } from '../../../report/data/select.ts';
import type { RunReport } from '../../../report/data/tally.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { suggest } from '../../../trace/text/suggest.ts';
import { selectedInvariants } from '../../arguments/invariants.ts';
import { expandPaths, type Sources } from '../../files/paths.ts';
import { itemsOfShard, type Shard, shardText } from '../../jobs/shard.ts';
import { KnownError } from '../../outcome/errors.ts';
import { exitCodeOf, type Outcome, worse } from '../../outcome/outcome.ts';
import { ReportOutputs } from '../../reports/report-outputs.ts';
import { checkDestinations, parseReporters } from '../../reports/reporters.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import type { ReplayOptions } from './options.ts';
import { replayAll } from './replay-all.ts';
import type { FileOptions } from './replay-file.ts';

/** The rule set that was meant; a commit may be given longer or shorter than its name here. */
function meantRules(rules: string, names: readonly string[]): string | null {
  const isSameCommit = (name: string): boolean => name.startsWith(rules) || rules.startsWith(name);
  return (rules === '' ? undefined : names.find(isSameCommit)) ?? suggest(rules, names);
}

/** @throws KnownError for an unknown rule set */
export function checkRules(rules: string): void {
  const names = ruleSetNames();
  if (names.includes(rules)) return;
  const meant = meantRules(rules, names);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const allowed = `allowed: ${names.join(', ')}`;
  throw new KnownError(`unknown rule set '${escapeControl(rules)}'; ${allowed}${hint}`);
}

function selectionOf({ steps, quiet, range, only }: ReplayOptions): FileOptions['selection'] {
  return {
    steps: quiet === true ? 'none' : steps,
    range: range ?? null,
    only: only ?? null,
  };
}

/** How a run ends that came to these counts. */
export function outcomeOf(
  run: RunReport,
  selection: FileOptions['selection'],
  strict: boolean,
): Outcome {
  const diverges = run.divergences > 0 || (strict && run.unstatedFindings > 0);
  let outcome: Outcome = diverges ? 'diverges' : 'agrees';
  // A shard may have no file, a run may not.
  if (run.files > 0 && isFiltered(selection) && run.matched === 0)
    outcome = worse(outcome, 'nothing-selected');
  if (run.unjudged > 0 || run.unread > 0) outcome = worse(outcome, 'not-judged');
  return outcome;
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
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const errorPalette = await paletteFor(hasColor);
  const print = (path: string): ProblemPrinter => new ProblemPrinter(path, stderr, errorPalette);

  for (const { path, what } of found.problems) print(path).addFile(what);
  const rules = options.rules ?? null;
  const full = options.full === true;
  const quiet = options.quiet === true;
  const strict = options.strict === true;
  const { color } = options;
  const about = { color, full, several, rules, strict, quiet };
  const sink = await ReportOutputs.open(requests, about, host);
  const fileOptions = {
    rules,
    selection: selectionOf(options),
    full,
    explain: options.explain === true,
    coverage: options.coverage === true,
    invariants,
    strict,
    sink,
    stdin,
    stop,
  };
  try {
    const { specs } = sink;
    const { jobs } = options;
    const allOptions = { file: fileOptions, specs, jobs, hasErrorColor: hasColor, errorPalette };
    const { files, hasFailed } = await replayAll(found.sources, allOptions, host);
    const worst = hasFailed ? 'internal-error' : 'agrees';
    return await finish({ files, worst }, scope, fileOptions, sink, host);
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

/** Completes the reports of a run, which ends no better than `worst`. */
async function finish(
  { files, worst }: { readonly files: readonly ReportFile[]; readonly worst: Outcome },
  { found, shard }: RunScope,
  { rules, selection, strict, invariants }: FileOptions,
  outputs: ReportOutputs,
  { stderr, version }: Host,
): Promise<Outcome> {
  const totals = totalsOf(files, found.problems);
  const outcome = worse(outcomeOf(totals, selection, strict), worst);
  const report = reportOf({
    version,
    options: reportOptions(selection, { rules, strict, invariants }),
    shards: shard === null ? null : { count: shard.count, indexes: [shard.index] },
    outcome,
    exitCode: exitCodeOf(outcome),
    totals,
    unread: found.problems,
    files,
  });
  const written = await outputs.finish(report);
  if (outcome === 'nothing-selected') {
    stderr.write('replay: no step of any trace is within --range and --only\n');
  }
  return worse(outcome, written);
}

/** The files of one shard; a shard without a file is told, for it is easily a mistake. */
function sourcesOfShard(found: Sources, shard: Shard, { stderr }: Host): Sources {
  const sources = itemsOfShard(found.sources, shard);
  if (sources.length === 0 && found.sources.length > 0) {
    const files = found.sources.length === 1 ? 'is 1 file' : `are ${found.sources.length} files`;
    stderr.write(`replay: nothing to do in shard ${shardText(shard)}: there ${files}\n`);
  }
  return { ...found, sources };
}

/**
 * The command `replay`: replays every trace that the paths stand for and prints what came of it.
 *
 * @throws KnownError for an unknown rule set or invariant, or standard input given twice
 */
export async function runReplay(
  paths: readonly string[],
  options: ReplayOptions,
  host: Host,
): Promise<Outcome> {
  if (options.rules !== undefined) checkRules(options.rules);
  const all = await expandPaths(paths);
  const shard = options.shard ?? null;
  const found = shard === null ? all : sourcesOfShard(all, shard, host);
  const several = all.sources.length > 1;
  return replaySources({ found, several, shard, stop: null }, options, host);
}
