import type { Implementation, Mechanisms } from '../objects/mechanism-t.ts';
import type { Commit, RuleSet } from '../objects/rule-set-t.ts';
import { lineage, setsBetween } from './chain.ts';
import { CHOICES, type Choice, type ChoiceName, type Way } from './choices/index.ts';
import { RULE_SETS } from './index.ts';

/** Where HAProxy has what a mechanism stands for, in the order in which a connection meets it. */
const MECHANISMS: Readonly<Record<keyof Mechanisms, { fn: string; file: string }>> = {
  lookup: { fn: 'connect_server', file: 'src/backend.c' },
  usedCount: { fn: 'conn_new, conn_free', file: 'include/haproxy/connection.h' },
  sessionConns: { fn: 'session_add_conn', file: 'include/haproxy/session.h' },
  pool: { fn: 'srv_add_to_idle_list', file: 'include/haproxy/server.h' },
  purge: { fn: 'srv_cleanup_idle_connections', file: 'src/server.c' },
};

/** The name of a choice or of a mechanism. */
export type PlaceName = ChoiceName | keyof Mechanisms;

/** A place at which rule sets differ. */
export interface Place {
  readonly name: PlaceName;
  /** HAProxy's function, e.g. `connect_server`; two where two share the place. */
  readonly fn: string;
  /** HAProxy's file or files. */
  readonly file: string;
}

const isMechanism = (name: PlaceName): name is keyof Mechanisms => name in MECHANISMS;

/** What a rule set does at a place. */
export function wayOf(set: RuleSet, name: PlaceName): Way {
  if (isMechanism(name)) return set[name] as Implementation;
  const choice: Choice = CHOICES[name];
  const way = choice.ways[set[name]];
  if (way === undefined)
    throw new Error(`${set.id} chooses ${name}: ${set[name]}, which is no way`);
  return way;
}

/** The places at which any of these rule sets differ, choices first. */
export function placesOf(sets: readonly RuleSet[]): Place[] {
  const names = [...Object.keys(CHOICES), ...Object.keys(MECHANISMS)] as PlaceName[];
  return names
    .filter((name) => new Set(sets.map((set) => set[name])).size > 1)
    .map((name) => {
      const { fn, file } = isMechanism(name) ? MECHANISMS[name] : CHOICES[name];
      return { name, fn, file };
    });
}

/** The places that changed between two rule sets, and in the end are what they were. */
export function placesAndBack(one: RuleSet, other: RuleSet): Place[] {
  const differing = placesOf([one, other]).map(({ name }) => name);
  const all = placesOf([one, ...setsBetween(one, other), other]);
  return all.filter(({ name }) => !differing.includes(name));
}

/** The commits between two rule sets that changed what they do at a place. */
export function commitsBetween(one: RuleSet, other: RuleSet, name: PlaceName): Commit[] {
  return setsBetween(one, other).flatMap((set) => set.changes.get(name) ?? []);
}

/** The commits by which a rule set came to do what it does at a place; none if it always did. */
export function commitsOf(set: RuleSet, name: PlaceName): readonly Commit[] {
  const changed = lineage(set).find(({ changes }) => changes.has(name));
  return changed?.changes.get(name) ?? [];
}

/** The ways that name a rule, by place. Every other rule is there under every rule set. */
const NEEDED: ReadonlyMap<string, ReadonlyMap<PlaceName, ReadonlySet<Way>>> = neededWays();

function neededWays(): Map<string, Map<PlaceName, Set<Way>>> {
  const needed = new Map<string, Map<PlaceName, Set<Way>>>();
  for (const { name } of placesOf(RULE_SETS)) {
    const ways = isMechanism(name)
      ? RULE_SETS.map((set) => wayOf(set, name))
      : Object.values<Way>(CHOICES[name].ways);
    for (const way of ways) {
      for (const rule of way.rules ?? []) {
        const places = needed.get(rule) ?? new Map<PlaceName, Set<Way>>();
        needed.set(rule, places.set(name, (places.get(name) ?? new Set()).add(way)));
      }
    }
  }
  return needed;
}

/** Whether a rule, named by its id, can decide anything under a rule set. */
export function hasRule(set: RuleSet, rule: string): boolean {
  for (const [name, ways] of NEEDED.get(rule) ?? []) {
    if (!ways.has(wayOf(set, name))) return false;
  }
  return true;
}

/** The places at which two rule sets differ so that only one of them has a rule. */
function switchesOf(one: RuleSet, other: RuleSet, rule: string): PlaceName[] {
  return [...(NEEDED.get(rule) ?? [])]
    .filter(([name, ways]) => ways.has(wayOf(one, name)) !== ways.has(wayOf(other, name)))
    .map(([name]) => name);
}

/** Each commit once, oldest first. */
function inOrder(commits: readonly Commit[]): Commit[] {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  return [...byId.values()].sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
}

/**
 * The commits between two rule sets that brought or took any of some rules, so that only one of the
 * sets has it.
 *
 * @param rules their ids
 */
export function commitsOfRules(one: RuleSet, other: RuleSet, rules: readonly string[]): Commit[] {
  const places = rules.flatMap((rule) => switchesOf(one, other, rule));
  return inOrder(places.flatMap((name) => commitsBetween(one, other, name)));
}

/**
 * The commits between two rule sets that changed any of some functions, in whatever way.
 *
 * @param functions as HAProxy calls them
 */
export function commitsOfFunctions(
  one: RuleSet,
  other: RuleSet,
  functions: readonly string[],
): Commit[] {
  const places = placesOf([one, other]).filter(({ fn }) =>
    functions.some((name) => fn.split(', ').includes(name)),
  );
  return inOrder(places.flatMap(({ name }) => commitsBetween(one, other, name)));
}
