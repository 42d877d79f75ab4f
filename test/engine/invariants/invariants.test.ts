import { describe, expect, it } from 'vitest';
import { CONN_INVARIANTS } from '../../../src/engine/invariants/connection.ts';
import { INVARIANTS, promisedUnder, takeBreaches } from '../../../src/engine/invariants/index.ts';
import { SRV_INVARIANTS } from '../../../src/engine/invariants/server.ts';
import { SESS_INVARIANTS } from '../../../src/engine/invariants/session.ts';
import { invariantName, type TraceEvent } from '../../../src/format/index.ts';
import { connecting, POST, PRE, rulesOf, type Scene, scene } from '../support.ts';
import { broken } from './broken.ts';

/** Takes an event, and gives what it has broken. */
function breaks(s: Scene, event: TraceEvent): string[] {
  s.do(event);
  return broken(s);
}

/** Takes events that are not what a test is about; the invariants look at them all the same. */
function prepare(s: Scene, ...events: TraceEvent[]): void {
  for (const event of events) breaks(s, event);
}

const NTLM: Omit<Extract<TraceEvent, { event: 'http_wait_for_response' }>, 'strm'> = {
  event: 'http_wait_for_response',
  status: 401,
  headers: { 'WWW-Authenticate': ['NTLM'] },
};

describe('the invariants', () => {
  it('are those that the trace format names, in its order', () => {
    expect(INVARIANTS.map(({ name }) => name)).toEqual(invariantName.options);
  });

  it('each say what must hold in one sentence, and where that comes from', () => {
    for (const { says, source } of INVARIANTS) {
      expect(says).toMatch(/^[A-Z][^.]*\.$/);
      expect(source).toMatch(/^[VB]\d/);
    }
  });

  it('have a bit each, by which an object remembers what it breaks', () => {
    for (const table of [CONN_INVARIANTS, SESS_INVARIANTS, SRV_INVARIANTS]) {
      expect(table.map(({ bit }) => bit)).toEqual(table.map((_, at) => 1 << at));
    }
  });

  it('are promised from the rule set on that made the promise', () => {
    const later = ['session-idle-counter'];
    const since = invariantName.options.filter((name) => !later.includes(name));
    expect(promisedUnder(rulesOf(POST))).toEqual(since);
    const missing = since.filter((n) => !promisedUnder(rulesOf(PRE)).includes(n));
    expect(missing).toEqual(['owner-from-creation', 'private-has-owner', 'private-is-listed']);
  });
});

describe('a promise that a release ends', () => {
  it('is none under later ones', () => {
    expect(promisedUnder(rulesOf('3.3.0'))).toContain('owner-from-creation');
    expect(promisedUnder(rulesOf('3.4.0'))).not.toContain('owner-from-creation');
  });
});

describe('a finding', () => {
  it('is told under the step that breaks the invariant, and not again', () => {
    const s = scene(POST).session('s1').connect('t1').detach('t1', { idle: false });
    expect(broken(s)).toEqual(['no-orphan c1']);
    expect(breaks(s, { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] })).toEqual([]);
  });

  it('is told again when the object was repaired and breaks it once more', () => {
    const s = scene(POST, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    prepare(s, connecting('t1'));
    s.established('c1');
    expect(breaks(s, { event: 'detach', strm: 't1' })).toEqual(['pooled-has-no-owner c1']);
    expect(breaks(s, connecting('t2', { sess: 's2', conn: 'c1' }))).toEqual([]);
    expect(breaks(s, { event: 'detach', strm: 't2' })).toEqual(['pooled-has-no-owner c1']);
  });

  it('says what is wrong with the objects by their names', () => {
    const s = scene(POST, { reuse: 'always', srv: { proto: 'h2' } })
      .session('s1')
      .exchange('t1');
    const says = () => takeBreaches(s.w).map((finding) => finding.says(s.w.rules));
    expect(says()).toEqual(['c1 is in the idle pool, and points to s1']);
    s.free('s1');
    expect(says()).toEqual(['c1 points to s1, which has ended']);
  });

  it('is found on every connection that the end of its session leaves behind', () => {
    const s = scene(POST, { reuse: 'always', srv: { proto: 'h2', 'streams-limit': 1 } });
    s.session('s1', 's2');
    prepare(s, connecting('t1'), connecting('t2'), connecting('t3', { sess: 's2' }));
    for (const strm of ['t1', 't2', 't3']) prepare(s, { event: 'detach', strm });
    const found = breaks(s, { event: 'session_free', sess: 's1' });
    expect(found).toEqual(['owner-is-live c1', 'owner-is-live c2']);
  });
});

describe('private-is-listed', () => {
  it('is not broken by a listing that runs out of memory, then or later', () => {
    const s = scene(POST, { reuse: 'never' }).session('s1');
    expect(breaks(s, connecting('t1', { fail: ['sess_srv_list'] }))).toEqual([]);
    expect(breaks(s, { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] })).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ listed_in: null });
  });

  it('is broken by a connection that is never listed', () => {
    const s = scene(PRE, { reuse: 'never' }).session('s1');
    expect(breaks(s, connecting('t1'))).toContain('private-is-listed c1');
  });
});

describe('idle-is-marked', () => {
  /** Two listed connections, the first of which takes no more streams. */
  function preferring(): Scene {
    const be = { 'http-reuse': 'never', 'option prefer-last-server': true } as const;
    const s = scene(POST, { be, srv: { proto: 'h2', 'streams-limit': 1 } }).session('s1');
    prepare(s, connecting('t1'), connecting('t2'));
    for (const conn of ['c1', 'c2']) {
      prepare(s, { event: 'conn_update', conn, clear: ['WAIT_XPRT'] });
    }
    prepare(s, { event: 'detach', strm: 't1' }, { event: 'detach', strm: 't2' });
    return s;
  }
  const assign: TraceEvent = { event: 'assign_server', strm: 't3', sess: 's1', be: 'b' };

  it('is not broken by a preference that the request then follows', () => {
    const s = preferring();
    expect(breaks(s, assign)).toEqual([]);
    expect(s.conn('c1')?.flags).toEqual(['PRIVATE']);
    expect(breaks(s, connecting('t3', { conn: 'c1' }))).toEqual([]);
  });

  it('is broken when the request uses another connection than the preferred one', () => {
    const s = preferring();
    prepare(s, { event: 'conn_update', conn: 'c1', goaway: true });
    expect(breaks(s, assign)).toEqual([]);
    expect(breaks(s, connecting('t3', { conn: 'c2' }))).toEqual(['idle-is-marked c1']);
  });

  it('waits for the stream that the preference was for', () => {
    const s = preferring();
    prepare(s, { event: 'conn_update', conn: 'c1', goaway: true }, assign);
    expect(breaks(s, connecting('t4', { conn: 'c2' }))).toEqual([]);
    expect(breaks(s, connecting('t3'))).toEqual(['idle-is-marked c1']);
  });

  it('is about connections without a stream, not with one that left while blocked', () => {
    const s = scene(POST, { reuse: 'never', srv: { proto: 'h2' } }).session('s1');
    prepare(s, connecting('t1'));
    expect(breaks(s, { event: 'detach', strm: 't1', blocked: true })).toEqual([]);
    expect(breaks(s, { event: 'stream_destroy', strm: 't1' })).toEqual(['idle-is-marked c1']);
  });
});

describe('no-connecting-reuse', () => {
  const proxy = { reuse: 'never', srv: { proto: 'h2', 'send-proxy': true } } as const;

  it('is broken by a second stream while the first one connects', () => {
    const s = scene(POST, proxy).session('s1');
    prepare(s, connecting('t1'));
    expect(breaks(s, connecting('t2', { conn: 'c1' }))).toEqual(['no-connecting-reuse c1']);
  });

  it('is not broken once the connection is established', () => {
    const s = scene(POST, proxy).session('s1');
    prepare(s, connecting('t1'), { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] });
    expect(breaks(s, connecting('t2', { conn: 'c1' }))).toEqual([]);
  });

  it('is not broken after an answer, even if the trace does not say that it was connected', () => {
    const s = scene(POST, { reuse: 'never' }).session('s1').exchange('t1');
    prepare(s);
    expect(breaks(s, connecting('t2', { conn: 'c1' }))).toEqual([]);
  });
});

describe('no-orphan', () => {
  it.each(['SOCK_RD_SH', 'ERROR'] as const)('is not broken by a connection with %s', (flag) => {
    const s = scene(POST).session('s1');
    prepare(s, connecting('t1'), { event: 'conn_update', conn: 'c1', set: [flag] });
    expect(breaks(s, { event: 'detach', strm: 't1' })).toEqual([]);
  });

  it('is not broken by a connection that only waits to have sent everything', () => {
    const s = scene(POST).session('s1');
    prepare(s, connecting('t1'));
    s.established('c1');
    const detach = { event: 'detach', strm: 't1', excess_data: true, obuf_data: true } as const;
    expect(breaks(s, detach)).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ streams: [], list: null, listed_in: null });
  });
});

describe('listed-by-authenticated', () => {
  it('is broken by the adoption of a connection that another session has authenticated on', () => {
    const s = scene(PRE, { reuse: 'always', srv: { proto: 'h2' } }).session('s1', 's2');
    prepare(s, connecting('t1'), connecting('t2', { sess: 's2', conn: 'c1' }));
    prepare(s, { ...NTLM, strm: 't1' });
    expect(breaks(s, { event: 'detach', strm: 't2' })).toContain('listed-by-authenticated c1');
  });
});

/** What the model cannot do wrong is done to its state. */
describe('an invariant that is never broken', () => {
  it('listed-not-pooled: would see a listed connection in the pool', () => {
    const s = scene(POST, { reuse: 'never' }).session('s1').exchange('t1');
    const conn = s.connection('c1');
    s.server().safeConns?.[0]?.append(conn.list);
    expect(broken(s)).toContain('listed-not-pooled c1');
  });

  it('pooled-is-shareable: would see a pooled connection that is private', () => {
    const s = scene(POST).session('s1').exchange('t1');
    s.connection('c1').flags |= 0x10000000;
    expect(broken(s)).toContain('pooled-is-shareable c1');
  });

  it.each(['currIdleConns', 'currIdleNb', 'currSafeNb'] as const)(
    'idle-counters: would see %s go wrong',
    (counter) => {
      const s = scene(POST).session('s1').exchange('t1');
      s.server()[counter]++;
      expect(broken(s)).toEqual(['idle-counters b/srv']);
    },
  );

  it('idle-counters: would see the idle connections of a thread miscounted', () => {
    const s = scene(POST, { config: { nbthread: 2 } })
      .session('s1')
      .exchange('t1');
    s.server().currIdleThr[1] = 1;
    expect(broken(s)).toEqual(['idle-counters b/srv']);
  });
});

describe('counters-not-negative', () => {
  const failedAttach = () => scene(POST).session('s1').exchange('t1');

  it('sees a connection given back that was not counted as used when it was taken', () => {
    const s = failedAttach();
    // c1 is popped for t2, which cannot be attached: c2 is the only one counted.
    s.do({
      event: 'connect_server',
      strm: 't2',
      sess: 's1',
      target: 'b/srv',
      not_first: true,
      fail: ['conn_stream'],
    });
    const [first, second] = s.w.connections.keys();
    broken(s);
    expect(breaks(s, { event: 'mux_release', conn: first ?? '' })).toEqual([]);
    expect(s.server().currUsedConns).toBe(0);
    s.do({ event: 'detach', strm: 't2', idle: false, shutw_now: true });
    expect(s.w.connections.has(second ?? '')).toBe(false);
    expect(broken(s)).toEqual(['counters-not-negative b/srv']);
    expect(s.server().currUsedConns).toBe(0xffffffff);
  });

  it('says which counters have gone below zero', () => {
    const s = failedAttach();
    s.server().currUsedConns = 0xffffffff;
    s.w.touch(s.server());
    const [breach] = takeBreaches(s.w).filter(({ invariant }) =>
      invariant.name.startsWith('counters'),
    );
    expect(breach?.says(s.w.rules)).toBe('b/srv counts below zero: curr_used_conns');
  });
});

describe('reusable-is-offered', () => {
  const negotiated = (rules: string, reuse?: 'never') =>
    scene(rules, { ...(reuse && { reuse }), srv: { alpn: 'h2,http/1.1' } }).session('s1');
  const OLDEST = '2.2.0';
  const detach: TraceEvent = { event: 'detach', strm: 't1' };

  it('is broken where a session closes what its server could have kept', () => {
    const s = negotiated(OLDEST).connect('t1').createMux('c1', 'h2');
    expect(breaks(s, detach)).toEqual(['reusable-is-offered c1']);
  });

  it('says whom nobody asked', () => {
    const s = negotiated(OLDEST).connect('t1').createMux('c1', 'h2').do(detach);
    expect(takeBreaches(s.w).map(({ says }) => says(s.w.rules))).toEqual([
      'c1 could serve any session, and is closed; b/srv was not asked to keep it',
    ]);
  });

  it('is not broken where the server was asked, whatever it answers', () => {
    const full = scene(POST, { srv: { proto: 'h2', 'pool-max-conn': 0 } }).session('s1');
    expect(breaks(full.connect('t1'), detach)).toEqual([]);
    expect(full.w.connections.size).toBe(0);
  });

  it('is not broken by a connection that is private, ends with its exchange or is in error', () => {
    const never = negotiated(OLDEST, 'never').connect('t1').createMux('c1', 'h2');
    expect(breaks(never, detach)).not.toContain('reusable-is-offered c1');
    const ends = scene(OLDEST, {}).session('s1').connect('t1');
    expect(breaks(ends, { ...detach, idle: false, shutw_now: true })).toEqual([]);
    expect(ends.w.connections.size).toBe(0);
    const failing = scene(OLDEST, { srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    expect(breaks(failing.update('c1', { set: ['ERROR'] }), detach)).toEqual([]);
    expect(failing.w.connections.size).toBe(0);
  });

  it.each([
    [{ proto: 'h2' }, { dead: true }, false],
    [{ proto: 'h2' }, { blocked: true }, false],
    [{ proto: 'h2', 'max-reuse': 0 }, {}, false],
    [{ proto: 'h2', 'max-reuse': 1 }, {}, true],
    [{ proto: 'h2', 'streams-limit': 1 }, {}, true],
    [{ proto: 'h2', 'streams-limit': 1 }, { ended: true }, false],
    [{ proto: 'fcgi', 'keep-conn': false }, {}, false],
    [{ proto: 'fcgi' }, { proto_status: 'OVERLOADED' }, false],
    [{}, { excess_data: true }, false],
    [{}, { mux_error: true }, false],
    [{}, {}, true],
  ] as const)('asks of %j that %j leaves room for another stream: %j', (srv, inputs, serves) => {
    const s = scene(POST, { srv }).session('s1').connect('t1');
    expect(s.w.connections.get('c1')?.ctx?.servesOn(inputs)).toBe(serves);
  });
});
