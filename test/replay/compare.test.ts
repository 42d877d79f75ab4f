import { describe, expect, it } from 'vitest';
import type { EventOf, Expect, TraceEvent } from '../../src/format/index.ts';
import { connect, detach, disagreements, free, NEVER, SHARED, session } from './support.ts';

const connected = [session('s1'), connect('t1', 'c1')];

/** What an expectation about an idle connection of s1, under http-reuse never, disagrees about. */
function idle(expectation: Expect) {
  return disagreements([...connected, { ...detach('t1'), expect: expectation } as TraceEvent], {
    config: NEVER,
  });
}

/** The same about a connection in the idle pool. */
function pooled(expectation: Expect) {
  return disagreements([...connected, { ...detach('t1'), expect: expectation } as TraceEvent]);
}

describe('an expectation of a connection', () => {
  it.each<[string, unknown, unknown]>([
    ['owner', 's1', 's2'],
    ['owner', 's1', null],
    ['flags', ['PRIVATE', 'SESS_IDLE'], ['PRIVATE']],
    ['flags', ['PRIVATE', 'SESS_IDLE'], []],
    ['listed_in', 's1', null],
    ['list', null, 'idle'],
    ['mux', 'h1', 'h2'],
    ['mux', 'h1', null],
    ['used_streams', 0, 1],
    ['avail_streams', 1, 0],
  ])('%s: %o agrees, %o does not', (key, actual, other) => {
    expect(idle({ conn: { c1: { [key]: actual } } })).toEqual([]);
    expect(idle({ conn: { c1: { [key]: other } } })).toEqual([[`conn.c1.${key}`, other, actual]]);
  });

  it('names flags in any order, and every flag once is enough', () => {
    expect(idle({ conn: { c1: { flags: ['SESS_IDLE', 'PRIVATE'] } } })).toEqual([]);
    expect(idle({ conn: { c1: { flags: ['SESS_IDLE', 'PRIVATE', 'PRIVATE'] } } })).toEqual([]);
    expect(pooled({ conn: { c1: { flags: ['IDLE_LIST'] } } })).toEqual([]);
    expect(pooled({ conn: { c1: { flags: ['SAFE_LIST'] } } })).toHaveLength(1);
  });

  it('checks nothing that it does not name', () => {
    expect(idle({ conn: { c1: {} } })).toEqual([]);
    expect(idle({})).toEqual([]);
  });

  it('disagrees about each key by itself', () => {
    const wrong = idle({ conn: { c1: { owner: null, list: 'safe', mux: 'h1', flags: [] } } });
    expect(wrong.map(([field]) => field)).toEqual([
      'conn.c1.owner',
      'conn.c1.flags',
      'conn.c1.list',
    ]);
  });

  it('null: freed', () => {
    const gone: TraceEvent = { ...free('s1'), expect: { conn: { c1: null } } };
    expect(disagreements([...connected, detach('t1'), gone], { config: NEVER })).toEqual([]);
    const [[field, expected, actual] = []] = idle({ conn: { c1: null } });
    expect([field, expected]).toEqual(['conn.c1', null]);
    expect(actual).toMatchObject({ owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'], list: null });
  });

  it('disagrees as a whole with a connection that is not there', () => {
    expect(idle({ conn: { c9: { owner: 's1' } } })).toEqual([['conn.c9', { owner: 's1' }, null]]);
    expect(idle({ conn: { c9: {} } })).toEqual([['conn.c9', {}, null]]);
    expect(idle({ conn: { c9: null } })).toEqual([]);
  });

  it('has no stream counts without a mux', () => {
    const config = { ...NEVER, servers: { 'b/srv': { alpn: 'h2' } } };
    const state = (c1: object) =>
      ({ ...connect('t1', 'c1'), expect: { conn: { c1 } } }) as TraceEvent;
    expect(disagreements([session('s1'), state({ mux: null })], { config })).toEqual([]);
    expect(disagreements([session('s1'), state({ used_streams: 1 })], { config })).toEqual([
      ['conn.c1.used_streams', 1, null],
    ]);
    expect(disagreements([session('s1'), state({ avail_streams: 0 })], { config })).toEqual([
      ['conn.c1.avail_streams', 0, null],
    ]);
  });

  it('names an owner that dangles', () => {
    const events = (owner: string): TraceEvent[] => [
      session('s1'),
      connect('t1', 'c1'),
      detach('t1'),
      { ...free('s1'), expect: { conn: { c1: { owner } } } },
    ];
    expect(disagreements(events('s1!freed'), { config: SHARED })).toEqual([]);
    expect(disagreements(events('s1'), { config: SHARED })).toEqual([
      ['conn.c1.owner', 's1', 's1!freed'],
    ]);
  });
});

describe('an expectation of a session', () => {
  it.each<[string, unknown, unknown]>([
    ['idle_conns', 1, 0],
    ['prefer_last', false, true],
    ['srv_list', [['b/srv', ['c1']]], []],
    ['srv_list', [['b/srv', ['c1']]], [['b/srv', []]]],
    ['srv_list', [['b/srv', ['c1']]], [['b/srv', ['c1', 'c2']]]],
    ['srv_list', [['b/srv', ['c1']]], [['b/srv', ['c2']]]],
    ['srv_list', [['b/srv', ['c1']]], [['b', ['c1']]]],
    [
      'srv_list',
      [['b/srv', ['c1']]],
      [
        ['b/srv', ['c1']],
        ['b', []],
      ],
    ],
  ])('%s: %j agrees, %j does not', (key, actual, other) => {
    expect(idle({ sess: { s1: { [key]: actual } } })).toEqual([]);
    expect(idle({ sess: { s1: { [key]: other } } })).toEqual([[`sess.s1.${key}`, other, actual]]);
  });

  it('checks the order of a list', () => {
    const order = (...ids: string[]): TraceEvent[] => [
      ...connected,
      connect('t2', 'c2'),
      detach('t2'),
      { ...detach('t1'), expect: { sess: { s1: { srv_list: [['b/srv', ids]] } } } },
    ];
    const how = { config: NEVER, rules: '21ddc74e8' };
    expect(disagreements(order('c2', 'c1'), how)).toEqual([]);
    expect(disagreements(order('c1', 'c2'), how)).toHaveLength(1);
  });

  it('null: freed', () => {
    const gone: TraceEvent = { ...free('s1'), expect: { sess: { s1: null } } };
    expect(disagreements([session('s1'), gone])).toEqual([]);
    const [[field, expected, actual] = []] = idle({ sess: { s1: null } });
    expect([field, expected]).toEqual(['sess.s1', null]);
    expect(actual).toEqual({ idle_conns: 1, prefer_last: false, srv_list: [['b/srv', ['c1']]] });
    expect(idle({ sess: { s9: { idle_conns: 0 } } })).toEqual([
      ['sess.s9', { idle_conns: 0 }, null],
    ]);
  });

  it('checks nothing that it does not name', () => {
    expect(idle({ sess: { s1: {} } })).toEqual([]);
  });
});

describe('an expectation of a server', () => {
  it.each<[string, unknown, unknown]>([
    ['idle', ['c1'], []],
    ['idle', ['c1'], ['c2']],
    ['idle', ['c1'], ['c1', 'c2']],
    ['safe', [], ['c1']],
    ['available', [], ['c1']],
    ['curr_idle_conns', 1, 0],
    ['curr_idle_nb', 1, 0],
    ['curr_safe_nb', 0, 1],
    ['curr_used_conns', 0, 1],
    ['max_used_conns', 1, 0],
    ['est_need_conns', 1, 2],
  ])('%s: %j agrees, %j does not', (key, actual, other) => {
    expect(pooled({ srv: { 'b/srv': { [key]: actual } } })).toEqual([]);
    expect(pooled({ srv: { 'b/srv': { [key]: other } } })).toEqual([
      [`srv.b/srv.${key}`, other, actual],
    ]);
  });

  it('checks the order of a list, of all threads one after the other', () => {
    const config = {
      nbthread: 2,
      frontends: { fe: {} },
      backends: { b: {} },
      servers: { 'b/srv': {} },
    };
    const events = (...idle: string[]): TraceEvent[] => [
      session('s1'),
      { ...connect('t1', 'c1'), thread: 1 },
      connect('t2', 'c2'),
      { ...detach('t1'), thread: 1 },
      { ...detach('t2'), expect: { srv: { 'b/srv': { idle } } } },
    ];
    expect(disagreements(events('c2', 'c1'), { config })).toEqual([]);
    expect(disagreements(events('c1', 'c2'), { config })).toHaveLength(1);
    expect(disagreements(events('c2'), { config })).toHaveLength(1);
  });

  it('takes lists that do not exist for empty ones', () => {
    const config = {
      frontends: { fe: {} },
      backends: { b: {} },
      servers: { 'b/srv': { 'pool-max-conn': 0 } },
    };
    const last = (idle: string[]): TraceEvent[] => [
      { ...session('s1'), expect: { srv: { 'b/srv': { idle } } } } as TraceEvent,
    ];
    expect(disagreements(last([]), { config })).toEqual([]);
    expect(disagreements(last(['c1']), { config })).toEqual([['srv.b/srv.idle', ['c1'], []]]);
  });

  it('disagrees as a whole with a server that is not there', () => {
    expect(pooled({ srv: { 'b/no': { idle: [] } } })).toEqual([['srv.b/no', { idle: [] }, null]]);
    expect(pooled({ srv: { 'b/srv': {} } })).toEqual([]);
  });
});

describe('an expectation of what the function returns', () => {
  const claim = (expect: EventOf<'connect_server'>['expect'], more = {}) =>
    disagreements([session('s1'), { ...connect('t1', 'c1'), ...more, expect }]);

  it('ret and reused of connect_server', () => {
    expect(claim({ ret: 'NONE', reused: false })).toEqual([]);
    expect(claim({ ret: 'RESOURCE', reused: true })).toEqual([
      ['ret', 'RESOURCE', 'NONE'],
      ['reused', true, false],
    ]);
    expect(claim({ ret: 'INTERNAL' }, { error: 'address' })).toEqual([]);
    expect(claim({ ret: 'RESOURCE' }, { error: 'connect' })).toEqual([]);
  });

  it('ret of conn_create_mux', () => {
    const config = { ...NEVER, servers: { 'b/srv': { alpn: 'h2' } } };
    const made = (ret: 0 | -1): TraceEvent[] => [
      ...connected,
      { event: 'conn_create_mux', conn: 'c1', mux: 'h2', expect: { ret } },
    ];
    expect(disagreements(made(0), { config })).toEqual([]);
    expect(disagreements(made(-1), { config })).toEqual([['ret', -1, 0]]);
  });

  it('target of assign_server, which may be none', () => {
    const prefer = (target: string | null): TraceEvent[] => [
      ...connected,
      { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] },
      {
        event: 'http_wait_for_response',
        strm: 't1',
        status: 401,
        headers: { 'WWW-Authenticate': ['NTLM'] },
      },
      { event: 'assign_server', strm: 't2', sess: 's1', be: 'b', expect: { target } },
    ];
    expect(disagreements(prefer('b/srv'))).toEqual([]);
    expect(disagreements(prefer(null))).toEqual([['target', null, 'b/srv']]);
    const none: TraceEvent = { event: 'assign_server', strm: 't2', sess: 's1', be: 'b' };
    const [first] = prefer(null);
    if (!first) throw new Error('a session is created first');
    expect(disagreements([first, { ...none, expect: { target: null } }])).toEqual([]);
    expect(disagreements([first, { ...none, expect: { target: 'b/srv' } }])).toEqual([
      ['target', 'b/srv', null],
    ]);
  });
});

describe('an expectation of calls', () => {
  const actual = ['session_add_conn(s1, c1) = 1', 'session_check_idle_conn(s1, c1) = 0'];

  it.each([
    ['none of them', []],
    ['too few', actual.slice(0, 1)],
    ['too many', [...actual, 'conn_free(c1)']],
    ['another order', actual.toReversed()],
    ['another result', ['session_add_conn(s1, c1) = 0', ...actual.slice(1)]],
  ])('%s: disagrees', (_, calls) => {
    expect(idle({ calls })).toEqual([['calls', calls, actual]]);
  });

  it('agrees with all of them in order of entry', () => {
    expect(idle({ calls: actual })).toEqual([]);
  });
});
