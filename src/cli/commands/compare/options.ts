import { type Command, Option } from 'commander';
import type { Selection } from '../../../report/data/select.ts';
import { withChoices } from '../../arguments/choice.ts';
import { colorOption } from '../../arguments/color-option.ts';
import { glyphsOption, graphOption } from '../../arguments/graph-options.ts';
import { PATHS_HELP } from '../../arguments/paths.ts';
import { reporterOption } from '../../arguments/reporter-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import { onlyOption, rangeOption } from '../../arguments/step-options.ts';
import type { ColorMode } from '../../streams/color.ts';
import type { GlyphMode } from '../../streams/glyphs.ts';

/** The options of `replay compare`, as commander hands them over. */
export interface CompareOptions {
  readonly color: ColorMode;
  readonly from?: string;
  readonly to?: string;
  /** Names of many rule sets, instead of the two. */
  readonly rules?: readonly string[];
  /** Which steps that part are shown: the first of each cause in a file, all, or none. */
  readonly steps: 'first' | 'all' | 'none';
  readonly range?: NonNullable<Selection['range']>;
  readonly only?: readonly string[];
  /** How the results are told. */
  readonly reporter?: readonly string[];
  readonly quiet?: boolean;
  /** Lanes beside each step up to where the two sets part. */
  readonly graph?: boolean;
  readonly glyphs: GlyphMode;
}

const EXAMPLES = `
Examples:
  replay compare --from 21ddc74e8 --to 08016ab82 trace.jsonl
                            where the rule sets part on the same events, and why
  replay compare -q --from 21ddc74e8 --to 08016ab82 traces/
                            a directory: the causes, each with its first place
  replay compare --from 2.2.0 --to 2.3 --reporter html=parts.html traces/
                            a page: the lanes under both, and where they part
  replay compare --rules 2.2.0,2.3,latest trace.jsonl
                            what the trace comes to under each, and where one
                            parts from the next
  replay compare -q --rules all traces/
                            a directory: how many traces, under each rule set
  replay compare --rules all --reporter pretty --reporter junit=matrix.xml traces/
                            the same, and a test for each trace and rule set

What a trace expects is not looked at where two rule sets are compared; of
many, each tells whether it agrees. Two are told by the reporters pretty and
html, many by all but svg.

Exit codes:
  0  every step comes out the same
  1  something differs
  2  something could not be judged: usage, unreadable or invalid input, no step
     selected (also when something else differs)`;

/** Makes the command `replay compare`. */
export function defineCompare(
  program: Command,
  run: Run<[paths: readonly string[], options: CompareOptions]>,
): void {
  program
    .command('compare')
    .description('takes the same events under rule sets, and tells where these part and why')
    .argument('<path...>', PATHS_HELP)
    .addOption(new Option('--from <set>', 'the one rule set or release').conflicts('rules'))
    .addOption(new Option('--to <set>', 'the other one').conflicts('rules'))
    .addOption(
      new Option('--rules <sets>', 'many, separated by commas, oldest first; or all')
        .argParser((value: string) => value.split(',').map((name) => name.trim()))
        .conflicts(['steps', 'range', 'only']),
    )
    .addOption(
      withChoices(
        new Option(
          '--steps <which>',
          'which steps that part are shown: of each file the first ones',
        ),
        ['first', 'all', 'none'],
      ).default('first'),
    )
    .addOption(rangeOption())
    .addOption(onlyOption())
    .addOption(
      graphOption('up to where two sets part, lanes of both beside each step').conflicts([
        'rules',
        'steps',
        'quiet',
      ]),
    )
    .addOption(glyphsOption())
    .addOption(reporterOption())
    .addOption(new Option('-q, --quiet', 'only the causes, and a summary').conflicts('steps'))
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: CompareOptions) => run(paths, options));
}
