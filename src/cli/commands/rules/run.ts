import { allRules, type RuleSet } from '../../../engine/index.ts';
import { ruleSetsNamed } from '../../arguments/rule-set.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import { branchText } from './branch-text.ts';
import type { RuleSetArguments, RulesOptions } from './options.ts';
import {
  allRulesText,
  differencesText,
  type RuleSetOptions,
  ruleSetsText,
  ruleSetText,
} from './text.ts';

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
  if (to !== null) return differencesText(from, to, options);
  return ruleSetText(from, options) + branchText(from, options);
}

/**
 * The command `rules`: prints the rule sets, one of them, what differs between two, or all rules.
 *
 * @param names of up to two rule sets
 * @throws KnownError for an unknown rule set, or two of them with `--all`
 */
export async function runRules(
  names: RuleSetArguments,
  { color, all = false }: RulesOptions,
  { stdout, stderr, env, isTerminal, width }: Host,
): Promise<Outcome> {
  const hasColor = usesColor({ mode: color, env, isTerminal: isTerminal.stdout });
  const palette = await paletteFor(hasColor);
  const given = names.filter((name) => name !== undefined);
  const [from = null, to = null] = ruleSetsNamed(given, stderr);
  stdout.tell(textOf(from, to, all, { width, palette }));
  return 'agrees';
}
