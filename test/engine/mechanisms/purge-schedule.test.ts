import { describe, expect, it } from 'vitest';
import { BOTH, POST, type Scene, scene } from '../support.ts';

/** The release, under which a server stays in the tree for longer. */
const R230 = '2.3.0';

const PASS = { event: 'srv_cleanup_idle_connections', srv: 'b/srv' } as const;

/** A server with three idle connections, pooled at 100 ms, 200 ms and 300 ms. */
function pooled(rules: string, srv: object = {}): Scene {
  const s = scene(rules, { srv }).session('s1');
  for (const strm of ['t1', 't2', 't3']) s.connect(strm, { at: 0 });
  return s.detach('t1', { at: 100 }).detach('t2', { at: 200 }).detach('t3', { at: 300 });
}

/** As if fewer connections were needed than there are. */
function unneeded(s: Scene): Scene {
  Object.assign(s.server(), { maxUsedConns: 0, estNeedConns: 2 });
  return s;
}

describe.each([...BOTH, R230])('the purge tree (%s)', (rules) => {
  it('is joined with the first connection that is pooled, and not again', () => {
    const s = scene(rules).session('s1').connect('t1', { at: 0 }).connect('t2', { at: 0 });
    expect(s.srv().purge_due).toBe(null);
    s.detach('t1', { at: 100 });
    expect(s.srv().purge_due).toBe(5100);
    expect(s.decisions).toContain('pool.add.scheduled');
    s.detach('t2', { at: 200 });
    expect(s.srv().purge_due).toBe(5100);
    expect(s.decisions).not.toContain('pool.add.scheduled');
  });

  it('keeps the delay of the server', () => {
    expect(pooled(rules, { 'pool-purge-delay': 7 }).srv().purge_due).toBe(107);
  });

  it('is not joined with a connection that is refused', () => {
    const s = scene(rules, { srv: { 'pool-max-conn': 0 } })
      .session('s1')
      .exchange('t1');
    expect(s.srv().purge_due).toBe(null);
  });

  it('has a server whose time nobody knows, where the event tells none', () => {
    const s = scene(rules).session('s1').exchange('t1');
    expect(s.srv().purge_due).toBe(true);
    expect(s.do({ ...PASS, at: 1 }).srv()).toMatchObject({ max_used_conns: 0 });
  });

  it('knows a time again once a pass tells it', () => {
    const s = scene(R230)
      .session('s1')
      .exchange('t1')
      .do({ ...PASS, at: 50 });
    expect(s.srv().purge_due).toBe(5050);
    s.do(PASS);
    expect(s.srv().purge_due).toBe(true);
  });

  it('is left by a server that has nothing idle', () => {
    const s = scene(rules).session('s1').exchange('t1').release('c1').do(PASS);
    expect(s.srv().purge_due).toBe(null);
    expect(s.decisions).toEqual(['purge.nothing-idle', 'purge.leaves']);
  });

  it('gets no pass over a server that never pooled a connection', () => {
    const s = scene(rules).session('s1').connect('t1');
    expect(s.refusal(PASS)).toBe(
      'b/srv is not in the purge tree, so no pass comes over it: no connection was ever pooled there; the first one puts it into the tree',
    );
    expect(s.outcome).toMatchObject({ kind: 'impossible', isFault: true });
  });

  it('gets no pass over a server that has left it, until a connection is pooled', () => {
    const s = scene(rules).session('s1').exchange('t1').release('c1').do(PASS);
    const left = s.w.clock;
    expect(s.refusal(PASS)).toContain(`it left the tree at step ${left};`);
    s.exchange('t2').do(PASS);
  });

  it('gets no pass before its time, but for a millisecond', () => {
    expect(pooled(rules).refusal({ ...PASS, at: 5098.9 })).toBe(
      'the pass over b/srv comes at 5098.9, and is due at 5100 only: pool-purge-delay (5000 ms) after the server joined the purge tree',
    );
    expect(
      pooled(rules)
        .do({ ...PASS, at: 5099 })
        .srv().max_used_conns,
    ).toBe(0);
    expect(pooled(rules).do(PASS).srv().max_used_conns).toBe(0);
  });

  it('is untouched by maintenance and by the removal', () => {
    const s = pooled(rules).do({ event: 'srv_cleanup_connections', srv: 'b/srv', at: 400 });
    s.do({ event: 'srv_cleanup_toremove_connections', at: 400 });
    expect(s.srv()).toMatchObject({ curr_idle_conns: 0, purge_due: 5100 });
  });
});

describe.each(BOTH)('after a pass (%s)', (rules) => {
  it('a server of which nothing had to go is out of the tree', () => {
    const s = pooled(rules).do({ ...PASS, at: 5100 });
    expect(s.srv()).toMatchObject({ idle: ['c1', 'c2', 'c3'], purge_due: null });
    expect(s.decisions).toEqual(['purge.needed', 'purge.leaves']);
  });

  it('it is back when a thread has lost some and had more than its share', () => {
    const s = unneeded(pooled(rules)).do({ ...PASS, at: 5200 });
    expect(s.srv()).toMatchObject({ idle: ['c3'], purge_due: 10200 });
    expect(s.decisions.at(-1)).toBe('purge.stays');
  });

  it('it is out when the share was all that the thread had', () => {
    const s = pooled(rules);
    Object.assign(s.server(), { maxUsedConns: 0, estNeedConns: 0 });
    s.do({ ...PASS, at: 5100 });
    expect(s.srv()).toMatchObject({ idle: [], purge_due: null });
    expect(s.decisions.at(-1)).toBe('purge.leaves');
  });

  it('a thread that lost nothing does not keep it there', () => {
    const s = pooled(rules);
    // All wait for their removal, and are counted still.
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv', at: 400 });
    unneeded(s).do({ ...PASS, at: 5100 });
    expect(s.srv()).toMatchObject({ curr_idle_conns: 3, purge_due: null });
  });

  it('one thread of several is enough', () => {
    const s = scene(rules, { config: { nbthread: 2 } }).session('s1');
    for (const strm of ['t1', 't2', 't3']) s.connect(strm);
    s.connect('t4', { thread: 1 });
    for (const strm of ['t1', 't2', 't3']) s.detach(strm);
    s.detach('t4', { thread: 1 });
    Object.assign(s.server(), { maxUsedConns: 0, estNeedConns: 3 });
    s.do({ ...PASS, thread: 1 });
    expect(s.w.toremove.map(({ length }) => length)).toEqual([1, 1]);
    expect(s.srv().purge_due).toBe(true);
  });
});

describe('after a pass (2.3.0)', () => {
  it('a server is back in the tree for as long as it has idle connections', () => {
    const s = pooled(R230).do({ ...PASS, at: 5100 });
    expect(s.decisions).toEqual(['purge.needed.again', 'purge.stays.idle']);
    expect(s.srv().purge_due).toBe(10100);
    s.release('c1').release('c2').release('c3');
    s.do({ ...PASS, at: 10100 });
    expect(s.srv().purge_due).toBe(null);
  });

  it('also for those that wait for their removal', () => {
    const s = pooled(R230);
    s.do({ event: 'srv_cleanup_connections', srv: 'b/srv', at: 400 }).do({ ...PASS, at: 5100 });
    expect(s.srv()).toMatchObject({ idle: [], curr_idle_conns: 3, purge_due: 10100 });
  });
});

it('where times are told only now and then, nothing is held against a pass', () => {
  const s = scene(POST)
    .session('s1')
    .connect('t1', { at: 5000 })
    .detach('t1')
    .do({ ...PASS, at: 5001 });
  expect(s.srv().purge_due).toBe(null);
});
