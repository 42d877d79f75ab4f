import { DEFAULT_RULE_SET, findRuleSet, RULE_SETS, type RuleSet } from '../../src/engine/index.ts';
import { Exploration, type ExploreOptions, presetOf } from '../../src/explore/index.ts';
import { WORLD_FORMAT, type WorldDefinition } from '../../src/format/index.ts';

export const AFTER = '08016ab82';
export const BEFORE = '21ddc74e8';
/** The newest rule set. */
export const NEWEST = (RULE_SETS.at(-1) ?? DEFAULT_RULE_SET).id;

export function ruleSet(id: string): RuleSet {
  const set = findRuleSet(id);
  if (!set) throw new Error(`no rule set ${id}`);
  return set;
}

export function preset(name: string): WorldDefinition {
  const world = presetOf(name);
  if (!world) throw new Error(`no preset ${name}`);
  return world;
}

/** A world with a frontend, a backend and a server; what is not said is as small as it can be. */
export function world(more: Partial<WorldDefinition> = {}): WorldDefinition {
  return {
    world: WORLD_FORMAT,
    config: { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } },
    sessions: 1,
    streams: 2,
    connections: 2,
    ...more,
  };
}

/** Explores to the end, or to the first find. */
export function explore(
  explored: WorldDefinition,
  more: Partial<Omit<ExploreOptions, 'rules' | 'from'>> & {
    readonly rules?: string;
    readonly from?: string;
  } = {},
): Exploration {
  const { rules = AFTER, from, ...options } = more;
  const exploration = new Exploration(explored, {
    name: 'world',
    rules: ruleSet(rules),
    from: from === undefined ? null : ruleSet(from),
    properties: null,
    all: true,
    bounds: {},
    ...options,
  });
  while (exploration.run(1000)) {
    // A slice at a time, as the command does.
  }
  return exploration;
}

/** What was found, with the lengths of the traces: `4 owner-is-live`. */
export function findings({ search }: Exploration): string[] {
  return [...search.discoveries.values()].map(({ property, depth }) => `${depth} ${property}`);
}
