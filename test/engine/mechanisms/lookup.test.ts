import { describe, expect, it } from 'vitest';
import { REUSE_NEVR } from '../../../src/engine/objects/server-t.ts';
import { BOTH, connecting, type Scene, scene } from '../support.ts';

const UINT_MAX = 4294967295;
const later = { not_first: true } as const;

describe.each(BOTH)('connect_server: the session’s own connections (%s)', (rules) => {
  /** What s1 has of a server, whose pool is not asked. */
  function found(s: Scene, srv?: string): string | null {
    const wanted = { sess: s.theSession('s1'), target: s.server(srv), key: 0, notFirst: false };
    return s.w.rules.lookup.find(s.w, { ...wanted, mode: REUSE_NEVR }).conn?.id ?? null;
  }

  it('come in order of insertion', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').connect('t2');
    s.detach('t2').detach('t1');
    // In use they are listed already at 08016ab82; before it, the first to become idle is first.
    expect(found(s)).toBe(rules === '08016ab82' ? 'c1' : 'c2');
  });

  it('are passed over without a free stream', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').connect('t2');
    s.detach('t1').detach('t2');
    s.connect('t3');
    expect(found(s)).toBe('c2');
    s.connect('t4');
    expect(found(s)).toBeNull();
    expect(s.connect('t5').decisions).toContain('connect.session.none-usable');
  });

  it('are passed over when the transport is gone', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').connect('t2');
    s.detach('t1')
      .detach('t2')
      .update('c1', { clear: ['XPRT_READY'] });
    expect(found(s)).toBe('c2');
  });

  it.each([['WAIT_XPRT'], ['ERROR'], ['SOCK_RD_SH'], ['SOCK_WR_SH']] as const)(
    'are taken although %s is set',
    (flag) => {
      const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
      expect(found(s.update('c1', { set: [flag] }))).toBe('c1');
    },
  );

  it('serve their own target only', () => {
    const config = { servers: { 'b/two': {} } };
    const s = scene(rules, { reuse: 'never', config }).session('s1').exchange('t1');
    expect(found(s, 'b/two')).toBeNull();
    expect(s.connect('t2', { target: 'b/two' }).returned.conn).toBe('c2');
  });

  it('serve before the pool, whatever the reuse mode', () => {
    const s = scene(rules, { reuse: 'always' }).session('s1', 's2').connect('t1').connect('t2');
    s.ntlm('t2').detach('t1').detach('t2');
    expect(s.srv().idle).toEqual(['c1']);
    expect(s.connect('t3').returned).toMatchObject({ reused: true, conn: 'c2' });
    expect(s.connect('t4', { sess: 's2' }).returned).toMatchObject({ reused: true, conn: 'c1' });
  });

  it('do not serve another session', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1', 's2').exchange('t1');
    expect(s.connect('t2', { sess: 's2' }).returned).toMatchObject({ reused: false, conn: 'c2' });
  });
});

describe.each(BOTH)('conn_backend_get on the own thread (%s)', (rules) => {
  it('takes the head: the connection that is idle for longest', () => {
    const s = scene(rules).session('s1').connect('t1').connect('t2').detach('t2').detach('t1');
    expect(s.srv().idle).toEqual(['c2', 'c1']);
    s.connect('t3', later);
    expect(s.returned.conn).toBe('c2');
    expect(s.connect('t4', later).returned.conn).toBe('c1');
  });

  it('falls back from idle to safe by itself, and counts the safe list off', () => {
    const s = scene(rules).session('s1').exchange('t1').exchange('t2', later).connect('t3', later);
    expect(s.calls).toEqual(['conn_backend_get(b/srv, 0) = c1']);
    expect(s.srv()).toMatchObject({ safe: [], curr_idle_nb: 0, curr_safe_nb: 0 });
    expect(s.server().currIdleThr).toEqual([0]);
  });

  it('does not fall back from safe to idle', () => {
    const s = scene(rules, { reuse: 'always' }).session('s1').exchange('t1');
    // No safe connection is there, although the server counts one: on another list.
    s.server().currSafeNb = 1;
    s.connect('t2');
    expect(s.calls.slice(0, 2)).toEqual(['conn_backend_get(b/srv, 1) = NULL', 'conn_new() = c2']);
    expect(s.srv()).toMatchObject({ idle: ['c1'], curr_used_conns: 1 });
  });

  it('lets the counters wrap at 32 bits', () => {
    const s = scene(rules).session('s1').exchange('t1');
    s.server().currIdleNb = 0;
    s.server().currSafeNb = 1;
    s.server().currIdleThr[0] = 0;
    s.connect('t2', later);
    expect(s.srv()).toMatchObject({ curr_idle_conns: 0, curr_idle_nb: UINT_MAX });
    expect(s.server().currIdleThr).toEqual([UINT_MAX]);
  });

  it('appends to the available list, where an H2 connection stays with room', () => {
    const s = scene(rules, { srv: { proto: 'h2' } })
      .session('s1')
      .exchange('t1');
    s.connect('t2', later);
    expect(s.conn('c1')).toMatchObject({ list: 'available', flags: [], avail_streams: 99 });
    expect(s.connect('t3').returned).toMatchObject({ reused: true, conn: 'c1' });
  });
});

describe.each(BOTH)('conn_backend_get from other threads (%s)', (rules) => {
  const config = { nbthread: 2 };

  function idleOnThread1(setting: Parameters<typeof scene>[1] = {}): Scene {
    const s = scene(rules, { ...setting, config: { ...config, ...setting.config } }).session('s1');
    return s.exchange('t1', { thread: 1 });
  }

  it('takes over, and moves the connection to the available list of the running thread', () => {
    const s = idleOnThread1({ srv: { proto: 'h2' } }).connect('t2', later);
    expect(s.returned).toMatchObject({ reused: true, conn: 'c1' });
    expect(s.decisions).toContain('backend-get.takeover');
    expect(s.server().availableConns.map((l) => l.length)).toEqual([1, 0]);
    expect(s.server().currIdleThr).toEqual([0, 0]);
    expect(s.server().nextTakeover).toBe(0);
  });

  it('does not visit the thread next_takeover', () => {
    const s = idleOnThread1();
    s.server().nextTakeover = 1;
    s.connect('t2', later);
    expect(s.calls[0]).toBe('conn_backend_get(b/srv, 0) = NULL');
    expect(s.decisions).toContain('backend-get.none');
    expect(s.srv()).toMatchObject({ idle: ['c1'], curr_idle_conns: 1 });
  });

  it('visits nobody with one thread', () => {
    const s = scene(rules).session('s1').exchange('t1').exchange('t2', later);
    s.w.listDel(s.connection('c1'));
    s.connect('t3', later);
    expect(s.calls[0]).toBe('conn_backend_get(b/srv, 0) = NULL');
    expect(s.decisions).toContain('backend-get.none');
  });

  it('does nothing when threads do not share their pools', () => {
    const s = idleOnThread1({ config: { 'tune.idle-pool.shared': false } }).connect('t2', later);
    expect(s.returned).toMatchObject({ reused: false });
    expect(s.decisions).toContain('backend-get.not-shared');
  });

  it.each([
    [9, 2, 'backend-get.spare'],
    [10, 2, 'backend-get.takeover'],
    [9, 1, 'backend-get.takeover'],
  ])('spares the others with %i descriptors in use and pool-low-conn %i: %s', (fds, low, rule) => {
    const s = idleOnThread1({ srv: { 'pool-low-conn': low }, config: { 'pool-low-count': 10 } });
    expect(s.connect('t2', { ...later, used_fds: fds }).decisions).toContain(rule);
  });

  it('passes over threads that count no idle connection', () => {
    const s = idleOnThread1();
    s.server().currIdleThr[1] = 0;
    expect(s.connect('t2', later).decisions).toContain('backend-get.none');
  });

  it('goes round the threads, from the one after next_takeover', () => {
    const s = scene(rules, { config: { nbthread: 4 } }).session('s1');
    for (const thread of [1, 2, 3]) s.connect(`t${thread}`, { thread });
    for (const thread of [1, 2, 3]) s.detach(`t${thread}`, { thread });
    const order = ['t4', 't5', 't6'].map((t) => {
      const conn = s.connect(t, later).returned.conn;
      return `${conn} ${s.server().nextTakeover}`;
    });
    // 0: 1, 2, 3. Then from 2: 3, 0, 1. Then from 0: 1, 2, 3 again.
    expect(order).toEqual(['c1 2', 'c3 0', 'c2 3']);
  });

  it('takes from the safe list of a thread before it goes to the next one', () => {
    const s = scene(rules, { config: { nbthread: 3 } })
      .session('s1')
      .connect('t3', { thread: 2 });
    s.exchange('t1', { thread: 1 }).exchange('t2', { thread: 1, ...later });
    s.detach('t3', { thread: 2 });
    s.server().nextTakeover = 0;
    expect(s.srv()).toMatchObject({ safe: ['c1'], idle: ['c3'] });
    s.connect('t4', later);
    expect(s.returned.conn).toBe('c1');
    expect(s.srv()).toMatchObject({ curr_safe_nb: 0, curr_idle_nb: 1 });
  });

  it('has no takeover for PT', () => {
    const s = idleOnThread1();
    const pt = scene(rules, { be: { mode: 'tcp' } })
      .session('s1')
      .connect('t1');
    s.connection('c1').ctx = pt.connection('c1').ctx;
    expect(s.connect('t2', later).decisions).toContain('backend-get.none');
  });

  it('spins in conn_free when a takeover runs out of memory', () => {
    const s = idleOnThread1();
    expect(s.crash(connecting('t2', { ...later, fail: ['takeover'] }))).toBe('conn_free');
    expect(s.calls).toEqual(['conn_backend_get(b/srv, 0)', 'mux_release(c1)', 'conn_free(c1)']);
    expect(s.server().currIdleThr).toEqual([UINT_MAX, 1]);
  });
});

describe.each(BOTH)('connect_server under pressure of file descriptors (%s)', (rules) => {
  const config = { nbthread: 2, 'pool-high-count': 10 };

  it.each([
    [10, false],
    [11, true],
  ])('with %i of 10 in use an idle connection dies: %s', (fds, dies) => {
    const s = scene(rules, { config }).session('s1').exchange('t1');
    s.connect('t2', { used_fds: fds });
    expect(s.conn('c1') === null).toBe(dies);
    expect(s.srv()).toMatchObject({ curr_idle_conns: dies ? 0 : 1, curr_used_conns: 1 });
    if (dies) {
      expect(s.calls).toEqual([
        'mux_destroy(c1)',
        'mux_release(c1)',
        'conn_free(c1)',
        'conn_new() = c2',
      ]);
    }
  });

  it('takes the head of the own idle list, and not of the own safe list', () => {
    const s = scene(rules, { config }).session('s1').connect('t1').exchange('t2').detach('t1');
    s.connect('t3', { used_fds: 11 });
    expect(s.srv().idle).toEqual(['c1']);
    const safe = scene(rules, { config }).session('s1').exchange('t1').exchange('t2', later);
    safe.connect('t3', { used_fds: 11 });
    expect(safe.srv().safe).toEqual(['c1']);
    expect(safe.decisions).toContain('connect.pressure.none');
  });

  it.each([
    ['idle', {}],
    ['safe', later],
  ] as const)('else sends the head of another thread’s %s list to its removal', (list, second) => {
    const s = scene(rules, { config }).session('s1').exchange('t1', { thread: 1 });
    if (list === 'safe') s.exchange('t2', { ...second, thread: 1 });
    expect(s.srv()[list]).toEqual(['c1']);
    s.connect('t3', { used_fds: 11 });
    expect(s.conn('c1')).toMatchObject({ list: 'toremove', flags: [`${list.toUpperCase()}_LIST`] });
    expect(s.srv()).toMatchObject({ curr_idle_conns: 1 });
    expect(s.w.toremove.map((l) => l.length)).toEqual([0, 1]);
  });

  it('costs a connection also when one was found for reuse', () => {
    const s = scene(rules, { config }).session('s1').connect('t1').connect('t2');
    s.detach('t1')
      .detach('t2')
      .connect('t3', { ...later, used_fds: 11 });
    expect(s.returned).toMatchObject({ reused: true, conn: 'c1' });
    expect(s.conn('c2')).toBeNull();
  });

  it('costs nothing where there is no pool', () => {
    const s = scene(rules, { config, srv: { 'pool-max-conn': 0 } }).session('s1');
    expect(s.connect('t1', { used_fds: 11 }).calls[0]).toBe('conn_new() = c1');
    const bare = scene(rules, { config: { ...config, backends: { d: {} } } }).session('s1');
    expect(bare.connect('t1', { target: 'd', used_fds: 11 }).returned.ret).toBe('NONE');
  });
});
