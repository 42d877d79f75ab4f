import { PROPERTIES, type Property } from '../../engine/invariants/property-names.ts';
import { unknownName } from '../outcome/unknown-name.ts';

/**
 * The property of a name.
 *
 * @param among the properties that are allowed
 * @throws KnownError for an unknown name
 */
export function propertyNamed(name: string, among: readonly Property[] = PROPERTIES): Property {
  const known = among.find((each) => each === name);
  if (known !== undefined) return known;
  throw unknownName('property', name, among);
}
