import { child, RULE_SETS, type RuleSet } from '../engine/rule-sets/index.ts';
import type { Backport } from './backports.ts';

/**
 * The rules of a release whose branch has taken over a change of a later one: what rule sets say
 * that the change came with, and nothing else of theirs.
 *
 * @returns null when no later rule set knows of the change
 */
export function takenOver(set: RuleSet, { commits, says }: Backport): RuleSet | null {
  const ids = new Set(commits.map(({ id }) => id));
  const later = RULE_SETS.slice(RULE_SETS.indexOf(set) + 1);
  const changes = later.flatMap((each) =>
    [...each.changes].flatMap(([name, by]) =>
      by.some(({ id }) => ids.has(id))
        ? [{ by, sets: { [name]: each[name as keyof RuleSet] } }]
        : [],
    ),
  );
  if (changes.length === 0) return null;
  const { release, date } = set;
  const about = { id: `${set.id}+${commits[0]?.id}`, title: says, release, date };
  return child(set, about, changes);
}
