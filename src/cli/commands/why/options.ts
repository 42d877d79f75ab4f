import { type Command, Option } from 'commander';
import { withChoices } from '../../arguments/choice.ts';
import { colorOption } from '../../arguments/color-option.ts';
import { repeatedPath } from '../../arguments/paths.ts';
import { RULE_SET_HELP } from '../../arguments/rule-set.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay why`, as commander hands them over. */
export interface WhyOptions {
  readonly color: ColorMode;
  readonly conn?: string;
  readonly request?: string;
  readonly config?: readonly string[];
  readonly rules?: string;
  readonly pid?: string;
  readonly reporter: 'pretty' | 'json';
}

const EXAMPLES = `
Examples:
  replay why trace.jsonl    who holds which connections in the end
  replay why trace.jsonl --conn c7
                            who has held this connection, from step to step, and
                            which rules decided it
  replay why trace.jsonl --request t12
                            why this request reused a connection or not: every
                            connection that there was, and what rejected it
  replay why capture.txt --config haproxy.cfg --request /login
                            of a capture, which is imported first: its lines
                            stand beside the answer; a request is named by its
                            stream, or by a part of its request or log line
                            that no other request has

Exit codes:
  0    the question is answered
  2    it could not be: usage, unreadable or invalid input, an unknown id
  130  ended by Ctrl-C; 143 by SIGTERM`;

/** Makes the command `replay why`. */
export function defineWhy(
  program: Command,
  run: Run<[inputs: readonly string[], options: WhyOptions]>,
): void {
  program
    .command('why')
    .description('says why a request did not reuse a connection, or who holds one')
    .argument('<input...>', 'a trace, or captures of one run in their order; - for stdin')
    .addOption(new Option('--conn <id>', 'who has held this connection').conflicts('request'))
    .option('--request <id>', 'why this request got the connection that it got')
    .option(
      '--config <path>',
      'of a capture: haproxy.cfg, or a directory; may be repeated',
      repeatedPath,
    )
    .option('--rules <set>', `rules that judge: ${RULE_SET_HELP}`)
    .option('--pid <number>', 'of a capture: the process, where several write')
    .addOption(
      withChoices(new Option('--reporter <name>', 'how it is told'), ['pretty', 'json']).default(
        'pretty',
      ),
    )
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((inputs: string[], options: WhyOptions) => run(inputs, options));
}
