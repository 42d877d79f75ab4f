import { describe, expect, it } from 'vitest';
import { BOTH, POST, PRE, scene } from '../support.ts';

describe.each(BOTH)('conn_create_mux (%s)', (rules) => {
  const alpn = { srv: { alpn: 'h2,http/1.1' } } as const;

  it.each(['h2', 'fcgi'] as const)('offers %s to everybody under http-reuse always', (mux) => {
    const srv = { alpn: 'x', 'streams-limit': 2 };
    const s = scene(rules, { reuse: 'always', srv }).session('s1').connect('t1');
    expect(s.createMux('c1', mux).returned).toMatchObject({ ret: 0 });
    expect(s.srv().available).toEqual(['c1']);
    expect(s.conn('c1')).toMatchObject({ list: 'available', owner: 's1' });
  });

  it('offers nothing that is full', () => {
    const s = scene(rules, { reuse: 'always', ...alpn })
      .session('s1')
      .connect('t1');
    expect(s.createMux('c1', 'h1').srv().available).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ list: null, listed_in: null });
  });

  it.each(['safe', 'aggressive'] as const)('offers nothing under http-reuse %s', (reuse) => {
    const s = scene(rules, { reuse, ...alpn })
      .session('s1')
      .connect('t1')
      .createMux('c1', 'h2');
    expect(s.srv().available).toEqual([]);
    expect(s.calls).toEqual([]);
  });

  it('puts it in the available list of the thread that runs it', () => {
    const s = scene(rules, { reuse: 'always', ...alpn, config: { nbthread: 2 } }).session('s1');
    s.connect('t1', { thread: 1 });
    s.do({ event: 'conn_create_mux', conn: 'c1', mux: 'h2', thread: 1 });
    expect(s.server().availableConns.map((list) => list.length)).toEqual([0, 1]);
  });

  it('returns -1 for a connection in error, which the stream then frees', () => {
    const s = scene(rules, { reuse: 'never', ...alpn })
      .session('s1')
      .connect('t1');
    s.update('c1', { set: ['ERROR'] });
    expect(s.createMux('c1', 'h2').returned).toMatchObject({ ret: -1 });
    expect(s.conn('c1')).toMatchObject({ mux: null, listed_in: null, owner: 's1' });
    expect(s.detach('t1').calls).toEqual(['conn_free(c1)']);
  });

  it.each([
    ['the mux init runs out of memory', { mux: 'h2', fail: ['mux'] }],
    ['the creation fails for another reason', { error: true }],
    ['no protocol was negotiated', {}],
  ] as const)('wakes a stream that sends through no mux when %s', (_, how) => {
    const s = scene(rules, alpn).session('s1').connect('t1');
    const { fail, ...rest } = { fail: [], ...how };
    const crash = s.crash({ event: 'conn_create_mux', conn: 'c1', fail: [...fail], ...rest });
    expect(crash).toBe('si_cs_send');
    expect(s.conn('c1')?.mux).toBeNull();
  });

  it('is impossible when the transport was closed, whose handshake never ends', () => {
    const s = scene(rules)
      .session('s1')
      .connect('t1', { fail: ['mux'] });
    const late = { event: 'conn_create_mux', conn: 'c1', mux: 'h1' } as const;
    expect(s.refusal(late)).toMatch(/c1 is closed/);
  });

  it('is impossible a second time', () => {
    const s = scene(rules, alpn).session('s1').connect('t1').createMux('c1', 'h2');
    expect(s.refusal({ event: 'conn_create_mux', conn: 'c1', mux: 'h2' })).toMatch(/mux already/);
  });
});

describe('conn_create_mux, private connections', () => {
  function delayed(rules: string, fail?: 'sess_srv_list') {
    const s = scene(rules, { reuse: 'never', srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    return s.createMux('c1', 'h2', fail);
  }

  it('lists the connection with its owner (08016ab82)', () => {
    const s = delayed(POST);
    expect(s.calls).toEqual(['session_add_conn(s1, c1) = 1']);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', used_streams: 1 });
  });

  it('goes on when listing fails (08016ab82)', () => {
    const s = delayed(POST, 'sess_srv_list');
    expect(s.calls).toEqual(['session_add_conn(s1, c1) = 0']);
    expect(s.returned).toMatchObject({ ret: 0 });
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null, mux: 'h2' });
  });

  it('lists nothing (21ddc74e8)', () => {
    const s = delayed(PRE);
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null, mux: 'h2' });
  });
});
