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
