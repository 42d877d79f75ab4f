import { describe, expect, it } from 'vitest';
import { World } from '../../src/engine/objects/world.ts';
import { DEFAULT_RULE_SET } from '../../src/engine/rule-sets/index.ts';
import { step } from '../../src/engine/step/step.ts';
import type { TraceEvent } from '../../src/format/index.ts';
import { formatTrace } from '../../src/trace/index.ts';
import { sized } from '../size.ts';
import { possibleEvents, shortestCrashes } from './exhaustive.ts';
import { sharedHeader, small } from './support.ts';

const HEADER = sharedHeader();
const CONFIG = HEADER.config ?? {};
/** Events of a walk at most. */
const LENGTH_MAX = 2000;
/** How far every state is looked at. */
const DEPTH = 10;

/** Numbers below a bound, the same ones each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A random trace up to its crash; null if it comes to none. */
function walk(seed: number): TraceEvent[] | null {
  const below = numbers(seed);
  const world = new World(CONFIG, DEFAULT_RULE_SET);
  const events: TraceEvent[] = [];
  for (let number = 1; events.length < LENGTH_MAX; number++) {
    const possible = possibleEvents(world, `${number}`, { sessions: 4, streams: 6 });
    const event = possible[below(possible.length)];
    if (event === undefined) continue;
    const outcome = step(world, event);
    if (outcome.kind !== 'impossible') events.push(event);
    if (outcome.kind === 'crash') return events;
  }
  return null;
}

describe('a long trace of a crash', () => {
  it('becomes as short as an exhaustive search finds the same crash', () => {
    const shortest = shortestCrashes(CONFIG, { sessions: 2, streams: 3 }, DEPTH);
    expect(Object.fromEntries(shortest)).toEqual({
      'session_check_idle_conn(NULL)': 8,
      'session_check_idle_conn(freed)': 9,
      'conn_free(freed)': 10,
      'connect_server(freed)': 10,
    });
    const sites = new Set<string>();
    for (let seed = 1; seed <= sized(20, 600); seed++) {
      const events = walk(seed);
      if (events === null) continue;
      const { signature, to } = small(formatTrace(HEADER, events), 'no-crash');
      const site = signature.kind === 'crash' ? signature.site : '';
      sites.add(site);
      const fewest = shortest.get(site);
      // Deeper than every state was looked at, there is nothing to compare with.
      if (fewest === undefined) expect(to).toBeGreaterThan(DEPTH);
      else expect(to, `${site} from seed ${seed}`).toBe(fewest);
    }
    expect(sites).toContain('session_check_idle_conn(freed)');
    expect(sites).toContain('conn_free(freed)');
  });
});
