import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../../src/format/index.ts';
import { BOTH, POST, PRE, type Scene, scene, the } from '../support.ts';

type Inputs = Partial<EventOf<'detach'>>;
const later = { not_first: true } as const;

describe.each(BOTH)('h1_detach from a connection that can be shared (%s)', (rules) => {
  it('offers an idle one to the server, as not yet safe, without an owner', () => {
    const s = scene(rules).session('s1').exchange('t1');
    expect(s.calls).toEqual(['srv_add_to_idle_list(b/srv, c1, 0) = 1']);
    expect(s.conn('c1')).toMatchObject({
      owner: null,
      flags: ['IDLE_LIST'],
      list: 'idle',
      used_streams: 0,
      avail_streams: 1,
    });
  });

  it('offers it as safe after its second request, and ever after', () => {
    const s = scene(rules).session('s1').exchange('t1').exchange('t2', later).exchange('t3', later);
    expect(s.calls).toEqual(['srv_add_to_idle_list(b/srv, c1, 1) = 1']);
    expect(s.conn('c1')).toMatchObject({ flags: ['SAFE_LIST'], list: 'safe' });
  });

  it('destroys what the server refuses', () => {
    const s = scene(rules, { srv: { 'pool-purge-delay': 0 } })
      .session('s1')
      .exchange('t1');
    expect(s.calls).toEqual([
      'srv_add_to_idle_list(b/srv, c1, 0) = 0',
      'mux_destroy(c1)',
      'mux_release(c1)',
      'conn_free(c1)',
    ]);
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('destroys it where there is no server', () => {
    const s = scene(rules, { config: { backends: { d: {} } } }).session('s1');
    s.connect('t1', { target: 'd' }).detach('t1');
    expect(s.calls[0]).toBe('srv_add_to_idle_list(NULL, c1, 0) = 0');
    expect(s.conn('c1')).toBeNull();
  });

  it('leaves a foreign owner in place', () => {
    const s = scene(rules).session('s1', 's2').connect('t1');
    s.own('c1', 's2');
    expect(s.detach('t1').conn('c1')).toMatchObject({ owner: 's2', list: 'idle' });
  });
});

describe.each(BOTH)('h1_detach from a connection that is not reusable (%s)', (rules) => {
  function left(inputs: Inputs, ...set: ('ERROR' | 'SOCK_RD_SH' | 'SOCK_WR_SH')[]): Scene {
    const s = scene(rules).session('s1').connect('t1').update('c1', { set });
    return s.detach('t1', inputs);
  }

  it.each<[string, Inputs, ('ERROR' | 'SOCK_WR_SH')[]]>([
    ['the mux is in error', { mux_error: true }, []],
    ['the mux is shut down', { shutdown: true }, []],
    ['the connection is in error', {}, ['ERROR']],
    ['the connection is shut for writing', {}, ['SOCK_WR_SH']],
    ['it was to be shut and all is sent', { shutw_now: true }, []],
    ['the server sent too much', { excess_data: true }, []],
  ])('releases it when %s', (_, inputs, set) => {
    const s = left(inputs, ...set);
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    expect(s.srv()).toMatchObject({ idle: [], safe: [], curr_used_conns: 0 });
  });

  it('releases it when the server has closed with data unread', () => {
    expect(left({ excess_data: true }, 'SOCK_RD_SH').conn('c1')).toBeNull();
  });

  it.each<[string, Inputs, 'SOCK_RD_SH'[]]>([
    ['the exchange is not complete', { idle: false }, []],
    ['the exchange is not complete and data is unread', { idle: false, excess_data: true }, []],
    ['the server has closed', {}, ['SOCK_RD_SH']],
    ['it was to be shut with data left to send', { shutw_now: true, obuf_data: true }, []],
    ['too much came with data left to send', { excess_data: true, obuf_data: true }, []],
  ])('when %s: its owner decides', (_, inputs, set) => {
    const s = left(inputs, ...set);
    if (rules === PRE) expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    else {
      expect(s.calls).toEqual([]);
      expect(s.conn('c1')).toMatchObject({
        owner: 's1',
        list: null,
        listed_in: null,
        used_streams: 1,
        avail_streams: 0,
        streams: [],
      });
      expect(s.srv().curr_used_conns).toBe(1);
    }
  });
});

describe('h1_detach of a connection that waited for its mux', () => {
  it.each(BOTH)('keeps it although it is not reusable (%s)', (rules) => {
    const s = scene(rules, { srv: { alpn: 'h2,http/1.1' } })
      .session('s1')
      .connect('t1');
    s.createMux('c1', 'h1').detach('t1', { idle: false });
    expect(s.conn('c1')).toMatchObject({ owner: 's1', list: null, listed_in: null, streams: [] });
  });

  it.each(BOTH)('takes its owner away when it can be shared (%s)', (rules) => {
    const s = scene(rules, { srv: { alpn: 'h2,http/1.1' } })
      .session('s1')
      .connect('t1');
    expect(s.createMux('c1', 'h1').detach('t1').conn('c1')).toMatchObject({
      owner: null,
      list: 'idle',
    });
  });

  it('never lists a private one (21ddc74e8)', () => {
    const s = scene(PRE, { reuse: 'never', srv: { alpn: 'x' } })
      .session('s1')
      .connect('t1');
    s.createMux('c1', 'h1').detach('t1');
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE'], listed_in: null });
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });
});

describe('h1_detach from a private connection', () => {
  const never = { reuse: 'never' } as const;

  it('adds and counts it every time that it is idle (08016ab82)', () => {
    const s = scene(POST, never).session('s1').exchange('t1').exchange('t2');
    expect(s.calls).toEqual([
      'session_add_conn(s1, c1) = 1',
      'session_check_idle_conn(s1, c1) = 0',
    ]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'] });
    expect(s.sess('s1')).toMatchObject({ idle_conns: 1, srv_list: [['b/srv', ['c1']]] });
  });

  it('adds and counts it the first time only (21ddc74e8)', () => {
    const s = scene(PRE, never).session('s1').exchange('t1');
    expect(s.calls).toEqual([
      'session_add_conn(s1, c1) = 1',
      'session_check_idle_conn(s1, c1) = 0',
    ]);
    s.exchange('t2');
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE'], listed_in: 's1' });
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });

  it('lists at the detach what could not be listed before (08016ab82)', () => {
    const s = scene(POST, never)
      .session('s1')
      .connect('t1', { fail: ['sess_srv_list'] });
    expect(s.conn('c1')?.listed_in).toBeNull();
    expect(s.detach('t1').conn('c1')).toMatchObject({ listed_in: 's1' });
  });

  it.each(BOTH)('destroys what cannot be listed, after taking its owner away (%s)', (rules) => {
    const s = scene(rules, never)
      .session('s1')
      .connect('t1', { fail: ['sess_srv_list'] });
    s.detach('t1', { fail: ['sess_srv_list'] });
    expect(s.calls).toEqual([
      'session_add_conn(s1, c1) = 0',
      'mux_destroy(c1)',
      'mux_release(c1)',
      'conn_free(c1)',
    ]);
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it.each(BOTH)('destroys it when the session keeps enough (%s)', (rules) => {
    const s = scene(rules, { ...never, fe: { 'max-session-srv-conns': 0 } }).session('s1');
    s.exchange('t1');
    expect(s.conn('c1')).toBeNull();
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
  });

  it('keeps more than the limit when the second use is not counted (21ddc74e8)', () => {
    const s = scene(PRE, { ...never, fe: { 'max-session-srv-conns': 1 } }).session('s1');
    s.exchange('t1').connect('t2').connect('t3').detach('t2').detach('t3');
    expect(s.sess('s1')).toMatchObject({ idle_conns: 1, srv_list: [['b/srv', ['c1', 'c3']]] });
  });

  it('releases one without an owner when it was taken from the pool (08016ab82)', () => {
    const s = scene(POST, { srv: { sni: true } }).session('s1', 's2');
    s.exchange('t1', { sni: false })
      .connect('t2', { sess: 's2', ...later })
      .detach('t2');
    expect(s.calls).toEqual([
      'session_add_conn(s2, c1) = 1',
      'session_check_idle_conn(s2, c1) = 0',
      'mux_release(c1)',
      'conn_free(c1)',
    ]);
  });

  it('adopts one without an owner that was taken from the pool (21ddc74e8)', () => {
    const s = scene(PRE, { srv: { sni: true } }).session('s1', 's2');
    s.exchange('t1', { sni: false }).exchange('t2', { sess: 's2', ...later });
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's2' });
    expect(s.sess('s2')?.idle_conns).toBe(1);
  });

  it('is not idle when it is not reusable: listed, not counted, not found (08016ab82)', () => {
    const s = scene(POST, never).session('s1').connect('t1').detach('t1', { idle: false });
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], listed_in: 's1', avail_streams: 0 });
    expect(s.sess('s1')?.idle_conns).toBe(0);
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
  });
});

describe.each(BOTH)('h1_attach (%s)', (rules) => {
  it('takes the one stream there is room for', () => {
    const s = scene(rules).session('s1').exchange('t1').connect('t2', later);
    expect(s.conn('c1')).toMatchObject({ used_streams: 1, avail_streams: 0, streams: ['t2'] });
  });

  it('refuses when the mux is in error', () => {
    const s = scene(rules).session('s1').exchange('t1').update('c1', { mux_error: true });
    s.connect('t2', later);
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.decisions).toContain('connect.reuse.attach-failed');
  });
});

describe.each(BOTH)('h1_destroy and h1_release (%s)', (rules) => {
  it('destroy does nothing while a stream is there', () => {
    const s = scene(rules).session('s1').connect('t1');
    const conn = s.connection('c1');
    the(conn.ctx).mux.destroy(s.w, conn);
    expect(s.conn('c1')).toMatchObject({ mux: 'h1', streams: ['t1'] });
    expect(s.calls.at(-1)).toBe('mux_destroy(c1)');
  });

  it('release leaves owner and idle mark to conn_free, which needs them', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1').release('c1');
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)', 'session_unown_conn(s1, c1)']);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
  });

  it('expects its own context', () => {
    const s = scene(rules).session('s1').connect('t1');
    const h2 = scene(rules, { srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1')
      .connection('c1');
    const { mux } = the(s.connection('c1').ctx);
    expect(() => mux.destroy(s.w, h2)).toThrow(/no H1 mux/);
  });
});
