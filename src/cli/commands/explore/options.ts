import { type Command, InvalidArgumentError, Option } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import { jobsOf } from '../../arguments/job-count.ts';
import type { Run } from '../../arguments/run-command.ts';
import { parseIds } from '../../arguments/values.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay explore`, as commander hands them over. */
export interface ExploreOptions {
  readonly color: ColorMode;
  readonly rules?: string;
  readonly from?: string;
  readonly to?: string;
  readonly property?: readonly string[];
  readonly all?: boolean;
  readonly exportable?: boolean;
  /** A table of promises by rule sets instead of a search. */
  readonly matrix?: boolean;
  readonly out?: string;
  readonly explain?: boolean;
  readonly quiet?: boolean;
  readonly depth?: number;
  readonly states?: number;
  /** Seconds. */
  readonly time?: number;
  /** MiB. */
  readonly memory: number;
  /** Threads that search at a time. */
  readonly jobs: number;
}

/** MiB that the stored states may take unless stated. */
const MEMORY_MIB = 1024;

const EXAMPLES = `
Examples:
  replay explore                    the worlds that can be searched by name
  replay explore failed-listing     the shortest way to break a promise there
  replay explore --property no-crash --all shared-authentication
                                    the shortest way to every crash
  replay explore --all --out found/ world.json
                                    one shortest trace per property, as files
  replay explore --matrix           every world under every rule set: which
                                    promise is broken under which of them
  replay explore --rules 2.2.0,2.3.0 lent
                                    the same of one world and some rule sets
  replay explore --from 21ddc74e8 --to 08016ab82 --all delayed-mux
                                    where two rule sets part, a trace per cause

Exit codes:
  0    nothing was found: the world is exhausted, or was searched to --depth
  1    something does not hold, the rule sets part, or a rule that has to decide
       sometimes never does
  2    could not judge: usage, a world that is wrong; nothing found, and another
       bound stopped the search, or --depth before a rule that has to decide did
  130  ended by Ctrl-C, after what was found until then; 143 by SIGTERM`;

function positive(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('A whole number of 1 or more is allowed.');
}

function seconds(value: string): number {
  const number = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && number > 0) return number;
  throw new InvalidArgumentError('A number of seconds above 0 is allowed, such as 10 or 0.5.');
}

function names(value: string, previous: readonly string[] | undefined): readonly string[] {
  const parsed = parseIds(value);
  if (parsed !== null) return [...(previous ?? []), ...parsed];
  throw new InvalidArgumentError('Names are separated by commas, none is empty.');
}

/** Makes the command `replay explore`. */
export function defineExplore(
  program: Command,
  run: Run<[world: string | null, options: ExploreOptions]>,
): void {
  program
    .command('explore')
    .description('searches a small world for the shortest trace that breaks a promise, or crashes')
    .argument('[world]', 'a world by name, or a file (world.json); without one, the names')
    .addOption(
      new Option(
        '--rules <set,...>',
        'the rule set, instead of the one that the world names; several, or all: a table',
      ),
    )
    .addOption(new Option('--from <set>', 'with --to: where two rule sets part').conflicts('rules'))
    .addOption(new Option('--to <set>', 'the other rule set').conflicts('rules'))
    .addOption(
      new Option('--property <name,...>', 'only these properties: no-crash, no-leak, invariants')
        .conflicts(['from', 'to'])
        .argParser(names),
    )
    .addOption(
      new Option('--matrix', 'which promise is broken under which rule sets: a table').conflicts([
        'from',
        'to',
        'explain',
        'quiet',
      ]),
    )
    .option('--all', 'goes on after the first find: a shortest trace for each')
    .addOption(
      new Option('--exportable', 'only what replay export can make a test script of').conflicts(
        'matrix',
      ),
    )
    .option('--out <dir>', 'writes each find as a trace file with full expectations')
    .option('--explain', 'below each step of a find, the decisions that led to its outcome')
    .addOption(new Option('-q, --quiet', 'only what was found and a summary').conflicts('explain'))
    .optionsGroup('Bounds:')
    .addOption(new Option('--depth <events>', 'longest trace').argParser(positive))
    .addOption(new Option('--states <n>', 'most states').argParser(positive))
    .addOption(new Option('--time <seconds>', 'longest search').argParser(seconds))
    .addOption(
      new Option('--memory <MiB>', 'most memory for states')
        .argParser(positive)
        .default(MEMORY_MIB),
    )
    .optionsGroup('Options:')
    .addOption(
      new Option('--jobs <n>', 'threads that search a large world; auto: one per processor')
        .argParser(jobsOf)
        .default(jobsOf('auto'), 'auto'),
    )
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((world: string | undefined, options: ExploreOptions) => run(world ?? null, options));
}
