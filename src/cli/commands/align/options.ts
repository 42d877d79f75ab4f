import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import { RULE_SET_HELP } from '../../arguments/rule-set.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay align`, as commander hands them over. */
export interface AlignOptions {
  readonly color: ColorMode;
  readonly rules?: string;
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  replay import capture.txt --config haproxy.cfg | replay align - | replay -q -
                            a capture with lost lines, made to fit the rules
  replay align trace.jsonl --out aligned.jsonl
                            the same of a trace; what it took, on standard output

At each step that the rules do not agree with, events are added, dropped, moved
or told otherwise, the fewest that make it fit: up to 256 events back, up to 64
ahead, and up to 400 repairs tried at one step, of which the one is taken that
costs and spoils least. To contradict what a line says costs more than to guess
what no line says; which request got which connection is never given up, unless
it is itself a guess. What was added or moved says so in its note and is
"guessed" in its source, a request that was moved "inferred"; what was dropped is
named in the header's source. A step that costs more to mend than to leave is
left, and named: a gap.

Exit codes:
  0    the trace is written, and fits
  1    it is written, and fits only as some events expect less, or not everywhere
  2    it could not be made: usage, unreadable or invalid input
  130  ended by Ctrl-C, and nothing was written; 143 by SIGTERM`;

/** Makes the command `replay align`. */
export function defineAlign(
  program: Command,
  run: Run<[path: string, options: AlignOptions]>,
): void {
  program
    .command('align')
    .description('adds, drops and moves the fewest events, so that a trace fits the rules')
    .argument('<trace>', 'a trace, or - for stdin')
    .option('--out <file>', 'the aligned trace, instead of standard output')
    .option('--rules <set>', `instead of the trace's own: ${RULE_SET_HELP}`)
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: AlignOptions) => run(path, options));
}
