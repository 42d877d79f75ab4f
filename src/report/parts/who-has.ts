/** Up to so many rule sets are named one by one. */
const NAMED_MAX = 2;

/**
 * Names the rule sets that have something: each, or the first and the last of a longer row.
 *
 * @param names of all rule sets, oldest first
 * @param has whether each of them has it
 * @returns `only 2.2.0, 2.3.0`, `from 2.3.0 on`, `from 2.3.0 to 2.8.0`; empty when all have it
 */
export function whoHas(names: readonly string[], has: readonly boolean[]): string {
  const named = names.filter((_, at) => has[at]);
  if (named.length === names.length) return '';
  const first = has.indexOf(true);
  const last = has.lastIndexOf(true);
  const isRow = last - first + 1 === named.length;
  if (named.length <= NAMED_MAX || !isRow) return `only ${named.join(', ')}`;
  return last === names.length - 1
    ? `from ${names[first]} on`
    : `from ${names[first]} to ${names[last]}`;
}
