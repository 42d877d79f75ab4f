import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import { PATHS_HELP } from '../../arguments/paths.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay which`, as commander hands them over. */
export interface WhichOptions {
  readonly color: ColorMode;
}

const EXAMPLES = `
Examples:
  replay which trace.jsonl  the rule sets that give what the trace expects, and
                            where the nearest of the others parts from it
  replay which traces/      a directory: those that agree with each, and with all

The rule set that a trace names is not looked at.

Exit codes:
  0  there is a rule set that agrees with all
  1  there is none
  2  something could not be judged: usage, unreadable or invalid input, a trace
     that expects nothing`;

/** Makes the command `replay which`. */
export function defineWhich(
  program: Command,
  run: Run<[paths: readonly string[], options: WhichOptions]>,
): void {
  program
    .command('which')
    .description('tells which rule sets a trace of unknown origin can come from')
    .argument('<path...>', PATHS_HELP)
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: WhichOptions) => run(paths, options));
}
