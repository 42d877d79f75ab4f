import { describe, expect, it } from 'vitest';
import type { MuxName, ServerConfig } from '../../../src/format/index.ts';
import { BOTH, POST, PRE, scene } from '../support.ts';

describe.each(BOTH)('connect_server: which mux, and when (%s)', (rules) => {
  it.each<[ServerConfig, 'http' | 'tcp', MuxName | null]>([
    [{}, 'http', 'h1'],
    [{}, 'tcp', 'pt'],
    [{ alpn: 'h2,http/1.1' }, 'http', null],
    [{ alpn: 'h2' }, 'tcp', 'pt'],
    [{ proto: 'h1' }, 'http', 'h1'],
    [{ proto: 'h2' }, 'http', 'h2'],
    [{ proto: 'fcgi' }, 'http', 'fcgi'],
    [{ proto: 'h2', alpn: 'http/1.1' }, 'http', 'h2'],
  ])('%o in mode %s: %s', (srv, mode, mux) => {
    const s = scene(rules, { srv, be: { mode } }).session('s1').connect('t1');
    expect(s.conn('c1')).toMatchObject({ mux, streams: ['t1'] });
    expect(s.conn('c1')?.used_streams).toBe(mux === null ? null : 1);
  });

  it.each([
    ['http', 'h1'],
    ['tcp', 'pt'],
  ] as const)('a backend without server in mode %s: %s', (mode, mux) => {
    const s = scene(rules, { config: { backends: { d: { mode } } } }).session('s1');
    expect(s.connect('t1', { target: 'd' }).conn('c1')?.mux).toBe(mux);
  });

  it('is ready and connecting then', () => {
    const s = scene(rules).session('s1').connect('t1');
    expect(s.conn('c1')?.io).toEqual(['XPRT_READY', 'WAIT_XPRT']);
  });
});

describe.each(BOTH)('connect_server: what makes a new connection private (%s)', (rules) => {
  it.each<[string, ServerConfig, { sni?: boolean; src?: boolean }, boolean]>([
    ['nothing', {}, {}, false],
    ['send-proxy', { 'send-proxy': true }, {}, true],
    ['a server name', { sni: true }, {}, true],
    ['a server name without a value', { sni: true }, { sni: false }, false],
    ['usesrc clientip', { usesrc: 'clientip' }, {}, true],
    ['usesrc client', { usesrc: 'client' }, {}, true],
    ['usesrc hdr_ip', { usesrc: 'hdr_ip' }, {}, true],
    ['usesrc hdr_ip without an address', { usesrc: 'hdr_ip' }, { src: false }, false],
    ['usesrc with a fixed address', { usesrc: 'address' }, {}, false],
  ])('%s', (_, srv, inputs, isPrivate) => {
    const s = scene(rules, { srv }).session('s1').connect('t1', inputs);
    expect(s.conn('c1')?.flags).toEqual(isPrivate ? ['PRIVATE'] : []);
    expect(s.calls.includes('conn_set_private(c1)')).toBe(isPrivate);
  });

  it('usesrc of the backend, unless the server has a source of its own', () => {
    const be = { usesrc: 'clientip' } as const;
    expect(scene(rules, { be }).session('s1').connect('t1').conn('c1')?.flags).toEqual(['PRIVATE']);
    const hidden = scene(rules, { be, srv: { usesrc: 'address' } })
      .session('s1')
      .connect('t1');
    expect(hidden.conn('c1')?.flags).toEqual([]);
    const config = { backends: { d: be } };
    const bare = scene(rules, { config }).session('s1').connect('t1', { target: 'd' });
    expect(bare.conn('c1')?.flags).toEqual(['PRIVATE']);
  });

  it('tcp mode with a server; without one the reuse mode decides', () => {
    const be = { mode: 'tcp', 'http-reuse': 'always' } as const;
    expect(scene(rules, { be }).session('s1').connect('t1').conn('c1')?.flags).toEqual(['PRIVATE']);
    const s = scene(rules, { config: { backends: { d: be } } }).session('s1');
    expect(s.connect('t1', { target: 'd' }).conn('c1')?.flags).toEqual([]);
  });

  it('all at once, each time by a call of its own', () => {
    const srv: ServerConfig = { 'send-proxy': true, sni: true, usesrc: 'clientip' };
    const s = scene(rules, { reuse: 'never', srv }).session('s1').connect('t1');
    expect(s.calls.filter((call) => call === 'conn_set_private(c1)')).toHaveLength(4);
  });
});

describe.each(BOTH)('connect_server: sharing the new connection (%s)', (rules) => {
  it('appends it to the available list under http-reuse always', () => {
    const srv = { proto: 'h2', 'streams-limit': 2 } as const;
    const s = scene(rules, { reuse: 'always', srv }).session('s1').connect('t1');
    expect(s.srv().available).toEqual(['c1']);
    s.connect('t2').connect('t3').update('c1', { nb_streams: 0 }).detach('t1');
    expect(s.srv().available).toEqual(['c1', 'c3']);
    s.update('c3', { goaway: true }).update('c1', { goaway: true });
    s.connect('t4').connect('t5');
    expect(s.srv().available).toEqual(['c4', 'c5']);
  });

  it.each(['safe', 'aggressive'] as const)('keeps it to its stream under %s', (reuse) => {
    const s = scene(rules, { reuse, srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(s.conn('c1')).toMatchObject({ list: null, listed_in: null, flags: [] });
  });

  it('keeps a full one off the available list: H1, or one stream only', () => {
    const s = scene(rules, { reuse: 'always' }).session('s1').connect('t1');
    expect(s.conn('c1')).toMatchObject({ list: null, avail_streams: 0 });
    const one = scene(rules, { reuse: 'always', srv: { proto: 'fcgi' } }).session('s1');
    expect(one.connect('t1').conn('c1')).toMatchObject({ list: null, avail_streams: 0 });
  });

  it('keeps a private one off the available list', () => {
    const srv = { proto: 'h2', 'send-proxy': true } as const;
    const s = scene(rules, { reuse: 'always', srv }).session('s1').connect('t1');
    expect(s.conn('c1')?.list).toBeNull();
    expect(s.connect('t2').srv().available).toEqual([]);
  });
});

describe('connect_server: listing the new private connection', () => {
  it('adds it to its owner’s list with its mux (08016ab82)', () => {
    const s = scene(POST, { reuse: 'never' }).session('s1').connect('t1');
    expect(s.calls).toEqual([
      'conn_new() = c1',
      'conn_set_private(c1)',
      'session_add_conn(s1, c1) = 1',
    ]);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 0, srv_list: [['b/srv', ['c1']]] });
  });

  it('goes on unlisted when the entry cannot be allocated (08016ab82)', () => {
    const s = scene(POST, { reuse: 'never' }).session('s1');
    s.connect('t1', { fail: ['sess_srv_list'] });
    expect(s.returned).toMatchObject({ ret: 'NONE' });
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
  });

  it('lets a concurrent stream of the session join it (08016ab82)', () => {
    const s = scene(POST, { reuse: 'never', srv: { proto: 'h2' } }).session('s1');
    expect(s.connect('t1').connect('t2').returned).toMatchObject({ reused: true, conn: 'c1' });
  });

  it('lists nothing before the first detach (21ddc74e8)', () => {
    const s = scene(PRE, { reuse: 'never', srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(s.sess('s1')?.srv_list).toEqual([]);
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
  });

  it.each([
    [PRE, 's1'],
    [POST, 's1'],
  ])('gives an owner, but no list, to one that waits for its mux (%s)', (rules, owner) => {
    const s = scene(rules, { reuse: 'never', srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(s.conn('c1')).toMatchObject({ owner, listed_in: null, mux: null });
  });
});

describe.each(BOTH)('connect_server: failures on a new connection (%s)', (rules) => {
  const owner = rules === POST ? 's1' : null;

  it.each([
    ['sockaddr', 'RESOURCE'],
    ['conn_stream', 'RESOURCE'],
  ] as const)('frees it when %s cannot be allocated', (what, ret) => {
    const s = scene(rules)
      .session('s1')
      .connect('t1', { fail: [what] });
    expect(s.returned).toMatchObject({ ret, reused: false });
    expect(s.conn('c1')).toBeNull();
    expect(s.calls).toEqual(['conn_new() = c1', 'conn_free(c1)']);
    // It was counted before: the maximum and the need keep it.
    expect(s.srv()).toMatchObject({ curr_used_conns: 0, max_used_conns: 1, est_need_conns: 1 });
    expect(s.refusal({ event: 'detach', strm: 't1' })).toMatch(/no connection/);
  });

  it('frees it when the server’s address cannot be assigned', () => {
    const s = scene(rules).session('s1').connect('t1', { error: 'address' });
    expect(s.returned).toMatchObject({ ret: 'INTERNAL', reused: false });
    expect(s.conn('c1')).toBeNull();
  });

  it('keeps it attached, in error and without a mux, when connect() fails', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1', { error: 'connect' });
    expect(s.returned).toMatchObject({ ret: 'RESOURCE', reused: false, conn: 'c1' });
    expect(s.conn('c1')).toMatchObject({
      owner,
      flags: ['PRIVATE'],
      listed_in: null,
      mux: null,
      io: ['ERROR'],
      streams: ['t1'],
    });
    expect(s.detach('t1').calls).toEqual(['conn_free(c1)']);
    expect(s.srv().curr_used_conns).toBe(0);
  });

  it('has made it private for its source address before connect() fails', () => {
    const s = scene(rules, { srv: { usesrc: 'clientip', sni: true } }).session('s1');
    s.connect('t1', { error: 'connect' });
    expect(s.calls).toEqual(['conn_new() = c1', 'conn_set_private(c1)']);
  });

  it.each([{ error: 'mux' }, { fail: ['mux'] }] as const)(
    'leaves it attached, closed and without a mux when that fails: %o',
    (how) => {
      const { fail, ...rest } = { fail: [], ...how };
      const s = scene(rules, { reuse: 'never' }).session('s1');
      s.connect('t1', { fail: [...fail], ...rest });
      expect(s.returned).toMatchObject({ ret: 'INTERNAL', reused: false, conn: 'c1' });
      expect(s.conn('c1')).toMatchObject({ mux: null, listed_in: null, streams: ['t1'] });
      expect(s.conn('c1')?.io).not.toContain('XPRT_READY');
      expect(s.detach('t1').conn('c1')).toBeNull();
    },
  );

  it('ignores a mux error where the mux has to wait', () => {
    const s = scene(rules, { srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1', { error: 'mux' });
    expect(s.returned).toMatchObject({ ret: 'NONE', conn: 'c1' });
  });

  it('leaves it attached with its mux, but closed, when the handshake layer fails', () => {
    const srv = { 'send-proxy': true };
    const s = scene(rules, { srv }).session('s1').connect('t1', { error: 'handshake' });
    expect(s.returned).toMatchObject({ ret: 'INTERNAL', reused: false, conn: 'c1' });
    expect(s.conn('c1')).toMatchObject({ owner, mux: 'h1', io: ['WAIT_XPRT'], streams: ['t1'] });
    expect(s.conn('c1')?.listed_in).toBe(rules === POST ? 's1' : null);
  });

  it('does not let the session find what the handshake layer has closed', () => {
    const srv = { 'send-proxy': true, proto: 'h2' } as const;
    const s = scene(rules, { srv }).session('s1').connect('t1', { error: 'handshake' });
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
  });

  it('has no handshake layer without send-proxy', () => {
    const s = scene(rules).session('s1').connect('t1', { error: 'handshake' });
    expect(s.returned).toMatchObject({ ret: 'NONE' });
  });
});
