import { type Command, Option } from 'commander';
import { withChoices } from '../../arguments/choice.ts';
import { colorOption } from '../../arguments/color-option.ts';
import { RULE_SET_HELP } from '../../arguments/rule-set.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay export`, as commander hands them over. */
export interface ExportOptions {
  readonly color: ColorMode;
  readonly to: 'vtc';
  readonly rules?: string;
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  replay export --to vtc trace.jsonl --out trace.vtc
  varnishtest trace.vtc     a test of the haproxy that is installed
  replay export --to vtc trace.jsonl --rules 3.0.0 | HAPROXY_PROGRAM=./haproxy \\
    varnishtest -
                            what that release makes of the same inputs

Sessions become clients, streams their requests, connections what the servers
accept. The script checks what can be seen from outside: which request takes
which connection, which are closed, what "show servers conn" counts, and that
the process lives. What is still going on at the end of the trace is brought to
its end. What no script can bring about, as an allocation that fails, is refused.

Exit codes:
  0    the script is written
  2    it could not be made: usage, unreadable or invalid input, or a trace that
       no script can bring about
  130  ended by Ctrl-C, and nothing was written; 143 by SIGTERM`;

/** Makes the command `replay export`. */
export function defineExport(
  program: Command,
  run: Run<[path: string, options: ExportOptions]>,
): void {
  program
    .command('export')
    .description("makes of a trace a test in HAProxy's own language, for varnishtest")
    .argument('<trace>', 'a trace, or - for stdin')
    .addOption(
      withChoices(new Option('--to <format>', 'what is made of it'), ['vtc']).default('vtc'),
    )
    .option('--rules <set>', `instead of the trace's own: ${RULE_SET_HELP}`)
    .option('--out <file>', 'the script, instead of standard output')
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: ExportOptions) => run(path, options));
}
