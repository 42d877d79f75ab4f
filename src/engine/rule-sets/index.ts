import type { RuleSet } from '../objects/rule-set-t.ts';
import { rules220 } from './sets/2.2.0.ts';
import { rules230 } from './sets/2.3.0.ts';
import { rules240 } from './sets/2.4.0.ts';
import { rules260 } from './sets/2.6.0.ts';
import { rules280 } from './sets/2.8.0.ts';
import { rules300 } from './sets/3.0.0.ts';
import { rules320 } from './sets/3.2.0.ts';
import { rules330 } from './sets/3.3.0.ts';
import { rules340 } from './sets/3.4.0.ts';
import { rules35dev5 } from './sets/3.5-dev5.ts';
import { rules3aab17bd5 } from './sets/3aab17bd5.ts';
import { rules21ddc74e8 } from './sets/21ddc74e8.ts';
import { rules38b4d2eb2 } from './sets/38b4d2eb2.ts';
import { rules08016ab82 } from './sets/08016ab82.ts';

export type { Commit, RuleSet } from '../objects/rule-set-t.ts';
export { child, descendsFrom } from './chain.ts';

/** Every rule set, oldest first. */
export const RULE_SETS: readonly RuleSet[] = [
  rules220,
  rules21ddc74e8,
  rules08016ab82,
  rules230,
  rules38b4d2eb2,
  rules3aab17bd5,
  rules240,
  rules260,
  rules280,
  rules300,
  rules320,
  rules330,
  rules340,
  rules35dev5,
];

/** The rule set of a trace that names none. */
export const DEFAULT_RULE_SET = rules08016ab82;

/** Names of the rule sets, oldest first. */
export function ruleSetNames(): string[] {
  return RULE_SETS.map((set) => set.id);
}

/** The rule set of that name, or undefined. */
export function findRuleSet(name: string): RuleSet | undefined {
  return RULE_SETS.find((set) => set.id === name);
}
