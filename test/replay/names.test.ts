import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { connect, detach, disagreements, free, NEVER, play, session } from './support.ts';

const shut = (strm: string) => ({ ...detach(strm), shutdown: true }) as const;
const unnamed = (strm: string): TraceEvent => ({
  event: 'connect_server',
  strm,
  sess: 's1',
  target: 'b/srv',
});

/** Names that the connections of a trace get, in the order of its connects and checks. */
function names(events: readonly TraceEvent[]): (string | null)[] {
  const connects = ['connect_server', 'tcpcheck_eval_connect'];
  const { steps } = play([session('s1'), ...events]);
  return steps.filter((s) => connects.includes(s.event.event)).map((s) => s.outcome.conn);
}

describe('the connection that an event claims', () => {
  it('is the name of a new one', () => {
    expect(names([connect('t1', 'mine')])).toEqual(['mine']);
  });

  it('diverges when the rules choose another one for reuse', () => {
    const events: TraceEvent[] = [
      session('s1'),
      connect('t1', 'c1'),
      detach('t1'),
      connect('t2', 'c2'),
    ];
    expect(disagreements(events, { config: NEVER })).toEqual([['conn', 'c2', 'c1']]);
    expect(disagreements([...events.slice(0, 3), connect('t2', 'c1')], { config: NEVER })).toEqual(
      [],
    );
  });

  it('diverges when the rules make a new one and the name is taken', () => {
    const events = [session('s1'), connect('t1', 'c1'), connect('t2', 'c1')];
    expect(disagreements(events)).toEqual([['conn', 'c1', 't2.conn']]);
  });

  it('is void when no connection can be allocated, and free for the next one', () => {
    const none = { ...connect('t1', 'c1'), fail: ['connection'] } as TraceEvent;
    const events = [session('s1'), none, connect('t1', 'c1')];
    expect(disagreements(events, { rules: '2.3.0' })).toEqual([]);
  });

  it('is used up with a connection that dies in the same step', () => {
    const dies = { ...connect('t1', 'c1'), error: 'address' } as const;
    expect(disagreements([session('s1'), dies])).toEqual([]);
    expect(names([dies, connect('t1', 'c1')])).toEqual(['c1', 't1.conn']);
  });

  it('counts for a reused one that is freed in the same step', () => {
    const events = (conn: string): TraceEvent[] => [
      session('s1'),
      connect('t1', 'c1'),
      detach('t1'),
      { ...connect('t2', conn), error: 'address' },
    ];
    expect(disagreements(events('c1'), { config: NEVER })).toEqual([]);
    expect(disagreements(events('c2'), { config: NEVER })).toEqual([['conn', 'c2', 'c1']]);
  });
});

describe('the name of a connection that none was claimed for', () => {
  it('is that of the stream, and counts on', () => {
    expect(names([unnamed('t1'), shut('t1'), unnamed('t1'), shut('t1'), unnamed('t1')])).toEqual([
      't1.conn',
      't1.conn.2',
      't1.conn.3',
    ]);
  });

  it('is not that of a dead connection, even when it is claimed', () => {
    expect(names([connect('t1', 'c1'), shut('t1'), connect('t2', 'c1')])).toEqual([
      'c1',
      't2.conn',
    ]);
    expect(
      disagreements([session('s1'), connect('t1', 'c1'), shut('t1'), connect('t2', 'c1')]),
    ).toEqual([['conn', 'c1', 't2.conn']]);
  });

  it('passes over names that a trace has given', () => {
    const events = [connect('t1', 't2.conn'), shut('t1'), unnamed('t2')];
    expect(names(events)).toEqual(['t2.conn', 't2.conn.2']);
  });

  it('is used up also when nothing came of the connection', () => {
    expect(names([{ ...unnamed('t1'), fail: ['sockaddr'] } as TraceEvent, unnamed('t1')])).toEqual([
      't1.conn',
      't1.conn.2',
    ]);
  });
});

describe('a health check’s connection', () => {
  const check = {
    event: 'tcpcheck_eval_connect',
    strm: 't1',
    sess: 's1',
    target: 'b/srv',
  } as const;
  const alive = (events: TraceEvent[]) => [
    ...(play([session('s1'), ...events], { record: 'state' })
      .steps.at(-1)
      ?.state?.conn.keys() ?? []),
  ];

  it('is named like any other', () => {
    expect(alive([check])).toEqual(['t1.conn']);
    expect(alive([{ ...check, conn: 'mine' }])).toEqual(['mine']);
  });

  it('has a name that no other gets while it lives', () => {
    expect(alive([check, connect('t2', 't1.conn')])).toEqual(['t1.conn', 't2.conn']);
    const kept: TraceEvent[] = [{ ...check, mux: 'h1' }, detach('t1')];
    expect(alive([...kept, check])).toEqual(['t1.conn', 't1.conn.2']);
  });

  it('has a name that no other gets after its death', () => {
    expect(alive([check, detach('t1'), check])).toEqual(['t1.conn.2']);
  });

  it('diverges when its claimed name is taken', () => {
    const events: TraceEvent[] = [session('s1'), connect('t2', 'c1'), { ...check, conn: 'c1' }];
    expect(disagreements(events)).toEqual([['conn', 'c1', 't1.conn']]);
  });
});

describe('names that JavaScript knows', () => {
  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', ' ', 'a.b', 's1!freed', '0'])(
    '%j is a name like any other',
    (name) => {
      // As JSON.parse makes it: a key of its own, also for __proto__.
      const keyed = (value: unknown) =>
        JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);
      const events: TraceEvent[] = [
        session(name),
        { ...connect(name, name, name), expect: { conn: keyed({ owner: name, listed_in: name }) } },
        {
          ...detach(name),
          expect: { sess: keyed({ idle_conns: 1, srv_list: [['b/srv', [name]]] }) },
        },
        { ...free(name), expect: { conn: keyed(null), sess: keyed(null) } },
      ];
      const { result } = play(events, { config: NEVER });
      expect(result).toMatchObject({ divergences: 0, followers: 0, steps: 4 });
      const wrong: TraceEvent = { ...session(name), expect: { sess: keyed({ idle_conns: 7 }) } };
      expect(disagreements([wrong])).toEqual([[`sess.${name}.idle_conns`, 7, 0]]);
    },
  );

  it.each(['__proto__', 'constructor'])('a server %s is found among the servers', (name) => {
    const parse = (json: string) => JSON.parse(json.replaceAll('NAME', name));
    const config = parse(
      '{"frontends":{"NAME":{}},"backends":{"NAME":{}},"servers":{"NAME/x":{}}}',
    );
    const first: TraceEvent = { event: 'session_new', sess: 's1', fe: name };
    const then = { ...connect('t1', 'c1'), target: `${name}/x` };
    const { result, steps } = play([first, then], { config });
    expect(result.divergences).toBe(0);
    expect(steps[1]?.outcome).toMatchObject({ kind: 'done', ret: 'NONE' });
  });
});
