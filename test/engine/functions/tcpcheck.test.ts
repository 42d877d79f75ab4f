import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/format/index.ts';
import { BOTH, POST, PRE, scene } from '../support.ts';

type Check = EventOf<'tcpcheck_eval_connect'>;

function check(more: Partial<Check> = {}): Check {
  return {
    event: 'tcpcheck_eval_connect',
    strm: 't1',
    sess: 's1',
    target: 'b/srv',
    conn: 'c1',
    ...more,
  };
}

/** The sessions of checks keep no idle connection. */
const checks = { fe: { 'max-session-srv-conns': 0 }, srv: { alpn: 'h2' } } as const;

describe.each(BOTH)('tcpcheck_eval_connect (%s)', (rules) => {
  it('gives the check a private connection of its own, unlisted, with its mux at once', () => {
    const s = scene(rules, checks)
      .session('s1')
      .do(check({ mux: 'h1' }));
    expect(s.calls).toEqual(['conn_new() = c1', 'conn_set_owner(c1, s1)', 'conn_set_private(c1)']);
    expect(s.conn('c1')).toMatchObject({
      owner: 's1',
      flags: ['PRIVATE'],
      listed_in: null,
      mux: 'h1',
      streams: ['t1'],
    });
  });

  it('counts it as used, but neither in the maximum nor in the need', () => {
    const s = scene(rules, checks)
      .session('s1')
      .do(check({ mux: 'h1' }));
    expect(s.srv()).toMatchObject({ curr_used_conns: 1, max_used_conns: 0, est_need_conns: 0 });
  });

  it('lets the used counter wrap at 32 bits', () => {
    const s = scene(rules, checks).session('s1');
    s.server().currUsedConns = 4294967295;
    expect(s.do(check()).srv().curr_used_conns).toBe(0);
  });

  it('counts nothing where there is no server', () => {
    const s = scene(rules, { ...checks, config: { backends: { d: {} } } }).session('s1');
    s.do(check({ target: 'd', mux: 'h1' }));
    expect(s.conn('c1')).toMatchObject({ target: 'd', owner: 's1' });
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('waits for its mux unless one is named', () => {
    const s = scene(rules, checks).session('s1').do(check());
    expect(s.conn('c1')).toMatchObject({ mux: null, streams: ['t1'] });
    s.createMux('c1', 'h2');
    expect(s.conn('c1')).toMatchObject({ mux: 'h2', listed_in: rules === POST ? 's1' : null });
  });

  it('stays without a mux when that cannot be allocated', () => {
    const s = scene(rules, checks)
      .session('s1')
      .do(check({ mux: 'h1', fail: ['mux'] }));
    expect(s.conn('c1')).toMatchObject({ mux: null, streams: ['t1'] });
    expect(s.detach('t1').calls).toEqual(['conn_free(c1)']);
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('comes to nothing without a conn_stream: that is allocated first', () => {
    const s = scene(rules, checks)
      .session('s1')
      .do(check({ fail: ['conn_stream'] }));
    expect(s.calls).toEqual([]);
    expect(s.w.connections.size + s.w.streams.size).toBe(0);
  });

  it('comes to nothing without a connection', () => {
    const s = scene(rules, checks)
      .session('s1')
      .do(check({ fail: ['connection'] }));
    expect(s.calls).toEqual(['conn_new() = NULL']);
    expect(s.w.connections.size + s.w.streams.size).toBe(0);
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('is impossible for a stream that is attached, and for what was never declared', () => {
    const s = scene(rules, checks).session('s1').do(check());
    expect(s.refusal(check())).toMatch(/still attached to c1/);
    expect(s.refusal(check({ strm: 't2', sess: 's9' }))).toMatch(/no session s9/);
    expect(s.refusal(check({ strm: 't2', target: 'b/no' }))).toMatch(/no server or backend b\/no/);
  });
});

describe('the end of a check', () => {
  it('destroys the idle connection with the detach: no session of a check keeps one (08016ab82)', () => {
    const s = scene(POST, checks)
      .session('s1')
      .do(check({ mux: 'h1' }))
      .detach('t1');
    expect(s.calls.slice(0, 2)).toEqual([
      'session_add_conn(s1, c1) = 1',
      'session_check_idle_conn(s1, c1) = -1',
    ]);
    expect(s.conn('c1')).toBeNull();
  });

  it('keeps an idle H1 connection for ever: the owner was set (21ddc74e8)', () => {
    const s = scene(PRE, checks)
      .session('s1')
      .do(check({ mux: 'h1' }))
      .detach('t1')
      .free('s1');
    expect(s.conn('c1')).toMatchObject({ owner: 's1!freed', listed_in: null, streams: [] });
    expect(s.srv().curr_used_conns).toBe(1);
  });

  it('destroys an idle H2 connection, which its owner leaves last (21ddc74e8)', () => {
    const s = scene(PRE, checks)
      .session('s1')
      .do(check({ mux: 'h2' }))
      .detach('t1');
    expect(s.calls[0]).toBe('session_check_idle_conn(s1, c1) = -1');
    expect(s.conn('c1')).toBeNull();
  });
});
