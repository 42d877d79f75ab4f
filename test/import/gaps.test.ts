import { describe, expect, it } from 'vitest';
import {
  Capture,
  divergences,
  imported,
  ONE_SERVER,
  TOLD_TWO,
  TWO_REQUESTS,
  told,
} from './capture.ts';

describe('a capture with lost records', () => {
  it('names the gap, and goes on behind it', () => {
    const capture = new Capture().client('a').exchange('a', 'b', { isNew: true, isFirst: true });
    capture.request('a', 'a1', 'GET /a HTTP/1.1', false).attach('b', 'b1');
    capture.add('1 event dropped', '17 events dropped').exchange('a', 'b').release('a', 'F');
    const { events, importer } = imported(capture.text, { config: ONE_SERVER });
    expect(importer.story.gaps).toEqual([{ lines: [17, 18], what: '18 records were lost' }]);
    expect(told(events).slice(5)).toEqual([
      'connect_server t2 s1 b/srv c1 reused',
      'detach t2',
      'connect_server t3 s1 b/srv c1 reused',
      'http_wait_for_response t3',
      'detach t3',
      'session_free s1',
    ]);
    expect(events[6]).toMatchObject({
      source: { certainty: 'guessed' },
      note: 'its end was not seen',
    });
  });

  it('ends what had the address of something that begins', () => {
    const text = new Capture()
      .client('a')
      .exchange('a', 'b', { isNew: true, isFirst: true })
      .client('b').text;
    const { events } = imported(text, { config: ONE_SERVER });
    expect(told(events).slice(-2)).toEqual(['mux_release c1', 'session_new s2']);
    expect(events.at(-2)?.source).toMatchObject({ certainty: 'guessed' });
  });

  it('takes the first stream of a mux that it has not seen begin for a new connection', () => {
    const text = new Capture()
      .client('a')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .add('3 events dropped')
      .response('b', 'b1')
      .log()
      .leave('b', 'b1')
      .done('a', 'a1').text;
    const { events } = imported(text, { config: ONE_SERVER });
    expect(told(events)[1]).toBe('connect_server t1 s1 b/srv c1');
    expect(events[1]?.source).toMatchObject({ certainty: 'inferred' });
  });

  it('takes a line that is cut for a gap', () => {
    const cut = new Capture().log({ rq: '"GET /a' }).text;
    const { importer } = imported(`${TWO_REQUESTS.text}${cut}[00|h1|5|mux_h1`);
    expect(importer.story.gaps).toEqual([
      { lines: [26, 26], what: 'the line is cut' },
      { lines: [27, 27], what: 'the line is cut' },
    ]);
  });

  it('takes a line that no program writes for a gap, and holds no more than a part of it', () => {
    const { importer, events } = imported(
      `${TWO_REQUESTS.text}${'\0'.repeat(3 << 20)}\n${TWO_REQUESTS.text}`,
      { config: ONE_SERVER, piece: 1 << 16 },
    );
    const what = 'the line is longer than any that HAProxy writes';
    expect(importer.story.gaps).toEqual([{ lines: [26, 26], what }]);
    expect(events).toHaveLength(2 * TOLD_TWO.length + 1);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is a valid trace with every line left out but some, %i',
    (seed) => {
      const capture = new Capture();
      for (const client of ['a', 'c', 'e']) {
        capture.client(client).exchange(client, 'b', { isNew: client === 'a', isFirst: true });
        capture.exchange(client, 'b').exchange(client, `${client}d`, { isNew: true });
        capture.release(client, 'F').release(`${client}d`, 'B');
      }
      const kept = capture.lines.filter((_, index) => (index * 7 + seed * 13) % 9 > seed % 5);
      const { trace } = imported(kept.join('\n'), { config: ONE_SERVER });
      expect(divergences(trace)).toBeGreaterThanOrEqual(0);
    },
  );
});

describe('several processes in one capture', () => {
  const behind = (pid: number, capture: Capture) =>
    capture.lines.map((line) => `host haproxy[${pid}]: ${line}\n`).join('');

  it('are told apart by the prefix of their lines: one is imported, the other named', () => {
    const text = behind(1, TWO_REQUESTS) + behind(2, new Capture().client('a'));
    const { events, importer } = imported(text, { config: ONE_SERVER });
    expect(told(events)).toEqual(TOLD_TWO);
    expect(importer.lines.foreign).toBe(2);
    expect(importer.story.gaps).toEqual([
      {
        lines: [26, 26],
        what: 'process 2 writes here as well: its lines are left out; --pid 2 imports them',
      },
    ]);
    expect(told(imported(text, { config: ONE_SERVER, pid: '2' }).events)).toEqual([
      'session_new s1',
    ]);
  });

  it('are told apart by the process of RFC 5424 as well', () => {
    const behind5424 = (pid: number, lines: readonly string[]) =>
      lines.map((line) => `<134>1 2026-11-23T01:25:04Z host haproxy ${pid} - - ${line}\n`);
    const other = behind5424(2, new Capture().client('a').lines);
    const text = behind5424(1, TWO_REQUESTS.lines).flatMap((line, at) => [line, other[at] ?? '']);
    const { events, importer } = imported(text.join(''), { config: ONE_SERVER });
    expect(told(events)).toEqual(TOLD_TWO);
    expect(importer.lines.foreign).toBe(2);
  });

  it('are a gap where only log lines tell them apart', () => {
    const other = { log: { id: 'x:1_y:2_3_4:3D65' } };
    const text = TWO_REQUESTS.text + new Capture().client('a').exchange('a', 'b', other).text;
    const { importer } = imported(text, { config: ONE_SERVER });
    expect(importer.story.gaps[0]?.what).toMatch(/^process 15717 writes from here on/);
  });
});

describe('what is imported', () => {
  const SECRETS = new Capture()
    .client('a')
    .request('a', 'a1', 'GET /login?token=s3cr3t-1&u=joe:s3cr3t-2@x HTTP/1.1')
    .add(
      '\t\t[1] type=HTX_BLK_HDR - size=7 - addr=38    \tauthorization: Basic s3cr3t-3',
      '\t\t[2] type=HTX_BLK_HDR - size=7 - addr=38    \tcookie: s3cr3t-4',
    )
    .connect('b', 'b1')
    .response('b', 'b1', 'HTTP/1.1 401 s3cr3t-5')
    .add('\t\t[1] type=HTX_BLK_HDR - size=7 - addr=38    \tWWW-Authenticate: NTLM s3cr3t-6')
    .log({ rq: '"GET /login?token=s3cr3t-1 HTTP/1.1"', ci: '192.0.2.77:7' })
    .leave('b', 'b1')
    .done('a', 'a1')
    .add('[NOTICE] s3cr3t-7').text;
  const CONFIG = `${ONE_SERVER}userlist u\n user joe insecure-password s3cr3t-8\n# s3cr3t-9\n`;

  it('holds no request, header, address or pointer, and no more of the configuration than counts', () => {
    const { trace } = imported(SECRETS, { config: CONFIG });
    expect(trace).not.toMatch(/s3cr3t|token|login|joe|192\.0\.2|0x/);
    expect(trace).toContain('{"WWW-Authenticate":["NTLM"]}');
  });

  it('holds the addresses of clients if that is asked for', () => {
    const { trace } = imported(SECRETS, { config: CONFIG, keepAddresses: true });
    expect(trace).toContain('"client":"192.0.2.77:7"');
    expect(trace).not.toMatch(/s3cr3t/);
  });
});
