import type { Command } from 'commander';
import type { Run } from '../../arguments/run-command.ts';

/** Makes the command `replay schema`. */
export function defineSchema(program: Command, run: Run<[name: string]>): void {
  program
    .command('schema')
    .description('prints the JSON Schema of a line of a trace, of a json report or of a world')
    .argument('<name>', 'trace, report, compare or world')
    .helpOption('-h, --help', 'this help')
    .action((name: string) => run(name));
}
