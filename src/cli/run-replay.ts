import { ruleSetNames } from '../engine/index.ts';
import { reporters } from '../report/index.ts';
import { isFiltered } from '../report/select.ts';
import { addFile, NO_RUN, type RunReport } from '../report/tally.ts';
import { escapeControl } from '../trace/escape.ts';
import { suggest } from '../trace/suggest.ts';
import { usesColor } from './color.ts';
import type { ReplayOptions } from './commands/replay.ts';
import { KnownError } from './errors.ts';
import type { Host } from './host.ts';
import { type Outcome, worse } from './outcome.ts';
import { paletteFor } from './palette.ts';
import { expandPaths, type Sources } from './paths.ts';
import { ProblemPrinter } from './problems.ts';
import { type FileOptions, replayFile } from './replay-file.ts';

/** The rule set that was meant; a commit may be given longer or shorter than its name here. */
function meantRules(rules: string, names: readonly string[]): string | null {
  const isSameCommit = (name: string): boolean => name.startsWith(rules) || rules.startsWith(name);
  return (rules === '' ? undefined : names.find(isSameCommit)) ?? suggest(rules, names);
}

function checkRules(rules: string): void {
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

/** Makes sure that no problem overtakes the results printed before it, nor the other way round. */
async function flushBoth({ stdout, stderr }: Host): Promise<void> {
  await stdout.flush();
  await stderr.flush();
}

async function replayAll(
  { sources, problems: unread }: Sources,
  options: FileOptions,
  print: (path: string) => ProblemPrinter,
  host: Host,
): Promise<RunReport> {
  let run: RunReport = { ...NO_RUN, unread: unread.length };
  for (const source of sources) {
    const problems = print(source.path);
    run = addFile(run, await replayFile(source, options, problems));
    problems.end();
    await flushBoth(host);
    if (host.stdout.error !== null) break;
  }
  return run;
}

function outcomeOf(run: RunReport, selection: FileOptions['selection']): Outcome {
  let outcome: Outcome = run.divergences > 0 ? 'diverges' : 'agrees';
  if (isFiltered(selection) && run.matched === 0) outcome = worse(outcome, 'nothing-selected');
  if (run.unjudged > 0 || run.unread > 0) outcome = worse(outcome, 'not-judged');
  return outcome;
}

/**
 * The command `replay`: replays every trace that the paths stand for and prints what came of it.
 *
 * @throws KnownError for an unknown rule set, or standard input given twice
 */
export async function runReplay(
  paths: readonly string[],
  options: ReplayOptions,
  host: Host,
): Promise<Outcome> {
  if (options.rules !== undefined) checkRules(options.rules);
  const { stdout, stderr, env, isTerminal, width } = host;
  const color = (stream: 'stdout' | 'stderr'): boolean =>
    usesColor({ mode: options.color, env, isTerminal: isTerminal[stream] });
  const errorPalette = await paletteFor(color('stderr'));
  const print = (path: string): ProblemPrinter => new ProblemPrinter(path, stderr, errorPalette);

  const found = await expandPaths(paths);
  for (const { path, what } of found.problems) print(path).addFile(what);
  const rules = options.rules ?? null;
  const full = options.full === true;
  const reporter = reporters.pretty({
    width,
    palette: await paletteFor(color('stdout')),
    full,
    several: found.sources.length > 1,
    rules,
  });
  const selection = selectionOf(options);
  const quiet = options.quiet === true;
  const fileOptions = {
    rules,
    selection,
    full,
    quiet,
    reporter,
    stdout,
    stdin: host.stdin,
  };
  const run = await replayAll(found, fileOptions, print, host);

  const outcome = outcomeOf(run, selection);
  if (run.files === 0) return outcome;
  stdout.separate();
  stdout.write(reporter.summary(run));
  if (outcome === 'nothing-selected') {
    stderr.write('replay: no step of any trace is within --range and --only\n');
  }
  return outcome;
}
