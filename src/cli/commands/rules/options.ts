import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import type { ColorMode } from '../../streams/color.ts';
import type { Finish, Host } from '../../streams/host.ts';

/** The options of `replay rules`, as commander hands them over. */
export interface RulesOptions {
  readonly color: ColorMode;
  /** Every rule in words, instead of the rule sets. */
  readonly all?: boolean;
}

const EXAMPLES = `
Examples:
  replay rules                        the rule sets
  replay rules 08016ab82              what one of them makes of each difference
  replay rules 21ddc74e8 08016ab82    what differs between two
  replay rules --all                  every rule that can decide something`;

/** Makes the command `replay rules`. */
export function defineRules(program: Command, host: Host, finish: Finish): void {
  program
    .command('rules')
    .description('lists the rule sets, and what differs between them')
    .argument('[from]', 'a rule set')
    .argument('[to]', 'another, to compare it with')
    .option('--all', 'every rule by function, with its id, in words; of one rule set if named')
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action(async (from: string | undefined, to: string | undefined, options: RulesOptions) => {
      const { runRules } = await import('./run.ts');
      finish(await runRules([from, to], options, host));
    });
}
