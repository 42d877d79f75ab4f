import { INVARIANTS } from '../../engine/invariants/index.ts';
import type { InvariantName } from '../../format/index.ts';
import { unknownName } from '../outcome/unknown-name.ts';

const NAMES: readonly InvariantName[] = INVARIANTS.map(({ name }) => name);

function isName(name: string): name is InvariantName {
  return (NAMES as readonly string[]).includes(name);
}

/**
 * The invariants that `--invariant` names; null when it was not given: all that a rule set
 * promises.
 *
 * @throws KnownError for an unknown name
 */
export function selectedInvariants(names: readonly string[] | undefined): InvariantName[] | null {
  if (names === undefined) return null;
  return names.map((name) => {
    if (isName(name)) return name;
    throw unknownName('invariant', name, NAMES);
  });
}
