import type { Command } from 'commander';
import { colorOption } from '../../arguments/color-option.ts';
import { jobsOf } from '../../arguments/job-count.ts';
import { PATHS_HELP } from '../../arguments/paths.ts';
import { reporterOption } from '../../arguments/reporter-option.ts';
import { RULE_SET_HELP } from '../../arguments/rule-set.ts';
import type { Run } from '../../arguments/run-command.ts';
import type { ColorMode } from '../../streams/color.ts';

/** The options of `replay verify`, as commander hands them over. */
export interface VerifyOptions {
  readonly color: ColorMode;
  readonly haproxy: string;
  readonly runner: string;
  readonly keep?: string;
  readonly rules?: string;
  readonly jobs: number;
  readonly reporter?: readonly string[];
}

const EXAMPLES = `
Examples:
  replay verify trace.jsonl does the haproxy that is installed do what the model
                            says of this trace?
  replay verify traces/ --jobs 4
                            a directory: all of its traces that can be exported
  replay verify trace.jsonl --haproxy ./haproxy --keep run/
                            another program; script, capture and what was
                            imported stay in run/

Each trace is exported as replay export does it, and run by varnishtest in a
folder of its own, with sockets on the loopback only; what HAProxy prints is
captured by the recipe of replay capture-recipe, imported, and held against the
model, by the rule set that haproxy -v stands for. One line a trace:
  as predicted    it lives, or it died where the model dies
  differs         the first thing that it did otherwise, and what the model says
  not exportable  no script can bring that about, and why
  not reached     nothing of it was seen, and why

Exit codes:
  0    every trace that could be exported is as predicted
  1    something differs
  2    something could not be judged: usage, no haproxy, no varnishtest, unreadable
       or invalid input, nothing reached
  130  ended by Ctrl-C; 143 by SIGTERM`;

/** Makes the command `replay verify`. */
export function defineVerify(
  program: Command,
  run: Run<[paths: readonly string[], options: VerifyOptions]>,
): void {
  program
    .command('verify')
    .description('runs traces on a real haproxy, and tells whether it does what the model says')
    .argument('<path...>', PATHS_HELP)
    .option('--haproxy <path>', 'the program', 'haproxy')
    .option('--runner <path>', 'what runs the scripts', 'varnishtest')
    .option('--rules <set>', `instead of what haproxy -v says: ${RULE_SET_HELP}`)
    .option('--jobs <count>', 'scripts that run at a time, or auto', jobsOf, 2)
    .option('--keep <dir>', 'where scripts, captures and logs stay; else they go')
    .addOption(reporterOption())
    .addOption(colorOption())
    .helpOption('-h, --help', 'this help')
    .addHelpText('after', EXAMPLES)
    .action((paths: string[], options: VerifyOptions) => run(paths, options));
}
