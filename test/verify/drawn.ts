import { findRuleSet } from '../../src/engine/index.ts';
import { modelOf } from '../../src/explore/exploration.ts';
import { PathEvents } from '../../src/explore/path.ts';
import { isRefusal, realise } from '../../src/export/index.ts';
import {
  TRACE_FORMAT,
  type TraceEvent,
  WORLD_FORMAT,
  type WorldDefinition,
} from '../../src/format/index.ts';
import { Search } from '../../src/search/search.ts';
import { formatTrace } from '../../src/trace/index.ts';
import { sized } from '../size.ts';

const RULES = '2.6.0';
const REUSE = ['never', 'safe', 'aggressive', 'always'] as const;
const SERVERS = [
  {},
  { proto: 'h2' },
  { proto: 'h2', 'max-reuse': 1 },
  { 'pool-max-conn': 1 },
] as const;

/** Worlds in which a script can make most of what may happen. */
function worlds(): WorldDefinition[] {
  return REUSE.flatMap((reuse) =>
    SERVERS.flatMap((server) =>
      [false, true].map(
        (prefers): WorldDefinition => ({
          world: WORLD_FORMAT,
          config: {
            frontends: { fe: { 'max-session-srv-conns': prefers ? 1 : 5 } },
            backends: { b: { 'http-reuse': reuse, 'option prefer-last-server': prefers } },
            servers: { 'b/srv': server },
          },
          sessions: 2,
          streams: 4,
          connections: 3,
          events: {
            authentication: true,
            closes: true,
            handshakes: true,
            goaway: true,
            connection_errors: true,
            srv_admin: true,
            excess_data: true,
            io: true,
          },
        }),
      ),
    ),
  );
}

/** Numbers from 0 on below a limit, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Far enough that whole exchanges of several clients are among what is found. */
const STATES = sized(1500, 6000);
/** Places that are looked at in a world, before it is given up. */
const TRIES = 400;

/** Traces drawn from what can happen in a world, each of which can be exported. */
function drawnIn(
  world: WorldDefinition,
  count: number,
  below: (limit: number) => number,
): string[] {
  const rules = findRuleSet(RULES);
  if (rules === undefined) throw new Error(RULES);
  const question = { rules, from: null, properties: [], exportable: true };
  const model = modelOf(world, question);
  const search = new Search(model, { states: STATES });
  while (search.run(1000)) {
    // To the bound.
  }
  const places: number[] = [];
  for (let at = 0; at < search.store.end; at = search.store.next(at)) places.push(at);
  const found = new Map<string, TraceEvent[]>();
  for (let tries = 0; tries < TRIES && found.size < count; tries++) {
    // The later half is the deeper one.
    const half = Math.floor(places.length / 2);
    const place = places[half + below(places.length - half)] ?? 0;
    const { words, at } = search.store.read(place);
    const actions = model.open(words, at);
    if (actions === 0) continue;
    const events = new PathEvents(model).events(search, place, below(actions));
    const placed = events.map((event, index) => ({ event, line: index + 2 }));
    if (!isRefusal(realise(world.config, placed, rules))) found.set(JSON.stringify(events), events);
  }
  const header = { trace: TRACE_FORMAT, rules: RULES, config: world.config } as const;
  return [...found.values()].map((events) => formatTrace(header, events));
}

/** So many random traces that can be exported, the same for the same seed. */
export function drawn(count: number, seed: number): string[] {
  const below = numbers(seed);
  const all = worlds();
  const traces: string[] = [];
  while (all.length > 0 && traces.length < count) {
    const [world] = all.splice(below(all.length), 1);
    const share = Math.ceil((count - traces.length) / (all.length + 1));
    if (world !== undefined) traces.push(...drawnIn(world, share, below));
  }
  return traces.slice(0, count);
}
