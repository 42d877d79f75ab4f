import { findRuleSet, type RuleSet, ruleSetNames } from '../../engine/index.ts';
import { suggest } from '../../trace/text/suggest.ts';
import { unknownName } from '../outcome/unknown-name.ts';

/** The rule set that was meant; a commit may be given longer or shorter than its name here. */
function meantRules(rules: string, names: readonly string[]): string | null {
  const isSameCommit = (name: string): boolean => name.startsWith(rules) || rules.startsWith(name);
  return (rules === '' ? undefined : names.find(isSameCommit)) ?? suggest(rules, names);
}

/**
 * The rule set of a name.
 *
 * @throws KnownError for an unknown name
 */
export function ruleSetNamed(name: string): RuleSet {
  const known = findRuleSet(name);
  if (known !== undefined) return known;
  const names = ruleSetNames();
  throw unknownName('rule set', name, names, { meant: meantRules(name, names) });
}
