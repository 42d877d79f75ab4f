import type { PlaceName } from '../../../engine/rule-sets/differences.ts';
import type { RuleSet } from '../../../engine/rule-sets/index.ts';
import { type Backing, backingOfChange, backingOfRule } from '../../../evidence/index.ts';
import { count } from '../../../report/text/layout.ts';

/** What is known from reading HAProxy's code alone. */
const READ = 'read';

/** `12 recordings of 2.3.0, 34 of 2.4.0`: the tree of the rule set first, then the oldest. */
function recordingsText(backing: readonly Backing[], set: RuleSet): string {
  const isOwn = ({ tree }: Backing): boolean => tree === set.id;
  const own = backing.filter(isOwn);
  const all = [...own, ...backing.filter((each) => !isOwn(each))];
  return all
    .map(({ tree, recordings }, at) => {
      const many = at === 0 ? count(recordings, 'recording') : recordings;
      return `${many} of ${tree}`;
    })
    .join(', ');
}

/** What backs a rule of a rule set, in a few words. */
export function ruleBackingText(rule: string, set: RuleSet): string {
  const backing = backingOfRule(rule);
  if (backing.length === 0) return `${READ}: no recording has exercised it`;
  return `in ${recordingsText(backing, set)}`;
}

/** What backs the change by which a rule set does what it does at a place; empty if it always did. */
export function changeBackingText(set: RuleSet, place: PlaceName): string {
  const backing = backingOfChange(set, place);
  if (backing === null) return '';
  if (backing.length === 0) return `${READ}: no recording tells it from what was before`;
  return `told from what was before by ${recordingsText(backing, set)}`;
}
