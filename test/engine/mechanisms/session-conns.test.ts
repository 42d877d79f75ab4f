import { describe, expect, it } from 'vitest';
import { sessionFree, sessionNew } from '../../../src/engine/functions/session-life.ts';
import { sessSrvList } from '../../../src/engine/mechanisms/session-conns/sess-srv-list.ts';
import { CO_FL_SESS_IDLE } from '../../../src/engine/objects/connection-t.ts';
import { BOTH, POST, PRE, scene, the } from '../support.ts';

const { sessionAddConn, sessionCheckIdleConn, sessionUnownConn } = sessSrvList;

/** A private connection c1 of session s1 that failed to be listed; session s2 has nothing. */
function unlisted(rules: string) {
  const s = scene(rules, { reuse: 'never' }).session('s1', 's2');
  s.connect('t1', { fail: ['sess_srv_list'] });
  s.own('c1', 's1');
  s.w.begin({});
  return s;
}

/** The same with c1 in the list of s1. */
function listed(rules: string) {
  const s = unlisted(rules);
  sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'));
  return s;
}

describe.each(BOTH)('session_new (%s)', (rules) => {
  it('starts without idle connections, preference or list', () => {
    const s = scene(rules);
    sessionNew(s.w, 's1', the(s.w.frontends.get('fe')));
    expect(s.sess('s1')).toEqual({ idle_conns: 0, prefer_last: false, srv_list: [] });
  });
});

describe.each(BOTH)('session_add_conn (%s)', (rules) => {
  it('appends to the entry of the target and leaves the owner alone', () => {
    const s = unlisted(rules);
    expect(sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(true);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [['b/srv', ['c1']]] });
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', flags: ['PRIVATE'] });
  });

  it('keeps one entry per target, in the order of first insertion', () => {
    const config = { servers: { 'b/two': {} } };
    const s = scene(rules, { reuse: 'never', config }).session('s1');
    s.exchange('t1', { target: 'b/two' }).connect('t2').connect('t3', { target: 'b/two' });
    s.connect('t4', { target: 'b/two' }).detach('t3').detach('t4').detach('t2');
    expect(s.sess('s1')?.srv_list).toEqual([
      ['b/two', ['c1', 'c4']],
      ['b/srv', ['c2']],
    ]);
  });

  it('changes nothing when the entry cannot be allocated', () => {
    const s = unlisted(rules);
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(false);
    expect(s.calls).toEqual(['session_add_conn(s1, c1) = 0']);
    expect(s.sess('s1')?.srv_list).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
  });

  it('allocates nothing when the session has an entry for the target', () => {
    const s = listed(rules).connect('t2', { sess: 's2' });
    s.own('c2', 's1');
    s.w.entryDel(s.connection('c2'));
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionAddConn(s.w, s.theSession('s1'), s.connection('c2'))).toBe(true);
    expect(s.sess('s1')?.srv_list).toEqual([['b/srv', ['c1', 'c2']]]);
  });

  it('writes through a session that is NULL', () => {
    const s = unlisted(rules);
    s.own('c1', null);
    expect(() => sessionAddConn(s.w, null, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_add_conn' }),
    );
  });

  it('writes through a freed session', () => {
    const s = unlisted(rules);
    const gone = s.theSession('s1');
    gone.freed = true;
    expect(() => sessionAddConn(s.w, gone, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_add_conn' }),
    );
  });
});

describe('session_add_conn, ownership', () => {
  it('succeeds without listing when another session owns the connection (08016ab82)', () => {
    const s = unlisted(POST);
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
    expect(s.sess('s2')?.srv_list).toEqual([]);
  });

  it('lists for any session that asks (21ddc74e8)', () => {
    const s = unlisted(PRE);
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's2' });
  });

  it('succeeds without moving a connection that is listed already (08016ab82)', () => {
    const s = listed(POST);
    s.own('c1', 's2');
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's1' });
  });

  it('does not read a session that is NULL when the connection has an owner (08016ab82)', () => {
    const s = unlisted(POST);
    expect(sessionAddConn(s.w, null, s.connection('c1'))).toBe(true);
    expect(s.conn('c1')?.listed_in).toBeNull();
  });
});

describe.each(BOTH)('session_unown_conn (%s)', (rules) => {
  it('frees the entry that is empty then, and nothing else', () => {
    const s = listed(rules);
    s.connection('c1').flags |= CO_FL_SESS_IDLE;
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.sess('s1')).toMatchObject({ srv_list: [], idle_conns: 0 });
    expect(s.conn('c1')).toMatchObject({
      owner: 's1',
      listed_in: null,
      flags: ['PRIVATE', 'SESS_IDLE'],
    });
  });

  it('keeps an entry that holds other connections', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').connect('t2');
    s.detach('t1').detach('t2');
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.sess('s1')?.srv_list).toEqual([['b/srv', ['c2']]]);
  });

  it('is harmless for a connection in no list', () => {
    const s = unlisted(rules);
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
  });

  it('unlinks from the session that lists, but clears the entry of the one that it is given', () => {
    const s = listed(rules);
    sessionUnownConn(s.w, s.theSession('s2'), s.connection('c1'));
    expect(s.conn('c1')?.listed_in).toBeNull();
    expect(s.sess('s1')?.srv_list).toEqual([['b/srv', []]]);
  });

  it.each([
    ['NULL', null],
    ['freed', 's1'],
  ])('reads through a session that is %s', (_, id) => {
    const s = listed(rules);
    const sess = id === null ? null : s.theSession(id);
    if (sess) sess.freed = true;
    expect(() => sessionUnownConn(s.w, sess, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_unown_conn' }),
    );
  });
});

describe.each(BOTH)('session_check_idle_conn (%s)', (rules) => {
  it('marks and counts the connection of its owner', () => {
    const s = listed(rules);
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'] });
    expect(s.sess('s1')?.idle_conns).toBe(1);
  });

  it('counts again what is marked already', () => {
    const s = listed(rules);
    sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'));
    sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.sess('s1')?.idle_conns).toBe(2);
  });

  it.each([0, 1, 2])('keeps at most max-session-srv-conns (%i) idle connections', (most) => {
    const s = scene(rules, { reuse: 'never', fe: { 'max-session-srv-conns': most } });
    s.session('s1').connect('t1').connect('t2').connect('t3');
    s.detach('t1').detach('t2').detach('t3');
    expect(s.sess('s1')).toMatchObject({
      idle_conns: most,
      srv_list: most === 0 ? [] : [['b/srv', ['c1', 'c2'].slice(0, most)]],
    });
    expect(s.conn('c3')).toBeNull();
    expect(s.calls.slice(-5)).toEqual([
      'session_check_idle_conn(s1, c3) = -1',
      'session_unown_conn(s1, c3)',
      'mux_destroy(c3)',
      'mux_release(c3)',
      'conn_free(c3)',
    ]);
  });

  it('keeps five unless configured', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1');
    for (let n = 1; n <= 6; n++) s.connect(`t${n}`);
    for (let n = 1; n <= 6; n++) s.detach(`t${n}`);
    expect(s.sess('s1')?.idle_conns).toBe(5);
    expect(s.srv().curr_used_conns).toBe(5);
  });

  it('takes the owner away from the connection that it gives up', () => {
    const s = scene(rules, { reuse: 'never', fe: { 'max-session-srv-conns': 0 } }).session('s1');
    s.connect('t1');
    const conn = s.connection('c1');
    s.own('c1', 's1');
    // The stream is still there, so that destroying the mux does nothing.
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), conn)).toBe(false);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, flags: ['PRIVATE'] });
  });

  it('reads through a freed session', () => {
    const s = listed(rules);
    const gone = s.theSession('s1');
    gone.freed = true;
    expect(() => sessionCheckIdleConn(s.w, gone, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_check_idle_conn' }),
    );
  });

  it('reads through NULL when nobody owns the connection', () => {
    const s = unlisted(rules);
    s.own('c1', null);
    expect(() => sessionCheckIdleConn(s.w, null, s.connection('c1'))).toThrow(
      expect.objectContaining({ fn: 'session_check_idle_conn' }),
    );
  });
});

describe('session_check_idle_conn, whose connection it is', () => {
  it('keeps and does not count what another session owns (08016ab82)', () => {
    const s = listed(POST);
    expect(sessionCheckIdleConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE']);
    expect(s.sess('s2')?.idle_conns).toBe(0);
  });

  it('counts for whichever session asks (21ddc74e8)', () => {
    const s = listed(PRE);
    expect(sessionCheckIdleConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'] });
    expect(s.sess('s2')?.idle_conns).toBe(1);
  });

  it.each([
    [PRE, false],
    [POST, true],
  ])('keeps a connection that can be shared (%s): %s', (rules, kept) => {
    const s = scene(rules).session('s1').connect('t1');
    const conn = s.connection('c1');
    s.own('c1', 's1');
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), conn)).toBe(kept);
    expect(s.sess('s1')?.idle_conns).toBe(kept ? 1 : 0);
  });
});

describe.each(BOTH)('session_free (%s)', (rules) => {
  it('destroys the idle connections of all its targets, in list order', () => {
    const config = { servers: { 'b/two': {} } };
    const s = scene(rules, { reuse: 'never', config }).session('s1');
    s.connect('t1', { target: 'b/two' }).connect('t2').detach('t2').detach('t1');
    s.connect('t3', { target: 'b/two' }).connect('t4').detach('t3').detach('t4').free('s1');
    const freed = s.calls.filter((c) => c.startsWith('conn_free'));
    expect(freed).toEqual(
      rules === PRE ? ['conn_free(c2)', 'conn_free(c1)'] : ['conn_free(c1)', 'conn_free(c2)'],
    );
    expect(s.sess('s1')).toBeNull();
    expect(s.w.connections.size).toBe(0);
    expect([s.srv().curr_used_conns, s.srv('b/two').curr_used_conns]).toEqual([0, 0]);
  });

  it('leaves a connection that it owns without listing it, with a dangling owner', () => {
    const s = unlisted(rules);
    s.own('c1', 's1');
    sessionFree(s.w, s.theSession('s1'));
    expect(s.conn('c1')).toMatchObject({ owner: 's1!freed', listed_in: null });
  });

  it('leaves a listed connection alive while a stream is on it, without owner or mark', () => {
    const s = listed(rules);
    s.connection('c1').flags |= CO_FL_SESS_IDLE;
    sessionFree(s.w, s.theSession('s1'));
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, flags: ['PRIVATE'] });
    expect(s.calls).toContain('mux_destroy(c1)');
  });

  it('closes a listed connection that has no mux', () => {
    const s = scene(rules, { reuse: 'never', srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    s.own('c1', 's1');
    sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'));
    sessionFree(s.w, s.theSession('s1'));
    expect(s.conn('c1')).toBeNull();
    expect(s.calls).toEqual(expect.arrayContaining(['conn_free(c1)']));
  });
});
