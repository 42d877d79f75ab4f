import { agreeing, type Origin, Which } from '../../../compare/releases/index.ts';
import { RULE_SETS } from '../../../engine/index.ts';
import { expandPaths } from '../../files/paths.ts';
import { type Outcome, worse } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { readThrough } from '../../traces/read-through.ts';
import type { WhichOptions } from './options.ts';
import { shortText, type WhichRun, whichSummaryText, whichText } from './text.ts';

function withFile(run: WhichRun, origin: Origin | null, problems: number): WhichRun {
  if (origin === null || origin.isSilent || problems > 0) {
    return { ...run, unjudged: run.unjudged + 1 };
  }
  const names = agreeing(origin.fits);
  const agree = run.agree.map(({ rules, files }) => ({
    rules,
    files: files + (names.includes(rules) ? 1 : 0),
  }));
  return { ...run, files: run.files + 1, agree };
}

function outcomeOf(run: WhichRun, unread: number): Outcome {
  const isFound = run.agree.some(({ files }) => files === run.files);
  const outcome: Outcome = isFound ? 'agrees' : 'diverges';
  return run.unjudged + unread > 0 ? worse(outcome, 'not-judged') : outcome;
}

/**
 * The command `replay which`: holds every trace that the paths stand for against all rule sets, and
 * prints which agree.
 *
 * @throws KnownError for standard input given twice
 */
export async function runWhich(
  paths: readonly string[],
  { color }: WhichOptions,
  host: Host,
): Promise<Outcome> {
  const { stdout, stderr, stdin, env, isTerminal, width } = host;
  const paletteOf = (stream: 'stdout' | 'stderr') =>
    paletteFor(usesColor({ mode: color, env, isTerminal: isTerminal[stream] }));
  const errorPalette = await paletteOf('stderr');
  const options = { width, palette: await paletteOf('stdout') };
  const { sources, problems: unread } = await expandPaths(paths);
  for (const { path, what } of unread) new ProblemPrinter(path, stderr, errorPalette).addFile(what);
  const several = sources.length > 1;
  const tellFile = several ? shortText : whichText;
  const agree = RULE_SETS.map(({ id }) => ({ rules: id, files: 0 }));
  let run: WhichRun = { files: 0, unjudged: 0, agree };
  for (const source of sources) {
    const problems = new ProblemPrinter(source.path, stderr, errorPalette);
    const which = new Which(source.path, RULE_SETS);
    const origin = (await readThrough(source, which, problems, stdin)) ? which.end() : null;
    run = withFile(run, origin, problems.count);
    stdout.tell(tellFile(source, origin, problems.count, options));
    problems.end();
    // No problem overtakes the results printed before it, nor the other way round.
    await stdout.flush();
    await stderr.flush();
    if (stdout.error !== null) break;
  }
  if (several) {
    stdout.separate();
    stdout.tell(whichSummaryText(run, options));
  }
  return outcomeOf(run, unread.length);
}
