import { SCHEMA_NAMES, schemaText } from '../../../schema/index.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { unknownName } from '../../outcome/unknown-name.ts';
import type { Host } from '../../streams/host.ts';

/**
 * The command `schema`: prints the JSON Schema of a name.
 *
 * @throws KnownError for an unknown name
 */
export async function runSchema(name: string, { stdout }: Host): Promise<Outcome> {
  const known = SCHEMA_NAMES.find((each) => each === name);
  if (known === undefined) throw unknownName('schema', name, SCHEMA_NAMES);
  stdout.write(schemaText(known));
  return 'agrees';
}
