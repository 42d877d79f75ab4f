import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { axisOf } from '../../src/picture/index.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { NEVER, SHARED } from '../replay/support.ts';
import { drawn, drawnFrom, storyOf } from './support.ts';

function session(sess: string, more: object = {}): TraceEvent {
  return { event: 'session_new', sess, fe: 'fe', ...more };
}

function connect(strm: string, sess: string, more: object = {}): TraceEvent {
  return { event: 'connect_server', strm, sess, target: 'b/srv', ...more };
}

function detach(strm: string, more: object = {}): TraceEvent {
  return { event: 'detach', strm, ...more };
}

const BUGS = 'traces/bugs';

/** Which connections are on which lanes, as `lane: id id`. */
function lanesOf({ connections }: Picture): string[] {
  const lanes = new Map<number, string[]>();
  for (const { id, stays } of connections) {
    for (const { lane } of stays) lanes.set(lane, [...(lanes.get(lane) ?? []), id]);
  }
  return [...lanes]
    .sort(([one], [other]) => one - other)
    .map(([lane, ids]) => `${lane}: ${ids.join(' ')}`);
}

describe('a picture', () => {
  it('is empty for a trace without an event', () => {
    expect(drawn([])).toEqual({
      first: 1,
      last: 0,
      at: null,
      lanes: 0,
      groups: [],
      sessions: [],
      connections: [],
      streams: [],
      marks: [],
    });
  });

  it('is plain data', () => {
    const picture = drawnFrom(`${BUGS}/b8-owner-dangles-in-the-pool.after.jsonl`);
    expect(JSON.parse(JSON.stringify(picture))).toEqual(picture);
  });

  it('shows a connection from its handshake to the pool, and whose it was', () => {
    const picture = drawn([
      session('s1'),
      connect('t1', 's1', { conn: 'c1' }),
      { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] },
      detach('t1'),
      { event: 'mux_release', conn: 'c1' },
    ]);
    expect(storyOf(picture, 'c1')).toEqual(['2 connecting s1', '3 in use s1', '4 idle', '5 freed']);
    expect(picture.connections[0]?.segments.at(-1)).toEqual({
      from: 5,
      to: 6,
      state: 'freed',
      owner: null,
      dangles: false,
      flags: ['IDLE_LIST'],
      list: 'idle',
      lister: null,
    });
    expect(picture.connections[0]).toMatchObject({ target: 'b/srv', from: 2, to: 5 });
  });

  it('calls a connection that has answered in use, whatever is told of its handshake', () => {
    const picture = drawn([
      session('s1'),
      connect('t1', 's1', { conn: 'c1' }),
      { event: 'http_wait_for_response', strm: 't1', status: 200 },
    ]);
    expect(storyOf(picture, 'c1')).toEqual(['2 connecting s1', '3 in use s1']);
  });

  it('tells a connection that its session lists from one that the session counts as idle', () => {
    const events: TraceEvent[] = [
      session('s1'),
      connect('t1', 's1', { conn: 'c1' }),
      { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] },
      detach('t1'),
    ];
    const picture = drawn(events, { config: NEVER });
    expect(storyOf(picture, 'c1')).toContain('4 session idle s1');
    expect(picture.connections[0]?.segments.at(-1)).toMatchObject({ lister: 0, list: null });
    expect(picture.sessions).toEqual([
      {
        id: 's1',
        frontend: 'fe',
        thread: 0,
        lane: 0,
        from: 1,
        to: null,
        idleConns: [
          [1, 0],
          [4, 1],
        ],
      },
    ]);
  });

  it('shows that B4 joins a handshake: what has not been idle yet has not served', () => {
    const picture = drawnFrom(`${BUGS}/b4-handshake-joined.after.jsonl`);
    expect(storyOf(picture, 'c1')).toEqual([
      '2 connecting s1',
      '3 session list s1',
      '4 connecting s1',
    ]);
  });

  it('shows the owner of B8 that dangles, and where the promise breaks', () => {
    const picture = drawnFrom(`${BUGS}/b8-owner-dangles-in-the-pool.after.jsonl`);
    expect(storyOf(picture, 'c1')).toEqual([
      '3 connecting s1',
      '4 safe s1',
      '5 safe s1!freed',
      '6 in use s1!freed',
      '8 safe s1!freed',
    ]);
    const findings = picture.marks.filter(({ kind }) => kind === 'finding');
    expect(findings[0]).toMatchObject({ on: { kind: 'conn', id: 'c1', place: 0 } });
  });

  it('shows the leak of B1 and the crash that ends it', () => {
    const picture = drawnFrom(`${BUGS}/b1-retry-after-a-failed-listing-h2.after.jsonl`);
    expect(storyOf(picture, 'c1')).toEqual([
      '2 connecting s1',
      '4 in use s1',
      '5 in use s1',
      '6 in use',
      '7 leaked',
    ]);
    expect(picture.marks).toContainEqual({ kind: 'crash', step: 7, fn: 'session_check_idle_conn' });
  });

  it('links streams from their sessions to a connection, orphans as long as the mux has them', () => {
    const picture = drawnFrom('traces/multiplexing/h2-blocked-stream-ends-last.jsonl');
    expect(picture.streams).toEqual([
      { id: 't1', connection: 0, session: 0, from: 2, orphaned: 3, to: 5 },
    ]);
  });

  it('marks what diverges, and what merely follows', () => {
    const { marks } = drawnFrom(
      'traces/session-list/listed-after-the-handshake.after.jsonl',
      '21ddc74e8',
    );
    expect(marks).toContainEqual({
      kind: 'divergence',
      step: 3,
      on: { kind: 'conn', id: 'c1', place: 0 },
      field: 'conn.c1.listed_in',
    });
  });
});

describe('after a divergence', () => {
  it('a connection is what the trace expects of it, from the next step on', () => {
    const picture = drawn([
      session('s1'),
      connect('t1', 's1', { conn: 'c1', expect: { conn: { c1: { owner: null } } } }),
      session('s2'),
      detach('t1'),
    ]);
    expect(storyOf(picture, 'c1')).toEqual(['2 connecting s1', '3 connecting', '4 idle']);
  });

  it('it is what it turns out to be, where it cannot be that', () => {
    const picture = drawnFrom(
      'traces/session-list/listed-after-the-handshake.after.jsonl',
      '21ddc74e8',
    );
    expect(storyOf(picture, 'c1').at(-1)).toBe('4 session list s1');
  });
});

describe('lanes', () => {
  it('are used again once their connection is freed, from the next step on', () => {
    const cycle = (number: number): TraceEvent[] => [
      connect(`t${number}`, 's1', { conn: `c${number}` }),
      detach(`t${number}`),
      { event: 'mux_release', conn: `c${number}` },
    ];
    const picture = drawn([session('s1'), ...[1, 2, 3].flatMap(cycle)]);
    expect(lanesOf(picture)).toEqual(['1: c1 c2 c3']);
    expect(picture.lanes).toBe(2);
  });

  it('are as many as are alive at a time', () => {
    const picture = drawn([
      session('s1'),
      connect('t1', 's1', { conn: 'c1' }),
      connect('t2', 's1', { conn: 'c2' }),
      detach('t1'),
      { event: 'mux_release', conn: 'c1' },
      connect('t3', 's1', { conn: 'c3' }),
    ]);
    expect(lanesOf(picture)).toEqual(['1: c1 c3', '2: c2']);
  });

  it('stand beside each other by server and thread', () => {
    const config = {
      threads: 2,
      frontends: { fe: {} },
      backends: { b: {} },
      servers: { 'b/one': {}, 'b/two': {} },
    };
    const { threads: _, ...plain } = config;
    const picture = drawn(
      [
        session('s1', { thread: 1 }),
        session('s2'),
        connect('t1', 's1', { target: 'b/two', conn: 'c1', thread: 1 }),
        connect('t2', 's2', { target: 'b/one', conn: 'c2' }),
        connect('t3', 's2', { target: 'b/two', conn: 'c3' }),
      ],
      { config: { ...plain, nbthread: 2 } },
    );
    expect(picture.groups).toEqual([
      { kind: 'sessions', target: null, thread: 0, first: 0, count: 1 },
      { kind: 'sessions', target: null, thread: 1, first: 1, count: 1 },
      { kind: 'connections', target: 'b/two', thread: 0, first: 2, count: 1 },
      { kind: 'connections', target: 'b/two', thread: 1, first: 3, count: 1 },
      { kind: 'connections', target: 'b/one', thread: 0, first: 4, count: 1 },
    ]);
    expect(lanesOf(picture)).toEqual(['2: c3', '3: c1', '4: c2']);
  });

  it('change where another thread takes a connection over', () => {
    const picture = drawnFrom('traces/threads/takeover.jsonl');
    const taken = picture.marks.filter(({ kind }) => kind === 'takeover');
    expect(taken).toHaveLength(1);
    const [mark] = taken;
    const moved = picture.connections.find(({ stays }) => stays.length > 1);
    expect(mark).toMatchObject({ on: { id: moved?.id }, fromThread: 1, toThread: 0 });
    expect(moved?.stays[0]?.to).toBe(mark?.step);
    expect(moved?.stays[1]?.from).toBe(mark?.step);
  });
});

describe('a part of a picture', () => {
  const events: TraceEvent[] = [
    session('s1'),
    connect('t1', 's1', { conn: 'c1' }),
    detach('t1'),
    { event: 'mux_release', conn: 'c1' },
    session('s2'),
    connect('t2', 's2', { conn: 'c2' }),
    detach('t2'),
  ];

  it('has lanes for what is alive in it', () => {
    const picture = drawn(events, {}, { first: 5, last: 6 });
    expect(lanesOf(picture)).toEqual(['2: c2']);
    expect(picture.sessions.map(({ id }) => id)).toEqual(['s1', 's2']);
    expect(picture.streams.map(({ id }) => id)).toEqual(['t2']);
    expect(picture).toMatchObject({ first: 5, last: 6 });
  });

  it('has lanes for what was asked for, and for its sessions', () => {
    const picture = drawn(events, {}, { keeps: (id) => id === 'c2' });
    expect(lanesOf(picture)).toEqual(['1: c2']);
    expect(picture.sessions.map(({ id }) => id)).toEqual(['s2']);
  });

  it('keeps an owner that was freed before it, without a lane', () => {
    const path = `${BUGS}/b8-owner-dangles-in-the-pool.after.jsonl`;
    const { sessions, connections, lanes } = drawnFrom(path, undefined, { first: 7 });
    expect(sessions).toMatchObject([
      { id: 's1', to: 5, lane: null },
      { id: 's2', to: null, lane: 0 },
    ]);
    expect(connections[0]?.segments[0]).toMatchObject({ owner: 0, dangles: true });
    expect(lanes).toBe(2);
  });
});

describe('along a picture', () => {
  const at = (...times: (number | null)[]) => ({ first: 1, last: times.length, at: times });

  it('steps are as far from each other as any, or lie at their times', () => {
    expect(axisOf(at(0, 10, 500), 'step')).toEqual([1, 2, 3]);
    expect(axisOf(at(0, 10, 500), 'at')).toEqual([0, 10, 500]);
  });

  it('a step without a time lies where the one before it does', () => {
    expect(axisOf(at(null, 5, null, 4, 9), 'at')).toEqual([5, 5, 5, 5, 9]);
    expect(axisOf({ first: 1, last: 2, at: null }, 'at')).toEqual([0, 0]);
  });
});

describe('a long trace', () => {
  /** As many connections at a time as there are sessions, each used again and again. */
  function crowd(connections: number, rounds: number): TraceEvent[] {
    const events: TraceEvent[] = [];
    for (let number = 0; number < connections; number++) events.push(session(`s${number}`));
    for (let round = 0; round < rounds; round++) {
      for (let number = 0; number < connections; number++) {
        const strm = `t${round}.${number}`;
        events.push(connect(strm, `s${number}`, { not_first: round > 0 }), detach(strm));
      }
    }
    return events;
  }

  it('of one lane and many streams is a segment for each change', () => {
    const picture = drawn(crowd(1, 2_000));
    expect(picture.connections).toHaveLength(1);
    expect(picture.streams).toHaveLength(2_000);
    expect(picture.connections[0]?.segments).toHaveLength(4_000);
  });

  it('of many streams at a time is one segment', () => {
    const events = [
      session('s1'),
      ...Array.from({ length: 90 }, (_, at) => connect(`t${at}`, 's1')),
    ];
    const picture = drawn(events, { config: SHARED });
    expect(picture.connections).toHaveLength(1);
    expect(picture.connections[0]?.segments).toHaveLength(1);
    expect(picture.streams).toHaveLength(90);
  });
});
