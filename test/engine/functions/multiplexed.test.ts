import { describe, expect, it } from 'vitest';
import { multiplexed } from '../../../src/engine/functions/mux/multiplexed.ts';
import { EACH_MUX_AND_RULES, POST, PRE, scene, the, threeStreams } from '../support.ts';

describe.each(EACH_MUX_AND_RULES)(
  '%s_detach from a connection that can be shared (%s)',
  (mux, rules) => {
    const always = { reuse: 'always', srv: threeStreams(mux) } as const;

    it('leaves it where it is while streams are left', () => {
      const s = scene(rules, always).session('s1', 's2').connect('t1');
      s.connect('t2', { sess: 's2' }).detach('t1');
      expect(s.calls).toEqual([]);
      expect(s.conn('c1')).toMatchObject({ list: 'available', used_streams: 1, avail_streams: 2 });
    });

    it('puts it at the head of the available list when it has room again', () => {
      const s = scene(rules, always).session('s1').connect('t1').connect('t2').connect('t3');
      expect(s.srv().available).toEqual([]);
      s.connect('t4').detach('t2');
      expect(s.srv().available).toEqual(['c1', 'c4']);
    });

    it('does that under any reuse mode', () => {
      const s = scene(rules, { reuse: 'safe', srv: threeStreams(mux) })
        .session('s1')
        .exchange('t1');
      s.connect('t2', { not_first: true }).connect('t3').connect('t4').detach('t3');
      expect(s.conn('c1')).toMatchObject({ list: 'available', used_streams: 2 });
    });

    it('does not while it is still full', () => {
      const s = scene(rules, always).session('s1').connect('t1').connect('t2').connect('t3');
      s.update('c1', { streams_limit: 2 }).detach('t2');
      expect(s.conn('c1')).toMatchObject({ list: null, avail_streams: 0 });
      s.update('c1', { streams_limit: 0 });
      expect(s.conn('c1')?.avail_streams).toBe(-2);
    });

    it('does not where there is no server', () => {
      const s = scene(rules, { config: { backends: { d: {} } } }).session('s1');
      s.connect('t1', { target: 'd' });
      // No configuration gives a backend without a server a multiplexer: take one from elsewhere.
      const other = scene(rules, always).session('s1').connect('t1').connect('t2');
      const conn = s.connection('c1');
      conn.ctx = other.connection('c1').ctx;
      const cs = the(conn.ctx?.streams[0]);
      Object.assign(cs, { conn });
      conn.ctx?.mux.detach(s.w, cs, {});
      expect(s.conn('c1')).toMatchObject({ list: null, used_streams: 1 });
    });

    it('offers it to the server as safe with its last stream; the owner stays', () => {
      const s = scene(rules, always).session('s1').exchange('t1');
      expect(s.calls).toEqual(['srv_add_to_idle_list(b/srv, c1, 1) = 1']);
      expect(s.conn('c1')).toMatchObject({
        owner: rules === POST ? 's1' : null,
        flags: ['SAFE_LIST'],
        list: 'safe',
      });
      expect(s.srv()).toMatchObject({ available: [], safe: ['c1'], curr_used_conns: 0 });
    });

    it('destroys what the server refuses', () => {
      const srv = threeStreams(mux, { 'pool-max-conn': 0 });
      const s = scene(rules, { reuse: 'always', srv }).session('s1').exchange('t1');
      expect(s.calls).toEqual([
        'srv_add_to_idle_list(b/srv, c1, 1) = 0',
        'mux_destroy(c1)',
        'mux_release(c1)',
        'conn_free(c1)',
      ]);
    });

    it.each(['ERROR', 'SOCK_RD_SH', 'SOCK_WR_SH'] as const)('offers nothing with %s', (flag) => {
      const s = scene(rules, always)
        .session('s1')
        .connect('t1')
        .update('c1', { set: [flag] });
      s.detach('t1');
      const dies = flag === 'ERROR' || rules === PRE;
      expect(s.calls).toEqual(dies ? ['mux_release(c1)', 'conn_free(c1)'] : []);
      if (!dies)
        expect(s.conn('c1')).toMatchObject({ owner: 's1', list: 'available', streams: [] });
    });

    it('releases it when it is dead for another reason', () => {
      const s = scene(rules, always)
        .session('s1')
        .connect('t1')
        .update('c1', { set: ['SOCK_RD_SH'] });
      expect(s.detach('t1', { dead: true }).conn('c1')).toBeNull();
    });

    it('does not ask whether it is dead while streams are left', () => {
      const s = scene(rules, always).session('s1').connect('t1').connect('t2');
      s.update('c1', { set: ['ERROR'] }).detach('t1', { dead: true });
      expect(s.conn('c1')).toMatchObject({ streams: ['t2'] });
    });
  },
);

describe.each(EACH_MUX_AND_RULES)('%s_detach from a private connection (%s)', (mux, rules) => {
  const never = { reuse: 'never', srv: threeStreams(mux) } as const;

  it('counts it when its last stream leaves', () => {
    const s = scene(rules, never).session('s1').exchange('t1');
    expect(s.calls).toEqual([
      'session_add_conn(s1, c1) = 1',
      'session_check_idle_conn(s1, c1) = 0',
    ]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'] });
  });

  it('lists it while other streams are left, without counting', () => {
    const s = scene(rules, never).session('s1').exchange('t1').connect('t2').connect('t3');
    s.detach('t2');
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], listed_in: 's1', streams: ['t3'] });
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });

  it('destroys it when the session keeps enough', () => {
    const s = scene(rules, { ...never, fe: { 'max-session-srv-conns': 0 } }).session('s1');
    s.exchange('t1');
    expect(s.calls).toContain('session_check_idle_conn(s1, c1) = -1');
    expect(s.conn('c1')).toBeNull();
  });

  it('destroys it when it cannot be listed', () => {
    const s = scene(rules, never)
      .session('s1')
      .connect('t1', { fail: ['sess_srv_list'] });
    s.detach('t1', { fail: ['sess_srv_list'] });
    expect(s.calls.slice(0, 3)).toEqual([
      'session_add_conn(s1, c1) = 0',
      'mux_destroy(c1)',
      'mux_release(c1)',
    ]);
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it.each(['SOCK_RD_SH', 'SOCK_WR_SH'] as const)('neither adds nor counts with %s', (flag) => {
    const s = scene(rules, never).session('s1').exchange('t1').connect('t2');
    s.update('c1', { set: [flag] }).detach('t2');
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], listed_in: 's1', streams: [] });
  });

  it('releases it with ERROR, out of the session list', () => {
    const s = scene(rules, never).session('s1').exchange('t1').connect('t2');
    s.update('c1', { set: ['ERROR'] }).detach('t2');
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)', 'session_unown_conn(s1, c1)']);
    expect(s.sess('s1')).toMatchObject({ srv_list: [], idle_conns: 0 });
  });
});

describe.each(EACH_MUX_AND_RULES)('%s: how many streams fit (%s)', (mux, rules) => {
  it('is what the limit leaves, and can fall below zero', () => {
    const s = scene(rules, { reuse: 'always', srv: threeStreams(mux) }).session('s1');
    s.connect('t1').connect('t2');
    expect(s.conn('c1')).toMatchObject({ used_streams: 2, avail_streams: 1 });
    expect(s.update('c1', { streams_limit: 1 }).conn('c1')?.avail_streams).toBe(-1);
    expect(s.update('c1', { nb_streams: 0 }).conn('c1')?.avail_streams).toBe(1);
  });

  it.each([
    [0, [0]],
    [1, [1, 0]],
    [2, [2, 1, 0]],
  ])('is what max-reuse %i leaves', (most, left) => {
    const srv = threeStreams(mux, { 'max-reuse': most, 'streams-limit': 100 });
    const s = scene(rules, { reuse: 'always', srv }).session('s1').connect('t1');
    const seen = [s.conn('c1')?.avail_streams];
    for (let n = 0; n < most; n++) {
      s.connect(`t${n + 2}`).detach(`t${n + 2}`);
      seen.push(s.conn('c1')?.avail_streams);
    }
    expect(seen).toEqual(left);
    expect(s.connect('t9').returned).toMatchObject({ reused: false });
  });

  it('does not count down again for a stream that had closed on the wire', () => {
    const s = scene(rules, { reuse: 'always', srv: threeStreams(mux) }).session('s1');
    s.connect('t1').connect('t2').update('c1', { nb_streams: 1 }).detach('t1', { ended: true });
    expect(s.conn('c1')).toMatchObject({ used_streams: 1, avail_streams: 2 });
  });
});

describe('multiplexed()', () => {
  it('refuses a connection with another mux', () => {
    const s = scene(POST).session('s1').connect('t1');
    expect(() => multiplexed(s.connection('c1'))).toThrow(/no multiplexer/);
  });
});
