import { describe, expect, it } from 'vitest';
import type { Config, Expect, TraceEvent } from '../../../src/format/index.ts';
import { connect, detach, NEVER, type Playing, play, session } from '../support.ts';

/** The reason of each divergence of the last event, and whom the search passed over by which rule. */
function reasons(events: readonly TraceEvent[], how: Playing = {}): [string | null, string[]][] {
  const last = play(events, how).steps.at(-1)?.divergences ?? [];
  return last.map(({ decidedBy, candidates = [] }) => [
    decidedBy?.rule ?? null,
    candidates.map(({ id, rule }) => `${id}: ${rule}`),
  ]);
}

const SAFE: Config = { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } };
const never = { config: NEVER };
const expecting = (event: TraceEvent, expectation: Expect): TraceEvent =>
  ({ ...event, expect: expectation }) as TraceEvent;
const challenge = (strm: string): TraceEvent => ({
  event: 'http_wait_for_response',
  strm,
  status: 401,
  headers: { 'WWW-Authenticate': ['NTLM'] },
});
const connected = (conn: string): TraceEvent => ({
  event: 'conn_update',
  conn,
  clear: ['WAIT_XPRT'],
});
const prefer: TraceEvent = { event: 'assign_server', strm: 't9', sess: 's1', be: 'b' };

describe('a search that finds somebody', () => {
  it('is decided by what found it, not by what is done with it then', () => {
    const config: Config = {
      nbthread: 3,
      frontends: { fe: {} },
      backends: { b: { 'http-reuse': 'always' } },
      servers: { 'b/srv': { proto: 'fcgi' } },
    };
    const events: TraceEvent[] = [
      session('s1'),
      connect('t1', 'c1'),
      { ...session('s2'), thread: 1 },
      { ...connect('t2', 'c2', 's2'), thread: 1 },
      detach('t1'),
      { ...detach('t2'), thread: 1 },
      { ...session('s3'), thread: 2 },
      { ...connect('t3', 'c1', 's3'), thread: 2, expect: { reused: false } },
    ];
    expect(reasons(events, { config })).toEqual([
      ['backend-get.takeover', []],
      ['backend-get.takeover', []],
    ]);
  });

  it('tells whom it has passed over before', () => {
    const events = [
      session('s1'),
      connect('t1', 'c1'),
      connect('t2', 'c2'),
      detach('t2'),
      connect('t3', 'c1'),
    ];
    expect(reasons(events, never)).toEqual([
      ['connect.session.found', ['c1: connect.session.no-stream']],
    ]);
  });
});

describe('a search that finds nobody', () => {
  const busy = [session('s1'), connect('t1', 'c1'), connect('t2', 'c2')];

  it('is decided by what passed over whom the trace wanted', () => {
    const events = [...busy, expecting(connect('t3', 'c1'), { reused: true })];
    const passedOver = ['c1: connect.session.no-stream', 'c2: connect.session.no-stream'];
    const { divergences } = play(events, never);
    expect(reasons(events, never)).toEqual([
      ['connect.session.no-stream', passedOver],
      ['connect.session.no-stream', passedOver],
    ]);
    expect(divergences.map((each) => each.decidedBy?.says)).toEqual([
      's1 lists c1, which has no stream free (in use: 1, free: 0): passed over',
      's1 lists c1, which has no stream free (in use: 1, free: 0): passed over',
    ]);
  });

  it('is decided by the last that passed somebody over, where nobody in particular was wanted', () => {
    const { conn: _, ...anybody } = connect('t3', 'c3');
    const events = [...busy, expecting(anybody as TraceEvent, { reused: true })];
    expect(play(events, never).divergences.map((each) => each.decidedBy?.says)).toEqual([
      's1 lists c2, which has no stream free (in use: 1, free: 0): passed over',
    ]);
  });

  it('is decided by the list, where a private connection was wanted that is not in it', () => {
    const events = [...busy, session('s2'), connect('t3', 'c1', 's2')];
    expect(reasons(events, never)).toEqual([['connect.session.no-entry', []]]);
  });

  it('is decided by the pool, where a shared connection was wanted', () => {
    const [begin = session('s1'), ...more] = busy;
    const events = [begin, ...more, detach('t1'), session('s2'), connect('t3', 'c1', 's2')];
    expect(reasons(events, { config: SAFE })).toEqual([['connect.pool.first-request', []]]);
  });

  it('is decided by there being nobody, where nobody was', () => {
    const events = [session('s1'), expecting(connect('t1', 'c1'), { reused: true })];
    expect(reasons(events, { config: SAFE })).toEqual([['connect.pool.empty', []]]);
  });

  it('is also why a connection that was claimed is not there', () => {
    const events = [
      session('s1'),
      connect('t1', 'c1'),
      challenge('t1'),
      detach('t1'),
      connect('t2', 'c2'),
    ];
    const last = expecting(events.pop() ?? detach('t2'), { conn: { c2: { owner: 's1' } } });
    expect(reasons([...events, last], never)).toEqual([
      ['connect.session.found', []],
      ['connect.session.found', []],
    ]);
  });

  it('is decided by what made a connection useless that was found', () => {
    const failing: TraceEvent = { ...connect('t2', 'c1'), fail: ['conn_stream'] };
    const events = [session('s1'), connect('t1', 'c1'), detach('t1'), failing];
    const over = ['c1: connect.reuse.attach-failed'];
    expect(reasons(events, never)[0]).toEqual(['connect.reuse.attach-failed', over]);
  });
});

describe('the preference for the last server', () => {
  const wanted = expecting(prefer, { target: 'b/srv' });

  it('passes over each connection that is still connecting', () => {
    const events = [
      session('s1'),
      connect('t1', 'c1'),
      connect('t2', 'c2'),
      challenge('t1'),
      wanted,
    ];
    expect(reasons(events, never)).toEqual([
      ['assign.connecting', ['c1: assign.connecting', 'c2: assign.connecting']],
    ]);
  });

  it('passes over one that is connecting, and takes the next', () => {
    const events = [
      session('s1'),
      connect('t1', 'c1'),
      connect('t2', 'c2'),
      challenge('t1'),
      connected('c2'),
      expecting(prefer, { target: null }),
    ];
    expect(reasons(events, never)).toEqual([['assign.found', ['c1: assign.connecting']]]);
  });

  it('passes over a server that cannot be used', () => {
    const events = [
      session('s1'),
      connect('t1', 'c1'),
      challenge('t1'),
      connected('c1'),
      { ...wanted, unusable: ['b/srv'] } as TraceEvent,
    ];
    expect(reasons(events, never)).toEqual([['assign.unusable', ['b/srv: assign.unusable']]]);
  });

  it('finds nobody where nothing is listed', () => {
    const config: Config = { ...SAFE, backends: { b: { 'option prefer-last-server': true } } };
    expect(reasons([session('s1'), wanted], { config })).toEqual([['assign.none', []]]);
  });
});

describe('four mistakes at once', () => {
  it('have each a reason of its own, or none where the step did not decide', () => {
    const events: TraceEvent[] = [
      expecting(session('s1'), { sess: { s1: { idle_conns: 1 } } }),
      expecting(connect('t1', 'c1'), { conn: { c1: { mux: 'h2' } } }),
      expecting(connected('c1'), {
        conn: { c1: { flags: [] } },
        srv: { 'b/srv': { curr_used_conns: 9 } },
      }),
    ];
    const { divergences } = play(events, never);
    expect(divergences.map(({ field, decidedBy }) => [field, decidedBy?.rule ?? null])).toEqual([
      ['sess.s1.idle_conns', 'session.new'],
      ['conn.c1.mux', 'connect.mux.http'],
      ['conn.c1.flags', null],
      ['srv.b/srv.curr_used_conns', null],
    ]);
  });
});
