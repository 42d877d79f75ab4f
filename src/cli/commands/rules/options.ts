import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay rules`, as commander hands them over. */
export interface RulesOptions {
  readonly color: ColorMode;
  /** Every rule in words, instead of the rule sets. */
  readonly all?: boolean;
}

/** Up to two rule sets by name: one alone, or two to compare. */
export type RuleSetArguments = readonly [from: string | undefined, to: string | undefined];

const EXAMPLES = `
Examples:
  replay rules                        the rule sets
  replay rules 08016ab82              what one of them makes of each difference
  replay rules 21ddc74e8 08016ab82    what differs between two
  replay rules --all                  every rule that can decide something`;

/** Makes the command `replay rules`. */
export function defineRules(
  program: Command,
  run: Run<[names: RuleSetArguments, options: RulesOptions]>,
): void {
  program
    .command('rules')
    .description('lists the rule sets, and what differs between them')
    .argument('[from]', 'a rule set')
    .argument('[to]', 'another, to compare it with')
    .option('--all', 'every rule by function, with its id, in words; of one rule set if named')
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((from: string | undefined, to: string | undefined, options: RulesOptions) =>
      run([from, to], options),
    );
}
