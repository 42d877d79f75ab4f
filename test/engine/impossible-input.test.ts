import { describe, expect, it } from 'vitest';
import { takeBreaches } from '../../src/engine/invariants/index.ts';
import type { TraceEvent, UpdateFlagName } from '../../src/format/index.ts';
import { EACH, POST, type Scene, scene, threeStreams } from './support.ts';

const CHALLENGE: TraceEvent = {
  event: 'http_wait_for_response',
  strm: 't1',
  status: 401,
  headers: { 'WWW-Authenticate': ['NTLM'] },
};
const ANSWER: TraceEvent = { event: 'http_wait_for_response', strm: 't1', status: 200 };

/** What an event says that cannot be. */
function odd(s: Scene, event: TraceEvent): string[] {
  takeBreaches(s.w);
  s.do(event);
  return takeBreaches(s.w)
    .filter(({ invariant }) => invariant.name === 'impossible-input')
    .map(({ says }) => says(s.w.rules));
}

const h1 = (rules = POST) => scene(rules).session('s1').connect('t1');
const h2 = (rules = POST) =>
  scene(rules, { srv: { proto: 'h2' } })
    .session('s1')
    .connect('t1');

describe.each(EACH)('an impossible input (%s)', (rules) => {
  it('is a challenge over a connection that waits, with the event that is missing', () => {
    expect(odd(h1(rules), CHALLENGE)).toEqual([
      'a challenge cannot come over c1 while it waits for its handshake; add before it: {"event":"conn_update","conn":"c1","clear":["WAIT_XPRT"]}',
    ]);
    expect(odd(h1(rules).established('c1'), CHALLENGE)).toEqual([]);
  });

  it('is no answer that shows that the flag is stale, and none after it', () => {
    const s = h1(rules);
    expect(odd(s, ANSWER)).toEqual([]);
    expect(odd(s, CHALLENGE)).toEqual([]);
  });

  it('is no detach that leaves "idle" unsaid, and nothing after one', () => {
    const s = h1(rules);
    expect(odd(s, { event: 'detach', strm: 't1' })).toEqual([]);
    s.connect('t2', { not_first: true });
    expect(odd(s, { ...CHALLENGE, strm: 't2' })).toEqual([]);
  });

  it('is told once where one cause makes several words impossible', () => {
    const tcp = scene(rules, { be: { mode: 'tcp' } })
      .session('s1')
      .connect('t1');
    expect(odd(tcp, CHALLENGE)).toEqual([
      'nobody looks for an answer over c1: its mux is pt, of mode tcp',
    ]);
    const detach = { event: 'detach', strm: 't1' } as const;
    expect(odd(h1(rules), { ...detach, idle: true, excess_data: true })).toHaveLength(1);
    expect(odd(h2(rules), { ...detach, proto_status: 'OVERLOADED' })).toEqual([
      'c1 has the mux h2, which knows no "proto_status"; leave it out',
    ]);
  });

  it('is "dead" of a stream that leaves while blocked, unless an error lets it end', () => {
    const detach = { event: 'detach', strm: 't1', blocked: true, dead: true } as const;
    expect(odd(h2(rules), detach)).toEqual([
      'where a stream leaves while blocked nobody asks whether c1 is dead; leave "dead" out, or write it where the stream ends (stream_destroy)',
    ]);
    const s = h2(rules);
    s.do({ event: 'conn_update', conn: 'c1', set: ['ERROR', 'MUX_ERROR'] });
    expect(odd(s, detach)).toEqual([]);
  });

  it('is told again where it is said again', () => {
    const s = h2(rules);
    const twice = ['a first', 'a second'].map(() =>
      odd(s, { event: 'conn_update', conn: 'c1', set: ['ERROR'], clear: ['ERROR'] }),
    );
    expect(twice).toEqual([
      ['ERROR of c1 cannot be both set and cleared'],
      ['ERROR of c1 cannot be both set and cleared'],
    ]);
  });

  it('changes nothing of what is done', () => {
    const [one, other] = [h1(rules), h1(rules).established('c1')];
    one.do(CHALLENGE);
    other.do(CHALLENGE);
    expect(one.calls).toEqual(other.calls);
  });
});

describe('what could be', () => {
  it.each([
    ['101 over H1', () => h1().established('c1'), { ...ANSWER, status: 101 }],
    ['what is not kept', h1, { event: 'detach', strm: 't1', idle: false }],
    ['a connect that times out', h2, { event: 'detach', strm: 't1' }],
    [
      'data left to send while connecting',
      h1,
      { event: 'detach', strm: 't1', idle: false, obuf_data: true },
    ],
    [
      'a read shutdown',
      () => h2().update('c1', { set: ['SOCK_RD_SH'] }),
      { event: 'detach', strm: 't1', dead: true },
    ],
    [
      'a GOAWAY',
      () => h2().update('c1', { clear: ['WAIT_XPRT'], goaway: true }),
      { event: 'detach', strm: 't1', dead: true },
    ],
    [
      'an error of the mux',
      () => h2().update('c1', { mux_error: true }),
      { event: 'detach', strm: 't1', dead: true },
    ],
    [
      'an end on the wire',
      () => h2().update('c1', { clear: ['WAIT_XPRT'], nb_streams: 0 }),
      { event: 'detach', strm: 't1', ended: true },
    ],
    [
      'a stream that is given up, and closes, before anything could come',
      h2,
      { event: 'conn_update', conn: 'c1', nb_streams: 0 },
    ],
    [
      'frames that tell that it is connected',
      h2,
      { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'], goaway: true },
    ],
    [
      'an unlink with its reason',
      h2,
      { event: 'conn_update', conn: 'c1', set: ['ERROR'], unlink: true },
    ],
    ['a flag that was not set', h1, { event: 'conn_update', conn: 'c1', clear: ['XPRT_READY'] }],
    [
      'a failing layer of a PROXY header',
      () => scene(POST, { srv: { 'send-proxy': true } }).session('s1'),
      { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', error: 'handshake' },
    ],
    [
      'H1 where H2 was offered',
      () =>
        scene(POST, { srv: { alpn: 'h2' } })
          .session('s1')
          .connect('t1'),
      { event: 'conn_create_mux', conn: 'c1', mux: 'h1' },
    ],
    [
      'H2 where it was',
      () =>
        scene(POST, { srv: { alpn: 'h2,http/1.1' } })
          .session('s1')
          .connect('t1'),
      { event: 'conn_create_mux', conn: 'c1', mux: 'h2' },
    ],
    [
      'a status of a connected application',
      () =>
        scene(POST, { srv: threeStreams('fcgi') })
          .session('s1')
          .connect('t1')
          .established('c1'),
      { event: 'detach', strm: 't1', proto_status: 'OVERLOADED' },
    ],
  ] satisfies [string, () => Scene, TraceEvent][])('%s', (_, before, event) => {
    expect(odd(before(), event)).toEqual([]);
  });
});

it('a connection that is passed over by a stale flag is told where that decides', () => {
  const s = scene(POST, { reuse: 'never', be: { 'option prefer-last-server': true } });
  s.session('s1').connect('t1').detach('t1');
  const assign: TraceEvent = { event: 'assign_server', strm: 't2', sess: 's1', be: 'b' };
  expect(odd(s, assign)).toEqual([
    'c1 cannot still be connecting, as something has come over it; add before it: {"event":"conn_update","conn":"c1","clear":["WAIT_XPRT"]}',
  ]);
  expect(odd(s.established('c1'), assign)).toEqual([]);
});

it('a session is run by its thread', () => {
  const s = scene(POST, { config: { nbthread: 2 } }).do({
    event: 'session_new',
    sess: 's1',
    fe: 'fe',
    thread: 1,
  });
  const said = odd(s, { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv' });
  expect(said).toEqual([
    's1 was made on thread 1, which runs all of it, and this is told of thread 0: write "thread":1, or "thread":0 where the session begins',
  ]);
  expect(odd(s, { event: 'detach', strm: 't1', thread: 1 })).toEqual([]);
});

describe('what a mux has seen, where there is none to see it', () => {
  const update = (set: UpdateFlagName[]): TraceEvent => {
    return { event: 'conn_update', conn: 'c1', set };
  };
  const NOTHING =
    'the mux of c1 can have seen nothing: c1 has none, or one that passes bytes through, and no SOCK_RD_SH or ERROR says as much of c1 itself';

  describe.each([
    ['no mux', () => scene('2.8.0', { srv: { alpn: 'h2', ssl: true } })],
    ['one that passes bytes through', () => scene('2.8.0', { be: { mode: 'tcp' } })],
  ])('with %s', (_, made) => {
    const s = () => made().session('s1').connect('t1');

    it.each(['RCVD_SHUT', 'ERR_PENDING', 'MUX_ERROR'] as const)('cannot be %s alone', (flag) => {
      expect(odd(s(), update([flag]))).toEqual([NOTHING]);
    });

    it('can be what is said of the connection as well, now or before', () => {
      expect(odd(s(), update(['SOCK_RD_SH', 'RCVD_SHUT']))).toEqual([]);
      expect(odd(s(), update(['ERROR', 'ERR_PENDING', 'MUX_ERROR']))).toEqual([]);
      expect(odd(s().update('c1', { set: ['ERROR'] }), update(['MUX_ERROR']))).toEqual([]);
    });

    it('is not said by the other of both', () => {
      expect(odd(s(), update(['SOCK_RD_SH', 'MUX_ERROR']))).toEqual([NOTHING]);
      expect(odd(s(), update(['ERROR', 'RCVD_SHUT']))).toEqual([NOTHING]);
    });
  });
});

describe('what only releases have', () => {
  const release = (rules: string) => scene(rules).session('s1').connect('t1');
  const admin = (maint: boolean): TraceEvent => ({ event: 'srv_admin', srv: 'b/srv', maint });

  it('is known by age from 3.0.0 on: nobody need claim who had to go', () => {
    const purge: TraceEvent = { event: 'srv_cleanup_connections', srv: 'b/srv', victims: ['c1'] };
    expect(odd(release('3.0.0'), purge)).toEqual([
      'who of b/srv has to go is known here, by age: "victims" says nothing; leave it out',
    ]);
    expect(odd(release('2.8.0'), purge)).toEqual([]);
  });

  it('is the lock of another thread', () => {
    const s = scene('2.4.0', { config: { nbthread: 2 } }).session('s1');
    const connect = (busy: number[]): TraceEvent => ({
      event: 'connect_server',
      strm: 't1',
      sess: 's1',
      target: 'b/srv',
      busy,
    });
    expect(odd(s, connect([1, 0]))).toHaveLength(1);
    s.do({ event: 'detach', strm: 't1' });
    expect(odd(s, connect([1]))).toEqual([]);
  });

  it('is maintenance that is entered or left once, where that counts', () => {
    const s = release('3.3.0');
    expect(odd(s, admin(false))).toEqual([
      'b/srv is not in maintenance, which it could leave; leave the event out',
    ]);
    expect(odd(s, admin(true))).toEqual([]);
    expect(odd(s, admin(true))).toEqual(['b/srv is in maintenance already; leave the event out']);
    expect(odd(release('3.2.0'), admin(false))).toEqual([]);
  });

  it('is the deletion of a server that serves', () => {
    const del: TraceEvent = { event: 'del_server', srv: 'b/srv' };
    const s = release('3.3.0');
    s.do({ event: 'detach', strm: 't1', idle: false });
    expect(odd(s, { ...del, error: true })).toEqual([]);
    expect(odd(s, del)).toEqual([
      expect.stringMatching(
        /^b\/srv is not in maintenance, and cannot be deleted: .*"maint":true\}$/,
      ),
    ]);
  });
});
