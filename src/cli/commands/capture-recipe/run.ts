import {
  type RecipeOptions,
  recipeCommands,
  recipeConfig,
  recipeParts,
  recipeStop,
} from '../../../import/recipe.ts';
import { block } from '../../../report/text/layout.ts';
import { escapeControl } from '../../../trace/text/escape.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import type { CaptureRecipeOptions } from './options.ts';
import { recipeText } from './text.ts';

/** The first release whose traces are known. */
const FIRST = [2, 2] as const;

/** @throws KnownError for what is no version, or one before traces */
function versionOf(text: string | undefined): RecipeOptions['version'] {
  if (text === undefined) return null;
  const [, major, minor] = /^v?(\d+)\.(\d+)(?:[.-].*)?$/.exec(text) ?? [];
  if (major === undefined || minor === undefined) {
    throw new KnownError(`--haproxy ${escapeControl(text)}: must be a version, e.g. 2.6`);
  }
  const version = [Number(major), Number(minor)] as const;
  if (version[0] < FIRST[0] || (version[0] === FIRST[0] && version[1] < FIRST[1])) {
    throw new KnownError(
      `--haproxy ${escapeControl(text)}: its muxes print no traces that are known; ${FIRST.join('.')} and later do`,
    );
  }
  return version;
}

const PARTS = { config: recipeConfig, start: recipeCommands, stop: recipeStop } as const;

/**
 * The command `replay capture-recipe`: says how to make a capture that can be imported.
 *
 * @throws KnownError for a version that has no recipe
 */
export async function runCaptureRecipe(
  options: CaptureRecipeOptions,
  { stdout, env, isTerminal, width }: Host,
): Promise<Outcome> {
  const asked = { version: versionOf(options.haproxy), level: options.level };
  if (options.only !== undefined) {
    stdout.write(block(PARTS[options.only](asked)));
    return 'agrees';
  }
  const hasColor = usesColor({ mode: options.color, env, isTerminal: isTerminal.stdout });
  // Not told: what is copied must not be cut to the width of a terminal.
  stdout.write(recipeText(recipeParts(asked), { palette: await paletteFor(hasColor), width }));
  return 'agrees';
}
