import { ruleSetNames } from '../engine/rule-sets/index.ts';
import { ruleSetFor } from '../history/index.ts';
import { suggest, withSuggestion } from '../trace/text/suggest.ts';
import { type Issue, quote } from '../trace/text/wording.ts';

/**
 * The rule set that a name most likely means, or null. A commit may be given longer or shorter than
 * its name here, a release as a version that it answers for.
 */
export function meantRuleSet(name: string): string | null {
  const names = ruleSetNames();
  const answer = ruleSetFor(name);
  if (answer !== null && 'set' in answer) return answer.set.id;
  const isSameCommit = (each: string): boolean => each.startsWith(name) || name.startsWith(each);
  return (name === '' ? undefined : names.find(isSameCommit)) ?? suggest(name, names);
}

/** What to say of the name of no rule set, where a header or a world has it. */
export function unknownRuleSet(name: string): Issue {
  const meant = meantRuleSet(name);
  return {
    path: ['rules'],
    on: 'value',
    what: `unknown rule set ${quote(name)}`,
    allowed: withSuggestion(meant && quote(meant), `allowed are ${ruleSetNames().join(', ')}`),
  };
}
