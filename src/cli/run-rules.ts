import { allRules, findRuleSet, type RuleSet } from '../engine/index.ts';
import {
  allRulesText,
  differencesText,
  type RuleSetOptions,
  ruleSetsText,
  ruleSetText,
} from '../report/rule-sets.ts';
import { usesColor } from './color.ts';
import type { RulesOptions } from './commands/rules.ts';
import { KnownError } from './errors.ts';
import type { Host } from './host.ts';
import type { Outcome } from './outcome.ts';
import { paletteFor } from './palette.ts';
import { checkRules } from './run-replay.ts';

function ruleSet(name: string | undefined): RuleSet | null {
  if (name === undefined) return null;
  checkRules(name);
  return findRuleSet(name) ?? null;
}

function textOf(
  from: RuleSet | null,
  to: RuleSet | null,
  all: boolean,
  options: RuleSetOptions,
): string {
  if (all) {
    if (to !== null) throw new KnownError('--all takes one rule set, or none for every rule');
    return allRulesText(allRules(), from, options);
  }
  if (from === null) return ruleSetsText(options);
  return to === null ? ruleSetText(from, options) : differencesText(from, to, options);
}

/**
 * The command `rules`: prints the rule sets, one of them, what differs between two, or all rules.
 *
 * @param names of up to two rule sets
 * @throws KnownError for an unknown rule set, or two of them with `--all`
 */
export async function runRules(
  [from, to]: readonly [string | undefined, string | undefined],
  { color, all = false }: RulesOptions,
  { stdout, env, isTerminal, width }: Host,
): Promise<Outcome> {
  const hasColor = usesColor({ mode: color, env, isTerminal: isTerminal.stdout });
  const palette = await paletteFor(hasColor);
  stdout.write(textOf(ruleSet(from), ruleSet(to), all, { width, palette }));
  return 'agrees';
}
