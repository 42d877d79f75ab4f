import { describe, expect, it } from 'vitest';
import { srvAddToIdleList } from '../../../src/engine/functions/server.ts';
import { CO_FL_PRIVATE } from '../../../src/engine/objects/connection-t.ts';
import type { BackendConfig, Config, ServerConfig } from '../../../src/format/index.ts';
import { BOTH, POST, type Scene, scene } from '../support.ts';

const UINT_MAX = 4294967295;
const later = { not_first: true } as const;

/** The answer of the server to the connection of stream t1, which is about to become idle. */
function answer(s: Scene, used_fds = 0): boolean {
  const before = s.srv();
  s.detach('t1', { used_fds });
  const accepted = s.calls.includes('srv_add_to_idle_list(b/srv, c1, 0) = 1');
  const refused = s.calls.includes('srv_add_to_idle_list(b/srv, c1, 0) = 0');
  expect(accepted).not.toBe(refused);
  expect(s.conn('c1') !== null).toBe(accepted);
  expect(s.srv().curr_idle_conns - before.curr_idle_conns).toBe(accepted ? 1 : 0);
  return accepted;
}

describe.each(BOTH)('srv_add_to_idle_list (%s)', (rules) => {
  it('counts one less as used, one more as idle, and appends to the list of the thread', () => {
    const s = scene(rules, { config: { nbthread: 2 } })
      .session('s1')
      .connect('t1')
      .connect('t2');
    s.detach('t2', { thread: 1 }).detach('t1', { thread: 1 });
    expect(s.srv()).toMatchObject({
      idle: ['c2', 'c1'],
      safe: [],
      curr_idle_conns: 2,
      curr_idle_nb: 2,
      curr_safe_nb: 0,
      curr_used_conns: 0,
    });
    expect(s.server().currIdleThr).toEqual([0, 2]);
  });

  it('takes the connection out of the available list', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } })
      .session('s1')
      .exchange('t1');
    expect(s.srv()).toMatchObject({ available: [], safe: ['c1'], curr_safe_nb: 1 });
  });

  it('leaves the owner alone', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    s.connect('t1');
    s.own('c1', 's2');
    expect(s.detach('t1').conn('c1')).toMatchObject({ owner: 's2', flags: ['SAFE_LIST'] });
  });

  it('lets the used counter wrap at 32 bits', () => {
    const s = scene(rules).session('s1').connect('t1');
    s.server().currUsedConns = 0;
    expect(s.detach('t1').srv().curr_used_conns).toBe(UINT_MAX);
  });

  it('refuses a private connection', () => {
    const s = scene(rules).session('s1').connect('t1', { not_first: true });
    s.connection('c1').flags |= CO_FL_PRIVATE;
    expect(srvAddToIdleList(s.w, s.server(), s.connection('c1'), false)).toBe(false);
    expect(s.decisions.at(-1)).toBe('pool.refuse.not-shareable');
  });

  it('refuses under http-reuse never', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1');
    s.connect('t1', { fail: ['sess_srv_list'] });
    s.connection('c1').flags &= ~CO_FL_PRIVATE;
    expect(answer(s)).toBe(false);
  });

  it.each([
    [0, false],
    [1, true],
  ])('pool-purge-delay %i: %s', (delay, accepted) => {
    const s = scene(rules, { srv: { 'pool-purge-delay': delay } })
      .session('s1')
      .connect('t1');
    expect(answer(s)).toBe(accepted);
  });

  it.each([
    [9, true],
    [10, false],
    [11, false],
  ])('%i descriptors in use, pool-high-count 10: %s', (fds, accepted) => {
    const s = scene(rules, { config: { 'pool-high-count': 10 } })
      .session('s1')
      .connect('t1');
    expect(answer(s, fds)).toBe(accepted);
  });

  it.each([
    [-1, true],
    [0, false],
    [1, false],
    [2, true],
  ])('pool-max-conn %i with one idle connection: %s', (most, accepted) => {
    const s = scene(rules, { srv: { 'pool-max-conn': most } }).session('s1');
    s.connect('t1').connect('t2').detach('t2');
    expect(answer(s)).toBe(accepted);
  });

  it('refuses a connection that still has a stream, or none free', () => {
    const s = scene(rules, { srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1')
      .connect('t2');
    expect(srvAddToIdleList(s.w, s.server(), s.connection('c1'), true)).toBe(false);
    s.update('c2', { streams_limit: 0, nb_streams: 1 }).detach('t2');
    expect(s.calls[0]).toBe('srv_add_to_idle_list(b/srv, c2, 1) = 0');
    expect(s.decisions).toContain('pool.refuse.no-room');
  });
});

describe.each(BOTH)('srv_add_to_idle_list with connections idle already (%s)', (rules) => {
  /** c9 is idle, or safe after a second request; c1 is about to become idle. Nothing is needed. */
  function oneMore(list: 'idle' | 'safe', srv: ServerConfig = {}, config: Config = {}): Scene {
    const s = scene(rules, { srv, config }).session('s1').exchange('t9');
    if (list === 'safe') {
      s.exchange('t8', later);
      // The last one in the safe list is the last one that is not refused.
      expect(s.srv().safe).toEqual(['c9']);
    }
    s.connect('t1');
    Object.assign(s.server(), { currUsedConns: 1, maxUsedConns: 1, estNeedConns: 1 });
    return s;
  }

  it.each(['idle', 'safe'] as const)('refuses what is not needed: one is %s', (list) => {
    expect(answer(oneMore(list))).toBe(false);
  });

  it('looks at the lists of the running thread only', () => {
    const s = oneMore('idle', {}, { nbthread: 2 });
    s.detach('t1', { thread: 1 });
    expect(s.srv().idle).toEqual(['c9', 'c1']);
  });

  it('accepts a safe one although the idle list is not empty', () => {
    const s = scene(rules).session('s1').exchange('t1').connect('t2', later).connect('t3');
    s.detach('t3');
    Object.assign(s.server(), { currUsedConns: 1, estNeedConns: 0 });
    expect(s.detach('t2').srv()).toMatchObject({ idle: ['c3'], safe: ['c1'] });
  });

  it.each([
    [1, true],
    [0, false],
  ])('pool-low-conn %i is slack: %s', (low, accepted) => {
    expect(answer(oneMore('idle', { 'pool-low-conn': low }))).toBe(accepted);
  });

  it.each([
    [9, true],
    [10, false],
  ])('slack counts with less than pool-low-count descriptors only: %i of 10, %s', (fds, ok) => {
    expect(answer(oneMore('idle', { 'pool-low-conn': 1 }, { 'pool-low-count': 10 }), fds)).toBe(ok);
  });

  it.each([
    [1, 1, false],
    [1, 2, true],
    [2, 1, false],
    [2, 3, true],
  ])('used %i counts the connection itself; need %i: %s', (used, need, accepted) => {
    const s = oneMore('idle');
    Object.assign(s.server(), { currUsedConns: used, estNeedConns: need });
    expect(answer(s)).toBe(accepted);
  });

  it('compares sums that wrap at 32 bits', () => {
    const s = oneMore('idle');
    // 4294967295 + 1 idle is 0, and 0 is not more than 4294967295.
    Object.assign(s.server(), { currUsedConns: UINT_MAX });
    expect(answer(s)).toBe(true);
    const low = oneMore('idle', { 'pool-low-conn': 2 });
    // 4294967295 + 2 is 1, and 2 used and idle are more.
    Object.assign(low.server(), { estNeedConns: UINT_MAX });
    expect(answer(low)).toBe(false);
  });
});

describe.each(BOTH)('srv_cleanup_connections (%s)', (rules) => {
  const cleanup = { event: 'srv_cleanup_connections', srv: 'b/srv' } as const;

  it('sends all idle connections of all threads to removal, each to its own thread', () => {
    const s = scene(rules, { config: { nbthread: 2 } })
      .session('s1')
      .connect('t1')
      .connect('t2');
    s.connect('t3').exchange('t4', { thread: 1 }).detach('t1').detach('t2', { thread: 1 });
    s.exchange('t5', later).do(cleanup);
    expect(s.srv()).toMatchObject({ idle: [], safe: [], curr_idle_conns: 3, curr_used_conns: 1 });
    expect(s.w.toremove.map((l) => l.toArray().map((c) => c.id))).toEqual([['c1'], ['c4', 'c2']]);
    expect(s.conn('c1')).toMatchObject({ list: 'toremove', flags: ['SAFE_LIST'] });
    expect(s.calls).toEqual([]);
  });

  it('touches neither available nor listed connections', () => {
    const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(s.do(cleanup).srv().available).toEqual(['c1']);
    const listed = scene(rules, { reuse: 'never' }).session('s1').exchange('t1').do(cleanup);
    expect(listed.conn('c1')).toMatchObject({ listed_in: 's1', flags: ['PRIVATE', 'SESS_IDLE'] });
  });

  it('reads lists that pool-max-conn 0 has not allocated', () => {
    const s = scene(rules, { srv: { 'pool-max-conn': 0 } });
    expect(s.crash(cleanup)).toBe('srv_migrate_conns_to_remove');
  });
});

describe.each(BOTH)('srv_cleanup_toremove_connections (%s)', (rules) => {
  it('destroys, in list order, what is on the list of the running thread', () => {
    const s = scene(rules, { config: { nbthread: 2 } })
      .session('s1')
      .connect('t1')
      .connect('t2');
    s.exchange('t3', { thread: 1 }).detach('t2').detach('t1');
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv' });
    s.do({ event: 'srv_cleanup_toremove_connections' });
    expect(s.calls).toEqual(
      ['c2', 'c1'].flatMap((c) => [`mux_destroy(${c})`, `mux_release(${c})`, `conn_free(${c})`]),
    );
    expect(s.srv()).toMatchObject({ curr_idle_conns: 1, curr_idle_nb: 1, curr_used_conns: 0 });
    expect(s.server().currIdleThr).toEqual([0, 1]);
    s.do({ event: 'srv_cleanup_toremove_connections', thread: 1 });
    expect(s.server().currIdleThr).toEqual([0, 0]);
  });

  it('does nothing when the list is empty', () => {
    const s = scene(rules).do({ event: 'srv_cleanup_toremove_connections' });
    expect(s.calls).toEqual([]);
  });
});

describe('pool-max-conn 0', () => {
  it('leaves a server without idle and safe lists', () => {
    const be: BackendConfig = {};
    const s = scene(POST, { be, srv: { 'pool-max-conn': 0 } });
    expect(s.server()).toMatchObject({ idleConns: null, safeConns: null });
    expect(s.srv()).toMatchObject({ idle: [], safe: [], available: [] });
  });
});
