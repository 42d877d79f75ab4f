import { escapeControl } from '../../trace/text/escape.ts';
import { suggest } from '../../trace/text/suggest.ts';
import { KnownError } from './errors.ts';

/**
 * The error for a name that does not exist, with those that do and the one that was meant.
 *
 * @param what is named, e.g. `property`
 * @param or what is allowed besides, in words
 */
export function unknownName(
  what: string,
  name: string,
  allowed: readonly string[],
  or: string | null = null,
): KnownError {
  const meant = suggest(name, allowed);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const others = or === null ? '' : `, or ${or}`;
  return new KnownError(
    `unknown ${what} '${escapeControl(name)}'; allowed: ${allowed.join(', ')}${others}${hint}`,
  );
}
