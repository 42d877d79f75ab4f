import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { connect, detach, disagreements, free, play, session } from './support.ts';

const crashing: TraceEvent = { ...connect('t1', 'c1'), fail: ['connection'] };
const trace = (last: TraceEvent): TraceEvent[] => [session('s1'), last];

describe('a step that crashes', () => {
  it('agrees when the crash is expected', () => {
    const { result, steps } = play(trace({ ...crashing, expect: { crash: 'connect_server' } }));
    expect(result).toMatchObject({ divergences: 0, crash: 'connect_server' });
    expect(steps[1]?.outcome).toMatchObject({
      kind: 'crash',
      crash: 'connect_server',
      calls: ['conn_new() = NULL'],
      ret: null,
      conn: null,
      impossible: null,
    });
  });

  it('diverges when another function was expected to crash', () => {
    expect(disagreements(trace({ ...crashing, expect: { crash: 'conn_free' } }))).toEqual([
      ['crash', 'conn_free', 'connect_server'],
    ]);
  });

  it.each([{}, { calls: ['conn_new() = NULL'] }, { ret: 'NONE' as const }])(
    'diverges when %o is expected and no crash: the program was to go on',
    (expectation) => {
      expect(disagreements(trace({ ...crashing, expect: expectation }))).toEqual([
        ['crash', null, 'connect_server'],
      ]);
    },
  );

  it('does not diverge when nothing is expected', () => {
    const { result } = play(trace(crashing));
    expect(result).toMatchObject({ divergences: 0, followers: 0, crash: 'connect_server' });
  });

  it('is held against what it did until then', () => {
    const wrong: TraceEvent = { ...crashing, expect: { crash: 'connect_server', calls: [] } };
    expect(disagreements(trace(wrong))).toEqual([['calls', [], ['conn_new() = NULL']]]);
  });
});

describe('a step that does not crash', () => {
  it('diverges when a crash was expected', () => {
    const last: TraceEvent = { ...connect('t1', 'c1'), expect: { crash: 'connect_server' } };
    const { result } = play(trace(last));
    expect(disagreements(trace(last))).toEqual([['crash', 'connect_server', null]]);
    expect(result).toMatchObject({ divergences: 1, crash: null });
  });
});

describe('events after a crash', () => {
  const after: TraceEvent[] = [...trace(crashing), detach('t1'), free('s1')];

  it('are impossible, each of them', () => {
    const { steps, result } = play(after);
    const outcomes = steps.map((s) => s.outcome.kind);
    expect(outcomes).toEqual(['done', 'crash', 'impossible', 'impossible']);
    expect(steps[2]?.outcome.impossible).toMatch(/crashed in connect_server at step 2/);
    expect(steps[2]?.outcome.calls).toEqual([]);
    expect(steps[3]?.divergences[0]).toMatchObject({ kind: 'impossible', decidedBy: null });
    expect(result).toMatchObject({ steps: 4, divergingSteps: 2, crash: 'connect_server' });
  });

  it('are one first cause and its followers', () => {
    const { divergences, result } = play(after);
    expect(divergences.map((d) => d.follows)).toEqual([null, 3]);
    expect(result).toMatchObject({ divergences: 1, followers: 1 });
  });

  it('follow from the crash when that diverged', () => {
    const [first, crash, ...rest] = after;
    if (!first || !crash) throw new Error('the trace has both');
    const { divergences } = play([first, { ...crash, expect: {} } as TraceEvent, ...rest]);
    expect(divergences.map((d) => d.follows)).toEqual([null, 2, 2]);
  });

  it('change nothing and touch nothing', () => {
    const { steps } = play(after, { record: 'state' });
    expect(steps[2]?.changes).toEqual([]);
    expect(steps[3]?.state).toEqual(steps[1]?.state);
  });
});
