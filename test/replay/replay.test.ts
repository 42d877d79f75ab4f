import { describe, expect, it } from 'vitest';
import { ruleSetNames } from '../../src/engine/rule-sets/index.ts';
import { type Header, TRACE_FORMAT, type TraceEvent } from '../../src/format/index.ts';
import { Replay } from '../../src/replay/index.ts';
import type { ReplayObserver } from '../../src/replay/result.ts';
import { connect, detach, free, NEVER, POST, PRE, play, SHARED, session } from './support.ts';

const silent: ReplayObserver = { start: () => undefined, step: () => undefined };
const wrong = { sess: { s1: { idle_conns: 9 } } };

describe('the header', () => {
  const header: Header = { trace: TRACE_FORMAT };

  it('names the rule set that judges; the change itself unless it does', () => {
    const judged = (rules?: string, option?: string) => {
      const replay = new Replay('f', { record: 'nothing', rules: option }, silent);
      expect(replay.header(rules === undefined ? header : { ...header, rules }, 1)).toBeNull();
      return replay.end().rules;
    };
    expect(judged()).toBe(POST);
    expect(judged(PRE)).toBe(PRE);
    expect(judged(PRE, POST)).toBe(POST);
    expect(judged('unknown', PRE)).toBe(PRE);
  });

  it('is refused when it names rules that there are not', () => {
    const replay = new Replay('f', { record: 'nothing' }, silent);
    const answer = replay.header({ ...header, rules: 'deadbeef1' }, 1);
    expect(answer).toBe(`unknown rule set "deadbeef1"; allowed are ${ruleSetNames().join(', ')}`);
    expect(() => replay.event(session('s1'), 2)).toThrow(/before the header/);
    expect(replay.end()).toMatchObject({ steps: 0, divergences: 0, rules: POST });
  });

  it('starts the observer', () => {
    const heads: unknown[] = [];
    const observer = { ...silent, start: (head: unknown) => heads.push(head) };
    const replay = new Replay('f', { record: 'nothing' }, observer);
    replay.header({ ...header, title: 'T' }, 1);
    expect(heads).toEqual([{ path: 'f', header: { ...header, title: 'T' }, rules: POST }]);
    expect(replay.end()).toMatchObject({ path: 'f', title: 'T', crash: null });
  });
});

describe('what is recorded', () => {
  const events: TraceEvent[] = [
    session('s1'),
    connect('t1', 'c1'),
    { ...detach('t1'), expect: wrong },
    free('s1'),
  ];

  it('nothing: diverging steps only, without changes or state', () => {
    const { steps, result } = play(events, { record: 'nothing', config: NEVER });
    expect(steps.map((s) => [s.number, s.line])).toEqual([[3, 4]]);
    expect(steps[0]).toMatchObject({ changes: [], state: undefined });
    expect(result).toMatchObject({ steps: 4, divergences: 1, divergingSteps: 1 });
  });

  it('changes: every step, with what it changed', () => {
    const { steps } = play(events, { config: NEVER });
    expect(steps.map((s) => s.number)).toEqual([1, 2, 3, 4]);
    expect(steps.map((s) => s.changes.map((c) => `${c.kind} ${c.id}`))).toEqual([
      ['sess s1'],
      ['conn c1', 'sess s1', 'srv b/srv'],
      ['conn c1', 'sess s1'],
      ['conn c1', 'sess s1', 'srv b/srv'],
    ]);
    expect(steps[0]?.changes[0]).toMatchObject({ before: null, after: { idle_conns: 0 } });
    expect(steps[2]?.changes[0]).toMatchObject({
      before: { flags: ['PRIVATE'], streams: ['t1'] },
      after: { flags: ['PRIVATE', 'SESS_IDLE'], streams: [] },
    });
    expect(steps[3]?.changes[1]).toMatchObject({ before: { idle_conns: 9 }, after: null });
    expect(steps[0]?.state).toBeUndefined();
  });

  it('state: everything that is alive after each step as well', () => {
    const { steps } = play(events, { record: 'state', config: NEVER });
    const alive = steps.map((s) => [
      ...(s.state?.sess.keys() ?? []),
      ...(s.state?.conn.keys() ?? []),
    ]);
    expect(alive).toEqual([['s1'], ['s1', 'c1'], ['s1', 'c1'], []]);
    expect(steps[3]?.state?.srv.get('b/srv')).toMatchObject({ curr_used_conns: 0 });
  });

  it('agrees with the rules in all three ways', () => {
    const results = (['nothing', 'changes', 'state'] as const).map(
      (record) => play(events, { record, config: NEVER }).result,
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('an object that is touched and comes out the same has not changed', () => {
    const twice: TraceEvent[] = [
      ...events.slice(0, 2),
      { event: 'conn_update', conn: 'c1', set: ['WAIT_XPRT'] },
    ];
    expect(play(twice).steps.at(-1)?.changes).toEqual([]);
  });

  it('a connection that comes and goes within a step has not changed anything but counters', () => {
    const { steps } = play([session('s1'), { ...connect('t1', 'c1'), fail: ['sockaddr'] }]);
    expect(steps[1]?.changes.map((c) => `${c.kind} ${c.id}`)).toEqual(['srv b/srv']);
    expect(steps[1]?.changes[0]).toMatchObject({
      before: { max_used_conns: 0 },
      after: { max_used_conns: 1, curr_used_conns: 0 },
    });
  });
});

describe('what a step touches', () => {
  it('is what its event names, and what it changes', () => {
    const touches = (events: TraceEvent[], config = SHARED) =>
      [...(play(events, { config }).steps.at(-1)?.touches ?? [])].toSorted();
    const shared = [session('s1'), session('s2'), connect('t1', 'c1'), connect('t2', 'c1', 's2')];
    expect(touches(shared)).toEqual(['b/srv', 'c1', 's2', 't2']);
    expect(touches([...shared, detach('t2')])).toEqual(['c1', 't2']);
    expect(touches([...shared, detach('t1'), detach('t2')])).toEqual(['b/srv', 'c1', 't2']);
    expect(touches([session('s1'), { event: 'srv_cleanup_connections', srv: 'b/srv' }])).toEqual([
      'b/srv',
    ]);
    expect(touches([session('s1'), connect('t1', 'c1'), detach('t1'), free('s1')], NEVER)).toEqual([
      'b/srv',
      'c1',
      's1',
    ]);
  });

  it('holds the connection that took another name than the claimed one', () => {
    const { steps } = play([session('s1'), connect('t1', 'c1'), connect('t2', 'c1')]);
    expect([...(steps[2]?.touches ?? [])]).toEqual(expect.arrayContaining(['c1', 't2.conn', 't2']));
  });
});

describe('an impossible step', () => {
  const events: TraceEvent[] = [session('s1'), detach('t9'), connect('t1', 'c1')];

  it('is a divergence of its own kind, about what the event names', () => {
    const { steps, result } = play(events);
    expect(steps[1]?.divergences).toEqual([
      {
        kind: 'impossible',
        subject: { kind: 'event', id: 't9' },
        field: 'event',
        expected: 'detach',
        actual: 'stream t9 has no connection',
        decidedBy: null,
        follows: null,
        trail: [],
      },
    ]);
    expect(steps[1]?.outcome).toMatchObject({ kind: 'impossible', calls: [], crash: null });
    expect(result).toMatchObject({ divergences: 1, crash: null });
  });

  it('leaves the state alone, and the replay goes on', () => {
    const { steps } = play(events, { record: 'state' });
    expect(steps[1]?.changes).toEqual([]);
    expect(steps[1]?.state).toEqual(steps[0]?.state);
    expect(steps[2]?.outcome.kind).toBe('done');
  });

  it('does not look at what it expected', () => {
    const { divergences } = play([
      { ...free('s9'), expect: { sess: { s9: {} }, crash: 'conn_free' } },
    ]);
    expect(divergences.map((d) => d.field)).toEqual(['event']);
  });

  it.each<[TraceEvent, string]>([
    [free('s9'), 's9'],
    [{ event: 'mux_release', conn: 'c9' }, 'c9'],
    [{ event: 'srv_cleanup_connections', srv: 'b/no' }, 'b/no'],
    [{ event: 'srv_cleanup_toremove_connections', thread: 5 }, ''],
  ])('%o is about %s', (event, id) => {
    expect(play([event]).divergences[0]?.subject).toEqual({ kind: 'event', id });
  });
});

describe('the trail of a divergence', () => {
  const uses: TraceEvent[] = ['t1', 't2', 't3'].flatMap((t) => [connect(t, 'c1'), detach(t)]);

  it('is the last three steps before it that touched its object, oldest first', () => {
    const { divergences } = play(
      [session('s1'), ...uses, session('s2'), { ...free('s1'), expect: { conn: { c1: {} } } }],
      {
        config: NEVER,
      },
    );
    expect(divergences[0]?.trail.map((s) => [s.number, s.line, s.event.event])).toEqual([
      [5, 6, 'detach'],
      [6, 7, 'connect_server'],
      [7, 8, 'detach'],
    ]);
  });

  it('does not hold the step itself, and no expectations', () => {
    const { divergences } = play([
      { ...session('s1'), expect: { sess: { s1: { idle_conns: 0 } } } },
      { ...free('s1'), expect: { sess: { s1: {} } } },
    ]);
    expect(divergences[0]?.trail).toEqual([{ number: 1, line: 2, event: session('s1') }]);
  });

  it('of an event is that of its connection', () => {
    const { divergences } = play(
      [session('s1'), connect('t1', 'c1'), { ...detach('t1'), expect: { calls: [] } }],
      { config: NEVER },
    );
    expect(divergences[0]?.trail.map((s) => s.number)).toEqual([2]);
  });

  it('of a server, and of an event that has a session only', () => {
    const counted = { srv: { 'b/srv': { max_used_conns: 9 } } };
    const server = play([session('s1'), connect('t1', 'c1'), { ...detach('t1'), expect: counted }]);
    expect(server.divergences[0]?.trail.map((s) => s.number)).toEqual([2]);
    const prefer: TraceEvent = {
      event: 'assign_server',
      strm: 't1',
      sess: 's1',
      be: 'b',
      expect: { target: 'b/srv' },
    };
    expect(play([session('s1'), prefer]).divergences[0]?.trail.map((s) => s.number)).toEqual([1]);
  });

  it('of an impossible event is that of the connection that it names', () => {
    const { divergences } = play([
      session('s1'),
      connect('t1', 'c1'),
      { event: 'mux_release', conn: 'c1' },
    ]);
    expect(divergences[0]?.trail.map((s) => s.number)).toEqual([2]);
  });

  it('of what is not there is empty', () => {
    const { divergences } = play([
      session('s1'),
      { ...connect('t1', 'c1'), expect: { conn: { c9: {} } } },
    ]);
    expect(divergences[0]?.trail).toEqual([]);
  });
});

describe('a replay', () => {
  it('gives the same to the byte when it is made again', () => {
    const events: TraceEvent[] = [
      session('s1'),
      { ...connect('t1', 'c1'), expect: { conn: { c1: { owner: null } } } },
      { ...detach('t1'), expect: { calls: [] } },
      { ...free('s1'), expect: { srv: { 'b/srv': { idle: ['c1'] } } } },
    ];
    const text = () => JSON.stringify(play(events, { record: 'state' }));
    expect(text()).toBe(text());
  });
});

describe('the outcome of a step', () => {
  it('names what the function returned, each under its own key', () => {
    const prefer: TraceEvent = { event: 'assign_server', strm: 't2', sess: 's1', be: 'b' };
    const ntlm: TraceEvent = {
      event: 'http_wait_for_response',
      strm: 't1',
      status: 401,
      headers: { 'WWW-Authenticate': ['NTLM'] },
    };
    const established: TraceEvent = { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] };
    const events = [session('s1'), prefer, connect('t1', 'c1'), ntlm, established, prefer];
    const told = play(events).steps.map(({ outcome: { ret, reused, conn, target } }) => ({
      ret,
      reused,
      conn,
      target,
    }));
    const nothing = { ret: null, reused: null, conn: null, target: undefined };
    expect(told).toEqual([
      nothing,
      { ...nothing, target: null },
      { ...nothing, ret: 'NONE', reused: false, conn: 'c1' },
      nothing,
      nothing,
      { ...nothing, target: 'b/srv' },
    ]);
  });
});

describe('what is asked for besides', () => {
  const events: TraceEvent[] = [session('s1'), connect('t1', 'c1'), connect('t2', 'c2')];

  it('decisions: in order, with what they looked at', () => {
    const { steps } = play(events, { explain: true });
    expect(steps[0]?.decisions.map(({ rule }) => rule)).toEqual(['session.new']);
    const [first, ...more] = steps[1]?.decisions ?? [];
    expect(first).toMatchObject({ fn: 'connect_server', rule: 'connect.session.no-entry' });
    expect(first?.operands).toEqual([{ kind: 'sess', id: 's1' }, 'b/srv']);
    expect(more.map((d) => d.rule)).toContain('connect.used');
    expect(play(events).steps[1]?.decisions).toEqual([]);
  });

  it('coverage: how often each rule has decided', () => {
    const { reached } = play(events, { coverage: true }).result;
    expect(reached).toMatchObject({ 'conn.new': 2, 'connect.used': 2 });
    expect(reached).not.toHaveProperty('session.free');
    expect(play(events).result.reached).toBeNull();
  });
});
