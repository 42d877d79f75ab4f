import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import { repeatedPath } from '../../arguments/paths.ts';
import { RULE_SET_HELP } from '../../arguments/rule-set.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay import`, as commander hands them over. */
export interface ImportOptions {
  readonly color: ColorMode;
  readonly config?: readonly string[];
  readonly rules?: string;
  readonly out?: string;
  readonly pid?: string;
  readonly keepAddresses?: boolean;
}

const EXAMPLES = `
Examples:
  replay import capture.txt --config haproxy.cfg | replay -
                            what HAProxy printed, judged step by step
  replay import haproxy.log.1 haproxy.log --config /etc/haproxy/ --out t.jsonl
                            rotated files, the oldest first; a directory of
                            configuration files
  zcat capture.txt.gz | replay import - --rules 2.2.0
                            standard input, by the rules of a release

replay capture-recipe says how to make such a capture of any HAProxy. Each event
of the trace says which lines it comes from and how sure it is: observed,
inferred or guessed. Without --rules the version decides that the capture or the
configuration names, else the shape of the lines; auto tries all of them, says
which agree best and where the others part. Request lines, headers and
addresses do not get into the trace.

Exit codes:
  0    the trace is written
  2    it could not be made: usage, unreadable input, nothing to be imported
  130  ended by Ctrl-C, and nothing was written; 143 by SIGTERM`;

/** Makes the command `replay import`. */
export function defineImport(
  program: Command,
  run: Run<[captures: readonly string[], options: ImportOptions]>,
): void {
  program
    .command('import')
    .description('makes a trace of what a stock HAProxy has printed')
    .argument('<capture...>', 'captures of one run in their order, gzip or not, or - for stdin')
    .option(
      '--config <path>',
      'haproxy.cfg, or a directory of *.cfg; may be repeated',
      repeatedPath,
    )
    .option('--rules <set>', `rules that the trace names: auto, or ${RULE_SET_HELP}`)
    .option('--out <file>', 'the trace, instead of standard output')
    .option('--pid <number>', 'the process, where several write; the first one unless stated')
    .option('--keep-addresses', "the clients' addresses get into the trace")
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((captures: string[], options: ImportOptions) => run(captures, options));
}
