/**
 * What backs the rules: the recordings of HAProxy that have exercised them, by the tree that was
 * recorded. `sets/` has a file per rule set, made from the recordings by `npm run evidence`; each is
 * read when it is first asked for.
 */

import { existsSync, readFileSync } from 'node:fs';
import { lineage } from '../engine/rule-sets/chain.ts';
import type { PlaceName } from '../engine/rule-sets/differences.ts';
import { RULE_SETS, type RuleSet } from '../engine/rule-sets/index.ts';

/** What the recordings of one tree tell of the rule set that is named after it. */
export interface Evidence {
  /** How many recordings there are. */
  readonly recordings: number;
  /**
   * In how many of them something would come out otherwise if a place of the code, by its name, did
   * what it did before it was changed last; null: it cannot do that while all others are as they
   * are. Every change is here that led to the rule set.
   */
  readonly changes: Readonly<Record<string, number | null>>;
  /** In how many of them a rule has decided something, by its id: every rule of the set. */
  readonly rules: Readonly<Record<string, number>>;
}

/** How many recordings of one tree back something; at least one. */
export interface Backing {
  readonly tree: string;
  readonly recordings: number;
}

const NONE: Evidence = { recordings: 0, changes: {}, rules: {} };

const read = new Map<string, Evidence>();

/** What the recordings of a rule set's own tree tell. */
export function evidenceOf({ id }: RuleSet): Evidence {
  const known = read.get(id);
  if (known !== undefined) return known;
  // From src and from dist alike: the package has these files once.
  const file = new URL(`../../src/evidence/sets/${id}.json`, import.meta.url);
  const evidence = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : NONE;
  read.set(id, evidence);
  return evidence;
}

function backing(
  sets: readonly RuleSet[],
  count: (evidence: Evidence) => number | null | undefined,
): Backing[] {
  return sets.flatMap((set) => {
    const recordings = count(evidenceOf(set)) ?? 0;
    return recordings === 0 ? [] : [{ tree: set.id, recordings }];
  });
}

/** The recordings of every tree in which a rule, named by its id, has decided something. */
export function backingOfRule(rule: string): Backing[] {
  return backing(RULE_SETS, ({ rules }) => (Object.hasOwn(rules, rule) ? rules[rule] : 0));
}

let exercised: ReadonlySet<string> | null = null;

function rulesExercised(): ReadonlySet<string> {
  const counts = RULE_SETS.flatMap((set) => Object.entries(evidenceOf(set).rules));
  return new Set(counts.filter(([, recordings]) => recordings > 0).map(([rule]) => rule));
}

/** Whether a rule is known from reading alone: no recording of any tree has exercised it. */
export function isRead(rule: string): boolean {
  exercised ??= rulesExercised();
  return !exercised.has(rule);
}

/** The rule set of a line by which a place came to do what it does; null: it always did. */
function changedBy(set: RuleSet, place: PlaceName): RuleSet | null {
  return lineage(set).find(({ changes }) => changes.has(place)) ?? null;
}

/**
 * The recordings that tell what a rule set does at a place from what was done there before: those
 * of its own tree and of every other tree that came to it by the same change.
 *
 * @returns null where the place has always done what it does
 */
export function backingOfChange(set: RuleSet, place: PlaceName): Backing[] | null {
  const by = changedBy(set, place);
  if (by === null) return null;
  const same = RULE_SETS.filter((each) => changedBy(each, place) === by);
  return backing(same, ({ changes }) => changes[place]);
}
