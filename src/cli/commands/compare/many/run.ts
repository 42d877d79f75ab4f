import {
  noRun,
  ReleasesComparison,
  type ReleasesRun,
  type ReleasesStep,
  withFile,
} from '../../../../compare/releases/index.ts';
import type { RuleSet } from '../../../../engine/index.ts';
import { comparedFile, comparedRun } from '../../../../report/compared/collect.ts';
import { withCompared } from '../../../../report/compared/rests-on.ts';
import { type ListedProblem, ProblemList } from '../../../../report/data/problem-list.ts';
import type { Unrecorded } from '../../../../report/data/unrecorded.ts';
import type { Problem } from '../../../../trace/text/problem.ts';
import type { Sources } from '../../../files/paths.ts';
import { exitCodeOf, type Outcome, worse } from '../../../outcome/outcome.ts';
import { checkDestinations, checkDrawings, parseReporters } from '../../../reports/reporters.ts';
import type { ColorMode } from '../../../streams/color.ts';
import type { Host } from '../../../streams/host.ts';
import type { ProblemPrinter } from '../../../streams/problems.ts';
import { type ProblemTaker, readThrough } from '../../../traces/read-through.ts';
import { ManyOutputs } from './outputs.ts';

/** How a run under many rule sets is told. */
export interface ManyRunOptions {
  readonly color: ColorMode;
  readonly quiet: boolean;
  /** As they were asked for. */
  readonly reporters: readonly string[];
}

/** Prints the problems of a file, and keeps the first of them. */
class TakenProblems implements ProblemTaker {
  readonly #printer: ProblemPrinter;
  readonly #list = new ProblemList();

  constructor(printer: ProblemPrinter) {
    this.#printer = printer;
  }

  get count(): number {
    return this.#printer.count;
  }

  get first(): ProblemList['all'] {
    return this.#list.all;
  }

  add(problem: Problem): void {
    this.#printer.add(problem);
    this.#list.add(problem);
  }

  addFile(what: string): void {
    this.#printer.addFile(what);
    const problem: ListedProblem = { line: null, column: null, what, allowed: null };
    this.#list.add(problem);
  }

  end(): void {
    this.#printer.end();
  }
}

function outcomeOf(run: ReleasesRun): Outcome {
  const outcome: Outcome = run.differing > 0 ? 'diverges' : 'agrees';
  return run.unjudged > 0 || run.unread > 0 ? worse(outcome, 'not-judged') : outcome;
}

/** Takes every file, in order. */
async function compareFiles(
  { sources, problems: unread }: Sources,
  sets: readonly RuleSet[],
  outputs: ManyOutputs,
  print: (path: string) => ProblemPrinter,
  { stderr, stdin }: Host,
): Promise<{ run: ReleasesRun; unrecorded: Unrecorded | undefined }> {
  let run = noRun(sets, unread.length);
  let unrecorded: Unrecorded | undefined;
  const names = sets.map(({ id }) => id);
  for (const [index, source] of sources.entries()) {
    const problems = new TakenProblems(print(source.path));
    const trace = outputs.page?.trace(names) ?? null;
    const watch = trace === null ? null : (step: ReleasesStep): void => trace.add(step);
    const comparison = new ReleasesComparison(source.path, sets, watch);
    const hasHeader = await readThrough(source, comparison, problems, stdin);
    const result = hasHeader ? comparison.end() : null;
    run = withFile(run, result, problems.count);
    const { path, stdin: isStdin } = source;
    const about = { problems: problems.first, problemCount: problems.count };
    const file = comparedFile({ index, path, stdin: isStdin, ...about }, result);
    unrecorded = withCompared(unrecorded, file);
    if (trace !== null) outputs.page?.end(trace, path, result, problems.first);
    await outputs.file(file, result);
    problems.end();
    await stderr.flush();
    if (outputs.isAbandoned) break;
  }
  return { run, unrecorded };
}

/**
 * Takes every trace of a run through several rule sets, and tells what each comes to under each, and
 * where one parts from the next.
 *
 * @param print makes what prints the problems of a file
 * @throws KnownError for an unknown reporter, and for a report in the place of a trace
 */
export async function compareMany(
  found: Sources,
  sets: readonly RuleSet[],
  { reporters, ...options }: ManyRunOptions,
  print: (path: string) => ProblemPrinter,
  host: Host,
): Promise<Outcome> {
  // Annotations come where they are asked for: that releases differ is no fault of a change.
  const requests = parseReporters(reporters, {});
  await checkDestinations(requests, found.sources);
  checkDrawings(requests, 0, true);
  for (const { path, what } of found.problems) print(path).addFile(what);
  const outputs = await ManyOutputs.open(requests, options, host);
  try {
    const { run, unrecorded } = await compareFiles(found, sets, outputs, print, host);
    const outcome = outcomeOf(run);
    const { version } = host;
    const exitCode = exitCodeOf(outcome);
    const end = { version, outcome, exitCode, unread: found.problems, unrecorded };
    return worse(outcome, await outputs.finish(run, comparedRun(run, end)));
  } catch (error) {
    outputs.abandon();
    throw error;
  }
}
