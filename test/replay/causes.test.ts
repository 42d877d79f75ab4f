import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { Causes, causeKey } from '../../src/replay/causes.ts';
import { connect, detach, free, NEVER, play, SHARED, session } from './support.ts';

/** `field <- step` of each divergence; a first cause follows from nothing. */
function told(events: readonly TraceEvent[], config = NEVER): string[] {
  const { divergences } = play(events, { config });
  return divergences.map((d) => `${d.field} <- ${d.follows}`);
}

const wrongOwner = { conn: { c1: { owner: 'nobody' } } };
const wrongList = { conn: { c1: { list: 'idle' as const } } };

describe('a divergence', () => {
  it('is a first cause when nothing before has to do with it', () => {
    expect(told([session('s1'), { ...connect('t1', 'c1'), expect: wrongOwner }])).toEqual([
      'conn.c1.owner <- null',
    ]);
  });

  it('does not follow from another of the same step', () => {
    const expectation = {
      conn: { c1: { owner: 'nobody', list: 'idle' as const } },
      ret: 'INTERNAL' as const,
    };
    const { divergences, result } = play(
      [session('s1'), { ...connect('t1', 'c1'), expect: expectation }],
      { config: NEVER },
    );
    expect(divergences.map((d) => d.follows)).toEqual([null, null, null]);
    expect(result).toMatchObject({ divergences: 3, followers: 0, divergingSteps: 1 });
  });

  it('follows from an earlier one on the same connection', () => {
    const events: TraceEvent[] = [
      session('s1'),
      { ...connect('t1', 'c1'), expect: wrongOwner },
      { ...detach('t1'), expect: wrongList },
    ];
    expect(told(events)).toEqual(['conn.c1.owner <- null', 'conn.c1.list <- 2']);
  });

  it('follows from the first of several', () => {
    const events: TraceEvent[] = [
      session('s1'),
      { ...connect('t1', 'c1'), expect: wrongOwner },
      { ...detach('t1'), expect: wrongList },
      { ...connect('t2', 'c1'), expect: wrongOwner },
      { ...free('s1'), expect: { sess: { s1: { idle_conns: 3 } } } },
    ];
    expect(told(events).slice(1)).toEqual([
      'conn.c1.list <- 2',
      'conn.c1.owner <- 2',
      'event <- 2',
    ]);
  });

  it('spreads over the session and the stream that its step is about', () => {
    const events: TraceEvent[] = [
      session('s1'),
      { ...connect('t1', 'c1'), expect: { ret: 'INTERNAL' } },
      { ...connect('t2', 'c2'), expect: wrongOwner },
      { ...session('s2'), expect: { sess: { s2: { idle_conns: 1 } } } },
    ];
    // c1 is not what the second is about, but the session is; the third has nothing of either.
    const config = { ...NEVER, backends: { b: {} } };
    expect(told(events, config).slice(0, 1)).toEqual(['ret <- null']);
    expect(told(events, config).at(-1)).toBe('sess.s2.idle_conns <- null');
    expect(told(events, config)[1]).toBe('conn.c1.owner <- 2');
  });

  it('does not spread over everything that shares the server', () => {
    const events: TraceEvent[] = [
      session('s1'),
      session('s2'),
      { ...connect('t1', 'c1'), expect: wrongOwner },
      { ...connect('t2', 'c2', 's2'), expect: { conn: { c2: { owner: 'nobody' } } } },
    ];
    expect(told(events)).toEqual(['conn.c1.owner <- null', 'conn.c2.owner <- null']);
  });

  it('spreads over the server that it is about itself', () => {
    const counted = (n: number) => ({ srv: { 'b/srv': { curr_used_conns: n } } });
    const events: TraceEvent[] = [
      session('s1'),
      session('s2'),
      { ...connect('t1', 'c1'), expect: counted(7) },
      { ...connect('t2', 'c2', 's2'), expect: counted(8) },
    ];
    expect(told(events)).toEqual([
      'srv.b/srv.curr_used_conns <- null',
      'srv.b/srv.curr_used_conns <- 3',
    ]);
  });

  it('spreads to what a later step touches along with it', () => {
    const events: TraceEvent[] = [
      session('s1'),
      session('s2'),
      { ...connect('t1', 'c1'), expect: wrongOwner },
      { ...connect('t2', 'c1', 's2'), expect: { reused: false } },
      { ...detach('t2'), expect: { conn: { c1: { used_streams: 9 } } } },
    ];
    expect(told(events, SHARED)).toEqual([
      'conn.c1.owner <- null',
      'reused <- 3',
      'conn.c1.used_streams <- 3',
    ]);
  });

  it('that is impossible counts like any other', () => {
    const events: TraceEvent[] = [
      session('s1'),
      detach('t1'),
      { ...connect('t1', 'c1'), expect: wrongOwner },
    ];
    expect(told(events)).toEqual(['event <- null', 'conn.c1.owner <- 2']);
  });
});

describe('Causes', () => {
  it('keeps the first step of each object', () => {
    const causes = new Causes();
    expect([causes.any, causes.of(['conn c1'])]).toEqual([false, null]);
    causes.spread('conn c1', 4);
    causes.spread('conn c1', 2);
    causes.spread('sess s1', 3);
    expect(causes.any).toBe(true);
    expect(causes.of(['conn c1'])).toBe(4);
    expect(causes.of(['conn c1', 'sess s1', 'conn c2'])).toBe(3);
    expect(causes.of(['conn c2'])).toBeNull();
    expect(causes.of([])).toBeNull();
  });

  it('tells objects of different kinds apart', () => {
    const causes = new Causes();
    causes.spread(causeKey({ kind: 'sess', id: 'x' }), 1);
    expect(causes.of([causeKey({ kind: 'strm', id: 'x' })])).toBeNull();
    expect(causes.of([causeKey({ kind: 'sess', id: 'x' })])).toBe(1);
  });
});
