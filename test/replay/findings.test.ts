import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvariantName, TraceEvent } from '../../src/format/index.ts';
import { anyCommands, Walk } from '../engine/random.ts';
import { anySetting } from '../engine/random-setting.ts';
import { sized } from '../size.ts';
import {
  connect,
  detach,
  disagreements,
  free,
  type Playing,
  PRE,
  play,
  SHARED,
  session,
} from './support.ts';

/** An H2 connection that is pooled with its owner, whose end it survives. */
const DANGLING: readonly TraceEvent[] = [
  session('s1'),
  connect('t1', 'c1'),
  detach('t1'),
  free('s1'),
];

/** The same, with what the trace says that its last two steps break. */
function stating(pooled: InvariantName[], freed: InvariantName[]): TraceEvent[] {
  return [
    session('s1'),
    connect('t1', 'c1'),
    { ...detach('t1'), expect: { broken: pooled } },
    { ...free('s1'), expect: { broken: freed } },
  ];
}

const how: Playing = { config: SHARED };

/** Findings of all steps: `step name subject stated`. */
function found(events: readonly TraceEvent[], more: Playing = {}): string[] {
  return play(events, { ...how, ...more }).steps.flatMap(({ number, findings }) =>
    findings.map((f) => `${number} ${f.invariant} ${f.subject.id}${f.stated ? ' stated' : ''}`),
  );
}

describe('findings', () => {
  it('stand under the step that broke an invariant, and are counted', () => {
    expect(found(DANGLING)).toEqual(['3 pooled-has-no-owner c1', '4 owner-is-live c1']);
    const { result, steps } = play(DANGLING, how);
    expect(result).toMatchObject({ divergences: 0, findings: 2, unstatedFindings: 2 });
    expect(steps[3]?.findings).toEqual([
      {
        invariant: 'owner-is-live',
        severity: 'broken',
        subject: { kind: 'conn', id: 'c1' },
        says: 'c1 points to s1, which has ended',
        source: 'V6, V18; B8',
        stated: false,
      },
    ]);
    expect(steps.map((step) => step.outcome.broken)).toEqual([
      [],
      [],
      ['pooled-has-no-owner'],
      ['owner-is-live'],
    ]);
  });

  it('name what their step touches, so that it is shown for the object', () => {
    expect(play(DANGLING, how).steps[3]?.touches).toContain('c1');
  });

  it('are told apart from what the trace states', () => {
    const events = stating(['pooled-has-no-owner'], ['owner-is-live']);
    const stated = ['3 pooled-has-no-owner c1 stated', '4 owner-is-live c1 stated'];
    expect(found(events)).toEqual(stated);
    expect(play(events, how).result).toMatchObject({ findings: 2, unstatedFindings: 0 });
  });

  it('are not looked for after a crash, nor in a step that is impossible', () => {
    const fail = { ...connect('t1', 'c1'), fail: ['connection' as const] };
    const { steps } = play([session('s1'), fail, free('s9')], how);
    expect(steps.map(({ outcome }) => outcome.kind)).toEqual(['done', 'crash', 'impossible']);
    const { findings } = steps[1] ?? expect.fail();
    expect(findings.map(({ invariant }) => invariant)).toEqual(['no-crash']);
    expect(steps[2]?.findings).toEqual([]);
  });
});

describe('where nothing is recorded', () => {
  const quiet: Playing = { ...how, record: 'nothing' };

  it('steps with findings are counted and not told', () => {
    const { steps, result } = play(DANGLING, quiet);
    expect(steps).toEqual([]);
    expect(result.findings).toBe(2);
  });

  it('they are counted as where every step is told', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, fc.array(fc.boolean()), (setting, commands, states) => {
        const walk = new Walk(setting);
        for (const command of commands) walk.take(command);
        const { config, rules } = setting;
        const broken = play(walk.events, { config, rules }).steps.map((s) => s.outcome.broken);
        const events = walk.events.map((event, at): TraceEvent => {
          return states[at] ? { ...event, expect: { broken: [...(broken[at] ?? [])] } } : event;
        });
        const { steps, result } = play(events, { config, rules });
        const told = steps.flatMap(({ findings }) => findings);
        const findings = told.length;
        const unstatedFindings = told.filter(({ stated }) => !stated).length;
        expect(result).toMatchObject({ findings, unstatedFindings });
        const silent = play(events, { config, rules, record: 'nothing' });
        expect(silent.result).toMatchObject({ findings, unstatedFindings });
      }),
      { seed: 20200717, numRuns: sized(30) },
    );
  });

  it('steps with findings are told when somebody asks, unless the trace states them', () => {
    const events = stating([], ['owner-is-live']).map((event, at) =>
      at === 2 ? detach('t1') : event,
    );
    const { steps } = play(events, { ...quiet, findings: true });
    expect(steps.map(({ number }) => number)).toEqual([3]);
  });
});

describe('expect.broken', () => {
  const last = (events: readonly TraceEvent[], more: Playing = {}) =>
    disagreements(events, { ...how, ...more });

  it('agrees with exactly what the step breaks', () => {
    expect(last(stating(['pooled-has-no-owner'], ['owner-is-live']))).toEqual([]);
  });

  it('disagrees when the step breaks more, or less', () => {
    expect(last(stating([], []))).toEqual([['broken', [], ['owner-is-live']]]);
    const both: InvariantName[] = ['owner-is-live', 'no-orphan'];
    expect(last(stating([], both))).toEqual([['broken', both, ['owner-is-live']]]);
  });

  it('takes no notice of order and repetition', () => {
    const events: TraceEvent[] = [
      session('s1'),
      connect('t1', 'c1'),
      { ...detach('t1'), fail: ['conn_stream'] },
      {
        ...connect('t2', 'c2'),
        fail: ['conn_stream'],
        expect: { broken: ['used-count', 'available-has-stream', 'used-count'] },
      },
    ];
    expect(last(events)).toEqual([]);
  });

  it('is not checked where it is not stated', () => {
    expect(last([...DANGLING.slice(0, -1), { ...free('s1'), expect: { calls: [] } }])).toEqual([]);
  });

  it('means nothing broken in a step that crashes', () => {
    const crash: TraceEvent = {
      ...connect('t1', 'c1'),
      fail: ['connection'],
      expect: { crash: 'connect_server', broken: ['no-orphan'] },
    };
    expect(last([session('s1'), crash])).toEqual([['broken', ['no-orphan'], []]]);
  });
});

describe('the invariants that are watched', () => {
  const never: Playing = {
    config: { ...SHARED, backends: { b: { 'http-reuse': 'never' } } },
    rules: PRE,
  };
  const events = [session('s1'), connect('t1', 'c1')];

  it('are those that the rule set promises', () => {
    expect(found(events, never)).toEqual([]);
  });

  it('can be selected, also where the rule set does not promise them', () => {
    const invariants: InvariantName[] = ['private-has-owner'];
    expect(found(events, { ...never, invariants })).toEqual(['2 private-has-owner c1']);
    expect(found(DANGLING, { invariants: ['owner-is-live'] })).toEqual(['4 owner-is-live c1']);
  });

  it('alone are held against what the trace states', () => {
    const stated = stating(['pooled-has-no-owner'], ['no-orphan']);
    const divergences = (invariants: InvariantName[]) =>
      play(stated, { ...how, invariants }).divergences.map(({ field, expected, actual }) => {
        return [field, expected, actual];
      });
    expect(divergences(['idle-count'])).toEqual([]);
    expect(divergences(['no-orphan'])).toEqual([['broken', ['no-orphan'], []]]);
  });

  it('are not held against it where the rule set does not promise them', () => {
    const silent = [session('s1'), { ...connect('t1', 'c1'), expect: { broken: [] } }];
    const invariants: InvariantName[] = ['private-has-owner'];
    expect(disagreements(silent, { ...never, invariants })).toEqual([]);
    const loud: TraceEvent[] = [
      session('s1'),
      { ...connect('t1', 'c1'), expect: { broken: ['private-has-owner'] } },
    ];
    expect(disagreements(loud, never)).toEqual([['broken', ['private-has-owner'], []]]);
  });
});
