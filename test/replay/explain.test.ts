import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { NEVER, type Playing, play } from './support.ts';

const EVENTS: readonly TraceEvent[] = [
  { event: 'session_new', sess: 's1', fe: 'fe' },
  { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
  { event: 'connect_server', strm: 't2', sess: 's1', target: 'b/srv', conn: 'c2' },
  { event: 'detach', strm: 't1', expect: { sess: { s1: { idle_conns: 0 } } } },
];

function played(how: Playing = {}) {
  return play(EVENTS, { config: NEVER, ...how });
}

describe('explained', () => {
  it('each step tells its decisions as data, in the order in which they were taken', () => {
    const [, , third] = played({ explain: true }).steps;
    const rules = third?.decisions.map(({ rule }) => rule) ?? [];
    expect(rules.slice(0, 4)).toEqual([
      'connect.session.no-stream',
      'connect.session.none-usable',
      'connect.pool.never',
      'conn.new',
    ]);
    expect(third?.decisions[0]).toEqual({
      fn: 'connect_server',
      file: 'src/backend.c',
      rule: 'connect.session.no-stream',
      says: 's1 lists c1, which has no stream free (in use: 1, free: 0): passed over',
      operands: [{ kind: 'conn', id: 'c1' }, { kind: 'sess', id: 's1' }, 1, 0],
    });
  });

  it('a divergence is decided by one of them, in the same words', () => {
    const [step] = played({ explain: true, record: 'nothing' }).steps;
    const by = step?.divergences[0]?.decidedBy;
    const same = step?.decisions.find(({ rule }) => rule === by?.rule);
    expect(by).toMatchObject({ rule: 'session.check-idle.count', says: same?.says });
  });

  it('a step touches what it looked at and left alone', () => {
    const third = (how: Playing) => [...(played(how).steps[2]?.touches ?? [])].sort();
    expect(third({ explain: true })).toEqual(['b/srv', 'c1', 'c2', 's1', 't2']);
    expect(third({})).toEqual(['b/srv', 'c2', 's1', 't2']);
  });

  it('nothing is told unless it was asked for', () => {
    expect(played().steps.flatMap(({ decisions }) => decisions)).toEqual([]);
  });

  it('after a crash nothing is decided any more', () => {
    const crash: readonly TraceEvent[] = [
      { event: 'session_new', sess: 's1', fe: 'fe' },
      {
        event: 'connect_server',
        strm: 't1',
        sess: 's1',
        target: 'b/srv',
        fail: ['connection'],
      },
      { event: 'session_free', sess: 's1' },
    ];
    const { steps } = play(crash, { explain: true });
    expect(steps[1]?.decisions.at(-1)?.rule).toBe('connect.new.missing');
    expect(steps[2]?.decisions).toEqual([]);
  });
});

describe('counted', () => {
  it('are the rules of all steps, told or not', () => {
    const { reached } = played({ coverage: true, record: 'nothing' }).result;
    expect(reached).toMatchObject({
      'conn.new': 2,
      'connect.session.no-entry': 1,
      'connect.session.no-stream': 1,
      'session.check-idle.count': 1,
    });
  });

  it('is nothing unless it was asked for', () => {
    expect(played().result.reached).toBeNull();
  });
});
