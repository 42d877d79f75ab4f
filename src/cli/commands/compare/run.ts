import { addFile, NO_RUN, type RunReport } from '../../../compare/index.ts';
import type { RuleSet } from '../../../engine/index.ts';
import { isFiltered } from '../../../report/data/select.ts';
import { ruleSetsNamed } from '../../arguments/rule-set.ts';
import { expandPaths, type Sources } from '../../files/paths.ts';
import { type Outcome, worse } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { type CompareFileOptions, compareFile } from './compare-file.ts';
import type { CompareOptions } from './options.ts';
import { causesText, summaryText } from './text.ts';

async function optionsOf(
  options: CompareOptions,
  [from, to]: readonly [RuleSet, RuleSet],
  several: boolean,
  host: Host,
): Promise<CompareFileOptions> {
  const { stdout, stdin, env, isTerminal, width } = host;
  const rules = { from, to };
  const isPainted = usesColor({ mode: options.color, env, isTerminal: isTerminal.stdout });
  const palette = await paletteFor(isPainted);
  return {
    rules,
    report: { from: rules.from.id, to: rules.to.id, width, palette, several },
    selection: { range: options.range ?? null, only: options.only ?? null },
    steps: options.steps,
    quiet: options.quiet === true,
    stdout,
    stdin,
  };
}

async function compareAll(
  { sources, problems: unread }: Sources,
  options: CompareFileOptions,
  print: (path: string) => ProblemPrinter,
  { stdout, stderr }: Host,
): Promise<RunReport> {
  let run: RunReport = { ...NO_RUN, unread: unread.length };
  for (const source of sources) {
    const problems = print(source.path);
    run = addFile(run, await compareFile(source, options, problems));
    problems.end();
    // No problem overtakes the results printed before it, nor the other way round.
    await stdout.flush();
    await stderr.flush();
    if (stdout.error !== null) break;
  }
  return run;
}

function outcomeOf(run: RunReport, { selection }: CompareFileOptions): Outcome {
  let outcome: Outcome = run.differing > 0 ? 'diverges' : 'agrees';
  if (isFiltered(selection) && run.matched === 0) outcome = worse(outcome, 'nothing-selected');
  if (run.unjudged > 0 || run.unread > 0) outcome = worse(outcome, 'not-judged');
  return outcome;
}

/**
 * The command `replay compare`: takes every trace that the paths stand for under two rule sets,
 * and prints where these part.
 *
 * @throws KnownError for an unknown rule set, or standard input given twice
 */
export async function runCompare(
  paths: readonly string[],
  options: CompareOptions,
  host: Host,
): Promise<Outcome> {
  const { stdout, stderr, env, isTerminal } = host;
  const sets = ruleSetsNamed([options.from, options.to] as const, stderr);
  const isPainted = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const errorPalette = await paletteFor(isPainted);
  const print = (path: string): ProblemPrinter => new ProblemPrinter(path, stderr, errorPalette);
  const found = await expandPaths(paths);
  for (const { path, what } of found.problems) print(path).addFile(what);
  const fileOptions = await optionsOf(options, sets, found.sources.length > 1, host);
  const run = await compareAll(found, fileOptions, print, host);
  const outcome = outcomeOf(run, fileOptions);
  if (run.files === 0) return outcome;
  const { report, quiet } = fileOptions;
  if (quiet || report.several) {
    stdout.separate();
    stdout.tell(causesText(run, report));
  }
  stdout.separate();
  stdout.tell(summaryText(run, report));
  if (outcome === 'nothing-selected') {
    stderr.tell('replay: no step of any trace is within --range and --only\n');
  }
  return outcome;
}
