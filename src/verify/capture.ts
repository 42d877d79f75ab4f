import type { MoreConfig } from '../export/index.ts';
import { type RecipeOptions, recipeCommands, recipeConfig } from '../import/recipe.ts';

/** Sections of the recipe's configuration, by the lines that begin them. */
const SECTIONS: ReadonlyMap<string, keyof MoreConfig> = new Map([
  ['global', 'global'],
  ['defaults', 'defaults'],
  ['# in each backend:', 'backend'],
]);

/** What a script switches on so that its HAProxy can be imported. */
export function captureOf(version: RecipeOptions['version']): {
  readonly config: MoreConfig;
  readonly commands: readonly string[];
} {
  const options: RecipeOptions = { version, level: 'full' };
  const config = { global: [] as string[], defaults: [] as string[], backend: [] as string[] };
  let section: keyof MoreConfig = 'global';
  for (const line of recipeConfig(options)) {
    const begins = SECTIONS.get(line);
    if (begins !== undefined) section = begins;
    // A script's HAProxy has a socket of its own.
    else if (!line.trim().startsWith('stats socket')) config[section].push(line.trim());
  }
  return { config, commands: recipeCommands(options) };
}
