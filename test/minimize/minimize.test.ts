import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Header, TraceEvent } from '../../src/format/index.ts';
import { signatureText } from '../../src/minimize/index.ts';
import { formatTrace } from '../../src/trace/index.ts';
import { CORPUS } from '../engine/traces.ts';
import { divergencesOf, minimized, read, sharedHeader, small } from './support.ts';

const corpus = (name: string): string => readFileSync(new URL(name, CORPUS), 'utf8');
const begin = (sess: string, fe = 'fe'): TraceEvent => ({ event: 'session_new', sess, fe });
const connect = (strm: string, sess: string, conn: string, target = 'b/srv'): TraceEvent => {
  return { event: 'connect_server', strm, sess, target, conn };
};
const detach = (strm: string): TraceEvent => ({ event: 'detach', strm });
const NTLM = { 'WWW-Authenticate': ['NTLM'] };
const challenge = (strm: string, headers: Record<string, string[]> = NTLM): TraceEvent => {
  return { event: 'http_wait_for_response', strm, status: 401, headers };
};

/** Two sessions on one connection, which is freed with the one that was challenged. */
const OWNER_LEAVES: readonly TraceEvent[] = [
  begin('s1'),
  begin('s2'),
  connect('t1', 's1', 'c1'),
  connect('t2', 's2', 'c1'),
  challenge('t2'),
  detach('t2'),
  { event: 'session_free', sess: 's2' },
  detach('t1'),
];

const traceOf = (events: readonly TraceEvent[], header: Partial<Header> = {}): string =>
  formatTrace(sharedHeader(header), events);

/** The events of a result without what they expect. */
function inputsOf(text: string): TraceEvent[] {
  return read(text).events.map(({ expect: _, ...event }) => event as TraceEvent);
}

describe('a crash', () => {
  it('keeps nothing but what it takes', () => {
    const noise = ['n1', 'n2', 'n3'].map((sess, at): TraceEvent[] => [
      begin(sess, 'fe2'),
      connect(`x${at}`, sess, `d${at}`, 'b/other'),
      { event: 'conn_update', conn: `d${at}`, clear: ['WAIT_XPRT'] },
      challenge(`x${at}`),
      detach(`x${at}`),
      { event: 'session_free', sess },
    ]);
    const events = OWNER_LEAVES.flatMap((event, at) => [event, ...(noise[at - 3] ?? [])]);
    const config = {
      nbthread: 4,
      frontends: { fe: { 'max-session-srv-conns': 7 }, fe2: {} },
      backends: { b: { 'http-reuse': 'always' }, d: { mode: 'tcp' } },
      servers: { 'b/other': { proto: 'h2', 'max-reuse': 3 }, 'b/srv': { proto: 'h2', sni: false } },
    } as const;
    const result = small(traceOf(events, { config }));
    expect(signatureText(result.signature)).toBe('crash in session_check_idle_conn(NULL)');
    expect([result.from, result.to]).toEqual([26, 8]);
    expect(read(result.text).header.config).toEqual(sharedHeader().config);
    expect(inputsOf(result.text)).toEqual(OWNER_LEAVES);
  });

  it('is told with all that is known of each step, its title, its rules and where it is from', () => {
    const result = small(traceOf(OWNER_LEAVES, { title: 'x', source: { kind: 'recorded' } }));
    const { header, events } = read(result.text);
    expect(header).toEqual({
      ...sharedHeader(),
      title: 'The program crashes in session_check_idle_conn(NULL)',
      rules: '08016ab82',
      source: { kind: 'minimized', events: 8, from: { kind: 'recorded' } },
    });
    expect(events.at(-1)?.expect).toEqual({
      calls: ['session_add_conn(s1, c1) = 1', 'session_check_idle_conn(NULL, c1)'],
      crash: 'session_check_idle_conn',
    });
    expect(events.every(({ expect: stated }) => stated?.calls !== undefined)).toBe(true);
    expect(divergencesOf(result.text)).toEqual([]);
  });

  it('becomes shorter in another order, and with fewer sessions and streams', () => {
    const events: TraceEvent[] = [
      begin('owner'),
      begin('other'),
      connect('t1', 'owner', 'c1'),
      connect('t2', 'other', 'c1'),
      challenge('t2'),
      // Here the other session leaves too early: it has to come back.
      detach('t2'),
      challenge('t1'),
      detach('t1'),
      { event: 'session_free', sess: 'owner' },
      { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] },
      { event: 'assign_server', strm: 't3', sess: 'other', be: 'b' },
      connect('t3', 'other', 'c1'),
      detach('t3'),
    ];
    const result = small(traceOf(events));
    expect(signatureText(result.signature)).toBe('crash in session_check_idle_conn(freed)');
    expect(result.to).toBe(9);
  });

  it('is kept apart from a crash of the same function for another reason', () => {
    const freed = read(corpus('bugs/b2-second-owner-ends-first.after.jsonl'));
    const bare = freed.events.map(({ expect: _, ...event }) => event as TraceEvent);
    // Less would do for a session that is NULL: three events fail to list the connection.
    const failing = bare.map((event) => ({ ...event, fail: ['sess_srv_list'] })) as TraceEvent[];
    const result = small(formatTrace(freed.header, failing));
    expect(result.signature).toEqual({ kind: 'crash', site: 'session_check_idle_conn(NULL)' });
    expect(small(formatTrace(freed.header, bare)).signature).toEqual({
      kind: 'crash',
      site: 'session_check_idle_conn(freed)',
    });
  });

  it('loses inputs that do not matter, and says the rest as simply as it can', () => {
    const events = OWNER_LEAVES.map((event, at): TraceEvent => {
      const common = { ...event, at: at * 10, note: 'noted', thread: 0 };
      if (common.event === 'connect_server') return { ...common, not_first: true, used_fds: 3 };
      if (common.event === 'detach') return { ...common, idle: true, fail: ['mux', 'connection'] };
      if (common.event !== 'http_wait_for_response') return common;
      const headers = { Server: ['x'], 'www-authenticate': ['Basic', 'Negotiate, NTLM abc'] };
      return { ...common, headers };
    });
    expect(inputsOf(small(traceOf(events)).text)).toEqual(OWNER_LEAVES);
  });

  it('keeps what a removed event would have made invalid out of the trace', () => {
    // Once the error is not set any more, a mux that is not named cannot be created.
    const config = {
      frontends: { fe: {} },
      backends: { b: {} },
      servers: { 'b/srv': { alpn: 'h2' } },
    };
    const events: TraceEvent[] = [
      begin('s1'),
      connect('t1', 's1', 'c1'),
      { event: 'conn_update', conn: 'c1', set: ['ERROR'] },
      { event: 'conn_create_mux', conn: 'c1' },
      detach('t1'),
      connect('t1', 's1', 'c2'),
      { event: 'conn_create_mux', conn: 'c2', mux: 'h2', error: true },
    ];
    const result = small(traceOf(events, { config }));
    expect(signatureText(result.signature)).toBe('crash in si_cs_send');
    expect(inputsOf(result.text).map(({ event }) => event)).toEqual([
      'session_new',
      'connect_server',
      'conn_create_mux',
    ]);
  });

  it('is still told of what the trace says happened after it', () => {
    const [after, ...events] = [detach('t1'), ...read(small(traceOf(OWNER_LEAVES)).text).events];
    const result = small(traceOf([...events, after as TraceEvent]));
    expect(signatureText(result.signature)).toBe('crash in session_check_idle_conn(NULL)');
    expect([result.from, result.to]).toEqual([9, 8]);
  });
});

describe('a broken promise', () => {
  it('is the first one that the trace breaks', () => {
    const result = small(corpus('bugs/b8-owner-dangles-in-the-pool.after.jsonl'));
    expect(result.signature).toEqual({ kind: 'broken', invariant: 'pooled-has-no-owner' });
    expect(read(result.text).header.title).toBe('A step breaks the promise pooled-has-no-owner');
    expect(read(result.text).events.at(-1)?.expect?.broken).toEqual(['pooled-has-no-owner']);
  });

  it('is the one that is asked for, whatever else the trace shows', () => {
    const trace = corpus('bugs/b8-owner-dangles-in-the-pool.after.jsonl');
    const result = small(trace, 'owner-is-live');
    expect(read(result.text).events.at(-1)).toMatchObject({
      event: 'session_free',
      expect: { broken: ['owner-is-live'] },
    });
    expect(minimized(trace, 'idle-limit')).toBeNull();
    expect(minimized(trace, 'no-crash')).toBeNull();
  });

  it('may be one that the rule set does not promise', () => {
    const trace = corpus('bugs/b17-count-stays.before.jsonl');
    const result = small(trace, 'private-is-listed');
    expect(result.signature).toEqual({ kind: 'broken', invariant: 'private-is-listed' });
    expect(result.text).not.toContain('"broken":["private-is-listed"]');
    expect(divergencesOf(result.text)).toEqual([]);
  });
});

describe('a divergence', () => {
  const trace = corpus('session-list/listed-after-the-handshake.after.jsonl');

  it('keeps the field that differs, as it was stated, and the rule that decided', () => {
    const result = small(trace, null, '21ddc74e8');
    const field = 'conn.*.listed_in';
    expect(result.signature).toEqual({
      kind: 'divergence',
      field,
      rule: 'create-mux.private-unlisted',
    });
    expect(read(result.text).header.rules).toBe('21ddc74e8');
    expect(read(result.text).events.map((event) => event.expect)).toEqual([
      undefined,
      undefined,
      { conn: { c1: { listed_in: 's1' } } },
    ]);
    expect(divergencesOf(result.text)).toHaveLength(1);
  });

  it('is minimised before the crash that follows, unless the crash is asked for', () => {
    const [first, ...others] = OWNER_LEAVES as [TraceEvent, ...TraceEvent[]];
    const stated = { ...first, expect: { sess: { s1: { idle_conns: 3 } } } } as TraceEvent;
    const result = small(traceOf([stated, ...others]));
    expect(result.signature).toMatchObject({ field: 'sess.*.idle_conns', rule: null });
    expect(result.to).toBe(1);
    const asked = small(traceOf([stated, ...others]), 'no-crash');
    expect(asked.signature).toEqual({ kind: 'crash', site: 'session_check_idle_conn(NULL)' });
    expect(divergencesOf(asked.text)).toEqual([]);
  });

  it('keeps a crash that is not expected, and one that does not come', () => {
    const last = OWNER_LEAVES.length - 1;
    const unstated = OWNER_LEAVES.with(last, { ...detach('t1'), expect: {} } as TraceEvent);
    const result = small(traceOf(unstated));
    expect(result.signature).toMatchObject({ kind: 'divergence', field: 'crash' });
    expect(read(result.text).events.at(-1)?.expect).toEqual({});
    const absent = { ...begin('s1'), expect: { crash: 'conn_free' } } as TraceEvent;
    expect(inputsOf(small(traceOf([begin('s0'), absent])).text)).toEqual([begin('s1')]);
  });

  it('keeps a connection that a stream does not get', () => {
    const events = [
      begin('s1'),
      begin('s2'),
      connect('t1', 's1', 'c1'),
      challenge('t1', { Server: ['x'] }),
      connect('t2', 's1', 'other'),
    ];
    const result = small(traceOf(events));
    expect(result.signature).toMatchObject({ field: 'conn', rule: 'connect.reuse.attached' });
    expect(inputsOf(result.text)).toEqual([
      begin('s1'),
      connect('t1', 's1', 'c1'),
      connect('t2', 's1', 'c2'),
    ]);
  });

  it('renames ids in calls and in states', () => {
    const wrong = { calls: ['conn_new() = mine', 'conn_set_private(mine)'] };
    const events = [
      begin('ann'),
      { ...connect('str', 'ann', 'mine'), expect: wrong } as TraceEvent,
    ];
    expect(read(small(traceOf(events)).text).events.at(-1)).toEqual({
      ...connect('t1', 's1', 'c1'),
      expect: { calls: ['conn_new() = c1', 'conn_set_private(c1)'] },
    });
  });
});

describe('an impossible event', () => {
  it('stays impossible for the same reason', () => {
    const events = [
      begin('s1'),
      begin('my s'),
      connect('t1', 's1', 'c1'),
      connect('a b', 'my s', 'c1'),
      detach('t1'),
      connect('a b', 'my s', 'c1'),
      detach('a b'),
    ];
    const result = small(traceOf(events));
    expect(result.signature).toEqual({
      kind: 'impossible',
      event: 'connect_server',
      reason: 'stream * is still attached to *',
    });
    expect(inputsOf(result.text)).toEqual([
      begin('s1'),
      connect('t1', 's1', 'c1'),
      // No connection comes of it that it could claim.
      { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv' },
    ]);
    expect(divergencesOf(result.text).map(({ kind }) => kind)).toEqual(['impossible']);
  });

  it('names what it needs to be read', () => {
    const result = small(traceOf([begin('a'), connect('t', 'a', 'k'), detach('t'), detach('t')]));
    expect(inputsOf(result.text).at(-1)).toEqual(detach('t1'));
    expect(small(result.text).text).toBe(result.text);
  });
});

describe('any trace', () => {
  it('gives null when it shows nothing', () => {
    expect(minimized(traceOf([begin('s1')]))).toBeNull();
    expect(minimized(traceOf([]))).toBeNull();
  });

  it('may use __proto__ and its like for ids', () => {
    const odd = (text: string): string =>
      text
        .replaceAll('"s2"', '"__proto__"')
        .replaceAll('"c1"', '"constructor"')
        .replaceAll('"t1"', '"a, b) = NULL"')
        .replaceAll(/(?<=[:{])"fe"(?!:")/g, '"__proto__"')
        .replaceAll('"b/srv"', '"b/__proto__"');
    const plain = traceOf(OWNER_LEAVES);
    const result = small(odd(plain));
    expect(result.text).toBe(small(plain).text);
    // The same where an expectation has them.
    const stated = JSON.parse('{"conn":{"__proto__":{"owner":null}}}');
    const events = [begin('a'), { ...connect('t', 'a', '__proto__'), expect: stated }];
    const differing = small(traceOf(events));
    expect(read(differing.text).events.at(-1)?.expect).toEqual({ conn: { c1: { owner: null } } });
  });

  it('gives the same bytes each time', () => {
    const name = 'recorded/s11_h2_ntlm_two_always_srva.post.jsonl';
    expect(small(corpus(name)).text).toBe(small(corpus(name)).text);
  });

  it.each([
    [10, 'selections'],
    [20, 'pairs'],
    [45, 'single'],
  ])('says how much was tried to make %i events fewer', (limit, guarantee) => {
    // The last stream that there is room for takes the connection out of its list.
    const servers = { 'b/srv': { proto: 'h2', 'streams-limit': limit } } as const;
    const uses = Array.from({ length: limit }, (_, at) => connect(`t${at}`, 's1', 'c1'));
    const stated = { ...uses.at(-1), expect: { conn: { c1: { list: 'available' } } } };
    const events = [begin('s0'), begin('s1'), ...uses.slice(0, -1), stated as TraceEvent];
    const config = { ...sharedHeader().config, servers };
    const result = small(traceOf(events, { config }));
    expect(result.signature).toMatchObject({ field: 'conn.*.list', rule: 'connect.reuse.full' });
    expect(result.guarantee).toBe(guarantee);
    expect(result.to).toBe(limit + 1);
  });
});
