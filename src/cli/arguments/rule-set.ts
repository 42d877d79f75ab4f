import { findRuleSet, type RuleSet, ruleSetNames } from '../../engine/index.ts';
import { meantRuleSet } from '../../replay/rule-set-name.ts';
import { unknownName } from '../outcome/unknown-name.ts';

/**
 * The rule set of a name.
 *
 * @throws KnownError for an unknown name
 */
export function ruleSetNamed(name: string): RuleSet {
  const known = findRuleSet(name);
  if (known !== undefined) return known;
  const names = ruleSetNames();
  throw unknownName('rule set', name, names, { meant: meantRuleSet(name) });
}
