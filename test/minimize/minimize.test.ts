import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { signatureText } from '../../src/minimize/index.ts';
import { formatTrace } from '../../src/trace/index.ts';
import {
  begin,
  challenge,
  connect,
  corpus,
  detach,
  inputsOf,
  OWNER_LEAVES,
  traceOf,
} from './sample.ts';
import { divergencesOf, minimized, read, sharedHeader, small } from './support.ts';

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
