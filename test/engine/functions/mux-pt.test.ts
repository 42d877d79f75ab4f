import { describe, expect, it } from 'vitest';
import { BOTH, connecting, POST, PRE, scene, the } from '../support.ts';

const tcp = { be: { mode: 'tcp' } } as const;

describe.each(BOTH)('PT (%s)', (rules) => {
  it('passes the bytes of one stream', () => {
    const s = scene(rules, tcp).session('s1').connect('t1');
    expect(s.conn('c1')).toMatchObject({ mux: 'pt', used_streams: 1, avail_streams: 0 });
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE']);
  });

  it.each(['ERROR', 'SOCK_RD_SH', 'SOCK_WR_SH'] as const)('is released with %s', (flag) => {
    const s = scene(rules, tcp)
      .session('s1')
      .connect('t1')
      .update('c1', { set: [flag] });
    s.detach('t1');
    expect(s.calls.slice(0, 2)).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    expect(s.srv().curr_used_conns).toBe(0);
    expect(s.sess('s1')?.srv_list).toEqual([]);
  });

  it('knows neither idle check nor pool, even when it could be shared', () => {
    const config = { backends: { d: { mode: 'tcp', 'http-reuse': 'always' } } } as const;
    const s = scene(rules, { config }).session('s1').connect('t1', { target: 'd' });
    s.detach('t1');
    expect(s.calls).toEqual(rules === PRE ? ['mux_release(c1)', 'conn_free(c1)'] : []);
  });

  it('is not destroyed while a stream is there', () => {
    const s = scene(rules, tcp).session('s1').connect('t1');
    the(s.connection('c1').ctx).mux.destroy(s.w, s.connection('c1'));
    expect(s.conn('c1')).toMatchObject({ mux: 'pt', streams: ['t1'] });
  });

  it('expects its own context', () => {
    const s = scene(rules, tcp).session('s1').connect('t1');
    const h1 = scene(rules).session('s1').connect('t1').connection('c1');
    expect(() => the(s.connection('c1').ctx).mux.destroy(s.w, h1)).toThrow(/no PT mux/);
  });
});

describe('mux_pt_detach without a shutdown, as after a connect timeout', () => {
  it('keeps the connection, listed since its creation, and the retry finds it (08016ab82)', () => {
    const s = scene(POST, tcp).session('s1').connect('t1').detach('t1');
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', flags: ['PRIVATE'] });
    expect(s.sess('s1')?.idle_conns).toBe(0);
    expect(s.connect('t1').returned).toMatchObject({ reused: true, conn: 'c1' });
    expect(s.srv().curr_used_conns).toBe(1);
  });

  it('releases the connection, which nobody owns (21ddc74e8)', () => {
    const s = scene(PRE, tcp).session('s1').connect('t1').detach('t1');
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
  });

  it('leaves it to the end of the session (08016ab82)', () => {
    const s = scene(POST, tcp).session('s1').connect('t1').detach('t1').free('s1');
    expect(s.calls).toEqual(['mux_destroy(c1)', 'mux_release(c1)', 'conn_free(c1)']);
  });

  it('makes a new one when the attach fails (08016ab82)', () => {
    const s = scene(POST, tcp).session('s1').connect('t1').detach('t1');
    s.do(connecting('t2', { fail: ['conn_stream'] }));
    expect(s.returned).toMatchObject({ reused: false, conn: 'c2' });
    expect(s.sess('s1')?.srv_list).toEqual([['b/srv', ['c1', 'c2']]]);
  });
});
