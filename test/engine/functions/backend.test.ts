import { describe, expect, it } from 'vitest';
import type { ServerConfig, TraceEvent } from '../../../src/format/index.ts';
import { BOTH, connecting, EACH, POST, PRE, rulesOf, type Scene, scene } from '../support.ts';

const UINT_MAX = 4294967295;

describe.each(BOTH)('assign_server (%s)', (rules) => {
  const two = { servers: { 'b/two': {} } };
  const never = { 'http-reuse': 'never', 'option prefer-last-server': true } as const;

  function preferred(s: Scene, unusable: string[] = [], be = 'b'): string | null {
    s.do({ event: 'assign_server', strm: 't9', sess: 's1', be, unusable });
    return s.returned.target;
  }

  it('prefers nothing unless the session or the backend asks for it', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1').established('c1');
    expect(preferred(s)).toBeNull();
    expect(s.sess('s1')?.idle_conns).toBe(1);
  });

  it('prefers the server of the connection that answered with NTLM', () => {
    const s = scene(rules).session('s1').connect('t1').established('c1').ntlm('t1').detach('t1');
    expect(preferred(s)).toBe('b/srv');
  });

  it('drops the idle mark whether the connection will be used or not', () => {
    const s = scene(rules, { be: never }).session('s1').exchange('t1').established('c1');
    expect(preferred(s)).toBe('b/srv');
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE']);
    expect(s.sess('s1')?.idle_conns).toBe(0);
    expect(preferred(s)).toBe('b/srv');
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });

  it('takes the entries in list order and passes over servers that are unusable', () => {
    const s = scene(rules, { be: never, config: two }).session('s1');
    s.exchange('t1', { target: 'b/two' }).exchange('t2').established('c1', 'c2');
    expect(preferred(s, ['b/two'])).toBe('b/srv');
    expect(s.conn('c1')?.flags).toContain('SESS_IDLE');
    expect(preferred(s, ['b/two', 'b/srv'])).toBeNull();
    expect(preferred(s)).toBe('b/two');
  });

  it('passes over servers of other backends, and backends without server', () => {
    const config = { backends: { o: never }, servers: { 'o/srv': {} } };
    const s = scene(rules, { be: never, config }).session('s1');
    s.exchange('t1', { target: 'o/srv' }).exchange('t2', { target: 'b' }).established('c1', 'c2');
    expect(preferred(s)).toBeNull();
    expect(preferred(s, [], 'o')).toBe('o/srv');
  });

  it('passes over what is still connecting', () => {
    const s = scene(rules, { be: never, config: two }).session('s1');
    s.exchange('t1', { target: 'b/two' }).exchange('t2').established('c2');
    expect(preferred(s)).toBe('b/srv');
  });

  it('takes the first connection that is established, in use or not', () => {
    const s = scene(rules, { be: never }).session('s1').connect('t1').connect('t2');
    s.detach('t1').detach('t2').connect('t3').established('c2');
    expect(preferred(s)).toBe('b/srv');
    expect(s.conn('c2')?.flags).toEqual(['PRIVATE']);
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });
});

describe.each(BOTH)('connect_server: reuse (%s)', (rules) => {
  it('takes the idle connection of the session and counts it off there, not in the server', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1').connect('t2');
    expect(s.returned).toMatchObject({ ret: 'NONE', reused: true, conn: 'c1' });
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], streams: ['t2'], listed_in: 's1' });
    expect(s.sess('s1')?.idle_conns).toBe(0);
    expect(s.srv()).toMatchObject({ curr_used_conns: 1, max_used_conns: 1 });
  });

  it('takes an idle connection out of the pool, and the server counts it as used', () => {
    const s = scene(rules).session('s1').exchange('t1').connect('t2', { not_first: true });
    expect(s.calls).toEqual(['conn_backend_get(b/srv, 0) = c1']);
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: [], list: null, streams: ['t2'] });
    expect(s.srv()).toMatchObject({
      idle: [],
      available: [],
      curr_idle_conns: 0,
      curr_used_conns: 1,
      max_used_conns: 1,
    });
  });

  it('joins an available connection, which counts as used already', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1').connect('t2', { sess: 's2' });
    expect(s.returned).toMatchObject({ reused: true, conn: 'c1' });
    expect(s.conn('c1')).toMatchObject({ list: 'available', used_streams: 2, avail_streams: 98 });
    expect(s.srv().curr_used_conns).toBe(1);
  });

  it('takes a connection that is full with this stream off the available list', () => {
    const srv = { proto: 'h2', 'streams-limit': 2 } as const;
    const s = scene(rules, { reuse: 'always', srv }).session('s1').connect('t1').connect('t2');
    expect(s.returned).toMatchObject({ reused: true, conn: 'c1' });
    expect(s.srv().available).toEqual([]);
    expect(s.connect('t3').returned).toMatchObject({ reused: false, conn: 'c3' });
  });

  it('takes a full connection off the available list and makes a new one', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } }).session('s1');
    s.connect('t1').update('c1', { goaway: true }).connect('t2');
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.srv()).toMatchObject({ available: ['c2'], curr_used_conns: 2 });
    expect(s.conn('c1')).toMatchObject({ list: null, streams: ['t1'] });
  });

  it('does not use what it found when the source address is dynamic', () => {
    const srv = { usesrc: 'hdr_ip' } as const;
    const s = scene(rules, { srv }).session('s1').connect('t1', { src: false }).detach('t1');
    s.connect('t2', { not_first: true, src: false });
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    // Taken out of the pool, it is not given back: 6.14.
    expect(s.conn('c1')).toMatchObject({ list: 'available', flags: [], streams: [] });
    expect(s.srv()).toMatchObject({ curr_idle_conns: 0, curr_used_conns: 1 });
    s.release('c1').detach('t2', { shutdown: true });
    expect(s.srv().curr_used_conns).toBe(UINT_MAX);
  });

  it('keeps the idle mark of a listed connection that a dynamic source hides', () => {
    const s = scene(rules, { reuse: 'never', srv: { usesrc: 'hdr_ip' } }).session('s1');
    s.exchange('t1').connect('t2');
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE', 'SESS_IDLE']);
    expect(s.sess('s1')?.idle_conns).toBe(1);
  });
});

describe.each(BOTH)('connect_server: an attach that fails (%s)', (rules) => {
  it('leaves a pooled H1 connection in no list, and a new one counts as used', () => {
    const s = scene(rules).session('s1').exchange('t1');
    s.connect('t2', { not_first: true, fail: ['conn_stream'] });
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.conn('c1')).toMatchObject({ owner: null, list: null, flags: [], streams: [] });
    expect(s.srv()).toMatchObject({ curr_idle_conns: 0, curr_used_conns: 1 });
    s.release('c1').detach('t2', { shutdown: true });
    expect(s.srv().curr_used_conns).toBe(UINT_MAX);
  });

  it('leaves an H2 connection with room in the available list without a stream', () => {
    const s = scene(rules, { srv: { proto: 'h2' } })
      .session('s1')
      .exchange('t1');
    s.connect('t2', { not_first: true, fail: ['conn_stream'] });
    expect(s.conn('c1')).toMatchObject({ list: 'available', streams: [], used_streams: 0 });
    expect(s.srv().curr_used_conns).toBe(1);
  });

  it('leaves a listed connection without its idle mark', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    s.connect('t2', { fail: ['conn_stream'] });
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.conn('c1')).toMatchObject({ listed_in: 's1', flags: ['PRIVATE'], streams: [] });
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });

  it('does not try an H1 mux in error: the failure that was announced is not used up', () => {
    const s = scene(rules).session('s1').exchange('t1').update('c1', { mux_error: true });
    s.connect('t2', { not_first: true, fail: ['conn_stream'] });
    expect(s.returned).toMatchObject({ ret: 'RESOURCE', reused: false });
    expect(s.calls.slice(-1)).toEqual(['conn_free(c2)']);
  });
});

describe.each(BOTH)('connect_server: failures on a reused connection (%s)', (rules) => {
  it('frees it raw when the address fails, and counts it off', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    s.connect('t2', { error: 'address' });
    expect(s.returned).toMatchObject({ ret: 'INTERNAL', reused: true, conn: 'c1' });
    expect(s.calls).toEqual(['conn_free(c1)', 'session_unown_conn(s1, c1)']);
    expect(s.srv().curr_used_conns).toBe(0);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [] });
    expect(s.crash({ event: 'detach', strm: 't2' })).toBe('cs_destroy');
  });

  it.each(['connect', 'mux', 'handshake'] as const)('is not concerned by error %s', (error) => {
    const srv = { 'send-proxy': true };
    const s = scene(rules, { reuse: 'never', srv }).session('s1').exchange('t1');
    expect(s.connect('t2', { error }).returned).toMatchObject({ ret: 'NONE', reused: true });
  });

  it('has an address already: none is allocated', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    expect(s.connect('t2', { fail: ['sockaddr'] }).returned).toMatchObject({
      ret: 'NONE',
      reused: true,
    });
  });

  it('turns it private when a server name is set for this request', () => {
    const s = scene(rules, { srv: { sni: true } }).session('s1', 's2');
    s.connect('t1', { sni: false }).detach('t1').connect('t2', { sess: 's2', not_first: true });
    expect(s.calls).toEqual(['conn_backend_get(b/srv, 0) = c1', 'conn_set_private(c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: ['PRIVATE'], listed_in: null });
  });
});

describe.each(EACH)(
  'connect_server: a reused connection whose transport is closed (%s)',
  (rules) => {
    const shared = (srv: ServerConfig = {}) =>
      scene(rules, { reuse: 'always', srv: { proto: 'h2', ...srv } })
        .session('s1')
        .connect('t1', { src: false })
        .update('c1', { clear: ['XPRT_READY', 'WAIT_XPRT'] });

    it('connects again for the stream that joins it', () => {
      const s = shared().connect('t2', { conn: 'c1' });
      expect(s.returned).toMatchObject({ ret: 'NONE', reused: true, conn: 'c1' });
      expect(s.conn('c1')).toMatchObject({ io: ['XPRT_READY', 'WAIT_XPRT'], list: 'available' });
    });

    it('fails where the connect does, in its place and with its streams', () => {
      const s = shared().connect('t2', { conn: 'c1', error: 'connect' });
      expect(s.returned).toMatchObject({ ret: 'RESOURCE', reused: true, conn: 'c1' });
      expect(s.conn('c1')).toMatchObject({
        io: ['ERROR'],
        list: 'available',
        streams: ['t1', 't2'],
      });
    });

    // d10a200f6: from 2.4.0 on a source address is part of the key, and no reason for privacy.
    const isPrivate = rulesOf(rules).sourceIsPrivate === 'client';

    it.each([
      ['clientip', undefined, isPrivate ? ['PRIVATE'] : []],
      ['clientip', false, []],
      ['address', undefined, []],
    ] as const)('with a source %s that is known (%s) is %j', (usesrc, src, flags) => {
      const s = shared({ usesrc }).connect('t2', { conn: 'c1', src });
      expect(s.conn('c1')?.flags).toEqual(flags);
    });

    it(`is ${isPrivate ? 'private' : 'as it was'} before its connect fails`, () => {
      const s = shared({ usesrc: 'client' }).connect('t2', { conn: 'c1', error: 'connect' });
      expect(s.conn('c1')).toMatchObject({
        io: ['ERROR'],
        flags: isPrivate ? ['PRIVATE'] : [],
        list: isPrivate && rules !== '2.2.0' ? null : 'available',
      });
    });

    it('does not ask for the source address where the transport is there', () => {
      const s = scene(rules, { reuse: 'always', srv: { proto: 'h2', usesrc: 'clientip' } });
      s.session('s1').connect('t1', { src: false }).connect('t2', { conn: 'c1', error: 'connect' });
      expect(s.returned).toMatchObject({ ret: 'NONE', reused: true });
      expect(s.conn('c1')).toMatchObject({ io: ['XPRT_READY', 'WAIT_XPRT'], flags: [] });
    });
  },
);

describe('connect_server: the owner of a new connection', () => {
  it('is the session that asks, from the start (08016ab82)', () => {
    const s = scene(POST, { reuse: 'never' }).session('s1').connect('t1');
    expect(s.calls.slice(0, 2)).toEqual(['conn_new() = c1', 'conn_set_private(c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', flags: ['PRIVATE'] });
  });

  it('is nobody until the first detach (21ddc74e8)', () => {
    const s = scene(PRE, { reuse: 'never' }).session('s1').connect('t1');
    expect(s.calls).toEqual(['conn_new() = c1', 'conn_set_private(c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: ['PRIVATE'] });
  });
});

describe('connect_server: conn_new fails', () => {
  const failing = connecting('t1', { fail: ['connection'] });

  it.each(['never', 'safe', 'always'] as const)('crashes under %s (08016ab82)', (reuse) => {
    const s = scene(POST, { reuse }).session('s1');
    expect(s.crash(failing)).toBe('connect_server');
    expect(s.calls).toEqual(['conn_new() = NULL']);
  });

  it('crashes in conn_set_private under never (21ddc74e8)', () => {
    const s = scene(PRE, { reuse: 'never' }).session('s1');
    expect(s.crash(failing)).toBe('conn_set_private');
  });

  it('crashes in conn_set_private in tcp mode (21ddc74e8)', () => {
    const s = scene(PRE, { be: { mode: 'tcp' } }).session('s1');
    expect(s.crash(failing)).toBe('conn_set_private');
  });

  it.each(['safe', 'aggressive', 'always'] as const)(
    'returns RESOURCE under %s, nothing counted (21ddc74e8)',
    (reuse) => {
      const s = scene(PRE, { reuse }).session('s1').do(failing);
      expect(s.returned).toEqual({ ret: 'RESOURCE', reused: false, conn: null, target: null });
      expect(s.srv()).toMatchObject({ curr_used_conns: 0, max_used_conns: 0 });
      expect(s.connect('t1').returned.conn).toBe('c1');
    },
  );
});

describe.each(BOTH)('connect_server: used, maximum and need (%s)', (rules) => {
  it('grow with every connection in use; maximum and need do not shrink with them', () => {
    const s = scene(rules).session('s1').connect('t1').connect('t2').detach('t1').detach('t2');
    expect(s.srv()).toMatchObject({ curr_used_conns: 0, max_used_conns: 2, est_need_conns: 2 });
  });

  it('wrap at 32 bits', () => {
    const s = scene(rules).session('s1');
    s.server().currUsedConns = UINT_MAX;
    expect(s.connect('t1').srv()).toMatchObject({ curr_used_conns: 0, max_used_conns: 0 });
  });

  it('do not exist for a backend without server', () => {
    const s = scene(rules, { config: { backends: { d: {} } } }).session('s1');
    expect(s.connect('t1', { target: 'd' }).conn('c1')).toMatchObject({ target: 'd', mux: 'h1' });
    expect(s.srv().curr_used_conns).toBe(0);
  });
});

describe('connect_server: the idle mark of a foreign owner', () => {
  it('is dropped through a freed session: a crash in connect_server (08016ab82)', () => {
    const s = scene(POST, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1').connect('t2', { sess: 's2' }).ntlm('t1').ntlm('t2');
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's1' });
    s.detach('t1').detach('t2').free('s2');
    expect(s.conn('c1')).toMatchObject({ owner: 's2!freed', flags: ['PRIVATE', 'SESS_IDLE'] });
    const event: TraceEvent = connecting('t3');
    expect(s.crash(event)).toBe('connect_server');
  });

  it('is counted off at the owner, not at the session that connects (08016ab82)', () => {
    const s = scene(POST, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1').connect('t2', { sess: 's2' }).ntlm('t1').ntlm('t2').detach('t1').detach('t2');
    expect([s.sess('s1')?.idle_conns, s.sess('s2')?.idle_conns]).toEqual([0, 1]);
    s.connect('t3');
    expect([s.sess('s1')?.idle_conns, s.sess('s2')?.idle_conns]).toEqual([0, 0]);
  });
});
