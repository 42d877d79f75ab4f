import { describe, expect, it } from 'vitest';
import { perThrSessConns } from '../../../src/engine/mechanisms/session-conns/per-thr-sess-conns.ts';
import {
  sessionDetachIdleConn,
  sessionReinsertIdleConn,
} from '../../../src/engine/mechanisms/session-conns/session-idle-conn.ts';
import { CO_FL_SESS_IDLE } from '../../../src/engine/objects/connection-t.ts';
import { scene } from '../support.ts';

const { sessionAddConn, sessionCheckIdleConn, sessionUnownConn } = perThrSessConns;

const LATER = ['3.3.0', '3.4.0'] as const;

/** A private connection c1 in use in the list of session s1; session s2 has nothing. */
function listed(rules: string) {
  const s = scene(rules, { reuse: 'never' }).session('s1', 's2').connect('t1');
  s.w.begin({});
  return s;
}

/** The same without a list. */
function unlisted(rules: string) {
  const s = scene(rules, { reuse: 'never' }).session('s1', 's2');
  s.connect('t1', { fail: ['sess_srv_list'] });
  s.w.begin({});
  return s;
}

/** The function whose assertion ends the program. */
function abortOf(what: () => unknown): unknown {
  try {
    what();
  } catch (thrown) {
    return (thrown as { fn: string }).fn;
  }
  return null;
}

describe.each(LATER)('session_add_conn (%s)', (rules) => {
  it('lists a connection that nobody owns, and owns it', () => {
    const s = unlisted(rules).own('c1', null);
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's2' });
  });

  it('asserts that nobody else owns it, listed or not', () => {
    const s = unlisted(rules);
    expect(abortOf(() => sessionAddConn(s.w, s.theSession('s2'), s.connection('c1')))).toBe(
      'session_add_conn',
    );
    const other = listed(rules);
    expect(
      abortOf(() => sessionAddConn(other.w, other.theSession('s2'), other.connection('c1'))),
    ).toBe('session_add_conn');
  });

  it('does nothing about what it lists already', () => {
    const s = listed(rules);
    expect(sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(true);
    expect(s.sess('s1')?.srv_list).toEqual([['b/srv', ['c1']]]);
  });

  it('reads a session that is NULL', () => {
    const s = unlisted(rules).own('c1', null);
    expect(abortOf(() => sessionAddConn(s.w, null, s.connection('c1')))).toBe('session_add_conn');
  });
});

describe('session_add_conn without memory', () => {
  it.each([
    ['3.3.0', null],
    ['3.4.0', 's2'],
  ])('leaves the owner as the release has it (%s)', (rules, owner) => {
    const s = unlisted(rules).own('c1', null);
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(false);
    expect(s.conn('c1')).toMatchObject({ owner, listed_in: null });
  });
});

describe.each(LATER)('session_unown_conn (%s)', (rules) => {
  it('takes list and owner away, and counts off what is idle', () => {
    const s = listed(rules).detach('t1');
    s.w.begin({});
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null });
    expect(s.conn('c1')?.flags).toContain('SESS_IDLE');
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
  });

  it('does nothing about what is in no list', () => {
    const s = unlisted(rules);
    sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(s.conn('c1')?.owner).toBe('s1');
  });

  it('asserts that the session has the entry', () => {
    const s = listed(rules);
    expect(abortOf(() => sessionUnownConn(s.w, s.theSession('s2'), s.connection('c1')))).toBe(
      'session_unown_conn',
    );
  });
});

describe.each(LATER)('session_check_idle_conn (%s)', (rules) => {
  it('counts in the session and in the server', () => {
    const s = listed(rules);
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(true);
    expect(s.sess('s1')?.idle_conns).toBe(1);
    expect(s.srv().curr_sess_idle_conns).toBe(1);
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE', 'SESS_IDLE']);
  });

  it('refuses at the limit, and leaves it to the caller to destroy', () => {
    const s = scene(rules, { reuse: 'never', fe: { 'max-session-srv-conns': 0 } }).session('s1');
    s.connect('t1').w.begin({});
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(false);
    expect(s.calls).toEqual(['session_check_idle_conn(s1, c1) = -1', 'session_unown_conn(s1, c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, flags: ['PRIVATE'] });
  });

  it('refuses while the server is in maintenance', () => {
    const s = listed(rules).do({ event: 'srv_admin', srv: 'b/srv', maint: true });
    s.w.begin({});
    expect(sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(false);
    expect(s.conn('c1')?.owner).toBeNull();
  });

  it('asserts that the session owns it', () => {
    const s = listed(rules);
    expect(abortOf(() => sessionCheckIdleConn(s.w, s.theSession('s2'), s.connection('c1')))).toBe(
      'session_check_idle_conn',
    );
    s.own('c1', null);
    expect(abortOf(() => sessionCheckIdleConn(s.w, null, s.connection('c1')))).toBe(
      'session_check_idle_conn',
    );
  });

  it('asserts that it is not marked yet', () => {
    const s = listed(rules);
    s.connection('c1').flags |= CO_FL_SESS_IDLE;
    expect(abortOf(() => sessionCheckIdleConn(s.w, s.theSession('s1'), s.connection('c1')))).toBe(
      'session_check_idle_conn',
    );
  });
});

describe.each(LATER)('session_detach_idle_conn and session_reinsert_idle_conn (%s)', (rules) => {
  /** c1 and c2 are idle in the list of s1. */
  function idle() {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').connect('t2');
    s.detach('t1').detach('t2').w.begin({});
    return s;
  }

  it('leave the list with mark and owner, and come back to its end', () => {
    const s = idle();
    expect(sessionDetachIdleConn(s.w, s.connection('c1'))?.id).toBe('s1');
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
    expect(s.sess('s1')).toMatchObject({ idle_conns: 1, srv_list: [['b/srv', ['c2']]] });
    expect(sessionReinsertIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(true);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 2, srv_list: [['b/srv', ['c2', 'c1']]] });
    expect(s.srv().curr_sess_idle_conns).toBe(2);
  });

  it('give the entry up with the last one, and need memory for another', () => {
    const s = idle();
    sessionDetachIdleConn(s.w, s.connection('c1'));
    sessionDetachIdleConn(s.w, s.connection('c2'));
    expect(s.sess('s1')?.srv_list).toEqual([]);
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionReinsertIdleConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(false);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
  });

  it('do nothing about what is in no list', () => {
    const s = unlisted(rules);
    expect(sessionDetachIdleConn(s.w, s.connection('c1'))).toBeNull();
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
  });

  it('assert that it is marked as idle', () => {
    const s = listed(rules);
    expect(abortOf(() => sessionDetachIdleConn(s.w, s.connection('c1')))).toBe(
      'session_detach_idle_conn',
    );
    expect(
      abortOf(() => sessionReinsertIdleConn(s.w, s.theSession('s1'), s.connection('c1'))),
    ).toBe('session_reinsert_idle_conn');
  });
});

describe.each(LATER)('session_free (%s)', (rules) => {
  it('takes all out of the list first, then releases one after the other', () => {
    const config = { servers: { 'b/two': {} } };
    const s = scene(rules, { reuse: 'never', config }).session('s1').connect('t1');
    s.connect('t2', { target: 'b/two' }).detach('t1').detach('t2').free('s1');
    expect(s.w.connections.size).toBe(0);
    expect(s.srv().curr_sess_idle_conns).toBe(0);
    expect(s.calls).not.toContain('session_unown_conn(NULL, c1)');
  });
});

describe.each(LATER)('srv_cleanup_connections (%s)', (rules) => {
  it('moves what sessions keep idle to the removal list of the thread of each', () => {
    const s = scene(rules, { reuse: 'never', config: { nbthread: 2 } });
    s.do({ event: 'session_new', sess: 's1', fe: 'fe', thread: 1 }).session('s2');
    s.exchange('t1', { thread: 1 }).exchange('t2', { sess: 's2' });
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' });
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
    const removed = s.w.toremove.map((list) => list.toArray().map(({ id }) => id));
    expect(removed).toEqual([['c2'], ['c1']]);
  });

  it('does not come over an entry again that has kept a connection in use', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1');
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' }).detach('t1');
    expect(s.conn('c1')).toMatchObject({ listed_in: 's1', toremove: false });
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' });
    expect(s.conn('c1')).toMatchObject({ listed_in: 's1', toremove: false });
  });

  it('does nothing with pool-max-conn 0, also about what sessions keep', () => {
    const s = scene(rules, { reuse: 'never', srv: { 'pool-max-conn': 0 } }).session('s1');
    s.exchange('t1').do({ event: 'srv_cleanup_connections', srv: 'b/srv' });
    expect(s.conn('c1')?.listed_in).toBe('s1');
  });
});
