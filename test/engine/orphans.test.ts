import { describe, expect, it } from 'vitest';
import { EACH_MUX_AND_RULES, PRE, scene, threeStreams } from './support.ts';

describe.each(EACH_MUX_AND_RULES)('%s: streams that leave while blocked (%s)', (mux, rules) => {
  const always = { reuse: 'always', srv: threeStreams(mux) } as const;

  it('stay in the mux, count on the wire, and change no ownership', () => {
    const s = scene(rules, always).session('s1').connect('t1').detach('t1', { blocked: true });
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ list: 'available', used_streams: 0, avail_streams: 2 });
    expect(s.srv().curr_used_conns).toBe(1);
  });

  it('do not stay when the connection or the mux is in error', () => {
    for (const update of [{ set: ['ERROR'] as 'ERROR'[] }, { mux_error: true }]) {
      const s = scene(rules, always).session('s1').connect('t1').update('c1', update);
      s.detach('t1', { blocked: true });
      expect(s.w.orphans.size).toBe(0);
      expect(s.conn('c1')).toBeNull();
    }
  });

  it('hold the connection: its destruction does nothing', () => {
    const s = scene(rules, { ...always, reuse: 'never' })
      .session('s1')
      .exchange('t1')
      .connect('t2');
    s.detach('t2', { blocked: true }).free('s1');
    expect(s.calls).toEqual(['mux_destroy(c1)']);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null });
    s.do({ event: 'stream_destroy', strm: 't2' });
    expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
  });

  it('end with a look at whether the connection is dead, and at nothing else', () => {
    const s = scene(rules, always).session('s1').connect('t1').detach('t1', { blocked: true });
    s.do({ event: 'stream_destroy', strm: 't1' });
    if (rules === PRE) expect(s.calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    else expect(s.conn('c1')).toMatchObject({ list: 'available', avail_streams: 3, flags: [] });
  });

  it.each([
    ['counts one stream less', { woken: true }, 2],
    ['does not when it had closed on the wire', { woken: true, ended: true }, 1],
  ])('its end %s', (_, how, avail) => {
    const s = scene(rules, always).session('s1').connect('t1').connect('t2');
    s.detach('t1', { blocked: true }).do({ event: 'stream_destroy', strm: 't1', ...how });
    expect(s.conn('c1')?.avail_streams).toBe(avail);
  });

  it('woken: no look at whether the connection is dead', () => {
    const s = scene(rules, always).session('s1').connect('t1').detach('t1', { blocked: true });
    s.do({ event: 'stream_destroy', strm: 't1', woken: true, dead: true });
    expect(s.conn('c1')).toMatchObject({ used_streams: 0, avail_streams: 3 });
  });

  it('dead: the connection goes with the last of them', () => {
    const s = scene(rules, always).session('s1').connect('t1').connect('t2');
    s.detach('t1', { blocked: true }).detach('t2', { blocked: true });
    s.do({ event: 'stream_destroy', strm: 't1', dead: true });
    expect(s.conn('c1')).toMatchObject({ used_streams: 0 });
    s.do({ event: 'stream_destroy', strm: 't2', dead: true });
    expect(s.conn('c1')).toBeNull();
  });

  it('leave a private connection listed and idle, but not counted', () => {
    const s = scene(rules, { ...always, reuse: 'never' })
      .session('s1')
      .exchange('t1')
      .connect('t2');
    s.detach('t2', { blocked: true }).do({ event: 'stream_destroy', strm: 't2' });
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE'], listed_in: 's1', streams: [] });
    expect(s.sess('s1')?.idle_conns).toBe(0);
  });

  it('go silently with the connection', () => {
    const s = scene(rules, always).session('s1').connect('t1').detach('t1', { blocked: true });
    s.release('c1');
    expect(s.refusal({ event: 'stream_destroy', strm: 't1' })).toMatch(/while blocked/);
  });

  it('end on freed memory when the connection was freed under its streams', () => {
    const s = scene(rules, always).session('s1').connect('t1').connect('t2');
    s.detach('t1', { blocked: true }).connect('t3', { error: 'address' });
    expect(s.conn('c1')).toBeNull();
    expect(s.crash({ event: 'stream_destroy', strm: 't1' })).toBe(`${mux}_deferred_shut`);
  });

  it('of one name end in the order in which they left', () => {
    const s = scene(rules, always).session('s1').connect('t1').detach('t1', { blocked: true });
    s.connect('t1').detach('t1', { blocked: true });
    expect(s.conn('c1')?.avail_streams).toBe(1);
    s.do({ event: 'stream_destroy', strm: 't1', woken: true });
    expect(s.conn('c1')?.avail_streams).toBe(2);
    s.do({ event: 'stream_destroy', strm: 't1', woken: true });
    expect(s.refusal({ event: 'stream_destroy', strm: 't1' })).not.toBeNull();
  });
});
