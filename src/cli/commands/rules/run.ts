import { allRules, type RuleSet } from '../../../engine/index.ts';
import { ruleSetNamed } from '../../arguments/rule-set.ts';
import { KnownError } from '../../outcome/errors.ts';
import type { Outcome } from '../../outcome/outcome.ts';
import { usesColor } from '../../streams/color.ts';
import type { Host } from '../../streams/host.ts';
import { paletteFor } from '../../streams/palette.ts';
import type { RuleSetArguments, RulesOptions } from './options.ts';
import {
  allRulesText,
  differencesText,
  type RuleSetOptions,
  ruleSetsText,
  ruleSetText,
} from './text.ts';

function ruleSet(name: string | undefined): RuleSet | null {
  return name === undefined ? null : ruleSetNamed(name);
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
  [from, to]: RuleSetArguments,
  { color, all = false }: RulesOptions,
  { stdout, env, isTerminal, width }: Host,
): Promise<Outcome> {
  const hasColor = usesColor({ mode: color, env, isTerminal: isTerminal.stdout });
  const palette = await paletteFor(hasColor);
  stdout.tell(textOf(ruleSet(from), ruleSet(to), all, { width, palette }));
  return 'agrees';
}
