import type { UpdateMode } from '../../../update/index.ts';
import { expandPaths, type Source } from '../../files/paths.ts';
import { KnownError } from '../../outcome/errors.ts';
import { type Outcome, worse } from '../../outcome/outcome.ts';
import { type ColorMode, usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { type FileUpdate, fileUpdateText, updateSummaryText } from './text.ts';
import { type UpdateFileOptions, updateFile } from './update-file.ts';

/** How a run updates. */
export interface RunUpdateOptions {
  readonly color: ColorMode;
  readonly quiet?: boolean;
  readonly updateForce?: boolean;
}

/** @throws KnownError under CI: nobody would look at what was rewritten there */
function checkPlace(env: Host['env']): void {
  if ((env.CI ?? '') === '') return;
  throw new KnownError(
    'expectations are not rewritten under CI (the environment variable CI is set); ' +
      '--update-force does it all the same',
  );
}

async function updateSource(
  { path, stdin, isRegular }: Source,
  options: UpdateFileOptions,
  problems: ProblemPrinter,
): Promise<FileUpdate> {
  if (isRegular) return updateFile(path, options, problems);
  const why = stdin
    ? 'standard input cannot be rewritten; give the path of a file'
    : 'only a regular file can be rewritten';
  problems.addFile(`not updated: ${why}`);
  return { path, lines: 0, divergences: 0, refused: true };
}

function outcomeOf(files: readonly FileUpdate[], unread: number): Outcome {
  let outcome: Outcome = files.some(({ divergences }) => divergences > 0) ? 'diverges' : 'agrees';
  if (unread > 0) outcome = worse(outcome, 'not-judged');
  if (files.some(({ refused }) => refused)) outcome = worse(outcome, 'not-updated');
  return outcome;
}

/**
 * `replay -u`: writes what the steps of every trace did into what it expects, and
 * says per file what was done.
 *
 * @throws KnownError under CI, or when standard input is given twice
 */
export async function runUpdate(
  paths: readonly string[],
  mode: UpdateMode,
  options: RunUpdateOptions,
  host: Host,
): Promise<Outcome> {
  const { stdout, stderr, env, isTerminal } = host;
  const force = options.updateForce === true;
  if (!force) checkPlace(env);
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stderr });
  const palette = await paletteFor(hasColor);
  const { sources, problems: unread } = await expandPaths(paths);
  for (const { path, what } of unread) new ProblemPrinter(path, stderr, palette).addFile(what);
  const files: FileUpdate[] = [];
  for (const source of sources) {
    const problems = new ProblemPrinter(source.path, stderr, palette);
    const file = await updateSource(source, { mode, force }, problems);
    problems.end();
    files.push(file);
    const isSilent = options.quiet === true && file.lines === 0 && file.divergences === 0;
    if (!file.refused && !isSilent) stdout.tell(fileUpdateText(file));
    // Neither results nor problems overtake the other.
    await stdout.flush();
    await stderr.flush();
  }
  if (files.length > 1) stdout.tell(updateSummaryText(files));
  return outcomeOf(files, unread.length);
}
