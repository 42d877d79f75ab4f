import { describe, expect, it } from 'vitest';
import type { Aligned } from '../../src/align/index.ts';
import type { TraceEvent } from '../../src/format/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { header } from '../cli/run.ts';
import {
  aligned,
  Capture,
  divergences,
  imported,
  numbers,
  ONE_SERVER,
  told,
} from '../import/capture.ts';

const begin = (sess: string) => ({ event: 'session_new', sess, fe: 'fe' });
const connect = (strm: string, sess: string, conn: string, reused: boolean, more: object = {}) => ({
  ...{ event: 'connect_server', strm, sess, target: 'b/srv', conn, expect: { reused } },
  ...more,
});
const detach = (strm: string, more: object = {}) => ({ event: 'detach', strm, ...more });
const LATER = { not_first: true };

function alignedEvents(...events: readonly object[]) {
  const { result, text } = aligned(
    header() + events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  );
  // Whatever came of it is a trace, and fits.
  expect(divergences(text)).toBe(0);
  return result;
}

/** What was done, in short: events that are guesses now, with their notes. */
function guesses({ events }: Aligned): string[] {
  const guessed = events.filter(({ source }) => source?.certainty === 'guessed');
  return told(guessed).map((each, at) => `${guessed[at]?.note?.split(',')[0]}: ${each}`);
}

describe('a trace that does not fit the rules', () => {
  it('gets the end of a stream that was lost', () => {
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false)],
      connect('t2', 's1', 'c1', true, LATER),
    );
    expect(guesses(result)).toEqual(['added: detach t1']);
    expect(result).toMatchObject({ added: 1, moved: 0, relaxed: 0, dropped: [], left: [] });
  });

  it('gets the release of a connection that nobody finds any more', () => {
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false), detach('t1')],
      connect('t2', 's1', 'c2', false, LATER),
    );
    expect(guesses(result)).toEqual(['added: mux_release c1']);
  });

  it('gets another order of a list, where what is passed over is used later', () => {
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false), connect('t2', 's1', 'c2', false)],
      ...[detach('t1'), detach('t2'), connect('t3', 's1', 'c2', true, LATER)],
      connect('t4', 's1', 'c1', true, LATER),
    );
    expect(result.added + result.moved).toBe(1);
  });

  it('gets the challenge that made a connection private', () => {
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false)],
      detach('t1', { expect: { conn: { c1: { flags: ['PRIVATE', 'SESS_IDLE'] } } } }),
    );
    expect(guesses(result)).toEqual(['added: http_wait_for_response t1']);
  });

  it('gets its events in an order that can be', () => {
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false)],
      ...[connect('t2', 's1', 'c1', true, LATER), detach('t1'), detach('t2')],
    );
    expect(guesses(result)).toHaveLength(1);
    expect(result).toMatchObject({ added: 0, moved: 1 });
    expect(told(result.events).slice(2, 4)).toEqual([
      'detach t1',
      'connect_server t2 s1 b/srv c1 reused',
    ]);
  });

  it('loses what did not happen', () => {
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false), detach('t1')],
      { event: 'mux_release', conn: 'c1', source: { lines: [7, 7], certainty: 'guessed' } },
      connect('t2', 's1', 'c1', true, LATER),
    );
    expect(result.dropped).toMatchObject([{ event: 'mux_release', conn: 'c1' }]);
  });

  it('tells otherwise how a stream left a connection that was used again', () => {
    const result = alignedEvents(
      ...[
        begin('s1'),
        connect('t1', 's1', 'c1', false),
        detach('t1', { idle: false, shutdown: true }),
      ],
      ...[connect('t2', 's1', 'c1', true, LATER), detach('t2')],
    );
    expect(guesses(result)).toEqual(['told otherwise: detach t1']);
    expect(result).toMatchObject({ amended: 1, added: 0, moved: 0, dropped: [], left: [] });
    expect(result.events[2]).not.toHaveProperty('idle');
  });

  it('has a stream that no line shows hold what would be found instead', () => {
    const result = alignedEvents(
      ...[begin('s1'), begin('s2'), connect('t1', 's1', 'c1', false)],
      ...[connect('t2', 's2', 'c2', false), detach('t2'), detach('t1')],
      ...[connect('t3', 's1', 'c1', true, LATER), connect('t4', 's1', 'c3', false, LATER)],
      ...[detach('t3'), detach('t4'), connect('t5', 's2', 'c2', true, LATER)],
    );
    expect(testimonyOf(result.events)).toEqual([
      ...['t1 s1 c1 false', 't2 s2 c2 false', 't3 s1 c1 true', 't4 s1 c3 false', 't5 s2 c2 true'],
    ]);
  });

  it('leaves a place rather than have a request get another connection', () => {
    const closing = { idle: false, shutdown: true };
    const bound = { expect: { conn: { c1: null } } };
    const events = [
      ...[begin('s1'), connect('t1', 's1', 'c1', false), detach('t1', { ...closing, ...bound })],
      ...[connect('t2', 's1', 'c1', true, LATER), detach('t2')],
    ];
    const text = header() + events.map((event) => `${JSON.stringify(event)}\n`).join('');
    const { result } = aligned(text);
    expect(result).toMatchObject({ events, added: 0, moved: 0, dropped: [], left: [4] });
  });

  it('drops a guess sooner than what a line says', () => {
    const gone = (certainty: string) => ({ source: { lines: [7, 7], certainty } });
    const result = alignedEvents(
      ...[begin('s1'), connect('t1', 's1', 'c1', false), detach('t1', gone('observed'))],
      { event: 'mux_release', conn: 'c1', ...gone('guessed') },
      ...[connect('t2', 's1', 'c1', true, { ...LATER, ...gone('inferred') }), detach('t2')],
    );
    expect(result).toMatchObject({ added: 0, moved: 0, amended: 0, left: [] });
    expect(result.dropped).toMatchObject([{ event: 'mux_release', conn: 'c1' }]);
  });

  it('keeps the times in order, and says of each change that it is a guess', () => {
    const result = alignedEvents(
      { ...begin('s1'), at: 1 },
      connect('t1', 's1', 'c1', false, { at: 2 }),
      connect('t2', 's1', 'c1', true, { ...LATER, at: 3 }),
      detach('t1', { at: 4, note: 'late', source: { lines: [9, 9], certainty: 'observed' } }),
    );
    expect(result.events[2]).toEqual({
      ...{ event: 'detach', at: 3, strm: 't1' },
      note: 'late; moved, as where it stood it could not be',
      source: { lines: [9, 9], certainty: 'guessed' },
    });
  });

  it('stays as it is where it fits', () => {
    const events = [begin('s1'), connect('t1', 's1', 'c1', false), detach('t1')];
    const result = alignedEvents(...events);
    expect(result).toMatchObject({ events, added: 0, moved: 0, tried: 0 });
  });
});

/** Which stream of which session got which connection, and whether that was there. */
function testimonyOf(events: readonly TraceEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.event !== 'connect_server' || event.source?.certainty === 'guessed') return [];
    return [`${event.strm} ${event.sess} ${event.conn} ${event.expect?.reused}`];
  });
}

/** Clients that use connections after each other and at once. */
function busyCapture(): Capture {
  const capture = new Capture().client('f');
  for (const client of ['a', 'c', 'e', 'a0']) {
    const ci = `127.0.0.1:${1000 + client.charCodeAt(0) + client.length}`;
    const log = (bi: number) => ({ ci, bi: `127.0.0.1:${bi}` });
    capture.client(client);
    capture.exchange(client, 'b', { isNew: client === 'a', isFirst: true, log: log(1) });
    capture.request('f', 'f1', 'GET /f HTTP/1.1', client === 'a').attach('b', 'b1');
    capture.exchange(client, `${client}d`, { isNew: true, log: log(2) });
    capture.response('b', 'b1').leave('b', 'b1').done('f', 'f1');
    for (let round = 0; round < 5; round++) capture.exchange(client, 'b', { log: log(1) });
    capture.release(`${client}d`, 'B').release(client, 'F');
  }
  return capture;
}

describe('a capture with lines left out', () => {
  const { lines } = busyCapture();
  const CONFIG = `${ONE_SERVER}  http-reuse always\n`;

  it.each([1, 5, 20].flatMap((percent) => [1, 2, 3].map((seed) => [percent, seed] as const)))(
    'is a valid trace that fits as far as its requests let it, %i in a hundred of them, seed %i',
    (percent, seed) => {
      const below = numbers(seed);
      const kept = lines.filter(() => below(100) >= percent);
      const { trace, events } = imported(`${kept.join('\n')}\n`, { config: CONFIG });
      const { result, text } = aligned(trace);
      expect(readTrace('t', text).problems).toEqual([]);
      expect(testimonyOf(result.events).toSorted()).toEqual(testimonyOf(events).toSorted());
      expect(result.left).toEqual([]);
      expect(divergences(text)).toBe(0);
      const surer = result.events.filter((event: TraceEvent) =>
        event.note?.includes('it could not'),
      );
      for (const { source } of surer) expect(source?.certainty).not.toBe('observed');
    },
  );
});
