import { describe, expect, it } from 'vitest';
import { connSetPrivate } from '../../../src/engine/functions/connection.ts';
import { MULTIPLEXERS, PRE, type Scene, scene, threeStreams } from '../support.ts';

const FIRST = '2.2.0';
const later = { not_first: true } as const;

describe('http-reuse never', () => {
  it(`makes a connection private when an idle one is to be kept (${FIRST})`, () => {
    const s = scene(FIRST, { reuse: 'never' }).session('s1').connect('t1');
    expect(s.decisions).toContain('connect.new.never.later');
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: [] });
    s.detach('t1');
    expect(s.decisions).toContain('h1.detach.never');
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE', 'SESS_IDLE'], listed_in: 's1' });
    s.connect('t2', { conn: 'c1' }).detach('t2');
    expect(s.decisions).not.toContain('h1.detach.never');
  });

  it(`makes it private from its creation (${PRE})`, () => {
    const s = scene(PRE, { reuse: 'never' }).session('s1').connect('t1');
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: ['PRIVATE'] });
    expect(s.detach('t1').decisions).not.toContain('h1.detach.never');
  });

  it.each([
    ['more than an answer was sent', { excess_data: true }],
    ['the exchange was not finished', { idle: false }],
  ])(`does not when %s, which ends an H1 connection (${FIRST})`, (_, inputs) => {
    const s = scene(FIRST, { reuse: 'never' }).session('s1').connect('t1').detach('t1', inputs);
    expect(s.decisions).not.toContain('h1.detach.never');
    expect(s.conn('c1')).toBeNull();
  });

  it(`is the mode of the backend that a connection without a server goes to (${FIRST})`, () => {
    const config = { backends: { d: { 'http-reuse': 'never' as const } } };
    const s = scene(FIRST, { config }).session('s1').connect('t1', { target: 'd' }).detach('t1');
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE', 'SESS_IDLE'], listed_in: 's1' });
    expect(s.connect('t2', { target: 'd', conn: 'c1' }).returned.reused).toBe(true);
  });

  it(`leaves a tcp connection alone, which ends with its stream (${FIRST})`, () => {
    const s = scene(FIRST, { be: { mode: 'tcp' } })
      .session('s1')
      .connect('t1');
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: [], mux: 'pt' });
    expect(s.detach('t1').conn('c1')).toBeNull();
  });

  it(`asks for no connection that could not be allocated (${FIRST}); writes to it (${PRE})`, () => {
    const event = { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv' } as const;
    const failing = () => ({ ...event, fail: ['connection' as const] });
    const s = scene(FIRST, { reuse: 'never' }).session('s1');
    expect(s.crash(failing())).toBeNull();
    expect(s.returned).toMatchObject({ ret: 'RESOURCE', reused: false });
    expect(scene(PRE, { reuse: 'never' }).session('s1').crash(failing())).toBe('conn_set_private');
  });

  describe.each(MULTIPLEXERS)('and %s', (mux) => {
    it(`makes a connection private with the first stream that leaves it well (${FIRST})`, () => {
      const s = scene(FIRST, { reuse: 'never', srv: threeStreams(mux) })
        .session('s1')
        .connect('t1')
        .detach('t1');
      expect(s.decisions).toContain(`${mux}.detach.never`);
      expect(s.calls).toEqual([
        'session_add_conn(s1, c1) = 1',
        'session_check_idle_conn(s1, c1) = 0',
      ]);
    });

    it(`does not where it is in error (${FIRST})`, () => {
      const s = scene(FIRST, { reuse: 'never', srv: threeStreams(mux) })
        .session('s1')
        .connect('t1')
        .update('c1', { set: ['SOCK_RD_SH'] });
      expect(s.detach('t1', { dead: true }).decisions).not.toContain(`${mux}.detach.never`);
    });
  });
});

describe('a connection that becomes private', () => {
  /** H2, available to every session, challenged. */
  const challenged = (rules: string): Scene =>
    scene(rules, { reuse: 'always', srv: threeStreams('h2') })
      .session('s1', 's2')
      .connect('t1')
      .ntlm('t1');

  it(`stays available, without a call (${FIRST})`, () => {
    const s = challenged(FIRST);
    expect(s.calls).toEqual([]);
    expect(s.decisions).toEqual(['auth.private', 'conn.flag-private']);
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], list: 'available' });
    expect(s.connect('t2', { sess: 's2', conn: 'c1' }).returned.reused).toBe(true);
    expect(s.ntlm('t2').decisions).toContain('conn.flag-private.already');
    expect(s.srv()).toMatchObject({ curr_used_conns: 1, available: ['c1'] });
  });

  it(`leaves the list (${PRE})`, () => {
    const s = challenged(PRE);
    expect(s.calls).toEqual(['conn_set_private(c1)']);
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], list: null });
    expect(s.connect('t2', { sess: 's2' }).returned.reused).toBe(false);
  });

  it(`also stays in the idle pool’s list where that is called for (${FIRST})`, () => {
    const s = scene(FIRST).session('s1').exchange('t1');
    s.w.begin({});
    connSetPrivate(s.w, s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ list: 'idle', flags: ['PRIVATE', 'IDLE_LIST'] });
  });
});

describe('the server name (sni)', () => {
  const named = (rules: string, inputs = {}): Scene =>
    scene(rules, { reuse: 'always', srv: { proto: 'h2', sni: true } })
      .session('s1', 's2')
      .connect('t1', inputs);

  it(`is set when the connection is available (${FIRST}), or before its mux (${PRE})`, () => {
    const s = named(FIRST);
    expect(s.decisions.slice(-2)).toEqual(['connect.sni', 'conn.flag-private']);
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], list: 'available' });
    expect(named(PRE).conn('c1')).toMatchObject({ flags: ['PRIVATE'], list: null });
  });

  it.each(['mux', 'connect'] as const)(`is not set where %s fails before (${FIRST})`, (error) => {
    const s = named(FIRST, { error });
    expect(s.conn('c1')?.flags).toEqual([]);
    expect(s.decisions).not.toContain('connect.sni');
  });

  it(`is not set where the layer for the PROXY header fails before (${FIRST})`, () => {
    const srv = { proto: 'h2', sni: true, 'send-proxy': true } as const;
    for (const [rules, names] of [
      [FIRST, []],
      [PRE, ['connect.sni']],
    ] as const) {
      const s = scene(rules, { srv }).session('s1').connect('t1', { error: 'handshake' });
      expect(s.decisions.filter((rule) => rule === 'connect.sni')).toEqual(names);
    }
  });

  it(`makes a connection private that waits for its mux (${FIRST})`, () => {
    const s = scene(FIRST, { reuse: 'always', srv: { alpn: 'h2', sni: true } });
    s.session('s1').connect('t1');
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE'] });
    expect(s.createMux('c1', 'h2').conn('c1')).toMatchObject({ list: null, listed_in: null });
  });

  it(`says nothing of a request that has none (${FIRST})`, () => {
    const s = named(FIRST, { sni: false });
    expect(s.decisions).not.toContain('connect.sni.later');
    expect(s.conn('c1')?.flags).toEqual([]);
  });
});

describe.each(MULTIPLEXERS)('%s_detach, private and shareable ones in one branch', (mux) => {
  const srv = threeStreams(mux);
  const named = { ...srv, sni: true };

  /** Listed by s1 and idle; then two streams of s1 on it, and one leaves. */
  const twoOfOne = (rules: string): Scene =>
    scene(rules, { srv: named })
      .session('s1', 's2')
      .exchange('t1')
      .connect('t2', { conn: 'c1' })
      .connect('t3', { conn: 'c1' })
      .detach('t2');

  it(`makes a private one with other streams available (${FIRST}), or not (${PRE})`, () => {
    const s = twoOfOne(FIRST);
    expect(s.decisions).toContain(`${mux}.detach.private.available`);
    expect(s.conn('c1')).toMatchObject({ listed_in: 's1', list: 'available' });
    expect(twoOfOne(PRE).conn('c1')).toMatchObject({ listed_in: 's1', list: null });
  });

  it(`leaves it in both places when it is idle, counted by its owner (${FIRST})`, () => {
    const s = twoOfOne(FIRST).detach('t3');
    expect(s.conn('c1')).toMatchObject({
      listed_in: 's1',
      list: 'available',
      flags: ['PRIVATE', 'SESS_IDLE'],
    });
    s.connect('t4', { sess: 's2', conn: 'c1' });
    expect(s.returned.reused).toBe(true);
    expect(s.sess('s1')?.idle_conns).toBe(0);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', flags: ['PRIVATE'] });
  });

  it(`takes it out of both with the session (${FIRST})`, () => {
    const s = twoOfOne(FIRST).detach('t3').free('s1');
    expect(s.conn('c1')).toBeNull();
    expect(s.srv()).toMatchObject({ available: [], curr_used_conns: 0 });
  });

  it(`does not make one available that is full, or has no server (${FIRST})`, () => {
    const full = scene(FIRST, { srv: { ...named, 'streams-limit': 1 } })
      .session('s1')
      .exchange('t1')
      .update('c1', { streams_limit: 2 })
      .connect('t2', { conn: 'c1' })
      .connect('t3', { conn: 'c1' })
      .update('c1', { streams_limit: 1 })
      .detach('t2');
    expect(full.decisions).toContain(`${mux}.detach.not-available`);
    expect(full.conn('c1')).toMatchObject({ listed_in: 's1', list: null });
  });

  it(`lets the leaver adopt it; without memory nobody owns it (${FIRST})`, () => {
    const s = scene(FIRST, { reuse: 'always', srv })
      .session('s1', 's2')
      .connect('t1')
      .connect('t2', { sess: 's2', conn: 'c1' });
    s.ntlm('t1').detach('t2', { fail: ['sess_srv_list'] });
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, list: 'available' });
    s.detach('t1');
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', list: 'available' });
  });

  it(`destroys it when its last leaver cannot list it (${FIRST})`, () => {
    const s = scene(FIRST, { srv: named })
      .session('s1')
      .connect('t1')
      .detach('t1', { fail: ['sess_srv_list'] });
    expect(s.conn('c1')).toBeNull();
    expect(s.calls[0]).toBe('session_add_conn(s1, c1) = 0');
  });

  it(`has it counted by nobody when its owner does not leave last (${FIRST})`, () => {
    const s = scene(FIRST, { reuse: 'always', srv })
      .session('s1', 's2')
      .connect('t1')
      .connect('t2', { sess: 's2', conn: 'c1' });
    s.ntlm('t1').detach('t2').detach('t1');
    expect(s.decisions).toContain(`${mux}.detach.private.other-owner`);
    expect(s.conn('c1')).toMatchObject({ owner: 's2', flags: ['PRIVATE'], used_streams: 0 });
  });

  describe('of a shareable one whose mux was negotiated', () => {
    const negotiated = (rules: string): Scene =>
      scene(rules, { reuse: 'always', srv: { alpn: 'h2', 'streams-limit': 3 } })
        .session('s1', 's2')
        .connect('t1')
        .createMux('c1', mux)
        .connect('t2', { sess: 's2', conn: 'c1' });

    it(`has it refused by its creator who leaves last (${FIRST}), or pooled (${PRE})`, () => {
      const s = negotiated(FIRST).detach('t2').detach('t1');
      expect(s.calls).toEqual([
        'session_check_idle_conn(s1, c1) = -1',
        'session_unown_conn(s1, c1)',
        'mux_destroy(c1)',
        'mux_release(c1)',
        'conn_free(c1)',
      ]);
      expect(s.decisions).toContain('session.check-idle.shareable');
      expect(s.sess('s1')?.idle_conns).toBe(0);
      expect(s.srv()).toMatchObject({ curr_used_conns: 0, available: [] });
      expect(negotiated(PRE).detach('t2').detach('t1').conn('c1')?.list).toBe('safe');
    });

    it(`pools it when its creator has left before (${FIRST})`, () => {
      const s = negotiated(FIRST).detach('t1').detach('t2');
      expect(s.conn('c1')).toMatchObject({ owner: 's1', list: 'safe' });
      expect(s.calls).toEqual(['srv_add_to_idle_list(b/srv, c1, 1) = 1']);
    });
  });

  it(`pools a shareable one that nobody owns (${FIRST})`, () => {
    const s = scene(FIRST, { srv })
      .session('s1')
      .exchange('t1')
      .exchange('t2', {
        ...later,
        conn: 'c1',
      });
    expect(s.conn('c1')).toMatchObject({ owner: null, list: 'safe' });
  });
});
