import { addFile, NO_RUN, type RunReport } from '../../../compare/index.ts';
import { RULE_SETS, type RuleSet } from '../../../engine/index.ts';
import { isFiltered } from '../../../report/data/select.ts';
import { ruleSetsNamed } from '../../arguments/rule-set.ts';
import { expandPaths, type Sources } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import { type Outcome, worse } from '../../outcome/outcome.ts';
import { FILE_WIDTH } from '../../reports/report-outputs.ts';
import { usesColor } from '../../streams/color.ts';
import { glyphsFor } from '../../streams/glyphs.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { type CompareFileOptions, compareFile } from './compare-file.ts';
import type { CompareOptions } from './options.ts';
import { TwoOutputs } from './outputs.ts';
import { causesText, summaryText } from './text.ts';

/** Stands for every rule set. */
const ALL = 'all';

/** How the files are compared, and where that is told. */
async function optionsOf(
  { color, range, only, steps, quiet, graph, glyphs, reporter = [] }: CompareOptions,
  [from, to]: readonly [RuleSet, RuleSet],
  { sources }: Sources,
  host: Host,
): Promise<{ readonly file: CompareFileOptions; readonly outputs: TwoOutputs }> {
  const { env, stdin } = host;
  const selection = { range: range ?? null, only: only ?? null };
  const sets = { from: from.id, to: to.id };
  const outputs = await TwoOutputs.open(reporter, sources, selection, sets, host);
  const isTerminal = !outputs.isFile && host.isTerminal.stdout;
  const palette = await paletteFor(usesColor({ mode: color, env, isTerminal }));
  const width = outputs.isFile ? FILE_WIDTH : host.width;
  const file = {
    rules: { from, to },
    report: { ...sets, width, palette, several: sources.length > 1 },
    selection,
    steps,
    quiet: quiet === true,
    glyphs: graph === true ? glyphsFor({ mode: glyphs, env, isTerminal }) : null,
    stdout: outputs.text,
    page: outputs.page,
    stdin,
  };
  return { file, outputs };
}

async function compareAll(
  { sources, problems: unread }: Sources,
  options: CompareFileOptions,
  outputs: TwoOutputs,
  print: (path: string) => ProblemPrinter,
  { stderr }: Host,
): Promise<RunReport> {
  const { stdout, page } = options;
  let run: RunReport = { ...NO_RUN, unread: unread.length };
  for (const source of sources) {
    const problems = print(source.path);
    run = addFile(run, await compareFile(source, options, problems));
    problems.end();
    // No problem overtakes the results printed before it, nor the other way round.
    await stdout.flush();
    await page?.output.flush();
    await stderr.flush();
    if (outputs.isAbandoned) break;
  }
  return run;
}

function outcomeOf(run: RunReport, { selection }: CompareFileOptions): Outcome {
  let outcome: Outcome = run.differing > 0 ? 'diverges' : 'agrees';
  if (isFiltered(selection) && run.matched === 0) outcome = worse(outcome, 'nothing-selected');
  if (run.unjudged > 0 || run.unread > 0) outcome = worse(outcome, 'not-judged');
  return outcome;
}

/** The two rule sets of `--from` and `--to`. */
function twoSets({ from, to }: CompareOptions, { stderr }: Host): readonly [RuleSet, RuleSet] {
  const missing = from === undefined ? 'from' : 'to';
  if (from === undefined || to === undefined) {
    throw new KnownError(
      `required option '--${missing} <set>' not specified, nor many by --rules <sets>`,
    );
  }
  return ruleSetsNamed([from, to] as const, stderr);
}

/** The rule sets of `--rules`, oldest first. */
function manySets(names: readonly string[], { stderr }: Host): readonly RuleSet[] {
  if (names.length === 1 && names[0] === ALL) return RULE_SETS;
  const named = ruleSetsNamed(names, stderr);
  const twice = named.find((set, at) => named.indexOf(set) !== at);
  if (twice !== undefined) throw new KnownError(`--rules names ${twice.id} twice`);
  if (named.length < 2) throw new KnownError(`--rules takes two rule sets at least, or ${ALL}`);
  return RULE_SETS.filter((set) => named.includes(set));
}

/** Compares two rule sets over the files that were found, with the causes and a summary. */
async function compareTwo(
  found: Sources,
  fileOptions: CompareFileOptions,
  outputs: TwoOutputs,
  print: (path: string) => ProblemPrinter,
  host: Host,
): Promise<Outcome> {
  const { stderr } = host;
  const { stdout } = fileOptions;
  const run = await compareAll(found, fileOptions, outputs, print, host);
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

/**
 * The command `replay compare`: takes every trace that the paths stand for under two rule sets, or
 * under many, and prints where these part.
 *
 * @throws KnownError for an unknown rule set, too few of them or one twice, standard input given
 *   twice, or a reporter that is unknown or does not tell of so many rule sets
 */
export async function runCompare(
  paths: readonly string[],
  options: CompareOptions,
  host: Host,
): Promise<Outcome> {
  const { stderr, env, isTerminal } = host;
  const { color, rules: names, quiet = false, reporter: reporters = [] } = options;
  const two = names === undefined ? twoSets(options, host) : null;
  const many = names === undefined ? [] : manySets(names, host);
  const errorPalette = await paletteFor(
    usesColor({ mode: color, env, isTerminal: isTerminal.stderr }),
  );
  const print = (path: string): ProblemPrinter => new ProblemPrinter(path, stderr, errorPalette);
  const found = await expandPaths(paths);
  if (two === null) {
    const { compareMany } = await import('./many/run.ts');
    return compareMany(found, many, { color, quiet, reporters }, print, host);
  }
  for (const { path, what } of found.problems) print(path).addFile(what);
  const { file, outputs } = await optionsOf(options, two, found, host);
  try {
    const outcome = await compareTwo(found, file, outputs, print, host);
    return worse(outcome, await outputs.finish());
  } catch (error) {
    outputs.abandon();
    throw error;
  }
}
