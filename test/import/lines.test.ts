import { describe, expect, it } from 'vitest';
import { readCaptureLine } from '../../src/import/lines/capture-line.ts';
import { readLogLine } from '../../src/import/lines/log-line.ts';
import { type MuxKind, readRecord, statusOf } from '../../src/import/lines/reading.ts';

describe('a line of a capture', () => {
  it.each([
    ['3 events dropped', { kind: 'lost', count: 3 }],
    ['<0>2026-11-23T01:25:04.8+00:00 1 event dropped', { kind: 'lost', count: 1 }],
    ['HA-Proxy version 2.2.0 2020/07/07', { kind: 'version', version: '2.2.0' }],
    ['[NOTICE] (1) : haproxy version is 2.6.12-1+deb12u3', { kind: 'version', version: '2.6.12' }],
    ['HAProxy version 3.5-dev5-0 2026/06/03', { kind: 'version', version: '3.5-dev5' }],
    ['\t htx=0x1', { kind: 'more', text: '\t htx=0x1' }],
    ['haproxy[1]: \t htx=0x1', { kind: 'more', text: '\t htx=0x1' }],
    ['', { kind: 'more', text: '' }],
    ['[NOTICE]   (1) : New worker', { kind: 'other' }],
    ['[00|h1|5|mux', { kind: 'cut' }],
    ['replay1 th=0 rq="GET', { kind: 'cut' }],
  ])('is what it looks like: %s', (line, is) => {
    expect(readCaptureLine(line)).toEqual(is);
  });

  it('says process, time, thread, source and level of a record', () => {
    const line =
      '2026-11-23T01:25:04.806848+00:00 h haproxy[12]: [11|h1|5|/mux_h1.c:9] h1_init(): x';
    expect(readCaptureLine(line)).toEqual({
      kind: 'trace',
      prefix: { at: Date.UTC(2026, 10, 23, 1, 25, 4, 806), pid: '12' },
      thread: 11,
      source: 'h1',
      level: 5,
      text: 'h1_init(): x',
    });
  });

  it('is a log line where a request looks like a record, and the other way round', () => {
    expect(readCaptureLine('replay1 th=0 rq="GET /[00|h1|5|a] HTTP/1.1"').kind).toBe('log');
    expect(readCaptureLine('[00|h1|5|a.c:1] rcvd - "GET replay1 th=0"').kind).toBe('trace');
  });
});

describe('a log line', () => {
  it('is read by its keys: some may be missing or more, texts may hold anything', () => {
    const line =
      'replay1 th=3 new=x ci=[::1]:7 fe=fe~ be=b sv=<NOSRV> bi=-:- st=-1 ts=CD rc=+2 auth=yes rq="GET /a\\"b rc=9 HTTP/1.1"';
    expect(readLogLine(line)).toEqual({
      thread: 3,
      pid: null,
      client: '[::1]:7',
      frontend: 'fe',
      backend: 'b',
      target: null,
      local: null,
      status: null,
      ended: 'CD',
      isRedispatched: true,
      retries: 2,
      challenged: true,
      request: 'GET /a"b rc=9 HTTP/1.1',
    });
  });
});

describe('a record', () => {
  const read = (kind: MuxKind, text: string) => readRecord(kind, text);

  it.each([
    [
      '2.2',
      'h1_detach(): entering : [B] [MSG_DONE, MSG_DONE] - h1c=0x3b(0x00000000) h1s=0x3c(0x00004490) ibuf=0@(nil)+0/0 obuf=7@0x1+0/0',
      { mux: '3b', stream: '3c', streamFlags: 0x4490, connFlags: null, pending: 7 },
    ],
    [
      '2.6',
      'h1_detach(): entering : [B] [MSG_DONE, MSG_DONE] - h1c=0x3b(0x80002200) conn=0x1(0x10000300) h1s=0x3c(0x00004090) sd=0x2(0x1)',
      { mux: '3b', stream: '3c', streamFlags: 0x4090, connFlags: 0x10000300, pending: null },
    ],
    [
      '3.4',
      'h1_detach(): entering : [B,RUN] [MSG_DONE, MSG_DONE] - req=(.fl=0x1 .curr_len=0) res=(.fl=0x2) - h1c=0x3b(0x1) conn=0x1(0x80000300) .task=0x2 .exp=20s h1s=0x3c(0x10) ibuf=0@(nil)+0/0 obuf=0@(nil)+0/0',
      { mux: '3b', stream: '3c', streamFlags: 0x10, connFlags: 0x80000300, pending: 0 },
    ],
  ])('of H1 is read in the shape of %s', (_, text, is) => {
    expect(read('h1', text)).toMatchObject({
      fn: 'h1_detach',
      side: 'B',
      requestState: 'MSG_DONE',
      responseState: 'MSG_DONE',
      ...is,
    });
  });

  it('of H1 holds a request with whatever is in it', () => {
    const request = 'GET /" - "x - h1c=0xbad(0x1) HTTP/1.1';
    const text = `rcvd H1 request headers : [F] [MSG_DONE, MSG_RPBEFORE] - VAL=4 - "${request}" - h1c=0x3b(0x1) h1s=0x3c(0x10)`;
    expect(read('h1', text)).toMatchObject({ head: request, mux: '3b', stream: '3c', side: 'F' });
  });

  it.each([
    ['2.6', 'h2c=0x5b(B,FRH) h2s=0x5c(17,CLO)', { backend: null }],
    [
      '3.4',
      'h2c=0x5b(B=b,FRH,0x8000) .dbuf=0@(nil)+0/0 dsi=-1 h2s=0x5c(17,CLO,0) .txw=1',
      { backend: 'b' },
    ],
  ])('of H2 is read in the shape of %s', (_, details, is) => {
    expect(read('h2', `h2_detach(): entering : ${details}`)).toMatchObject({
      fn: 'h2_detach',
      side: 'B',
      mux: '5b',
      muxState: 'FRH',
      stream: '5c',
      streamId: 17,
      ...is,
    });
  });

  it('of H2 names frontend and server once, and a message its stream', () => {
    expect(
      read('h2', 'new H2 connection : h2c=0x5b(B,PRF) : conn=0x1(OUT) sv=b/s1 RAW/tcpv4 src=1:2'),
    ).toMatchObject({ target: 'b/s1' });
    expect(
      read('h2', 'h2_init(): leaving : h2c=0x5b(F,PRF) : conn=0x1(IN) fe=web RAW/tcpv4'),
    ).toMatchObject({ frontend: 'web', side: 'F' });
    expect(
      read('h2', 'rcvd H2 request  : h2c=0x5b(F,FRH) : [7] H2 REQ: GET /h2s=0x1(2,A) HTTP/2.0'),
    ).toMatchObject({ headId: 7, head: 'GET /h2s=0x1(2,A) HTTP/2.0', stream: null });
  });

  it('of FastCGI is of the server, and its answer stands in quotes', () => {
    const text =
      'rcvd H1 response headers [rsp:MSG_DATA] - "HTTP/1.1 200 X" - fconn=0x7b(RUN,0x1) fstrm=0x7c(1,OPN,0x2)';
    const record = read('fcgi', text);
    expect(record).toMatchObject({ side: 'B', mux: '7b', stream: '7c', streamId: 1 });
    expect(statusOf(record.head)).toBe(200);
  });
});
