import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sized } from '../size.ts';
import { BOTH, POST, type Scene, scene } from './support.ts';

const UINT_MAX = 4294967295;

/** A server with so many idle connections per thread, and these counters. */
function server(
  rules: string,
  idle: readonly number[],
  counters: { used: number; max: number; need: number },
): Scene {
  const s = scene(rules, { config: { nbthread: idle.length } }).session('s1');
  const all = idle.flatMap((n, thread) => Array.from({ length: n }, () => thread));
  for (const [i, thread] of all.entries()) s.connect(`t${i + 1}`, { thread });
  for (const [i, thread] of all.entries()) {
    s.server().estNeedConns = 1000;
    s.detach(`t${i + 1}`, { thread });
  }
  const { used, max, need } = counters;
  Object.assign(s.server(), { currUsedConns: used, maxUsedConns: max, estNeedConns: need });
  return s;
}

/** A pass, which comes as the server is due: what this is about is what the pass takes. */
function purge(s: Scene, thread = 0) {
  s.server().purgeDue = true;
  s.do({ event: 'srv_cleanup_idle_connections', srv: 'b/srv', thread });
  const { curr_used_conns, max_used_conns, est_need_conns } = s.srv();
  return {
    removed: s.w.toremove.map((l) => l.length),
    used: curr_used_conns,
    max: max_used_conns,
    need: est_need_conns,
  };
}

/** The text of the purge, in C's integers, written a second time. */
function inC(
  idle: readonly number[],
  { used, max, need }: { used: number; max: number; need: number },
) {
  const u32 = (n: bigint) => BigInt.asUintN(32, n);
  const i32 = (n: bigint) => BigInt.asIntN(32, n);
  const total = idle.reduce((a, b) => a + b, 0);
  if (total === 0) return { removed: idle.map(() => 0), used, max, need };
  const over = i32(BigInt(used) + BigInt(total) - BigInt(max > need ? max : need));
  const exceed = i32(over / 2n + (over & 1n));
  const halved = u32(BigInt(need) + BigInt(max) + 1n) / 2n;
  const newNeed = halved < BigInt(max) ? BigInt(max) : halved;
  const removed = idle.map((n) => {
    if (exceed <= 0n) return 0;
    const quota = Number(u32(u32(exceed * BigInt(n)) / BigInt(total)) + 1n);
    return Math.min(n, quota);
  });
  return { removed, used, max: used, need: Number(newNeed) };
}

describe.each(BOTH)('srv_cleanup_idle_connections (%s)', (rules) => {
  it('reckons nothing when nothing is idle', () => {
    const s = server(rules, [0], { used: 3, max: 7, need: 9 });
    expect(purge(s)).toEqual({ removed: [0], used: 3, max: 7, need: 9 });
  });

  it.each([
    // idle, used, max, need: what exceeds the need; half of it, rounded up, plus one
    [4, 0, 0, 0, 3],
    [5, 0, 0, 0, 4],
    [4, 0, 3, 0, 2],
    [4, 0, 4, 0, 0],
    [4, 0, 0, 4, 0],
    [4, 0, 0, 3, 2],
    [4, 2, 6, 0, 0],
    [4, 2, 5, 0, 2],
    [1, 0, 0, 0, 1],
  ])('of %i idle, with used %i, maximum %i, need %i: removes %i', (idle, used, max, need, gone) => {
    expect(purge(server(rules, [idle], { used, max, need })).removed).toEqual([gone]);
  });

  it('halves a negative excess as C does: minus one becomes one, which removes two', () => {
    // (-1)/2 is 0 and (-1)&1 is 1 in C: one more is reckoned to exceed than there is.
    expect(purge(server(rules, [3], { used: 0, max: 4, need: 0 })).removed).toEqual([2]);
    // (-3)/2 is -1, and 1: nothing.
    expect(purge(server(rules, [3], { used: 0, max: 6, need: 0 })).removed).toEqual([0]);
    // (-2)/2 is -1, and 0.
    expect(purge(server(rules, [3], { used: 0, max: 5, need: 0 })).removed).toEqual([0]);
  });

  it('halves the need towards the maximum, rounding up, but not below it', () => {
    expect(purge(server(rules, [1], { used: 0, max: 4, need: 9 }))).toMatchObject({
      need: 7,
      max: 0,
    });
    expect(purge(server(rules, [1], { used: 2, max: 8, need: 3 }))).toMatchObject({
      need: 8,
      max: 2,
    });
  });

  it('adds need and maximum in 32 bits before it halves', () => {
    const s = server(rules, [1], { used: 0, max: 1, need: UINT_MAX });
    expect(purge(s)).toMatchObject({ need: 1, max: 0 });
  });

  it('takes the oldest idle connections first, then the oldest safe ones', () => {
    const s = server(rules, [3], { used: 0, max: 0, need: 1000 });
    s.exchange('t9', { not_first: true }).exchange('t8', { not_first: true });
    expect(s.srv()).toMatchObject({ idle: ['c3'], safe: ['c1', 'c2'] });
    Object.assign(s.server(), { currUsedConns: 0, maxUsedConns: 0, estNeedConns: 1 });
    purge(s);
    expect(s.w.toremove[0]?.toArray().map((c) => c.id)).toEqual(['c3', 'c1']);
    expect(s.srv()).toMatchObject({ idle: [], safe: ['c2'], curr_idle_conns: 3 });
  });

  it('removes on each thread by its share, to the removal list of that thread', () => {
    const s = server(rules, [6, 2, 0], { used: 0, max: 0, need: 0 });
    expect(purge(s, 1).removed).toEqual([4, 2, 0]);
    expect(s.conn('c7')).toMatchObject({ list: 'toremove', flags: ['IDLE_LIST'] });
    expect(s.server().currIdleThr).toEqual([6, 2, 0]);
  });

  it('calls nothing that counts: connections die later', () => {
    const s = server(rules, [4], { used: 0, max: 0, need: 0 });
    purge(s);
    expect(s.calls).toEqual([]);
    expect(s.w.connections.size).toBe(4);
  });

  it('counts what waits for removal as idle the next time', () => {
    const s = server(rules, [4], { used: 0, max: 0, need: 0 });
    expect(purge(s).removed).toEqual([3]);
    expect(purge(s).removed).toEqual([4]);
  });
});

describe('srv_cleanup_idle_connections against a second implementation', () => {
  const small = fc.nat({ max: 8 });
  const counter = fc.oneof(
    small,
    fc.integer({ min: UINT_MAX - 4, max: UINT_MAX }),
    fc.constant(2 ** 31),
  );

  it('agrees on every counter and every thread', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 }),
        fc.record({ used: counter, max: counter, need: counter }),
        (idle, counters) => {
          expect(purge(server(POST, idle, counters))).toEqual(inC(idle, counters));
        },
      ),
      { seed: 20200715, numRuns: sized(200) },
    );
  });
});
