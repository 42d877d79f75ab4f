import { type Command, Option } from 'commander';
import type { Selection, StepsShown } from '../../../report/data/select.ts';
import type { Strict } from '../../../report/data/severity.ts';
import { withChoices } from '../../arguments/choice.ts';
import { glyphsOption, graphOption, widthOption } from '../../arguments/graph-options.ts';
import { PATHS_HELP } from '../../arguments/paths.ts';
import { reporterOption } from '../../arguments/reporter-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import { onlyOption, rangeOption } from '../../arguments/step-options.ts';
import { strictOption } from '../../arguments/strict-option.ts';
import type { ColorMode } from '../../streams/color.ts';
import type { GlyphMode } from '../../streams/glyphs.ts';
import { addUpdateOptions, type UpdateOptions } from '../update/options.ts';
import { addManyFilesOptions, type ManyFilesOptions } from './many-files.ts';

/** The options of `replay`, as commander hands them over. */
export interface ReplayOptions extends ManyFilesOptions, UpdateOptions {
  readonly color: ColorMode;
  readonly rules?: string;
  readonly steps: StepsShown;
  readonly range?: NonNullable<Selection['range']>;
  readonly only?: readonly string[];
  readonly allDivergences?: boolean;
  readonly full?: boolean;
  readonly quiet?: boolean;
  readonly strict?: Strict;
  readonly invariant?: readonly string[];
  readonly explain?: boolean;
  readonly coverage?: boolean;
  /** Lanes beside each step. */
  readonly graph?: boolean;
  readonly glyphs: GlyphMode;
  /** Columns of a line. */
  readonly width?: number;
  /** As given, `name` or `name=file`. */
  readonly reporter?: readonly string[];
}

const EXAMPLES = `
Examples:
  replay trace.jsonl                    every step, and what it changed
  replay -q traces/                     a directory: what diverges, a summary
  replay --only c7 trace.jsonl          the life of one connection
  replay --graph trace.jsonl            a row for each step, beside lanes
  replay --only c7 --explain trace.jsonl
                                        the same, with the reason of each step
  replay --full --range 37-40 trace.jsonl
                                        the whole state around a step
  replay --rules 21ddc74e8 trace.jsonl  the same events under other rules
  replay trace.jsonl.gz                 compressed by gzip
  ssh proxy cat trace.jsonl | replay -  standard input
  replay -u trace.jsonl                 rewrite what the trace expects

Exit codes:
  0  every step agrees with what the trace expects
  1  something diverges
  2  something could not be judged: usage, unreadable or invalid input, no step
     selected (also when something else diverges)
  130  ended by Ctrl-C, as --watch is; 143 by SIGTERM`;

function names(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(',')];
}

/** Makes `replay` itself: its arguments, its options, its help. */
export function defineReplay(
  program: Command,
  run: Run<[paths: readonly string[], options: ReplayOptions]>,
): void {
  program
    .argument('<path...>', PATHS_HELP)
    .optionsGroup('Judging:')
    .option('--rules <set>', "rule set or release that judges, instead of each trace's own")
    .addOption(strictOption())
    .addOption(
      new Option(
        '--invariant <name,...>',
        'the invariants that are checked, instead of all that the rule set promises; ' +
          'replay invariants lists them',
      ).argParser(names),
    )
    .optionsGroup('Steps shown (all of them are judged):')
    .addOption(
      withChoices(new Option('--steps <which>', 'which steps have a line'), [
        'all',
        'diverging',
        'none',
      ]).default('all'),
    )
    .addOption(rangeOption())
    .addOption(onlyOption())
    .optionsGroup('Output:')
    .addOption(reporterOption())
    .addOption(
      graphOption('a row for each step, beside lanes of who holds which connection').conflicts([
        'full',
        'quiet',
      ]),
    )
    .addOption(glyphsOption())
    .addOption(widthOption())
    .option('--all-divergences', 'also what follows from others; without it that is only counted')
    .option('--full', 'the whole state after each step, not only what it changed')
    .option('--explain', 'below each step, the decisions that led to its outcome')
    .option('--coverage', 'after the summary, which rules have decided and which never')
    .addOption(
      new Option('-q, --quiet', 'only what diverges, and a summary').conflicts(['steps', 'full']),
    )
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: ReplayOptions) => run(paths, options));
  addManyFilesOptions(program);
  addUpdateOptions(program);
}
