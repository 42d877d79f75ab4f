import { INVARIANTS } from '../engine/invariants/index.ts';
import { NO_CRASH, NO_LEAK } from '../engine/property-names.ts';
import type { Property } from '../minimize/index.ts';
import { unknownName } from './unknown-name.ts';

const PROPERTIES: readonly Property[] = [NO_CRASH, NO_LEAK, ...INVARIANTS.map(({ name }) => name)];

/**
 * The property that `--property` names; null when it was not given.
 *
 * @throws KnownError for an unknown name
 */
export function selectedProperty(name: string | undefined): Property | null {
  if (name === undefined) return null;
  const known = PROPERTIES.find((each) => each === name);
  if (known !== undefined) return known;
  throw unknownName('property', name, PROPERTIES);
}
