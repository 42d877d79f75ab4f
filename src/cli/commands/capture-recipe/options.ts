import { type Command, Option } from 'commander';
import { RECIPE_LEVELS, type RecipeLevel } from '../../../import/recipe.ts';
import { withChoices } from '../../arguments/choice.ts';
import { colorOption } from '../../arguments/color-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay capture-recipe`, as commander hands them over. */
export interface CaptureRecipeOptions {
  readonly color: ColorMode;
  readonly haproxy?: string;
  readonly level: RecipeLevel;
  readonly only?: 'config' | 'start' | 'stop';
}

const EXAMPLES = `
Examples:
  replay capture-recipe --haproxy 2.6
                            what to add to haproxy.cfg, which commands switch the
                            capture on and off, what it costs and discloses
  replay capture-recipe --only start | while read -r line; do
    echo "$line" | socat - /run/haproxy/admin.sock; done
                            switches it on

What is explained begins with #, so that the rest can be copied as it is.

Exit codes:
  0  the recipe is printed
  2  usage, or a version that prints no traces`;

/** Makes the command `replay capture-recipe`. */
export function defineCaptureRecipe(
  program: Command,
  run: Run<[options: CaptureRecipeOptions]>,
): void {
  program
    .command('capture-recipe')
    .description('says how to capture what replay import makes a trace of')
    .option('--haproxy <version>', 'for that version, e.g. 2.6; any from 2.2 on unless stated')
    .addOption(
      withChoices(
        new Option('--level <which>', 'traces and log lines, or log lines alone'),
        RECIPE_LEVELS,
      ).default('full'),
    )
    .addOption(
      withChoices(new Option('--only <part>', 'one part, without any explanation'), [
        'config',
        'start',
        'stop',
      ]),
    )
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((options: CaptureRecipeOptions) => run(options));
}
