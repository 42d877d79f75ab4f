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

/** What is told of two requests of a client over one connection, without some of their lines. */
function toldWithout(...lost: readonly RegExp[]): string[] {
  const lines = TWO_REQUESTS.lines.filter((line) => !lost.some((each) => each.test(line)));
  expect(lines).toHaveLength(TWO_REQUESTS.lines.length - lost.length);
  const { events, trace } = imported(`${lines.join('\n')}\n`, { config: ONE_SERVER });
  expect(divergences(trace)).toBe(0);
  return told(events);
}

describe('one line that was lost', () => {
  it.each([
    ['the last one of the init of a client', /h1_init\(\): leaving : \[F\]/],
    ['the last one of the init of a server', /h1_init\(\): leaving : \[B\]/],
    ['the first one of an attach', /h1_attach\(\): entering/],
    ['the last one of an attach', /h1_attach\(\): leaving/],
  ])('%s changes nothing of what is told', (_, lost) => {
    expect(toldWithout(lost)).toEqual(TOLD_TWO);
  });

  it('with which a stream leaves its connection is made up for by the one behind it', () => {
    let isFirst = true;
    const lines = TWO_REQUESTS.lines.filter((line) => {
      const isLost = isFirst && /h1_detach\(\): entering : \[B\]/.test(line);
      if (isLost) isFirst = false;
      return !isLost;
    });
    const { events } = imported(`${lines.join('\n')}\n`, { config: ONE_SERVER });
    expect(told(events)).toEqual(TOLD_TWO);
    expect(events[4]).toMatchObject({ event: 'detach', source: { certainty: 'observed' } });
  });

  it('by which an init ends leaves what other muxes say alone', () => {
    const capture = new Capture()
      .client('a')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .connect('b', 'b1')
      .h1('h1_init(): entering')
      .response('b', 'b1')
      .log()
      .leave('b', 'b1')
      .done('a', 'a1')
      .request('c', 'c1', 'GET /c HTTP/1.1');
    const { events } = imported(capture.text, { config: ONE_SERVER });
    expect(told(events)).toEqual([...TOLD_TWO.slice(0, 5), 'session_new s2']);
  });
});

describe('lines of a whole stream that were lost', () => {
  it('end it, where its client goes on', () => {
    const { events } = imported(
      new Capture()
        .client('a')
        .request('a', 'a1', 'GET /a HTTP/1.1')
        .connect('b', 'b1')
        .response('b', 'b1')
        .done('a', 'a1')
        .exchange('a', 'b').text,
      { config: ONE_SERVER },
    );
    expect(told(events).slice(4)).toEqual(['detach t1', ...TOLD_TWO.slice(5, 8)]);
    expect(events[4]).toMatchObject({ source: { certainty: 'inferred' } });
  });
});

describe('a log line', () => {
  const two = (client: string) =>
    new Capture()
      .client('a')
      .client('c')
      .request('a', 'a1', 'GET /a HTTP/1.1')
      .connect('b', 'b1')
      .request('c', 'c1', 'GET /c HTTP/1.1')
      .connect('d', 'd1')
      .response('b', 'b1')
      .log({ rq: `"GET /${client} HTTP/1.1"`, bi: '127.0.0.1:1' })
      .leave('b', 'b1')
      .done('a', 'a1');

  it('is that of the stream with its request, whichever ran last', () => {
    const { events } = imported(two('a').text, { config: ONE_SERVER });
    expect(events.filter(({ source }) => source?.log !== undefined)).toMatchObject([
      { event: 'connect_server', strm: 't1' },
    ]);
  });

  it('goes to the stream whose server was named last, where no line shows its request', () => {
    const lines = two('a').lines.filter((line) => !line.includes('rcvd H1 request'));
    const { events } = imported(`${lines.join('\n')}\n`, { config: ONE_SERVER });
    expect(events.filter(({ source }) => source?.log !== undefined)).toMatchObject([
      { event: 'connect_server', strm: 't1' },
    ]);
  });
});

describe('a health check', () => {
  const CHECKED = ONE_SERVER.replace('127.0.0.1:80', '127.0.0.1:80 check check-reuse-pool');
  const entering = 'tcpcheck_eval_connect(): entering : [H] SRV=srv';

  it('that may be served by the pool says so, and whether it was', () => {
    const capture = new Capture().client('a').exchange('a', 'b', { isNew: true, isFirst: true });
    capture.check(entering).attach('b', 'b1').check('tcpcheck_eval_connect(): leaving');
    const { events } = imported(capture.leave('b', 'b1').text, { config: CHECKED });
    expect(events.slice(5)).toMatchObject([
      { event: 'session_new', fe: '<checks>' },
      { event: 'check_connect', target: 'b/srv', conn: 'c1', reuse_pool: true },
      { event: 'detach' },
      { event: 'session_free' },
    ]);
  });

  it('whose end was lost takes no connection of a client', () => {
    const capture = new Capture().client('a').exchange('a', 'b', { isNew: true, isFirst: true });
    const { events } = imported(capture.check(entering).exchange('a', 'b').text, {
      config: CHECKED,
    });
    expect(told(events)).toEqual(TOLD_TWO.slice(0, -1));
  });
});
