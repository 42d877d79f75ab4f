import { describe, expect, it } from 'vitest';
import { BOTH, POST, scene } from '../support.ts';

const always = { reuse: 'always', srv: { proto: 'h2' } } as const;

describe.each(BOTH)('H2 (%s)', (rules) => {
  it('carries a hundred streams unless configured', () => {
    const s = scene(rules, always).session('s1').connect('t1');
    expect(s.conn('c1')).toMatchObject({ mux: 'h2', used_streams: 1, avail_streams: 99 });
  });

  it.each([{ goaway: true }, { mux_error: true }])('takes no more streams after %o', (update) => {
    const s = scene(rules, always).session('s1').connect('t1').update('c1', update);
    expect(s.conn('c1')).toMatchObject({ used_streams: 1, avail_streams: 0 });
  });

  it('can come back from an error, not from the count of its streams', () => {
    const s = scene(rules, always).session('s1').connect('t1').update('c1', { mux_error: true });
    expect(s.update('c1', { mux_error: false, goaway: false }).conn('c1')?.avail_streams).toBe(99);
  });

  it('lets a blocked stream stay after GOAWAY, and not in error', () => {
    const s = scene(rules, always).session('s1').connect('t1').connect('t2');
    s.update('c1', { goaway: true }).detach('t1', { blocked: true });
    expect([...s.w.orphans.keys()]).toEqual(['t1']);
    s.update('c1', { mux_error: true }).detach('t2', { blocked: true });
    expect([...s.w.orphans.keys()]).toEqual(['t1']);
    expect(s.conn('c1')).toMatchObject({ streams: [], used_streams: 0 });
  });

  it('is refused by the server after GOAWAY, without a free stream', () => {
    const s = scene(rules, always).session('s1').connect('t1').update('c1', { goaway: true });
    s.detach('t1');
    expect(s.calls[0]).toBe('srv_add_to_idle_list(b/srv, c1, 1) = 0');
    expect(s.conn('c1')).toBeNull();
  });

  it('is accepted by the server with a negative number of free streams', () => {
    const s = scene(rules, always).session('s1').connect('t1').connect('t2').connect('t3');
    s.update('c1', { streams_limit: 1 });
    s.detach('t1').detach('t2', { blocked: true }).detach('t3', { ended: true });
    s.do({ event: 'stream_destroy', strm: 't2', ended: true, woken: true });
    expect(s.conn('c1')).toMatchObject({ used_streams: 0, avail_streams: -1 });
    s.update('c1', { streams_limit: 3 }).connect('t4').update('c1', { streams_limit: 1 });
    expect(s.detach('t4').calls[0]).toBe('srv_add_to_idle_list(b/srv, c1, 1) = 1');
  });

  it('stays idle in its session after GOAWAY, without ever being used again', () => {
    const s = scene(rules, { ...always, reuse: 'never' })
      .session('s1')
      .connect('t1');
    s.update('c1', { goaway: true }).detach('t1');
    expect(s.conn('c1')).toMatchObject({ flags: ['PRIVATE', 'SESS_IDLE'], listed_in: 's1' });
    expect(s.connect('t2').returned).toMatchObject({ reused: false, conn: 'c2' });
  });
});

describe('H2 without an owner', () => {
  it('is the state before the change: an unused connection that cannot be kept dies', () => {
    const s = scene(POST, always)
      .session('s1')
      .connect('t1')
      .update('c1', { set: ['SOCK_RD_SH'] });
    s.own('c1', null);
    expect(s.detach('t1').calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
  });
});
