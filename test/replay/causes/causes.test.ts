import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../src/format/index.ts';
import { read } from '../../minimize/support.ts';
import { connect, detach, free, NEVER, play, SHARED, session } from '../support.ts';

/** `number field <- step` of each divergence; a first cause follows from nothing. */
function told(events: readonly TraceEvent[], config = NEVER): string[] {
  const { steps } = play(events, { config });
  return steps.flatMap(({ number, divergences }) =>
    divergences.map((d) => `${number} ${d.field} <- ${d.follows}`),
  );
}

const expecting = (event: TraceEvent, expectation: object): TraceEvent =>
  ({ ...event, expect: expectation }) as TraceEvent;
const ready: TraceEvent = { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] };

describe('a divergence', () => {
  it('is a first cause when nothing before has to do with it', () => {
    const wrong = expecting(connect('t1', 'c1'), { conn: { c1: { owner: null } } });
    expect(told([session('s1'), wrong])).toEqual(['2 conn.c1.owner <- null']);
  });

  it('does not follow from another of the same step', () => {
    const wrong = { conn: { c1: { owner: null, list: 'idle' } }, ret: 'INTERNAL' };
    const { divergences, result } = play([session('s1'), expecting(connect('t1', 'c1'), wrong)], {
      config: NEVER,
    });
    expect(divergences.map((d) => d.follows)).toEqual([null, null, null]);
    expect(result).toMatchObject({ divergences: 3, followers: 0, divergingSteps: 1 });
  });

  it('hides none of another reason on the same connection', () => {
    const events = [
      session('s1'),
      expecting(connect('t1', 'c1'), { conn: { c1: { owner: null } } }),
      expecting(ready, { conn: { c1: { flags: [] } } }),
      expecting(detach('t1'), { conn: { c1: { list: 'idle' } } }),
    ];
    expect(told(events)).toEqual([
      '2 conn.c1.owner <- null',
      '3 conn.c1.flags <- null',
      '4 conn.c1.list <- null',
    ]);
  });

  it('of calls, a result or promises causes nothing', () => {
    const events = [
      session('s1'),
      expecting(connect('t1', 'c1'), { calls: [], ret: 'RESOURCE', broken: ['no-orphan'] }),
      expecting(ready, { sess: { s1: { prefer_last: true } } }),
      expecting(detach('t1'), { calls: [] }),
    ];
    expect(told(events)).toEqual([
      '2 ret <- null',
      '2 calls <- null',
      '2 broken <- null',
      '3 sess.s1.prefer_last <- null',
      '4 calls <- null',
    ]);
  });

  it('is one, where the trace goes on as the rules do', () => {
    const stated = (owner: string | null) => ({ conn: { c1: { owner } } });
    const events = [
      session('s1'),
      expecting(connect('t1', 'c1'), stated(null)),
      expecting(ready, stated('s1')),
      expecting(detach('t1'), { conn: { c1: { owner: 's1', flags: ['PRIVATE', 'SESS_IDLE'] } } }),
    ];
    expect(told(events)).toEqual(['2 conn.c1.owner <- null']);
  });

  it('is none, where the trace goes on from what it expected', () => {
    const events = [
      session('s1'),
      expecting(connect('t1', 'c1'), { conn: { c1: { owner: null, listed_in: null } } }),
      expecting(ready, { conn: { c1: { owner: null } } }),
      // Without an owner it is freed.
      expecting(detach('t1'), { conn: { c1: null } }),
      expecting(free('s1'), { sess: { s1: null } }),
    ];
    expect(told(events)).toEqual(['2 conn.c1.owner <- null', '2 conn.c1.listed_in <- null']);
  });
});

describe('a trace of several mistakes', () => {
  const FIXTURES = new URL('../../fixtures/causes/', import.meta.url);
  const toldOf = (name: string): unknown[] => {
    const { header, events } = read(readFileSync(new URL(name, FIXTURES), 'utf8'));
    const { steps, result } = play(events, { header, config: header.config ?? {} });
    expect(result.crash).toBeNull();
    return steps.flatMap(({ number, divergences }) =>
      divergences.map((d) => [number, d.field, d.follows, d.decidedBy?.rule ?? null]),
    );
  };

  it('is told of each, with its reason', () => {
    expect(toldOf('four-mistakes.jsonl')).toEqual([
      [1, 'sess.s1.idle_conns', null, 'session.new'],
      [2, 'conn.c1.mux', null, 'connect.mux.http'],
      [3, 'conn.c1.flags', null, null],
      [3, 'srv.b/srv.curr_used_conns', null, null],
    ]);
  });

  it('is told of what comes after wrong calls', () => {
    expect(toldOf('calls-hide-a-surprise.jsonl')).toEqual([
      [2, 'calls', null, 'connect.new.never'],
      [4, 'target', null, 'assign.connecting'],
    ]);
  });
});

describe('what cannot be taken over', () => {
  it('is followed by what its connection has decided: one that does not exist here', () => {
    const failing = { ...connect('t1', 'c1'), fail: ['sockaddr'] } as TraceEvent;
    const events = [
      session('s1'),
      expecting(failing, { ret: 'NONE', conn: { c1: { owner: 's1' } } }),
      expecting(ready, { conn: { c1: { owner: 's1' } } }),
      detach('t1'),
      expecting(connect('t2', 'c2'), { conn: { c2: { owner: null } } }),
    ];
    expect(told(events)).toEqual([
      '2 ret <- null',
      '2 conn.c1 <- null',
      '3 event <- 2',
      '4 event <- 2',
      '5 conn.c2.owner <- null',
    ]);
  });

  it('is followed by what comes of another connection than the one that was chosen', () => {
    const events = [
      session('s1'),
      connect('t1', 'c1'),
      // Here the other stream joins the first one's connection.
      expecting({ ...connect('t2', 'c2') }, { conn: { c2: { owner: 's1' } } }),
      expecting(detach('t2'), { conn: { c2: { list: 'safe' } }, calls: [] }),
      expecting(detach('t1'), { conn: { c1: { owner: null } } }),
    ];
    const lines = told(events, SHARED);
    expect(lines.filter((line) => line.startsWith('3'))).toEqual([
      '3 conn <- null',
      '3 conn.c2 <- null',
    ]);
    expect(lines).toContain('4 conn.c2 <- 3');
  });

  it('is over once the trace states again what is here', () => {
    const events = [
      session('s1'),
      expecting(connect('t1', 'c1'), { conn: { c1: { mux: 'h2' } } }),
      expecting(ready, { conn: { c1: { mux: 'h1' } } }),
      expecting(detach('t1'), { conn: { c1: { list: 'idle' } } }),
    ];
    expect(told(events)).toEqual(['2 conn.c1.mux <- null', '4 conn.c1.list <- null']);
  });

  it('is an event that cannot be: only what works on the same follows', () => {
    const events = [
      session('s1'),
      detach('t1'),
      expecting(connect('t1', 'c1'), { conn: { c1: { owner: null } } }),
      detach('t1'),
      detach('t1'),
    ];
    expect(told(events)).toEqual(['2 event <- null', '3 conn.c1.owner <- null', '5 event <- null']);
  });
});

describe('whatever the trace expects of the same objects later', () => {
  it('is told by a replay that takes nothing over as its own rules have it', () => {
    const events = [
      session('s1'),
      expecting(connect('t1', 'c1'), { conn: { c1: { owner: null } } }),
      expecting(ready, { conn: { c1: { owner: 's1' } } }),
    ];
    expect(play(events, { config: NEVER, takesOver: false }).result.divergences).toBe(1);
    const others = events.with(2, expecting(ready, { conn: { c1: { owner: null } } }));
    expect(play(others, { config: NEVER, takesOver: false }).result.divergences).toBe(2);
    expect(play(others, { config: NEVER }).result.divergences).toBe(1);
  });
});
