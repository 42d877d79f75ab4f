import { describe, expect, it } from 'vitest';
import { step } from '../../src/engine/step/step.ts';
import type { TraceEvent } from '../../src/format/index.ts';
import { BOTH, connecting, POST, PRE, type Scene, scene, snapshot } from './support.ts';

/** Two sessions, one stream attached, one idle, one orphan, one connection without a mux. */
function busy(rules: string): Scene {
  const config = { servers: { 'b/h2': { proto: 'h2' }, 'b/alpn': { alpn: 'h2' } } } as const;
  const s = scene(rules, { config }).session('s1', 's2');
  s.exchange('t1').connect('t2').connect('t3', { target: 'b/h2', sess: 's2' });
  s.detach('t3', { blocked: true }).connect('t4', { target: 'b/alpn' });
  return s;
}

const IMPOSSIBLE: [string, TraceEvent, RegExp][] = [
  ['a thread too many', { event: 'session_new', sess: 's9', fe: 'fe', thread: 1 }, /thread 1/],
  ['an unknown frontend', { event: 'session_new', sess: 's9', fe: 'no' }, /no frontend no/],
  ['a session twice', { event: 'session_new', sess: 's1', fe: 'fe' }, /s1 exists already/],
  [
    'a preference of an unknown session',
    { event: 'assign_server', strm: 't9', sess: 's9', be: 'b' },
    /no session s9/,
  ],
  [
    'a preference in an unknown backend',
    { event: 'assign_server', strm: 't9', sess: 's1', be: 'no' },
    /no backend no/,
  ],
  ['a stream attached twice', connecting('t2'), /t2 is still attached to c2/],
  ['an unknown session connecting', connecting('t9', { sess: 's9' }), /no session s9/],
  ['an unknown target', connecting('t9', { target: 'b/no' }), /no server or backend b\/no/],
  ['a mux for no connection', { event: 'conn_create_mux', conn: 'c9', mux: 'h1' }, /c9/],
  ['a second mux', { event: 'conn_create_mux', conn: 'c1', mux: 'h1' }, /c1 has its mux already/],
  [
    'a check by a stream that is attached',
    { event: 'tcpcheck_eval_connect', strm: 't2', sess: 's1', target: 'b/srv' },
    /still attached/,
  ],
  [
    'an answer for nobody',
    { event: 'http_wait_for_response', strm: 't9', status: 401 },
    /t9 has no connection/,
  ],
  ['a detach of nobody', { event: 'detach', strm: 't9' }, /t9 has no connection/],
  ['a second detach', { event: 'detach', strm: 't1' }, /t1 has no connection/],
  ['the end of a stream that has not left', { event: 'stream_destroy', strm: 't2' }, /blocked/],
  ['the end of a stream that left whole', { event: 'stream_destroy', strm: 't1' }, /blocked/],
  ['a release of nothing', { event: 'mux_release', conn: 'c9' }, /no connection c9/],
  ['a release without a mux', { event: 'mux_release', conn: 'c4' }, /c4 has no mux/],
  ['a release under a stream', { event: 'mux_release', conn: 'c2' }, /t2 is still attached to c2/],
  ['an update of nothing', { event: 'conn_update', conn: 'c9' }, /no connection c9/],
  [
    'an update that H1 does not know, among others that it does',
    { event: 'conn_update', conn: 'c2', set: ['ERROR'], unlink: true, nb_streams: 2 },
    /c2 has the mux h1/,
  ],
  ['a purge of no server', { event: 'srv_cleanup_idle_connections', srv: 'b' }, /no server b/],
  ['a cleanup of no server', { event: 'srv_cleanup_connections', srv: 'b/no' }, /no server b\/no/],
  ['the end of no session', { event: 'session_free', sess: 's9' }, /no session s9/],
  ['the end of a session with streams', { event: 'session_free', sess: 's1' }, /2 stream\(s\)/],
];

describe.each(BOTH)('an impossible step (%s)', (rules) => {
  it.each(IMPOSSIBLE)('%s: says why, and leaves the world as it was', (_, event, why) => {
    const s = busy(rules);
    const before = snapshot(s.w);
    expect(s.refusal(event)).toMatch(why);
    expect(snapshot(s.w)).toBe(before);
    expect(s.w.log.touched).toEqual([]);
    expect(s.calls).toEqual([]);
  });

  it('leaves nothing behind for the step after it', () => {
    const s = busy(rules);
    s.take(
      connecting('t9', { sess: 's9', fail: ['connection', 'sockaddr'], used_fds: 9, thread: 0 }),
    );
    expect(s.connect('t9').returned).toMatchObject({ ret: 'NONE' });
    expect(s.w).toMatchObject({ thread: 0, usedFds: 0 });
  });
});

describe.each(BOTH)('a step (%s)', (rules) => {
  it('begins with an empty log', () => {
    const s = scene(rules).session('s1').exchange('t1');
    expect(s.calls).not.toEqual([]);
    s.do({ event: 'assign_server', strm: 't9', sess: 's1', be: 'b' });
    expect(s.calls).toEqual([]);
    expect(s.w.log.touched).toEqual([]);
    expect(s.decisions).toEqual(['assign.not-asked']);
  });

  it('tells a listener once about each object, before its first change', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    const seen: string[] = [];
    s.w.beforeChange = (entity) =>
      seen.push(`${entity.kind} ${entity.id} ${s.sess('s1')?.idle_conns}`);
    s.free('s1');
    expect(seen.toSorted()).toEqual(['conn c1 1', 'sess s1 1', 'srv b/srv 1']);
  });

  it('uses up one announced failure per attempt, of its kind only', () => {
    const s = scene(rules, { reuse: 'never' }).session('s1');
    s.connect('t1', { fail: ['takeover', 'sockaddr', 'sockaddr'] });
    expect(s.returned).toMatchObject({ ret: 'RESOURCE' });
    expect(s.connect('t2').returned).toMatchObject({ ret: 'NONE' });
  });

  it('does not hide an error of the engine', () => {
    const s = scene(rules);
    s.w.beforeChange = () => {
      throw new TypeError('a bug');
    };
    expect(() => step(s.w, { event: 'session_new', sess: 's1', fe: 'fe' })).toThrow('a bug');
  });
});

describe('every place where the modelled program dies', () => {
  const h2 = { proto: 'h2', 'streams-limit': 3 } as const;
  const always = { reuse: 'always', srv: h2 } as const;
  const last: TraceEvent = { event: 'detach', strm: 't2' };

  /** Two sessions on one H2 connection, both challenged: s2 owns it, s1 lists it. */
  function twoOwners(): Scene {
    const s = scene(POST, always).session('s1', 's2').connect('t1').connect('t2', { sess: 's2' });
    return s.ntlm('t1').ntlm('t2');
  }

  const CRASHES: [string, string, () => Scene, TraceEvent, string[]][] = [
    [
      POST,
      'connect_server',
      () => scene(POST).session('s1'),
      connecting('t1', { fail: ['connection'] }),
      ['conn_new() = NULL'],
    ],
    [
      PRE,
      'conn_set_private',
      () => scene(PRE, { reuse: 'never' }).session('s1'),
      connecting('t1', { fail: ['connection'] }),
      ['conn_new() = NULL'],
    ],
    [
      POST,
      'connect_server',
      () => twoOwners().detach('t1').detach('t2').free('s2'),
      connecting('t3'),
      [],
    ],
    [
      POST,
      'session_check_idle_conn',
      () =>
        scene(POST, always)
          .session('s1', 's2')
          .connect('t1')
          .do(connecting('t2', { sess: 's2' }))
          .ntlm('t1')
          .detach('t1')
          .free('s1'),
      last,
      ['session_add_conn(s2, c1) = 1', 'session_check_idle_conn(NULL, c1)'],
    ],
    [
      POST,
      'session_check_idle_conn',
      () =>
        scene(POST, always)
          .session('s1', 's2')
          .connect('t2')
          .connect('t1', { sess: 's2' })
          .ntlm('t2')
          .ntlm('t1')
          .detach('t1')
          .free('s2'),
      last,
      ['session_add_conn(s1, c2) = 1', 'session_check_idle_conn(s2!freed, c2)'],
    ],
    [
      POST,
      'session_unown_conn',
      () =>
        twoOwners()
          .detach('t2')
          .free('s2')
          .update('c1', { set: ['ERROR'] }),
      { event: 'detach', strm: 't1' },
      ['mux_release(c1)', 'conn_free(c1)', 'session_unown_conn(s2!freed, c1)'],
    ],
    [
      POST,
      'conn_free',
      () => twoOwners().detach('t1').detach('t2').free('s2'),
      { event: 'mux_release', conn: 'c1' },
      ['mux_release(c1)', 'conn_free(c1)'],
    ],
  ];

  it.each(CRASHES)('%s: %s', (_, fn, prepare, event, calls) => {
    const s = prepare();
    expect(s.crash(event)).toBe(fn);
    expect(s.calls).toEqual(calls);
  });

  it.each(BOTH)('%s: conn_free, after a takeover without memory', (rules) => {
    const s = scene(rules, { config: { nbthread: 2 } })
      .session('s1')
      .exchange('t1', { thread: 1 });
    const event = connecting('t2', { not_first: true, fail: ['takeover'] });
    expect(s.crash(event)).toBe('conn_free');
  });

  it.each(BOTH)('%s: si_cs_send, srv_migrate_conns_to_remove, cs_destroy', (rules) => {
    const alpn = scene(rules, { srv: { alpn: 'h2' } })
      .session('s1')
      .connect('t1');
    const mux = { event: 'conn_create_mux', conn: 'c1', mux: 'h2', fail: ['mux'] } as const;
    expect(alpn.crash({ ...mux, fail: ['mux'] })).toBe('si_cs_send');
    const none = scene(rules, { srv: { 'pool-max-conn': 0 } });
    expect(none.crash({ event: 'srv_cleanup_connections', srv: 'b/srv' })).toBe(
      'srv_migrate_conns_to_remove',
    );
    const freed = scene(rules, { reuse: 'never' }).session('s1').exchange('t1');
    freed.connect('t2', { error: 'address' });
    expect(freed.crash(last)).toBe('cs_destroy');
  });
});
