import { type RuleSet, ruleSetNames } from '../../engine/index.ts';
import { type Answer, LATEST, type NoAnswer, ruleSetFor } from '../../history/index.ts';
import { meantRuleSet } from '../../replay/rule-set-name.ts';
import { escapeControl } from '../../trace/text/escape.ts';
import { KnownError } from '../outcome/errors.ts';
import { unknownName } from '../outcome/unknown-name.ts';
import type { TextOutput } from '../streams/output.ts';

/** What the help says of the names that a rule set has on the command line. */
export const RULE_SET_HELP = `a rule set by its name, by a release as 2.4 or 2.4.22, or ${LATEST}`;

/** What a branch has changed since, in short: commits, each with its bug. */
function sinceText({ branch, since }: Answer): string {
  if (since.length === 0) return '';
  const known = ruleSetNames();
  const changes = since.map(({ commits, bug }) => {
    const ids = commits.map(({ id }) => id);
    const own = ids.filter((id) => known.includes(id)).map((id) => `, rule set ${id}`);
    return `${ids.join(' ')} (${bug}${own.join('')})`;
  });
  return `; known to have changed in ${branch} since, or asked for there: ${changes.join(', ')}`;
}

/** The line about a rule set that answers for another name. */
function answerLine(name: string, answer: Answer): string {
  return `replay: ${escapeControl(name)} is answered by ${answer.set.id}${sinceText(answer)}\n`;
}

function noAnswer(name: string, { before, after }: NoAnswer): KnownError {
  const sides = [
    ...(before === null ? [] : [`${before.id} is the nearest before it`]),
    ...(after === null ? [] : [`${after.id} is the nearest after it`]),
  ];
  const between =
    before === null || after === null
      ? ''
      : `; replay rules ${before.id} ${after.id} tells what changed in between`;
  return new KnownError(`no rule set of '${escapeControl(name)}': ${sides.join(', ')}${between}`);
}

/**
 * The rule set of a name. Where another one answers for it, a line says so.
 *
 * @param told where the line goes; null: somebody else has told it
 * @throws KnownError for an unknown name, and for a version that no rule set answers for
 */
export function ruleSetNamed(name: string, told: Pick<TextOutput, 'tell'> | null): RuleSet {
  const answer = ruleSetFor(name);
  if (answer === null) {
    throw unknownName('rule set', name, ruleSetNames(), { meant: meantRuleSet(name) });
  }
  if (!('set' in answer)) throw noAnswer(name, answer);
  if (!answer.isExact) told?.tell(answerLine(name, answer));
  return answer.set;
}

/**
 * Several rule sets by their names, each with its line at most once.
 *
 * @throws KnownError as `ruleSetNamed`
 */
export function ruleSetsNamed<Names extends readonly string[]>(
  names: Names,
  told: Pick<TextOutput, 'tell'>,
): { [At in keyof Names]: RuleSet } {
  const seen = new Set<string>();
  const sets = names.map((name) => {
    const set = ruleSetNamed(name, seen.has(name) ? null : told);
    seen.add(name);
    return set;
  });
  return sets as { [At in keyof Names]: RuleSet };
}
