import { describe, expect, it } from 'vitest';
import { readTrace } from '../../src/trace/index.ts';
import {
  Capture,
  divergences,
  imported,
  ONE_SERVER,
  TOLD_TWO,
  TWO_REQUESTS,
  told,
} from './capture.ts';

describe('a capture of H1', () => {
  it('becomes sessions, connects, answers and detaches, which the rules agree with', () => {
    const { events, trace } = imported(TWO_REQUESTS.text, { config: ONE_SERVER });
    expect(told(events)).toEqual(TOLD_TWO);
    expect(divergences(trace)).toBe(0);
  });

  it('comes out the same in whatever pieces it comes, and with other ends of lines', () => {
    const { trace } = imported(TWO_REQUESTS.text, { config: ONE_SERVER });
    expect(imported(TWO_REQUESTS.text, { config: ONE_SERVER, piece: 7 }).trace).toBe(trace);
    const crlf = TWO_REQUESTS.text.replaceAll('\n', '\r\n');
    expect(imported(crlf, { config: ONE_SERVER }).trace).toBe(trace);
    expect(imported(TWO_REQUESTS.text.trimEnd(), { config: ONE_SERVER }).trace).toBe(trace);
  });

  it.each([
    ['the priority of a ring', (line: string) => `<0>${line}`],
    ['syslog', (line: string) => `Nov 23 01:25:05 host haproxy[4711]: ${line}`],
    ['journald', (line: string) => `2026-11-23T01:25:05+0000 host haproxy[4711]: ${line}`],
    [
      'syslog as of RFC 5424',
      (line: string) => `<134>1 2026-11-23T01:25:05.8+00:00 host haproxy 4711 - - ${line}`,
    ],
    ['a container runtime', (line: string) => `2026-11-23T01:25:05.8Z stdout F ${line}`],
    ['colours', (line: string) => `\u001b[32mweb_1 |\u001b[0m ${line}`],
    ['bytes that are no text', (line: string) => `\u00ff\u00fe ${line}`],
  ])('may stand behind %s', (_, prefixed) => {
    const text = TWO_REQUESTS.lines.map((line) => `${prefixed(line)}\n`).join('');
    expect(told(imported(text, { config: ONE_SERVER }).events)).toEqual(TOLD_TWO);
  });

  it('says of each event which lines it comes from, and how sure it is', () => {
    const { events } = imported(TWO_REQUESTS.text, { config: ONE_SERVER });
    expect(events.map(({ source }) => source)).toMatchObject([
      { lines: [1, 2], certainty: 'observed' },
      { lines: [5, 6], certainty: 'inferred', request: 3, log: 8 },
      { lines: [7, 7], certainty: 'observed' },
      { lines: [7, 7], certainty: 'observed' },
      { lines: [9, 10], certainty: 'observed' },
      { lines: [15, 16], certainty: 'inferred', request: 13, log: 18 },
      { lines: [17, 17], certainty: 'observed' },
      { lines: [19, 20], certainty: 'observed' },
      { lines: [25, 25], certainty: 'observed' },
    ]);
  });

  it('has the time of its lines, which never runs backwards', () => {
    const at = (second: number, line: string) => `<0>2026-11-23T01:25:0${second}.5+00:00 ${line}`;
    const text = TWO_REQUESTS.lines
      .map((line, index) => `${at(index === 6 ? 1 : Math.floor(index / 5), line)}\n`)
      .join('');
    const { events } = imported(text, { config: ONE_SERVER });
    expect(events.map(({ at: ms }) => ms)).toEqual([
      0, 1000, 1000, 1000, 1000, 3000, 3000, 3000, 4000,
    ]);
  });

  it('that turns private shows so in the flags of later lines', () => {
    const text = new Capture()
      .client('a')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .connect('b', 'b1')
      .response('b', 'b1', 'HTTP/1.1 401 Unauthorized')
      .leave('b', 'b1', '0x10000300')
      .done('a', 'a1').text;
    const { events, trace } = imported(text, { config: ONE_SERVER });
    expect(events[3]).toMatchObject({
      event: 'http_wait_for_response',
      status: 401,
      headers: { 'WWW-Authenticate': ['NTLM'] },
      expect: { conn: { c1: { flags: ['PRIVATE'] } } },
    });
    expect(divergences(trace)).toBe(0);
  });

  it('has a challenge by its log line where nothing else shows one', () => {
    const challenge = { isNew: true, isFirst: true, head: 'HTTP/1.1 407 X' };
    const text = new Capture()
      .client('a')
      .exchange('a', 'b', { ...challenge, log: { auth: 'yes' } });
    const plain = new Capture().client('a').exchange('a', 'b', challenge);
    const headers = (capture: Capture) =>
      imported(capture.text, { config: ONE_SERVER }).events.map((event) =>
        event.event === 'http_wait_for_response' ? event.headers : null,
      );
    expect(headers(text)[3]).toEqual({ 'Proxy-Authenticate': ['NTLM'] });
    expect(headers(plain)[3]).toBeUndefined();
  });

  it('with headers in it gives the scheme of a challenge, and nothing else', () => {
    const text = new Capture()
      .client('a')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .connect('b', 'b1')
      .response('b', 'b1', 'HTTP/1.1 401 X')
      .add(
        '\t htx=0x1(size=1)',
        '\t\t[1] type=HTX_BLK_HDR       - size=7      - addr=38    \twww-authenticate: Negotiate c2VjcmV0',
        '\t\t[2] type=HTX_BLK_HDR       - size=7      - addr=39    \tset-cookie: id=secret',
        '',
      )
      .leave('b', 'b1')
      .done('a', 'a1').text;
    const { events, trace } = imported(text, { config: ONE_SERVER });
    expect(events[3]).toMatchObject({ headers: { 'WWW-Authenticate': ['Negotiate'] } });
    expect(trace).not.toMatch(/c2VjcmV0|secret|cookie/i);
  });

  it('that the server closes is released, for the reason that the lines give', () => {
    const { events } = imported(
      new Capture()
        .client('a')
        .exchange('a', 'b', { isNew: true, isFirst: true })
        .h1('h1_timeout_task(): entering : [B] - h1c=0xb(0x80000000) conn=0xb0(0x00000300)')
        .release('b', 'B').text,
      { config: ONE_SERVER },
    );
    expect(events.at(-1)).toMatchObject({
      event: 'mux_release',
      conn: 'c1',
      reason: 'timeout',
      expect: { conn: { c1: null } },
    });
  });

  it('that ends in the detach of its stream is freed by it', () => {
    const text = new Capture()
      .client('a')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .connect('b', 'b1')
      .response('b', 'b1')
      .h1(
        'h1_detach(): entering : [B] [MSG_DONE, MSG_DONE] - h1c=0xb(0x0) conn=0xb0(0x300) h1s=0xb1(0x00000040)',
      )
      .release('b', 'B')
      .done('a', 'a1').text;
    const { events, trace } = imported(text, { config: ONE_SERVER });
    expect(events[4]).toMatchObject({
      event: 'detach',
      idle: false,
      shutdown: true,
      expect: { conn: { c1: null } },
    });
    expect(divergences(trace)).toBe(0);
  });
});

describe('a capture of several threads', () => {
  it('has the attach of one thread after the end of a detach on the other', () => {
    const text = new Capture().client('a');
    text.request('a', 'a1', 'GET /a HTTP/1.1').connect('b', 'b1').response('b', 'b1');
    const other = text.on(1).client('e');
    const idle = 'h1c=0xb(0x80002200) conn=0xb0(0x300) h1s=0xb1(0x00004010)';
    text.h1(`h1_detach(): entering : [B] [MSG_DONE, MSG_DONE] - ${idle}`);
    other.request('e', 'e1', 'GET /b HTTP/1.1');
    text.h1(`set idle mode on h1c : [B] [MSG_DONE, MSG_DONE] - ${idle}`).done('a', 'a1');
    other.attach('b', 'b2');
    const { events, trace } = imported(text.text, { config: `global\n nbthread 2\n${ONE_SERVER}` });
    expect(told(events).slice(-2)).toEqual(['detach t1', 'connect_server t2 s2 b/srv c1 reused']);
    expect(events.at(-1)?.thread).toBe(1);
    expect(readTrace('t', trace).header?.config?.nbthread).toBe(2);
  });
});

describe('a capture of H2', () => {
  const H2 = new Capture()
    .client('a')
    .request('a', 'a1', 'GET /a HTTP/1.1')
    .h2('h2_init(): entering')
    .h2('h2s_new(): leaving : h2c=0xb(B,PRF) dsi=-1 h2s=0xb1(0,IDL)')
    .h2('h2_init(): leaving : h2c=0xb(B,PRF) : conn=0xb0(OUT) sv=b/srv RAW/tcpv4 dst=127.0.0.1:80')
    .h2('sent H2 request   : h2c=0xb(B,FRH) h2s=0xb1(1,IDL) : [1] H2 REQ: GET /a HTTP/1.1');

  it('names the server, and joins an answer by its id', () => {
    const { events } = imported(
      H2.text +
        new Capture().h2('rcvd H2 response  : h2c=0xb(B,FRH) : [1] H2 RES: HTTP/2.0 200 ').text,
    );
    expect(told(events)).toEqual([
      'session_new s1',
      'connect_server t1 s1 b/srv c1',
      'conn_update c1',
      'http_wait_for_response t1',
    ]);
  });

  it('has a challenge take effect at the end of its stream, not at its receipt', () => {
    const text = new Capture()
      .add(...H2.lines)
      .h2('h2c_dec_hdrs(): h2c=0xb(B,FRP) dsi=1 rcvh www-authenticate: NTLM')
      .h2('rcvd H2 response  : h2c=0xb(B,FRH) : [1] H2 RES: HTTP/2.0 401 ')
      .client('e')
      .request('e', 'e1', 'GET /b HTTP/1.1')
      .h2('h2_attach(): entering : h2c=0xb(B,FRH)')
      .h2('h2_attach(): leaving : h2c=0xb(B,FRH) h2s=0xb2(0,IDL)')
      .log()
      .h2('h2_detach(): entering : h2c=0xb(B,FRH) h2s=0xb1(1,CLO)')
      .h2('h2_detach(): reusable idle connection')
      .done('a', 'a1').text;
    const { events } = imported(text);
    expect(told(events).slice(3)).toEqual([
      'session_new s2',
      'connect_server t2 s2 b/srv c1 reused',
      'http_wait_for_response t1',
      'detach t1',
    ]);
    expect(events[5]).toMatchObject({ headers: { 'WWW-Authenticate': ['NTLM'] } });
  });
});

describe('a capture that begins in the middle', () => {
  it('tells of an older connection what must have been, as guesses', () => {
    const text = new Capture().exchange('a', 'b').text;
    const { events, trace } = imported(text, { config: ONE_SERVER });
    expect(told(events)).toEqual([
      'session_new s1',
      'session_new s2',
      'connect_server t1 s2 b/srv c1',
      'conn_update c1',
      'detach t1',
      'session_free s2',
      'connect_server t2 s1 b/srv c1 reused',
      'http_wait_for_response t2',
      'detach t2',
    ]);
    const guessed = events.filter(({ source }) => source?.certainty === 'guessed');
    expect(guessed.map(({ note }) => note)).toEqual(Array(5).fill('older than the capture'));
    expect(divergences(trace)).toBe(0);
  });

  it('tells streams by their log lines where there are no records', () => {
    const text = new Capture()
      .log()
      .log({ rq: '"GET /b HTTP/1.1"' })
      .log({ ci: '127.0.0.1:4', bi: '127.0.0.1:5' }).text;
    const { events, importer } = imported(text, { config: ONE_SERVER });
    expect(told(events).filter((event) => event.startsWith('connect'))).toEqual([
      'connect_server t1 s1 b/srv c1',
      'connect_server t2 s1 b/srv c1 reused',
      'connect_server t3 s2 b/srv c2',
    ]);
    expect(importer.story.fromLog).toBe(3);
  });

  it('knows a client again that its log lines told of before', () => {
    const text = new Capture().log().exchange('a', 'b').text;
    const { events } = imported(text, { config: ONE_SERVER });
    expect(told(events).filter((event) => event.startsWith('connect'))).toEqual([
      'connect_server t1 s1 b/srv c1',
      'connect_server t2 s1 b/srv c1 reused',
    ]);
  });
});

describe('health checks', () => {
  it('have sessions and a frontend of their own', () => {
    const text = new Capture()
      .check('tcpcheck_eval_connect(): entering : [H] SRV=srv status=3/3 UP')
      .connect('b', 'b1', '0x10400300')
      .check('tcpcheck_eval_connect(): leaving : [H] SRV=srv status=3/3 UP')
      .leave('b', 'b1', '0x10000300')
      .client('a').text;
    const { events, trace } = imported(text, { config: ONE_SERVER });
    expect(told(events)).toEqual([
      'session_new s1',
      'tcpcheck_eval_connect t1 s1 b/srv c1',
      'conn_update c1',
      'detach t1',
      'session_free s1',
      'session_new s2',
    ]);
    expect(readTrace('t', trace).header?.config?.frontends).toMatchObject({
      '<checks>': { 'max-session-srv-conns': 0 },
    });
  });
});

describe('a server in maintenance', () => {
  it('has what waits for it removed at once, by the message that says so', () => {
    const text = new Capture()
      .client('a')
      .exchange('a', 'b', { isNew: true, isFirst: true })
      .add('Server b/srv is going DOWN for maintenance. 0 active and 0 backup servers left.')
      .add('[WARNING]  (7) : Server b/srv is going DOWN for maintenance. 0 active servers left.')
      .h1('h1_destroy(): in : [B] - h1c=0xb(0x80044400) conn=0xb0(0x00000301)')
      .release('b', 'B')
      .add('Server b/srv is UP/READY (leaving forced maintenance).')
      .exchange('a', 'd', { isNew: true }).text;
    const { events, trace } = imported(text, { config: ONE_SERVER });
    expect(told(events).slice(5, 8)).toEqual([
      'srv_admin b/srv',
      'srv_cleanup_toremove_connections',
      'srv_admin b/srv',
    ]);
    expect(events[5]).toMatchObject({ maint: true, source: { certainty: 'observed' } });
    expect(divergences(trace)).toBe(0);
  });
});

describe('a stream that leaves while it is blocked', () => {
  it('ends at last when its mux lets it go', () => {
    const on = 'h2c=0xb(B,FRH) h2s=0xb1(1,OPN)';
    const text = new Capture()
      .client('a')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .h2('h2_init(): entering')
      .h2('h2c_bck_stream_new(): leaving : h2c=0xb(B,PRF) h2s=0xb1(0,IDL)')
      .h2('h2_init(): leaving : h2c=0xb(B,PRF) : conn=0xb0(OUT) sv=b/srv RAW/tcpv4')
      .h2(`h2_detach(): entering : ${on}`)
      .h2(`h2_detach(): leaving on stream blocked : ${on}`)
      .done('a', 'a1')
      .h2(`h2_deferred_shut(): entering : ${on}`)
      .h2(`h2s_destroy(): entering : ${on}`).text;
    const { events } = imported(text, { config: ONE_SERVER });
    expect(told(events).slice(-2)).toEqual(['detach t1', 'stream_destroy t1']);
    expect(events.at(-2)).toMatchObject({ blocked: true });
  });
});
