import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import { reporterOption } from '../../arguments/reporter-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay merge`, as commander hands them over. */
export interface MergeOptions {
  readonly color: ColorMode;
  /** As given, `name` or `name=file`. */
  readonly reporter?: readonly string[];
}

const EXAMPLES = `
Example:
  replay --shard 1/2 --reporter json=1.json traces/     on one machine
  replay --shard 2/2 --reporter json=2.json traces/     on another
  replay merge --reporter junit=all.xml 1.json 2.json   then: the whole run

The exit code is that of the whole run; 2 if a shard is missing.`;

/** Makes the command `replay merge`. */
export function defineMerge(
  program: Command,
  run: Run<[paths: readonly string[], options: MergeOptions]>,
): void {
  program
    .command('merge')
    .description('joins json reports, of all shards of a run or of several runs, to one')
    .argument('<report.json...>', 'reports that --reporter json wrote')
    .addOption(reporterOption())
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: MergeOptions) => run(paths, options));
}
