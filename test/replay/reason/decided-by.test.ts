import { describe, expect, it } from 'vitest';
import type { EventOf, Expect, TraceEvent } from '../../../src/format/index.ts';
import {
  connect,
  detach,
  free,
  NEVER,
  type Playing,
  POST,
  PRE,
  play,
  SHARED,
  session,
} from '../support.ts';

/** Ids of the rules that decided the fields which the last event disagrees about. */
function decided(events: readonly TraceEvent[], how: Playing = {}): (string | null)[] {
  const last = play(events, how).steps.at(-1)?.divergences ?? [];
  return last.map((d) => d.decidedBy?.rule ?? null);
}

const never = { config: NEVER };
const created = [session('s1'), connect('t1', 'c1')];
const idle = [...created, detach('t1')];
const last = (events: readonly TraceEvent[], expectation: Expect): TraceEvent[] => [
  ...events.slice(0, -1),
  { ...events.at(-1), expect: expectation } as TraceEvent,
];

describe('the rule that decided', () => {
  it.each<[string, Expect, readonly TraceEvent[], Playing, string]>([
    [
      'the owner of a new connection',
      { conn: { c1: { owner: 's9' } } },
      created,
      never,
      'connect.new.owned',
    ],
    [
      'the same before the change',
      { conn: { c1: { owner: 's9' } } },
      created,
      { ...never, rules: PRE },
      'connect.new.ownerless',
    ],
    ['that it is private', { conn: { c1: { flags: [] } } }, created, never, 'connect.new.never'],
    [
      'where it is listed',
      { conn: { c1: { listed_in: null } } },
      created,
      never,
      'session.add.insert',
    ],
    ['its mark', { conn: { c1: { flags: ['PRIVATE'] } } }, idle, never, 'session.check-idle.count'],
    ['its list', { conn: { c1: { list: null } } }, idle, {}, 'pool.add.idle'],
    ['that it lives', { conn: { c1: null } }, idle, {}, 'pool.add.idle'],
    ['that it died', { conn: { c1: {} } }, [...idle, free('s1')], never, 'session.free.listed'],
    [
      'the count of a session',
      { sess: { s1: { idle_conns: 0 } } },
      idle,
      never,
      'session.check-idle.count',
    ],
    [
      'the list of a session',
      { sess: { s1: { srv_list: [] } } },
      created,
      never,
      'session.add.insert',
    ],
    ['the end of a session', { sess: { s1: {} } }, [session('s1'), free('s1')], {}, 'session.free'],
    ['the used count', { srv: { 'b/srv': { curr_used_conns: 9 } } }, created, {}, 'connect.used'],
    ['the idle list', { srv: { 'b/srv': { idle: [] } } }, idle, {}, 'pool.add.idle'],
    ['the need', { srv: { 'b/srv': { est_need_conns: 9 } } }, created, {}, 'connect.used'],
  ])('%s', (_, expectation, events, how, rule) => {
    expect(decided(last(events, expectation), how)).toEqual([rule]);
  });

  it('of a reuse is what was found', () => {
    const events = [...idle, { ...connect('t2', 'c1'), expect: { reused: false } }];
    expect(decided(events, never)).toEqual(['connect.session.found']);
  });

  it('of a preference is the last one about the session', () => {
    const prefer: EventOf<'assign_server'> = {
      event: 'assign_server',
      strm: 't2',
      sess: 's1',
      be: 'b',
    };
    const wanted: TraceEvent = { ...prefer, expect: { target: 'b/srv' } };
    expect(decided([session('s1'), wanted])).toEqual(['assign.not-asked']);
  });

  it('speaks under its function and file, about the objects', () => {
    const { divergences } = play(last(created, { conn: { c1: { listed_in: null } } }), never);
    expect(divergences[0]?.decidedBy).toMatchObject({
      fn: 'session_add_conn',
      file: 'include/haproxy/session.h',
      rule: 'session.add.insert',
    });
    expect(divergences[0]?.decidedBy?.says).toMatch(/c1.*s1/);
    expect(divergences[0]?.decidedBy?.says).not.toMatch(/[{}|]/);
  });

  it('of an object that the step has nothing to do with is none', () => {
    const events = [
      ...created,
      session('s2'),
      { ...connect('t2', 'c2', 's2'), expect: { conn: { c1: { mux: 'h2' } } } },
    ];
    expect(decided(events as TraceEvent[], never)).toEqual([null]);
  });

  it('is none where the field is as an earlier step left it', () => {
    const update: TraceEvent = {
      event: 'conn_update',
      conn: 'c1',
      clear: ['WAIT_XPRT'],
      expect: {
        conn: { c1: { flags: [], owner: null } },
        srv: { 'b/srv': { curr_used_conns: 9 } },
      },
    };
    expect(decided([...created, update], never)).toEqual([null, null, null]);
  });
});

describe('the rule that decided on one of many', () => {
  const two = [...created, session('s2'), connect('t2', 'c2', 's2')];
  const pooled = [...two, detach('t1'), detach('t2')];

  it('flags is that of the flag which differs', () => {
    const both = last(idle, { conn: { c1: { flags: ['SESS_IDLE'] } } });
    expect(decided(both, never)).toEqual([null]);
    const mark = last(idle, { conn: { c1: { flags: ['PRIVATE'] } } });
    expect(decided(mark, never)).toEqual(['session.check-idle.count']);
  });

  it('connections of a list is that of the connection which is not where it should be', () => {
    const gone = last(pooled, { srv: { 'b/srv': { idle: ['c1'] } } });
    expect(decided(gone)).toEqual(['pool.add.idle']);
    const older = last(pooled, { srv: { 'b/srv': { idle: ['c2'] } } });
    expect(decided(older)).toEqual([null]);
    const order = last(pooled, { srv: { 'b/srv': { idle: ['c2', 'c1'] } } });
    expect(decided(order)).toEqual(['pool.add.idle']);
  });

  it('connections of a session is that of the connection, else that of its entry', () => {
    const one = last([...created, connect('t2', 'c2')], {
      sess: { s1: { srv_list: [['b/srv', ['c1']]] } },
    });
    expect(decided(one, never)).toEqual(['session.add.insert']);
    const ended = [...idle, { event: 'mux_release', conn: 'c1' } as const];
    const entry = last(ended, { sess: { s1: { srv_list: [['b/srv', []]] } } });
    expect(decided(entry, never)).toEqual(['session.unown.entry-freed']);
  });

  it('lists of a server is that of the list which is asked for', () => {
    const taken = [...pooled, { ...connect('t3', 'c1', 's1'), not_first: true } as TraceEvent];
    const stays = last(taken, { srv: { 'b/srv': { idle: ['c1', 'c2'] } } });
    expect(decided(stays)).toEqual(['backend-get.own']);
    const joined = last(taken, { srv: { 'b/srv': { available: ['c1'] } } });
    expect(decided(joined)).toEqual(['connect.reuse.full']);
  });

  it('reasons to be private is the first one', () => {
    const config = {
      ...NEVER,
      servers: { 'b/srv': { sni: true } },
    };
    const shared = { conn: { c1: { flags: [] } } };
    expect(decided(last(created, shared), { config })).toEqual(['connect.new.never']);
    const again = last([...idle, connect('t2', 'c1')], shared);
    expect(decided(again, { config })).toEqual(['conn.set-private.already']);
  });
});

describe('the rule that decided on a crash', () => {
  const fails = (rules: string, crash?: string): (string | null)[] => {
    const [begin = session('s1')] = created;
    const failing = {
      ...connect('t1', 'c1'),
      fail: ['connection'],
      expect: crash ? { crash } : {},
    };
    return decided([begin, failing as TraceEvent], { ...never, rules });
  };

  it('is the one that used what is not there', () => {
    expect(fails(POST)).toEqual(['connect.new.missing']);
  });

  it('is the one by which it went on, where a crash was expected', () => {
    expect(fails('2.3.0', 'connect_server')).toEqual(['connect.failed']);
    expect(fails('2.3.0', 'conn_set_private')).toEqual(['connect.failed']);
  });
});

describe('the rule that decided on calls', () => {
  const challenge: TraceEvent = {
    event: 'http_wait_for_response',
    strm: 't1',
    status: 401,
    headers: { 'WWW-Authenticate': ['NTLM'] },
  };
  const actual = ['conn_set_owner(c1, s1)', 'conn_set_private(c1)', 'session_add_conn(s1, c1) = 1'];

  it.each([
    ['the first call is wrong', [], 'auth.private-owned'],
    ['the second call is wrong', [actual[0], 'conn_free(c1)'], 'auth.private-owned'],
    ['the third call is wrong', actual.slice(0, 2), 'conn.set-private'],
    ['more calls were expected', [...actual, 'conn_free(c1)'], 'session.add.insert'],
  ])('%s: the last one before it', (_, calls, rule) => {
    const events = last([...created, challenge], { calls: calls.filter((c) => c !== undefined) });
    expect(decided(events, { rules: POST })).toEqual([rule]);
  });

  it('is the decision of the function itself, where it gives back something else', () => {
    const calls = [actual[0] ?? '', actual[1] ?? '', 'session_add_conn(s1, c1) = 0'];
    expect(decided(last([...created, challenge], { calls }))).toEqual(['session.add.insert']);
  });

  it('of a release that nobody asked for is the release', () => {
    const release: TraceEvent = { event: 'mux_release', conn: 'c1', expect: { calls: [] } };
    expect(decided([...idle, release])).toEqual(['mux.released']);
  });

  it('is the last one of a step that calls nothing', () => {
    const leave: TraceEvent = { ...detach('t1'), expect: { calls: ['conn_free(c1)'] } };
    const events = [...created, connect('t2', 'c1'), leave];
    expect(decided(events, { config: SHARED })).toEqual(['h2.detach.kept']);
  });
});
