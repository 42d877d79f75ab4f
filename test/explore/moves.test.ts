import { describe, expect, test } from 'vitest';
import { failSets } from '../../src/explore/moves/choices.ts';
import { OwnershipModel } from '../../src/explore/ownership-model.ts';
import { eventSchemas } from '../../src/format/events.ts';
import type { TraceEvent, WorldDefinition } from '../../src/format/index.ts';
import { Search } from '../../src/search/search.ts';
import { EVERYTHING } from './everything.ts';
import { AFTER, NEWEST, preset, ruleSet, world } from './support.ts';

/** Every event that is taken within some states of a world, as the search words it. */
function eventsOf(explored: WorldDefinition, states = 3000, rules = AFTER): TraceEvent[] {
  const events = new Map<string, TraceEvent>();
  const model: OwnershipModel = new OwnershipModel(explored, {
    rules: [ruleSet(rules)],
    judge: { findings: () => [] },
  });
  const take = model.take.bind(model);
  model.take = (action) => {
    const { event } = model.moveOf(action);
    const length = take(action);
    if (length >= 0) events.set(JSON.stringify(event), event);
    return length;
  };
  const search = new Search(model, { states });
  while (search.run(1000)) {
    // To the end.
  }
  return [...events.values()];
}

/** `event key=value` for every key that is not an id. */
function inputsOf(events: readonly TraceEvent[]): Set<string> {
  const inputs = new Set<string>();
  for (const { event: name, ...keys } of events) {
    for (const [key, value] of Object.entries(keys)) {
      if (['sess', 'strm', 'conn', 'fe', 'be', 'target', 'srv', 'headers'].includes(key)) continue;
      inputs.add(`${name} ${key}=${JSON.stringify(value)}`);
    }
    inputs.add(name);
  }
  return inputs;
}

describe('where everything is on', () => {
  const wide = inputsOf(eventsOf(EVERYTHING, 4000));
  const small = (server: object, backend: object = { 'http-reuse': 'always' }) =>
    inputsOf(
      eventsOf({
        ...EVERYTHING,
        config: {
          nbthread: 2,
          'pool-high-count': 5,
          frontends: { fe: {}, checks: { 'max-session-srv-conns': 0 } },
          backends: { b: backend },
          servers: { 'b/srv': server },
        },
        sessions: 2,
        streams: 2,
        connections: 2,
        events: { ...EVERYTHING.events, failures: 1, retries: 1 },
      }),
    );
  const all = new Set([
    ...wide,
    ...small({}),
    ...small({ proto: 'h2', sni: true }),
    ...small({ proto: 'fcgi', 'streams-limit': 2 }),
    ...small({ alpn: 'h2' }),
    ...small({ 'send-proxy': true, usesrc: 'clientip' }),
    ...inputsOf(eventsOf(preset('last-server'))),
    ...inputsOf(eventsOf(preset('deleted-server'), 3000, NEWEST)),
  ]);

  test.each([
    'session_new',
    'session_new thread=1',
    'session_free',
    'assign_server',
    'connect_server not_first=true',
    'connect_server sni=false',
    'connect_server src=false',
    'connect_server used_fds=10',
    'connect_server error="address"',
    'connect_server error="connect"',
    'connect_server error="mux"',
    'connect_server error="handshake"',
    'connect_server fail=["connection"]',
    'connect_server fail=["sess_srv_list"]',
    'connect_server fail=["sockaddr"]',
    'connect_server fail=["conn_stream"]',
    'connect_server fail=["mux"]',
    'connect_server fail=["takeover"]',
    'connect_server thread=1',
    'conn_create_mux mux="h1"',
    'conn_create_mux mux="h2"',
    'conn_create_mux fail=["mux"]',
    'tcpcheck_eval_connect mux="h1"',
    'tcpcheck_eval_connect fail=["connection"]',
    'http_wait_for_response status=401',
    'http_wait_for_response fail=["sess_srv_list"]',
    'detach idle=false',
    'detach excess_data=true',
    'detach shutw_now=true',
    'detach obuf_data=true',
    'detach mux_error=true',
    'detach blocked=true',
    'detach dead=true',
    'detach used_fds=10',
    'detach proto_status="CANT_MPX_CONN"',
    'detach proto_status="OVERLOADED"',
    'detach proto_status="UNKNOWN_ROLE"',
    'stream_destroy',
    'stream_destroy woken=true',
    'mux_release',
    'conn_update clear=["WAIT_XPRT"]',
    'conn_update set=["ERROR"]',
    'conn_update set=["SOCK_RD_SH"]',
    'conn_update set=["SOCK_WR_SH"]',
    'conn_update unlink=true',
    'conn_update requeue=true',
    'conn_update goaway=true',
    'conn_update mux_error=true',
    'conn_update streams_limit=1',
    'srv_cleanup_idle_connections',
    'srv_cleanup_connections',
    'srv_cleanup_toremove_connections',
  ])('%s happens', (input) => {
    expect([...all]).toContain(input);
  });

  test('every event of the format is tried', () => {
    const untried = Object.keys(eventSchemas).filter((name) => !all.has(name));
    expect(untried).toEqual(['check_connect']);
    expect([...inputsOf(eventsOf(CHECKED, 3000, '3.4.0'))]).toContain('check_connect');
  });
});

/** One server, checks that may reuse, and requests of two kinds. */
const CHECKED: WorldDefinition = world({
  config: {
    frontends: { fe: {}, checks: { 'max-session-srv-conns': 0 } },
    backends: { b: { 'http-reuse': 'always' } },
    servers: { 'b/srv': {} },
  },
  sessions: 2,
  streams: 3,
  connections: 2,
  events: { checks: 'checks', check_reuse: true, params: [{ name: 'one' }, { name: 'two' }] },
});

describe('what only some releases look at', () => {
  test('checks take what is there from 3.2.0 on, and connect by themselves before', () => {
    const names = (rules: string) => inputsOf(eventsOf(CHECKED, 3000, rules));
    expect([...names('3.0.0')]).not.toContain('check_connect');
    const inputs = [...names('3.2.0')];
    expect(inputs).toContain('tcpcheck_eval_connect');
    expect(inputs).toContain('check_connect reuse_pool=true');
    expect(inputs).toContain('check_connect params={"name":"two"}');
  });

  const SHARED: WorldDefinition = world({
    config: {
      nbthread: 2,
      'pool-high-count': 5,
      frontends: { fe: {} },
      backends: { b: { 'http-reuse': 'always' } },
      servers: { 'b/srv': { proto: 'h2', 'streams-limit': 1 } },
    },
    sessions: 2,
    streams: 4,
    connections: 3,
    events: {
      busy: true,
      victims: true,
      maintenance: true,
      params: [{ sni: 'one' }, { sni: 'two' }],
      used_fds: [0, 10],
    },
  });
  const asked = (rules: string) => eventsOf(SHARED, 6000, rules);

  test('locks of other threads are tried from 2.4.0 on', () => {
    const busy = (rules: string) =>
      asked(rules).flatMap((event) => ('busy' in event ? [[event.thread ?? 0, event.busy]] : []));
    expect(busy('2.3.0')).toEqual([]);
    expect(busy('2.4.0')).toContainEqual([0, [1]]);
    expect(busy('2.4.0')).toContainEqual([1, [0]]);
    expect(busy('2.4.0')).not.toContainEqual([0, [0]]);
  });

  test('who has to go is unknown from 2.4.0 to 2.8.0, where there are two keys', () => {
    const victims = (rules: string) =>
      asked(rules).flatMap((event) => ('victims' in event && event.victims ? [event] : []));
    expect(victims('2.3.0')).toEqual([]);
    expect(victims('3.0.0')).toEqual([]);
    const claims = victims('2.8.0');
    const under = claims.filter(({ event }) => event === 'connect_server');
    expect(under.length).toBeGreaterThan(0);
    expect(under.every((event) => event.victims?.length === 1)).toBe(true);
    const all = claims.filter(({ event }) => event === 'srv_cleanup_connections');
    const orders = all.map((event) => event.victims?.join());
    expect(orders).toContain('c1,c2');
    expect(orders).toContain('c2,c1');
  });
});

test('where nothing is on, sessions start, connect, detach and end, and nothing else', () => {
  const names = new Set(eventsOf(world()).map(({ event }) => event));
  expect([...names].sort()).toEqual([
    'conn_update',
    'connect_server',
    'detach',
    'session_free',
    'session_new',
  ]);
});

describe('what an option turns on', () => {
  const without = inputsOf(eventsOf(world({ streams: 3 })));
  const withOne = (events: WorldDefinition['events']) =>
    [...inputsOf(eventsOf(world({ streams: 3, ...(events && { events }) })))].filter(
      (input) => !without.has(input),
    );

  test('is what it says', () => {
    expect(withOne({ authentication: true })).toContain('http_wait_for_response');
    expect(withOne({ excess_data: true })).toEqual(['detach excess_data=true']);
    expect(withOne({ purge: true })).toContain('srv_cleanup_idle_connections');
    expect(withOne({ maintenance: true })).toContain('srv_cleanup_connections');
    expect(withOne({ io: true })).toEqual(['conn_update requeue=true']);
    expect(withOne({ retries: 1 })).toEqual(['detach idle=false']);
  });

  test('with handshakes, nothing is answered before the connection is established', () => {
    const early = world({ streams: 1, events: { authentication: true, handshakes: true } });
    const events = eventsOf(early);
    expect(inputsOf(events)).toContain('http_wait_for_response');
    const search = new Search(
      new OwnershipModel(early, {
        rules: [ruleSet(AFTER)],
        judge: {
          findings: ({ world: w }) =>
            [...w.connections.values()].some((c) => c.challenged && c.flags & 0x400000)
              ? ['answered while connecting']
              : [],
        },
      }),
    );
    while (search.run(1000)) {
      // To the end.
    }
    expect([...search.discoveries.keys()]).toEqual([]);
  });
});

test('failures are taken from a budget: no path has more of them than the world allows', () => {
  const events = eventsOf(
    world({ streams: 3, events: { fail: ['sess_srv_list', 'mux'], failures: 2 } }),
  );
  for (const event of events) expect((event.fail ?? []).length).toBeLessThanOrEqual(2);
});

test('what can fail in one event is a multiset of what it can ask for, smaller ones first', () => {
  expect(failSets(['mux', 'conn_stream'], 3)).toEqual([
    [],
    ['mux'],
    ['conn_stream'],
    ['mux', 'conn_stream'],
    ['conn_stream', 'conn_stream'],
    ['mux', 'conn_stream', 'conn_stream'],
  ]);
  expect(failSets([], 3)).toEqual([[]]);
});

test('requests ask for all that they may where a rule set looks at it, and for nothing elsewhere', () => {
  const asking = world({ events: { params: [{}, { sni: 'a' }, 'all'] } });
  const asked = (rules: string) =>
    [...inputsOf(eventsOf(asking, 3000, rules))].filter((input) => input.includes('params'));
  expect(asked('2.4.0')).toEqual([
    'connect_server params={"sni":"a"}',
    'connect_server params="all"',
  ]);
  expect(asked('3aab17bd5')).toEqual([]);
});
