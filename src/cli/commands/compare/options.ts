import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Selection } from '../../../report/data/select.ts';
import { colorOption } from '../../arguments/color-option.ts';
import { parseIds, parseRange } from '../../arguments/values.ts';
import type { ColorMode } from '../../streams/color.ts';
import type { Finish, Host } from '../../streams/host.ts';

/** The options of `replay compare`, as commander hands them over. */
export interface CompareOptions {
  readonly color: ColorMode;
  readonly from: string;
  readonly to: string;
  /** Which steps that part are shown: the first of each cause in a file, all, or none. */
  readonly steps: 'first' | 'all' | 'none';
  readonly range?: NonNullable<Selection['range']>;
  readonly only?: readonly string[];
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  replay compare --from 21ddc74e8 --to 08016ab82 trace.jsonl
                            where the rule sets part on the same events, and why
  replay compare -q --from 21ddc74e8 --to 08016ab82 traces/
                            a directory: the causes, each with its first place

What a trace expects is not looked at.

Exit codes:
  0  every step comes out the same
  1  something differs
  2  something could not be judged: usage, unreadable or invalid input, no step
     selected (also when something else differs)`;

function range(value: string): NonNullable<Selection['range']> {
  const parsed = parseRange(value);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError(
    'Step numbers from 1 are allowed: 3-9, 5- (to the end), -9 (from the start) or 7.',
  );
}

function ids(value: string, previous: readonly string[] | undefined): readonly string[] {
  const parsed = parseIds(value);
  if (parsed !== null) return [...(previous ?? []), ...parsed];
  throw new InvalidArgumentError('Ids are separated by commas, none is empty.');
}

/** Makes the command `replay compare`. */
export function defineCompare(program: Command, host: Host, finish: Finish): void {
  program
    .command('compare')
    .description('takes the same events under two rule sets, and tells where these part and why')
    .argument('<path...>', 'traces: files, directories (every *.jsonl below), or - for stdin')
    .requiredOption('--from <set>', 'the one rule set')
    .requiredOption('--to <set>', 'the other one')
    .addOption(
      new Option('--steps <which>', 'which steps that part are shown: of each file the first ones')
        .choices(['first', 'all', 'none'])
        .default('first'),
    )
    .addOption(
      new Option('--range <first-last>', 'only these step numbers: 3-9, 5-, -9 or 7').argParser(
        range,
      ),
    )
    .addOption(
      new Option('--only <id,...>', 'only steps that touch one of these ids').argParser(ids),
    )
    .addOption(new Option('-q, --quiet', 'only the causes, and a summary').conflicts('steps'))
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: CompareOptions) => {
      const { runCompare } = await import('./run.ts');
      finish(await runCompare(paths, options, host));
    });
}
