import { escapeControl } from '../../trace/text/escape.ts';
import { suggest } from '../../trace/text/suggest.ts';
import { KnownError } from './errors.ts';

/** What is said of a name besides. */
export interface NameHints {
  /** What is allowed besides, in words. */
  readonly or?: string;
  /** The name that was meant, null if none was; absent: the one that is spelt most like it. */
  readonly meant?: string | null;
}

/**
 * The error for a name that does not exist, with those that do and the one that was meant.
 *
 * @param what is named, e.g. `property`
 */
export function unknownName(
  what: string,
  name: string,
  allowed: readonly string[],
  { or, meant = suggest(name, allowed) }: NameHints = {},
): KnownError {
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  const others = or === undefined ? '' : `, or ${or}`;
  return new KnownError(
    `unknown ${what} '${escapeControl(name)}'; allowed: ${allowed.join(', ')}${others}${hint}`,
  );
}
