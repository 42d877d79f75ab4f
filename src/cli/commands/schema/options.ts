import type { Command } from 'commander';
import { escapeControl } from '../../../trace/text/escape.ts';
import { suggest } from '../../../trace/text/suggest.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Finish, Host } from '../../streams/host.ts';

/** Makes the command `replay schema`. */
export function defineSchema(program: Command, { stdout }: Host, finish: Finish): void {
  program
    .command('schema')
    .description('prints the JSON Schema of a line of a trace, of a json report or of a world')
    .argument('<name>', 'trace, report or world')
    .helpOption('-h, --help', 'this help')
    .action(async (name: string) => {
      const { SCHEMA_NAMES, schemaText } = await import('../../../schema/index.ts');
      const known = SCHEMA_NAMES.find((each) => each === name);
      if (known === undefined) {
        const meant = suggest(name, SCHEMA_NAMES);
        const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
        const allowed = `allowed: ${SCHEMA_NAMES.join(', ')}`;
        throw new KnownError(`unknown schema '${escapeControl(name)}'; ${allowed}${hint}`);
      }
      stdout.write(schemaText(known));
      finish('agrees');
    });
}
