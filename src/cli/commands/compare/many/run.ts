import {
  noRun,
  ReleasesComparison,
  type ReleasesRun,
  withFile,
} from '../../../../compare/releases/index.ts';
import type { RuleSet } from '../../../../engine/index.ts';
import type { Sources } from '../../../files/paths.ts';
import { type Outcome, worse } from '../../../outcome/outcome.ts';
import type { Host } from '../../../streams/host.ts';
import type { ProblemPrinter } from '../../../streams/problems.ts';
import { readThrough } from '../../../traces/read-through.ts';
import { manySummaryText, matrixText, neighbourCausesText } from './run-text.ts';
import { fileText, type ManyOptions } from './text.ts';

function outcomeOf(run: ReleasesRun): Outcome {
  const outcome: Outcome = run.differing > 0 ? 'diverges' : 'agrees';
  return run.unjudged > 0 || run.unread > 0 ? worse(outcome, 'not-judged') : outcome;
}

/**
 * Takes every trace of a run through several rule sets, and prints what each comes to under each,
 * and where one parts from the next.
 *
 * @param print makes what prints the problems of a file
 */
export async function compareMany(
  { sources, problems: unread }: Sources,
  sets: readonly RuleSet[],
  { quiet, ...report }: ManyOptions & { readonly quiet: boolean },
  print: (path: string) => ProblemPrinter,
  { stdout, stderr, stdin }: Host,
): Promise<Outcome> {
  let run = noRun(sets, unread.length);
  for (const source of sources) {
    const problems = print(source.path);
    const comparison = new ReleasesComparison(source.path, sets);
    const hasHeader = await readThrough(source, comparison, problems, stdin);
    const result = hasHeader ? comparison.end() : null;
    run = withFile(run, result, problems.count);
    if (!quiet) {
      stdout.separate();
      stdout.tell(fileText(source, result, problems.count, report));
    }
    problems.end();
    // No problem overtakes the results printed before it, nor the other way round.
    await stdout.flush();
    await stderr.flush();
    if (stdout.error !== null) break;
  }
  if (run.files === 0) return outcomeOf(run);
  if (quiet || run.files > 1) {
    stdout.separate();
    stdout.tell(matrixText(run, report));
    for (const pair of run.neighbours.filter(({ files }) => files > 0)) {
      stdout.separate();
      stdout.tell(neighbourCausesText(pair, report));
    }
  }
  stdout.separate();
  stdout.tell(manySummaryText(run, report));
  return outcomeOf(run);
}
