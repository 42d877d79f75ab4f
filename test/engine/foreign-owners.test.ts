import { describe, expect, it } from 'vitest';
import { connecting, MULTIPLEXERS, POST, PRE, type Scene, scene, threeStreams } from './support.ts';

/** Two streams of s1 on one private connection that could not be listed with the first detach. */
function addFailedWithStreamLeft(mux: 'h2' | 'fcgi', rules: string): Scene {
  const s = scene(rules, { reuse: 'always', srv: threeStreams(mux, { sni: true }) }).session('s1');
  s.connect('t1', { sni: false }).connect('t2', { fail: ['sess_srv_list'] });
  return s.detach('t1', { fail: ['sess_srv_list'] });
}

describe.each(MULTIPLEXERS)('%s_detach: an add that fails with streams left', (mux) => {
  it('leaves nobody to count the connection: NULL is read (08016ab82)', () => {
    const s = addFailedWithStreamLeft(mux, POST);
    expect(s.calls).toEqual(['session_add_conn(s1, c1) = 0']);
    expect(s.conn('c1')).toMatchObject({ owner: null, flags: ['PRIVATE'], listed_in: null });
    expect(s.crash({ event: 'detach', strm: 't2' })).toBe('session_check_idle_conn');
    expect(s.calls).toEqual(['session_add_conn(s1, c1) = 1', 'session_check_idle_conn(NULL, c1)']);
  });

  it('lets the next stream adopt it (21ddc74e8)', () => {
    const s = addFailedWithStreamLeft(mux, PRE);
    expect(s.conn('c1')).toMatchObject({ owner: null, streams: ['t2'] });
    s.detach('t2');
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1' });
    expect(s.sess('s1')?.idle_conns).toBe(1);
  });
});

describe.each(MULTIPLEXERS)('%s_detach from a private connection with a foreign owner', (mux) => {
  const always = { reuse: 'always', srv: threeStreams(mux) } as const;

  it('charges its owner, whoever leaves last (08016ab82)', () => {
    const s = scene(POST, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    s.ntlm('t1').detach('t1').detach('t2');
    expect(s.calls).toEqual([
      'session_add_conn(s2, c1) = 1',
      'session_check_idle_conn(s1, c1) = 0',
    ]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1' });
    expect([s.sess('s1')?.idle_conns, s.sess('s2')?.idle_conns]).toEqual([1, 0]);
  });

  it('charges nobody when the owner does not leave last (21ddc74e8)', () => {
    const s = scene(PRE, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    s.ntlm('t1').detach('t1').detach('t2');
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: 's1', flags: ['PRIVATE'] });
    expect([s.sess('s1')?.idle_conns, s.sess('s2')?.idle_conns]).toEqual([0, 0]);
  });

  it('gives it to whoever leaves first, not to who authenticated (21ddc74e8)', () => {
    const s = scene(PRE, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    s.ntlm('t1').detach('t2');
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's2', streams: ['t1'] });
  });

  it('reads through an owner that is freed (08016ab82)', () => {
    const s = scene(POST, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    s.ntlm('t1').ntlm('t2').detach('t2').free('s2');
    expect(s.crash({ event: 'detach', strm: 't1' })).toBe('session_check_idle_conn');
    expect(s.calls.at(-1)).toBe('session_check_idle_conn(s2!freed, c1)');
  });

  it('reads NULL after the owner’s session has ended (08016ab82); adopts (21ddc74e8)', () => {
    const s = scene(POST, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    s.ntlm('t1').detach('t1').free('s1');
    expect(s.calls).toEqual(['mux_destroy(c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null, flags: ['PRIVATE'] });
    expect(s.crash({ event: 'detach', strm: 't2' })).toBe('session_check_idle_conn');
    const pre = scene(PRE, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    pre.ntlm('t1').detach('t1').free('s1').detach('t2');
    expect(pre.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's2' });
  });

  it('reads its freed creator when a server name made it private later (08016ab82)', () => {
    const srv = threeStreams(mux, { sni: true });
    const s = scene(POST, { reuse: 'always', srv }).session('s1', 's2');
    s.exchange('t1', { sni: false })
      .free('s1')
      .do(connecting('t2', { sess: 's2' }));
    expect(s.conn('c1')).toMatchObject({ owner: 's1!freed', flags: ['PRIVATE'], list: null });
    expect(s.crash({ event: 'detach', strm: 't2' })).toBe('session_check_idle_conn');
  });

  it('counts it, unlisted, at its living creator in the same case (08016ab82)', () => {
    const srv = threeStreams(mux, { sni: true });
    const s = scene(POST, { reuse: 'always', srv }).session('s1', 's2');
    s.exchange('t1', { sni: false }).exchange('t2', { sess: 's2' });
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE', 'SESS_IDLE']);
    expect(s.sess('s1')).toMatchObject({ idle_conns: 1, srv_list: [] });
    s.release('c1');
    expect(s.sess('s1')?.idle_conns).toBe(1);
  });
});
