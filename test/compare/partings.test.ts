import { describe, expect, test } from 'vitest';
import {
  AFTER,
  BEFORE,
  causes,
  compareEvents,
  connect,
  detach,
  header,
  SESSION,
} from './support.ts';

const OWNER = 'connect.new.ownerless | connect.new.owned';
const LISTED = 'connect.install.private-unlisted | connect.install.private-listed';

describe('a private connection over two requests (S1)', () => {
  const compared = compareEvents(header({ 'http-reuse': 'never' }), [
    SESSION,
    connect('t1', 'c1'),
    detach('t1'),
    connect('t2', 'c1'),
    detach('t2'),
    { event: 'session_free', sess: 's1' },
  ]);

  test('parts at its creation, and where its second idle period counts', () => {
    expect(causes(compared)).toEqual([
      [],
      [OWNER, LISTED],
      [],
      [],
      ['h1.detach.private-owned | h1.detach.private'],
      [],
    ]);
  });

  test('has each difference at the decision that it is due to', () => {
    const fields = compared.steps[1]?.partings.map(({ differences }) =>
      differences.map(({ field, expected, actual }) => [field, expected, actual]),
    );
    expect(fields).toEqual([
      [['conn.c1.owner', null, 's1']],
      [
        ['calls', ['conn_new() = c1', 'conn_set_private(c1)'], expect.any(Array)],
        ['conn.c1.listed_in', null, 's1'],
        ['sess.s1.srv_list', [], [['b/srv', ['c1']]]],
      ],
    ]);
  });

  test('says who decided, about the objects at hand and in general', () => {
    expect(compared.steps[1]?.partings[0]).toMatchObject({
      kind: 'rules',
      from: { rule: 'connect.new.ownerless', fn: 'connect_server', file: 'src/backend.c' },
      to: { says: expect.stringContaining('c1'), means: expect.not.stringContaining('c1') },
    });
  });
});

describe('a connection that is alive under one rule set only (S10)', () => {
  const compared = compareEvents(header({ 'http-reuse': 'safe' }), [
    SESSION,
    connect('t1', 'c1'),
    detach('t1', { idle: false }),
    { event: 'conn_update', conn: 'c1', set: ['SOCK_RD_SH'] },
    { event: 'mux_release', conn: 'c1', reason: 'closed' },
    connect('t2', 'c2'),
  ]);

  test('is a cause of its own, by what the creation has left behind', () => {
    expect(compared.steps[2]?.partings).toMatchObject([
      { cause: 'h1.detach.release.no-owner | h1.detach.kept', kind: 'state' },
    ]);
  });

  test('makes whatever happens to it afterwards follow', () => {
    for (const step of compared.steps.slice(3, 5)) {
      expect(step.from.kind).toBe('impossible');
      expect(step.partings).toEqual([]);
      expect(step.following.length).toBeGreaterThan(0);
    }
  });

  test('does not hide what the rules decide about another connection', () => {
    expect(causes(compared).at(-1)).toEqual([OWNER]);
  });

  test('is counted', () => {
    const { steps, differing, parting, end } = compared.result;
    expect({ steps, differing, parting, end }).toEqual({
      steps: 6,
      differing: 5,
      parting: 3,
      end: null,
    });
  });
});

describe('a delayed mux (S6)', () => {
  const compared = compareEvents(header({ 'http-reuse': 'never' }, { alpn: 'h2,http/1.1' }), [
    SESSION,
    connect('t1', 'c1'),
    { event: 'conn_create_mux', conn: 'c1', mux: 'h1' },
    detach('t1'),
    connect('t2', 'c1', { not_first: true }),
    { event: 'conn_create_mux', conn: 't2.conn', mux: 'h1' },
  ]);

  test('has an owner either way: no difference at the creation', () => {
    expect(compared.steps[1]).toMatchObject({ partings: [], following: [] });
  });

  test('parts when the mux comes, at the detach, and at the reuse', () => {
    expect(causes(compared).slice(2, 5)).toEqual([
      ['create-mux.private-unlisted | create-mux.private-listed'],
      ['h1.detach.private-owned | h1.detach.private'],
      ['connect.session.no-entry | connect.session.found'],
    ]);
  });

  test('gives a new connection of one world a name that the other one never uses', () => {
    expect(compared.steps[4]).toMatchObject({ from: { conn: 't2.conn' }, to: { conn: 'c1' } });
    expect(compared.steps[5]).toMatchObject({
      from: { kind: 'done' },
      to: { kind: 'impossible' },
      partings: [],
    });
  });
});

describe('a crash', () => {
  test('after two failed listings (B1) is named beside what made it possible', () => {
    const compared = compareEvents(header({ 'http-reuse': 'always' }, { proto: 'h2' }), [
      SESSION,
      connect('t1', 'c1'),
      connect('t2', 'c1'),
      {
        event: 'http_wait_for_response',
        strm: 't1',
        status: 401,
        headers: { 'WWW-Authenticate': ['NTLM'] },
        fail: ['sess_srv_list'],
      },
      detach('t1', { fail: ['sess_srv_list'] }),
      detach('t2'),
    ]);
    expect(causes(compared).at(-1)).toEqual([
      'h2.detach.private-adopted | h2.detach.private',
      'session.add.insert | session.add.not-owner',
      'session.check-idle.count | crash in session_check_idle_conn',
    ]);
  });

  test('under one rule set is a cause with its own name, and ends the comparison', () => {
    const { steps, result } = compareEvents(header(), [
      SESSION,
      connect('t1', 'c1', { fail: ['connection'] }),
      detach('t1'),
      { event: 'session_new', sess: 's2', fe: 'fe' },
    ]);
    expect(steps).toHaveLength(2);
    expect(steps[1]?.partings).toMatchObject([
      { cause: 'connect.failed | crash in connect_server', to: { file: null } },
    ]);
    expect(result).toMatchObject({
      steps: 4,
      end: { step: 2, from: null, to: { kind: 'crash', fn: 'connect_server' } },
      uncompared: 2,
    });
  });
});

describe('the two rule sets', () => {
  const events = [SESSION, connect('t1', 'c1'), detach('t1', { idle: false }), connect('t2', 'c2')];

  test.each([BEFORE, AFTER])('do not part when both are %s', (rules) => {
    const { result, steps } = compareEvents(header(), events, { from: rules, to: rules });
    expect(result).toMatchObject({ differing: 0, parting: 0 });
    expect(steps.flatMap(({ following }) => following)).toEqual([]);
  });

  test('part at the same places, with their sides changed, when they are given in turn', () => {
    const there = causes(compareEvents(header(), events));
    const back = causes(compareEvents(header(), events, { from: AFTER, to: BEFORE }));
    const turned = back.map((all) => all.map((cause) => cause.split(' | ').reverse().join(' | ')));
    expect(turned).toEqual(there);
  });
});

test('ids may be any text', () => {
  const compared = compareEvents(header(), [
    { event: 'session_new', sess: '__proto__', fe: 'fe' },
    {
      event: 'connect_server',
      strm: 'toString',
      sess: '__proto__',
      target: 'b/srv',
      conn: 'a | b',
    },
    { event: 'detach', strm: 'toString' },
  ]);
  expect(causes(compared)).toEqual([[], [OWNER], []]);
});

describe('a step that one of the rule sets cannot take', () => {
  const both = { from: '3.4.0', to: '3.5-dev5' };
  const compared = compareEvents(
    header({ 'http-reuse': 'always' }),
    [SESSION, connect('t1', 'c1', { target: 'b' }), detach('t1')],
    both,
  );

  test('is a cause, whose side is the reason', () => {
    expect(causes(compared)).toEqual([[], ['connect.pool.no-server | impossible'], []]);
    expect(compared.steps[1]?.partings[0]).toMatchObject({
      kind: 'rules',
      to: {
        rule: 'impossible',
        fn: 'connect_server',
        file: null,
        says: expect.stringContaining('connections go to servers under 3.5-dev5'),
      },
    });
    expect(compared.steps[1]?.following).toEqual([]);
  });

  test('merely follows where what it is about has parted before', () => {
    expect(compared.steps[2]?.to.kind).toBe('impossible');
    expect(compared.steps[2]?.following.map(({ field }) => field)).toContain('impossible');
  });

  test('is none where neither can take it', () => {
    const neither = compareEvents(header(), [SESSION, detach('t1')], both);
    expect(causes(neither)).toEqual([[], []]);
    expect(neither.result.differing).toBe(0);
  });
});

describe('what only one of two releases has', () => {
  const H2 = { proto: 'h2' };

  test('is no difference where it is what a mux has seen', () => {
    const compared = compareEvents(
      header({}, H2),
      [
        SESSION,
        connect('t1', 'c1'),
        { event: 'conn_update', conn: 'c1', set: ['SOCK_RD_SH', 'RCVD_SHUT'] },
        detach('t1'),
      ],
      { from: '2.6.0', to: '2.8.0' },
    );
    expect(compared.result.differing).toBe(0);
  });

  test('is a difference where the mux has seen nothing, and the connection is shut', () => {
    const compared = compareEvents(
      header({}, H2),
      [
        SESSION,
        connect('t1', 'c1'),
        { event: 'conn_update', conn: 'c1', set: ['SOCK_WR_SH'] },
        detach('t1'),
      ],
      { from: '2.6.0', to: '2.8.0' },
    );
    expect(causes(compared)[3]).toEqual(['h2.detach.not-reusable | h2.detach.disowned']);
  });

  test('is no difference where it is a function for what the other does as well', () => {
    const head = { ...header({ 'http-reuse': 'always' }, H2), calls: ['srv_add_to_avail_list'] };
    const compared = compareEvents(
      head as Parameters<typeof compareEvents>[0],
      [SESSION, connect('t1', 'c1')],
      { from: '2.8.0', to: '3.0.0' },
    );
    expect(compared.steps[1]?.to.calls).toContain('srv_add_to_avail_list(b/srv, c1)');
    expect(compared.result.differing).toBe(0);
  });

  test('parts nothing by itself: what a server remembers of a handshake', () => {
    const compared = compareEvents(
      header({ 'http-reuse': 'always' }, { alpn: 'h2,http/1.1', ssl: true }),
      [
        SESSION,
        connect('t1', 'c1'),
        { event: 'conn_create_mux', conn: 'c1', mux: 'h2' },
        detach('t1'),
        connect('t2', 'c1'),
        detach('t2'),
      ],
      { from: '3.2.0', to: '3.3.0' },
    );
    expect(causes(compared)[5]).toEqual(['h2.detach.shared | h2.detach.dead.no-owner']);
  });
});
