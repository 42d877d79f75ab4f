import { describe, expect, test } from 'vitest';
import { OwnershipModel } from '../../src/explore/ownership-model.ts';
import { PathEvents } from '../../src/explore/path.ts';
import type { Config, WorldDefinition } from '../../src/format/index.ts';
import { Search } from '../../src/search/search.ts';
import { sized } from '../size.ts';
import { EVERYTHING } from './everything.ts';
import { AFTER, BEFORE, NEWEST, ruleSet, world } from './support.ts';

const FE: Config['frontends'] = { fe: { 'max-session-srv-conns': 1 }, fe2: {} };

/** Worlds in which objects look alike for as long as they can. */
const WORLDS: Readonly<Record<string, WorldDefinition>> = {
  'sessions on three threads, of two frontends': world({
    config: {
      nbthread: 3,
      frontends: FE,
      backends: { b: { 'http-reuse': 'always' } },
      servers: { 'b/srv': { proto: 'h2' } },
    },
    sessions: 4,
    streams: 3,
    events: { retries: 2 },
  }),
  'connections that are freed under their streams': world({
    config: { ...world().config, servers: { 'b/srv': { proto: 'h2' } } },
    sessions: 3,
    streams: 5,
    connections: 3,
    events: { authentication: true, errors: ['address'], failures: 2 },
  }),
  'like sessions, one with a stream that left while blocked': world({
    config: { ...world().config, servers: { 'b/srv': { proto: 'h2' } } },
    sessions: 4,
    streams: 4,
    events: { blocked: true, authentication: true },
  }),
  'preferred connections that are gone when their stream connects': world({
    config: {
      frontends: { fe: {} },
      backends: { b: { 'http-reuse': 'never', 'option prefer-last-server': true } },
      servers: { 'b/s1': {}, 'b/s2': {} },
    },
    sessions: 2,
    streams: 4,
    connections: 3,
    events: { closes: true },
  }),
  'requests that ask for different connections': world({
    config: {
      frontends: { fe: {} },
      backends: { b: { 'http-reuse': 'always' } },
      servers: { 'b/srv': { proto: 'h2', 'streams-limit': 2 }, 'b/map': { transparent: true } },
    },
    sessions: 2,
    streams: 4,
    connections: 3,
    events: { params: [{ dst: 'one' }, { src: 'two' }, 'three'], closes: true },
  }),
  everything: EVERYTHING,
};

/** Rule sets to search under, alone and in step. */
const ALONE_AND_IN_STEP = [[[AFTER]], [[BEFORE]], [[NEWEST]], [[BEFORE, AFTER]], [[AFTER, NEWEST]]];

/** Every so many states are looked at. */
const EVERY = 37;

describe.each(Object.entries(WORLDS))('%s', (_, definition) => {
  test.each(ALONE_AND_IN_STEP)('under %j', (rules) => {
    const model = new OwnershipModel(definition, {
      rules: rules.map(ruleSet),
      judge: { findings: () => [] },
    });
    const search = new Search(model, { states: sized(3000, 6000) });
    while (search.run(1000)) {
      // To the bound.
    }
    let looked = 0;
    for (let place = 0, at = 0; place < search.store.end; place = search.store.next(place), at++) {
      if (at % EVERY !== 0) continue;
      const { words, at: start } = search.store.read(place);
      if (model.open(words, start) === 0) continue;
      // Throws when a state on the way is not the one that was stored.
      expect(new PathEvents(model).events(search, place, 0).length).toBeGreaterThan(0);
      looked++;
    }
    expect(looked).toBeGreaterThan(50);
  });
});

test('a stream whose preferred connection is gone connects to the server of it', () => {
  const definition = WORLDS['preferred connections that are gone when their stream connects'];
  if (!definition) throw new Error('no such world');
  const targets = new Set<string>();
  const model: OwnershipModel = new OwnershipModel(definition, {
    rules: [ruleSet(AFTER)],
    judge: {
      findings: ({ world: w }) => {
        for (const { preferred } of w.sessions.values()) {
          if (preferred?.freed) targets.add(preferred.target.id);
        }
        return [];
      },
    },
  });
  const search = new Search(model, {});
  while (search.run(1000)) {
    // To the end.
  }
  expect([...targets].sort()).toEqual(['b/s1', 'b/s2']);
});

test('what may fail in one event is bounded by what it asks for, however much may fail in all', () => {
  const definition = world({
    config: { ...world().config, servers: { 'b/srv': { 'send-proxy': true, sni: true } } },
    events: {
      fail: ['connection', 'sess_srv_list', 'sockaddr', 'conn_stream', 'mux', 'takeover'],
      errors: ['address', 'connect', 'mux', 'handshake'],
      failures: 15,
    },
  });
  const model = new OwnershipModel(definition, {
    rules: [ruleSet(AFTER)],
    judge: { findings: () => [] },
  });
  const search = new Search(model);
  while (search.run(1000)) {
    // To the end.
  }
  expect(search.isExhausted).toBe(true);
});
