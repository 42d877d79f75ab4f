import type { Implementation, Mechanisms } from '../objects/mechanism-t.ts';
import type { Commit, RuleSet, RuleSetName } from '../objects/rule-set-t.ts';
import { CHOICES, type Choices } from './choices/index.ts';

/** What one commit, or several that belong together, have changed. */
export interface Change {
  readonly by: readonly Commit[];
  /** Ways of choices by name, and implementations of mechanisms. */
  readonly sets: Partial<Choices & Mechanisms>;
}

/**
 * The one shape of all rule sets. `Object.fromEntries` gives objects of the same keys one hidden
 * class, which building them key by key would not: they would end up as dictionaries.
 */
function resolve(
  about: RuleSetName,
  parent: RuleSet | null,
  changes: RuleSet['changes'],
  chosen: Choices & Mechanisms,
): RuleSet {
  const keeps = new Set(mechanismsOf(chosen).flatMap((each) => each.keeps ?? []));
  const entries = Object.entries({ ...chosen, ...about, parent, changes, keeps });
  return Object.fromEntries(entries) as unknown as RuleSet;
}

function mechanismsOf(chosen: Mechanisms): readonly Implementation[] {
  const { sessionConns, pool, lookup, usedCount, purge } = chosen;
  return [sessionConns, pool, lookup, usedCount, purge];
}

/** Declares the oldest rule set: every choice is what it was first. */
export function oldest(about: RuleSetName, mechanisms: Mechanisms): RuleSet {
  const first = Object.entries(CHOICES).map(([name, { first }]) => [name, first]);
  return resolve(about, null, new Map(), { ...Object.fromEntries(first), ...mechanisms });
}

/** Declares a rule set by what it changes in another. */
export function child(parent: RuleSet, about: RuleSetName, changes: readonly Change[]): RuleSet {
  const commits = new Map<string, readonly Commit[]>();
  let chosen: Choices & Mechanisms = parent;
  for (const { by, sets } of changes) {
    chosen = { ...chosen, ...sets };
    for (const name of Object.keys(sets)) commits.set(name, [...(commits.get(name) ?? []), ...by]);
  }
  return resolve(about, parent, commits, chosen);
}

/** A rule set and those that it was made from, the oldest last. */
export function lineage(set: RuleSet): RuleSet[] {
  const line: RuleSet[] = [];
  for (let at: RuleSet | null = set; at !== null; at = at.parent) line.push(at);
  return line;
}

/** Whether a rule set is another one, or was made from it. */
export function descendsFrom(set: RuleSet, ancestor: RuleSet): boolean {
  return lineage(set).includes(ancestor);
}

/** The rule sets on which two differ: those of one line only, each line from the oldest on. */
export function setsBetween(one: RuleSet, other: RuleSet): RuleSet[] {
  const lines = [lineage(one), lineage(other)] as const;
  const only = (own: RuleSet[], foreign: RuleSet[]) =>
    own.filter((set) => !foreign.includes(set)).reverse();
  return [...only(lines[0], lines[1]), ...only(lines[1], lines[0])];
}
