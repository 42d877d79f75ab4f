import { describe, expect, it } from 'vitest';
import { INVARIANTS, promisedUnder, takeBreaches } from '../../src/engine/invariants/index.ts';
import { World } from '../../src/engine/objects/world.ts';
import { findRuleSet } from '../../src/engine/rule-sets/index.ts';
import { step } from '../../src/engine/step/step.ts';
import type { InvariantName } from '../../src/format/index.ts';
import { type CorpusTrace, RECORDED, ruleSetsOf, WRITTEN } from './corpus.ts';

/** Invariants that no trace breaks under any rule set, with the reason. */
const NEVER_BROKEN: Readonly<Partial<Record<InvariantName, string>>> = {
  'pooled-is-shareable':
    'srv_add_to_idle_list refuses what is private or in use, and who takes a pooled connection takes it out first',
  'idle-counters': 'each counter goes up and down with the idle time of one connection',
};

/** Names of the invariants that a trace breaks, promised or not. */
function brokenBy({ header, events }: CorpusTrace, rules: string): Set<InvariantName> {
  const set = findRuleSet(rules);
  if (!set) throw new Error(`no rule set ${rules}`);
  const world = new World(header.config ?? {}, set);
  const names = new Set<InvariantName>();
  for (const event of events) {
    if (step(world, event).kind !== 'done') break;
    for (const { invariant } of takeBreaches(world)) names.add(invariant.name);
  }
  return names;
}

/** Names that some trace states as broken, with the traces. */
function statedBy(name: InvariantName): string[] {
  const states = ({ events }: CorpusTrace): boolean =>
    events.some((event) => event.expect?.broken?.includes(name));
  return WRITTEN.filter(states).map((trace) => trace.name);
}

const breakable = INVARIANTS.map(({ name }) => name).filter((name) => !(name in NEVER_BROKEN));

describe('the traces', () => {
  it.each(breakable)('have one that states %s as broken', (name) => {
    expect(statedBy(name)).not.toEqual([]);
  });

  it.each(Object.entries(NEVER_BROKEN))('never break %s: %s', (name) => {
    const breaking = [...WRITTEN, ...RECORDED].filter((trace) =>
      ruleSetsOf(trace).some((rules) => brokenBy(trace, rules).has(name as InvariantName)),
    );
    expect(breaking.map((trace) => trace.name)).toEqual([]);
  });
});

describe.each(['bugs/', 'scenarios/'])('each trace of %s', (folder) => {
  it.each(WRITTEN.filter(({ name }) => name.startsWith(folder)))(
    'states everything that it breaks: $name',
    (trace) => {
      for (const rules of ruleSetsOf(trace)) {
        const stated = new Set(trace.events.flatMap((event) => event.expect?.broken ?? []));
        const promised = [...brokenBy(trace, rules)].filter((name) => isPromised(name, rules));
        expect(promised.filter((name) => !stated.has(name))).toEqual([]);
      }
    },
  );
});

function isPromised(name: InvariantName, rules: string): boolean {
  const set = findRuleSet(rules);
  return set !== undefined && promisedUnder(set).includes(name);
}
