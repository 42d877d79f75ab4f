import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { World } from '../../src/engine/objects/world.ts';
import { type Outcome, step } from '../../src/engine/step/step.ts';
import { callText, viewWorld } from '../../src/engine/view/observe.ts';
import { OwnershipModel } from '../../src/explore/ownership-model.ts';
import { PathEvents } from '../../src/explore/path.ts';
import { Packer } from '../../src/explore/state/packer.ts';
import { Scene } from '../../src/explore/state/scene.ts';
import { Side } from '../../src/explore/state/side.ts';
import type { Config, TraceEvent, WorldDefinition } from '../../src/format/index.ts';
import { Search } from '../../src/search/search.ts';
import { sized } from '../size.ts';
import { EVERYTHING } from './everything.ts';
import { AFTER, BEFORE, NEWEST, ruleSet, world } from './support.ts';

const JUDGE = { findings: () => [] };

function modelOf(explored: WorldDefinition, symmetric: boolean, ...rules: readonly string[]) {
  return new OwnershipModel(explored, { rules: rules.map(ruleSet), judge: JUDGE, symmetric });
}

/** A way through a world: which of the events that are possible happens, each time. */
const walks = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 25 });

/**
 * Takes a walk as a search would have taken it, one state after the other.
 *
 * @returns the events of the path, which PathEvents holds against the stored states on the way
 */
function walk(model: OwnershipModel, choices: readonly number[]): TraceEvent[] {
  const store: { words: Uint32Array; action: number }[] = [];
  let length = model.initial();
  let last = 0;
  store.push({ words: model.words.slice(0, length), action: 0 });
  for (const choice of choices) {
    const from = store.at(-1)?.words ?? new Uint32Array();
    const actions = model.open(from, 0);
    if (actions === 0) break;
    let tried = 0;
    do {
      last = (choice + tried++) % actions;
      length = model.take(last);
    } while (length < 0 && tried < actions);
    if (length <= 0) break;
    store.push({ words: model.words.slice(0, length), action: last });
  }
  const end = length === 0 ? store.length - 1 : store.length - 2;
  if (end < 0) return [];
  const action = length === 0 ? last : (store[end + 1]?.action ?? 0);
  const stub = {
    pathTo: (place: number) => store.slice(0, place + 1).map((_, at) => at),
    store: {
      read: (place: number) => {
        const words = store[place]?.words ?? new Uint32Array();
        return { words, at: 0, length: words.length };
      },
      actionOf: (place: number) => store[place]?.action ?? 0,
    },
  };
  return new PathEvents(model).events(stub as unknown as Search, end, action);
}

describe.each([
  ['one world', [AFTER]],
  ['one world before the change', [BEFORE]],
  ['one world under the newest rules', [NEWEST]],
  ['two worlds in step', [BEFORE, AFTER]],
  ['two worlds in step, one of them under the newest rules', [AFTER, NEWEST]],
])('%s', (_, rules) => {
  test.each([
    ['without names', true],
    ['with names', false],
  ])('comes to the same states when a path is taken again, %s', (__, symmetric) => {
    const model = modelOf(EVERYTHING, symmetric, ...rules);
    fc.assert(
      // PathEvents throws when a state is not the one that was stored.
      fc.property(walks, (choices) => {
        walk(model, choices);
      }),
      { numRuns: sized(60) },
    );
  });
});

/** What a world is after some events: its view, with the outcome and the calls of each. */
function histories(config: Config, events: readonly TraceEvent[]) {
  const w = new World(config, ruleSet(AFTER));
  const outcomes = events.map((event): [Outcome['kind'], string[]] => {
    const { kind } = step(w, event);
    return [kind, w.log.calls.map(callText)];
  });
  return { outcomes, view: viewWorld(w) };
}

test('the events of a path happen as the search saw them happen', () => {
  const model = modelOf(EVERYTHING, true, AFTER);
  fc.assert(
    fc.property(walks, (choices) => {
      const events = walk(model, choices);
      const { outcomes } = histories(EVERYTHING.config, events);
      expect(outcomes.some(([kind]) => kind === 'impossible')).toBe(false);
      expect(outcomes.slice(0, -1).some(([kind]) => kind !== 'done')).toBe(false);
    }),
    { numRuns: sized(60) },
  );
});

/** The same events with every session, stream and connection called otherwise. */
function renamed(events: readonly TraceEvent[], by: (name: string) => string): TraceEvent[] {
  return events.map((event) => {
    const names: Record<string, string> = {};
    for (const key of ['sess', 'strm', 'conn'] as const) {
      if (key in event) names[key] = by(Reflect.get(event, key) as string);
    }
    return { ...event, ...names } as TraceEvent;
  });
}

function packed(config: Config, events: readonly TraceEvent[]): number[] {
  const scene = new Scene([new Side(config, ruleSet(AFTER))], true);
  for (const event of events) step(scene.world, event);
  const packer = new Packer(scene);
  const length = packer.pack();
  return [...packer.words.subarray(0, length)];
}

test('what objects are called makes no difference to a state', () => {
  const model = modelOf(EVERYTHING, true, AFTER);
  fc.assert(
    fc.property(walks, fc.constantFrom(1, 4, 5, 7), (choices, factor) => {
      const events = walk(model, choices);
      // s1 … s9 in another order: the numbers are multiplied modulo 11.
      const by = (name: string) => `${name[0]}${(Number(name.slice(1)) * factor) % 11}`;
      expect(packed(EVERYTHING.config, renamed(events, by))).toEqual(
        packed(EVERYTHING.config, events),
      );
    }),
    { numRuns: sized(60) },
  );
});

const H2: Config = {
  frontends: { fe: {} },
  backends: { b: { 'http-reuse': 'always' } },
  servers: { 'b/srv': { proto: 'h2' } },
};

test('which of two like sessions did something first makes no difference', () => {
  const did = (first: string, second: string): TraceEvent[] => [
    { event: 'session_new', sess: 's1', fe: 'fe' },
    { event: 'session_new', sess: 's2', fe: 'fe' },
    { event: 'connect_server', strm: 't1', sess: first, target: 'b/srv', conn: 'c1' },
    { event: 'connect_server', strm: 't2', sess: second, target: 'b/srv', conn: 'c1' },
  ];
  expect(packed(H2, did('s1', 's2'))).toEqual(packed(H2, did('s2', 's1')));
  // But whose the connection is makes one.
  expect(packed(H2, did('s1', 's1'))).not.toEqual(packed(H2, did('s1', 's2')));
});

test('two sessions that differ in what they own only are told apart', () => {
  const own = (owner: string): TraceEvent[] => [
    ...['s1', 's2', 's3'].map((sess): TraceEvent => ({ event: 'session_new', sess, fe: 'fe' })),
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
    { event: 'connect_server', strm: 't2', sess: 's2', target: 'b/srv', conn: 'c1' },
    {
      event: 'http_wait_for_response',
      strm: owner,
      status: 401,
      headers: { 'WWW-Authenticate': ['NTLM'] },
    },
  ];
  // Either answer, seen from outside, binds the connection to one of two sessions on it.
  expect(packed(H2, own('t1'))).not.toEqual(packed(H2, own('t2')));
});

test('a model that leaves something out is caught when a path is made', () => {
  const model = modelOf(world(), true, AFTER);
  const search = new Search(model, { depth: 2 });
  while (search.run(100)) {
    // To the end.
  }
  const place = search.store.next(0);
  const { words, at } = search.store.read(place);
  words[at] = (words[at] ?? 0) + 1;
  expect(() => new PathEvents(model).events(search, place, 0)).toThrow(/not deterministic/);
});

test('two worlds in step name the stream alike for which a server is preferred', () => {
  const preferring = world({
    config: {
      frontends: { fe: {} },
      backends: { b: { 'http-reuse': 'never', 'option prefer-last-server': true } },
      servers: { 'b/s1': { proto: 'h2', 'streams-limit': 1 }, 'b/s2': {} },
    },
    sessions: 2,
    streams: 9,
    connections: 4,
    events: { closes: true, goaway: true, retries: 1 },
  });
  const model = modelOf(preferring, true, '2.2.0', AFTER);
  // Long ways, of which one in a hundred prefers twice before anybody connects.
  let state = 20261129;
  const next = () => (state = (state * 48271) % 2147483647);
  for (let left = sized(150); left > 0; left--) {
    walk(
      model,
      Array.from({ length: 40 }, () => next()),
    );
  }
});
