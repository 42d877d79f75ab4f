import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay minimize`, as commander hands them over. */
export interface MinimizeOptions {
  readonly color: ColorMode;
  readonly rules?: string;
  readonly property?: string;
  readonly out?: string;
  readonly exportable?: boolean;
}

const EXAMPLES = `
Examples:
  replay minimize recording.jsonl --out small.jsonl
                            what the recording shows, and nothing else
  replay minimize recording.jsonl | replay --explain -
                            the same, and why it happens
  replay minimize --property idle-count recording.jsonl
                            a broken promise, whatever else the trace shows

Unless --property says which, a trace shows the first field that differs from
what it expects, by the same two values but for names, with the rule that
decided it; else its crash; else the first promise of the rule set that it
breaks. Events that follow are dropped, then sessions, streams, events, inputs
and configuration that it takes no part of.

Exit codes:
  0    the smaller trace is written
  2    it could not be made: usage, unreadable or invalid input, or a trace that
       shows nothing
  130  ended by Ctrl-C, and nothing was written; 143 by SIGTERM`;

/** Makes the command `replay minimize`. */
export function defineMinimize(
  program: Command,
  run: Run<[path: string, options: MinimizeOptions]>,
): void {
  program
    .command('minimize')
    .description('makes the smallest trace that shows the same crash, broken promise or divergence')
    .argument('<trace>', 'a trace, or - for stdin')
    .option('--out <file>', 'the smaller trace, instead of standard output')
    .option('--rules <set>', "rule set or release that judges, instead of the trace's own")
    .option('--property <name>', 'what is minimised: no-crash, no-leak, or an invariant')
    .option('--exportable', 'the smallest that replay export can make a test script of')
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: MinimizeOptions) => run(path, options));
}
