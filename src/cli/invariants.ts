import { INVARIANTS } from '../engine/invariants/index.ts';
import type { InvariantName } from '../format/index.ts';
import { escapeControl } from '../trace/escape.ts';
import { suggest } from '../trace/suggest.ts';
import { KnownError } from './errors.ts';

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
    const meant = suggest(name, NAMES);
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    const allowed = `allowed: ${NAMES.join(', ')}`;
    throw new KnownError(`unknown invariant '${escapeControl(name)}'; ${allowed}${hint}`);
  });
}
