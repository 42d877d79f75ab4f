import { PROPERTIES, type Property } from '../../engine/invariants/property-names.ts';
import { unknownName } from '../outcome/unknown-name.ts';

/**
 * The property of a name.
 *
 * @throws KnownError for an unknown name
 */
export function propertyNamed(name: string): Property {
  const known = PROPERTIES.find((each) => each === name);
  if (known !== undefined) return known;
  throw unknownName('property', name, PROPERTIES);
}
