import { describe, expect, it } from 'vitest';
import { Capture, divergences, imported, ONE_SERVER, told } from './capture.ts';

const TWO_SERVERS = `${ONE_SERVER}  server other 127.0.0.1:81\n`;
const REFUSED = '0x005c0300';

/** A connection is refused, and its stream leaves it. */
function refused(capture: Capture, mux: string, stream: string): Capture {
  const details = `h1c=0x${mux}(0x80002200) conn=0xb0(${REFUSED}) h1s=0x${stream}(0x00000010)`;
  return capture
    .connect(mux, stream)
    .h1(`h1_detach(): entering : [B] [MSG_RQBEFORE, MSG_RPBEFORE] - ${details}`)
    .h1(`set shudown on h1c : [B] [MSG_RQBEFORE, MSG_RPBEFORE] - ${details}`)
    .h1('h1_release(): in')
    .h1(`h1_shutw_conn(): entering : [B] - h1c=0x${mux}(0x0) conn=0xb0(${REFUSED})`)
    .h1('h1_release(): freeing conn');
}

function begun(): Capture {
  return new Capture().client('a').request('a', 'a1', 'GET /a HTTP/1.1');
}

function connects(capture: Capture, config: string) {
  const { events, trace } = imported(capture.text, { config });
  expect(divergences(trace)).toBe(0);
  return events.filter(({ event }) => event === 'connect_server');
}

describe('attempts to connect', () => {
  it('that failed went to the server that the log line names', () => {
    const capture = refused(begun(), 'b', 'b1').connect('d', 'd1').response('d', 'd1');
    capture.log({ rc: '1', sv: 'other' }).leave('d', 'd1').done('a', 'a1');
    expect(connects(capture, TWO_SERVERS)).toMatchObject([
      { target: 'b/other', conn: 'c1', source: { certainty: 'inferred' } },
      { target: 'b/other', conn: 'c2', source: { certainty: 'inferred' } },
    ]);
  });

  it('went to the other one of two servers, where the last was sent on', () => {
    const capture = refused(begun(), 'b', 'b1').connect('d', 'd1').response('d', 'd1');
    capture.log({ rc: '+1', sv: 'other' }).leave('d', 'd1').done('a', 'a1');
    expect(connects(capture, TWO_SERVERS)).toMatchObject([
      { target: 'b/srv', source: { certainty: 'inferred' } },
      { target: 'b/other', source: { certainty: 'inferred' } },
    ]);
  });

  it('of which no line shows anything are guessed by their number', () => {
    const capture = begun().connect('b', 'b1').response('b', 'b1').log({ rc: '2' });
    capture.leave('b', 'b1').done('a', 'a1');
    expect(connects(capture, ONE_SERVER)).toMatchObject([
      { strm: 't1', error: 'connect', source: { certainty: 'guessed' } },
      { strm: 't1', error: 'connect', source: { certainty: 'guessed' } },
      { strm: 't1', conn: 'c1', expect: { reused: false }, source: { certainty: 'inferred' } },
    ]);
  });
});

describe('a connection that is destroyed from outside', () => {
  const destroyed = (capture: Capture, mux: string) =>
    capture
      .h1(`h1_destroy(): in : [B] - h1c=0x${mux}(0x80000400) conn=0xb0(0x300)`)
      .release(mux, 'B');
  const idle = () =>
    new Capture().client('a').exchange('a', 'b', { isNew: true, isFirst: true }).client('c');

  it('right before a stream gets one made room for that', () => {
    const capture = destroyed(idle().request('c', 'c1', 'GET /c HTTP/1.1'), 'b');
    const { events, trace } = imported(capture.connect('d', 'd1').text, { config: ONE_SERVER });
    expect(told(events).slice(6)).toEqual(['mux_release c1', 'connect_server t2 s2 b/srv c2']);
    expect(events[6]).toMatchObject({
      reason: 'destroyed as a stream connects',
      source: { certainty: 'inferred' },
      expect: { conn: { c1: null } },
    });
    expect(divergences(trace)).toBe(0);
  });

  it('else was purged', () => {
    const capture = destroyed(idle(), 'b').request('c', 'c1', 'GET /c HTTP/1.1').connect('d', 'd1');
    const { events } = imported(capture.text, { config: ONE_SERVER });
    expect(told(events).slice(6, 8)).toEqual([
      'srv_cleanup_idle_connections b/srv',
      'srv_cleanup_toremove_connections',
    ]);
  });
});

describe('a request that is none', () => {
  const BAD = {
    id: '-',
    be: 'fe',
    sv: '<NOSRV>',
    bi: '-:-',
    st: '400',
    ts: 'PR',
    rq: '"<BADREQ>"',
  };

  it('begins no session of its own', () => {
    const capture = new Capture().client('a').log(BAD).release('a', 'F');
    const { events } = imported(capture.text, { config: ONE_SERVER });
    expect(told(events)).toEqual(['session_new s1', 'session_free s1']);
  });

  it('is not taken for the end of a request that has a connection', () => {
    const capture = new Capture().client('a').client('c').request('a', 'a1', 'GET /a HTTP/1.1');
    capture
      .connect('b', 'b1')
      .log({ ...BAD, ci: '127.0.0.1:9' })
      .release('c', 'F');
    capture.response('b', 'b1').log().leave('b', 'b1').done('a', 'a1');
    const { events } = imported(capture.text, { config: ONE_SERVER });
    expect(told(events).filter((each) => each.startsWith('session_new'))).toHaveLength(2);
    expect(events.find(({ event }) => event === 'connect_server')?.source).toMatchObject({
      log: capture.lines.findLastIndex((line) => line.startsWith('replay1')) + 1,
    });
  });
});

describe('a challenge over HTTP/2', () => {
  const H2 = ONE_SERVER.replace(':80', ':80 proto h2').replace(
    'server',
    'http-reuse always\n  server',
  );
  const challenged = () =>
    begun()
      .h2('h2_init(): entering')
      .h2('h2s_new(): leaving : h2c=0xb(B,PRF) dsi=-1 h2s=0xb1(0,IDL)')
      .h2('h2_init(): leaving : h2c=0xb(B,PRF) : conn=0xb0(OUT) sv=b/srv RAW/tcpv4')
      .h2('sent H2 request   : h2c=0xb(B,FRH) h2s=0xb1(1,IDL) : [1] H2 REQ: GET /a HTTP/1.1')
      .h2('rcvd H2 response  : h2c=0xb(B,FRH) : [1] H2 RES: HTTP/2.0 401 ')
      .log({ st: '401', auth: 'yes' });

  it('was looked at when its stream is logged, before another one connects', () => {
    const capture = challenged();
    capture.on(1).client('c').request('c', 'c1', 'GET /c HTTP/1.1').connect('d', 'd1');
    capture.h2('h2_detach(): entering : h2c=0xb(B,FRH) h2s=0xb1(1,CLO)');
    capture.h2('h2_detach(): reusable idle connection').done('a', 'a1');
    const { events, trace } = imported(capture.text, { config: H2 });
    const short = told(events);
    expect(short.indexOf('http_wait_for_response t1')).toBeLessThan(
      short.findIndex((each) => each.startsWith('connect_server t2')),
    );
    expect(divergences(trace)).toBe(0);
  });

  it('binds its connection, which is in no list that it could go back to', () => {
    const capture = challenged()
      .h2('h2_detach(): entering : h2c=0xb(B,FRH) h2s=0xb1(1,CLO)')
      .h2('h2_detach(): reusable idle connection')
      .done('a', 'a1')
      .h2('h2_io_cb(): entering : h2c=0xb(B,FRH)');
    const { events, trace } = imported(capture.text, { config: H2 });
    expect(told(events).at(-1)).toBe('detach t1');
    expect(divergences(trace)).toBe(0);
  });
});
