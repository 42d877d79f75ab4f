import { describe, expect, it } from 'vitest';
import { requeueToPool } from '../../../src/engine/functions/conn-update.ts';
import { CO_FL_IDLE_LIST } from '../../../src/engine/objects/connection-t.ts';
import { BOTH, POST, scene } from '../support.ts';

describe.each(BOTH)('conn_update (%s)', (rules) => {
  it('sets and clears flags, and no ownership with them', () => {
    const s = scene(rules).session('s1').connect('t1');
    s.update('c1', { set: ['ERROR', 'SOCK_RD_SH', 'SOCK_WR_SH'], clear: ['WAIT_XPRT'] });
    expect(s.conn('c1')?.io).toEqual(['ERROR', 'SOCK_RD_SH', 'SOCK_WR_SH', 'XPRT_READY']);
    s.update('c1', { set: ['WAIT_XPRT'], clear: ['ERROR', 'XPRT_READY'] });
    expect(s.conn('c1')?.io).toEqual(['SOCK_RD_SH', 'SOCK_WR_SH', 'WAIT_XPRT']);
    expect(s.calls).toEqual([]);
    expect(s.conn('c1')?.flags).toEqual([]);
  });

  it('clears after it sets', () => {
    const s = scene(rules).session('s1').connect('t1');
    s.update('c1', { set: ['ERROR'], clear: ['ERROR'] });
    expect(s.conn('c1')?.io).not.toContain('ERROR');
  });

  it('unlink: leaves the list of the server; flags and counters stay', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    s.update('c1', { set: ['ERROR'], unlink: true });
    expect(s.srv()).toMatchObject({ available: [], curr_used_conns: 1 });
    s.exchange('t2').update('c2', { unlink: true });
    expect(s.conn('c2')).toMatchObject({ list: null, flags: ['SAFE_LIST'] });
    expect(s.srv()).toMatchObject({ safe: [], curr_idle_conns: 1, curr_safe_nb: 1 });
  });

  it('unlink: leaves the list of the session alone, and does nothing in no list', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    expect(s.update('c1', { unlink: true }).conn('c1')).toMatchObject({ listed_in: 's1' });
  });

  it('requeue: moves to the end of the list that its flag names', () => {
    const s = scene(rules).session('s1').connect('t1').connect('t2').connect('t3');
    s.detach('t1').detach('t2').detach('t3').update('c1', { requeue: true });
    expect(s.srv().idle).toEqual(['c2', 'c3', 'c1']);
    expect(s.srv()).toMatchObject({ curr_idle_conns: 3, curr_idle_nb: 3 });
    s.exchange('t4', { not_first: true }).exchange('t5', { not_first: true });
    expect(s.srv().safe).toEqual(['c2', 'c3']);
    expect(s.update('c2', { requeue: true }).srv().safe).toEqual(['c3', 'c2']);
  });

  it('requeue: rescues from the removal list', () => {
    const s = scene(rules).session('s1').connect('t1').exchange('t2').detach('t1');
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' }).update('c2', { requeue: true });
    expect(s.srv()).toMatchObject({ idle: ['c2'], curr_idle_conns: 2 });
    s.do({ event: 'srv_cleanup_toremove_connections' });
    expect(s.srv()).toMatchObject({ idle: ['c2'], curr_idle_conns: 1 });
  });

  it('requeue: puts back what was unlinked, on the thread that runs it', () => {
    const s = scene(rules, { config: { nbthread: 2 } })
      .session('s1')
      .exchange('t1', { thread: 1 });
    s.update('c1', { unlink: true }).update('c1', { requeue: true, thread: 1 });
    expect(s.server().idleConns?.map((l) => l.length)).toEqual([0, 1]);
  });

  it('is the mux error that H1 looks at', () => {
    const s = scene(rules).session('s1').connect('t1').update('c1', { mux_error: true });
    expect(s.detach('t1').calls).toEqual(['mux_release(c1)', 'conn_free(c1)']);
    s.connect('t2').update('c2', { mux_error: true }).update('c2', { mux_error: false });
    expect(s.detach('t2').conn('c2')).toMatchObject({ list: 'idle' });
  });

  it.each([
    ['h1', { nb_streams: 1 }, /mux h1, which neither counts nor limits/],
    ['h1', { streams_limit: 1 }, /mux h1, which neither counts nor limits/],
    ['h1', { goaway: true }, /knows no GOAWAY/],
    ['fcgi', { goaway: true }, /knows no GOAWAY/],
    ['h1', { requeue: true }, /neither SAFE_LIST nor IDLE_LIST/],
  ] as const)('is impossible for %s: %o', (proto, update, why) => {
    const s = scene(rules, { srv: { proto } }).session('s1').connect('t1');
    expect(s.refusal({ event: 'conn_update', conn: 'c1', ...update })).toMatch(why);
  });

  it('is impossible for what PT, or a connection without a mux, does not know', () => {
    const pt = scene(rules, { be: { mode: 'tcp' } })
      .session('s1')
      .connect('t1');
    const update = { event: 'conn_update', conn: 'c1' } as const;
    expect(pt.refusal({ ...update, mux_error: true })).toMatch(/no error of its own/);
    const none = scene(rules, { srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(none.refusal({ ...update, mux_error: true })).toMatch(/has no mux/);
    expect(none.refusal({ ...update, nb_streams: 0 })).toMatch(/has no mux/);
    expect(none.refusal({ ...update, goaway: true })).toMatch(/has no mux/);
    expect(none.refusal({ ...update, goaway: false, mux_error: false })).toBeNull();
  });
});

describe('requeue without a pool', () => {
  it('is a state that no trace reaches', () => {
    const s = scene(POST, { srv: { 'pool-max-conn': 0 } })
      .session('s1')
      .connect('t1');
    s.connection('c1').flags |= CO_FL_IDLE_LIST;
    expect(() => requeueToPool(s.w, s.connection('c1'))).toThrow(/no pool exists/);
  });
});
