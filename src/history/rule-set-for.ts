import { RULE_SETS, type RuleSet } from '../engine/rule-sets/index.ts';
import { type Backport, changedSince } from './backports.ts';
import { isBefore, knownVersion, type Version, versionOf } from './version.ts';

/** Stands for the newest rule set. */
export const LATEST = 'latest';

/** The rule set that answers for a name. */
export interface Answer {
  readonly set: RuleSet;
  /** It is called that, but for a `v` in front of a release. */
  readonly isExact: boolean;
  /** The branch that was named, e.g. `2.4`; null: the rule set itself was. */
  readonly branch: string | null;
  /** What this branch is known to have changed since, oldest first. */
  readonly since: readonly Backport[];
}

/** That no rule set answers for a version, and those around it. */
export interface NoAnswer {
  /** The newest older one, and the oldest younger one. */
  readonly before: RuleSet | null;
  readonly after: RuleSet | null;
}

const isAnswer = (one: RuleSet, version: Version): boolean => {
  const release = knownVersion(one.release);
  return release.branch === version.branch && !isBefore(version, release);
};

function answer(set: RuleSet, version: Version): Answer {
  const since = changedSince(knownVersion(set.release), version);
  return { set, isExact: false, branch: version.branch, since };
}

/**
 * The rule set that answers for a name: the one of that name, of a version the newest of its branch
 * that is not younger, of `latest` the newest of all. A version whose branch has none has no answer:
 * what its neighbours do says nothing of what lay between them.
 *
 * @returns null for what is no version
 */
export function ruleSetFor(name: string): Answer | NoAnswer | null {
  const exact = RULE_SETS.find(({ id }) => id === name || `v${id}` === name);
  if (exact !== undefined) return { set: exact, isExact: true, branch: null, since: [] };
  const newest = RULE_SETS.at(-1);
  if (name === LATEST && newest) return answer(newest, knownVersion(newest.release));
  const version = versionOf(name);
  if (version === null) return null;
  const set = RULE_SETS.findLast((each) => isAnswer(each, version));
  if (set !== undefined) return answer(set, version);
  const isOlder = ({ release }: RuleSet): boolean => isBefore(knownVersion(release), version);
  return {
    before: RULE_SETS.findLast(isOlder) ?? null,
    after: RULE_SETS.find((each) => !isOlder(each)) ?? null,
  };
}
