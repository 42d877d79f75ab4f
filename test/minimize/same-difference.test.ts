import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
import type { TraceEvent } from '../../src/format/index.ts';
import { statedEvents } from '../../src/replay/index.ts';
import { formatTrace, readTrace } from '../../src/trace/index.ts';
import { anyCommands } from '../engine/random.ts';
import { anySetting } from '../engine/random-setting.ts';
import { rulesOf } from '../engine/support.ts';
import { sized } from '../size.ts';
import { mistakenIn } from './mistakes.ts';
import { begin, challenge, connect, detach, inputsOf, traceOf } from './sample.ts';
import { divergencesOf, pairOf, type Read, read, small } from './support.ts';
import { walked } from './walked.ts';

/** What the first divergence of a trace is about, which is at a place of it. */
function shown(text: string, at: number): object {
  const { header, events } = read(text);
  const [first] = divergencesOf(text);
  if (first === undefined) throw new Error(`nothing differs in\n${text}`);
  const { kind, field, subject, decidedBy } = first;
  const place = field.replace(`${subject.kind}.${subject.id}`, `${subject.kind}.*`);
  const pair = pairOf(first, { header, events: events.slice(0, at + 1) });
  return { kind, place, rule: decidedBy?.rule ?? null, pair };
}

/** What streams do that only a stream without a connection does, and what cannot happen. */
function forbidden({ header, events }: Read): string[] {
  const w = new World(header.config ?? {}, rulesOf(header.rules as '08016ab82'));
  const starts = ['assign_server', 'connect_server', 'tcpcheck_eval_connect'];
  return events.flatMap((event) => {
    const holds = 'strm' in event && w.streams.has(event.strm) && starts.includes(event.event);
    const { kind } = step(w, event);
    return holds || kind === 'impossible' ? [`${event.event}: ${JSON.stringify(event)}`] : [];
  });
}

describe('a smaller trace of one in which nothing is impossible', () => {
  it('says nothing that cannot be, either', () => {
    const told: TraceEvent = { event: 'conn_update', conn: 'c1', clear: ['WAIT_XPRT'] };
    const last = {
      ...challenge('t1'),
      expect: { sess: { s1: { prefer_last: false } } },
    } as TraceEvent;
    const left = (...some: readonly TraceEvent[]): string[] => {
      const text = traceOf([begin('s1'), connect('t1', 's1', 'c1'), ...some, last]);
      return read(small(text).text).events.map(({ event }) => event);
    };
    const rest = ['session_new', 'connect_server'];
    expect(left(told)).toEqual([...rest, 'conn_update', 'http_wait_for_response']);
    // Where the trace says it, the smaller one may.
    expect(left()).toEqual([...rest, 'http_wait_for_response']);
  });
});

describe('a smaller trace', () => {
  it('differs in the same thing for the same reason, whatever was expected wrongly', () => {
    const places = new Set<string>();
    const anyPick = fc.nat({ max: 10_000 });
    fc.assert(
      fc.property(
        anySetting,
        anyCommands,
        fc.noBias(fc.tuple(anyPick, anyPick, anyPick)),
        (setting, commands, [one, two, three]) => {
          const [header, bare] = walked(setting, commands);
          const events = statedEvents(header, bare);
          const mistake = mistakenIn(events, { at: one, way: two, pick: three });
          if (mistake === null) return;
          const { at, way } = mistake;
          const text = formatTrace(header, mistake.events);
          if (readTrace('trace', text).problems.length > 0) return;
          if (divergencesOf(text).length === 0) return;
          const result = small(text);
          const left = read(result.text);
          expect(shown(result.text, left.events.length - 1), result.text).toEqual(shown(text, at));
          expect(divergencesOf(result.text), result.text).toHaveLength(1);
          expect(forbidden(left), result.text).toEqual([]);
          places.add(way.length > 1 ? `${way[0]} ${way.at(-1)}` : (way[0] ?? ''));
        },
      ),
      { seed: 20200715, numRuns: sized(140, 600), endOnFailure: true },
    );
    expect(places.size).toBeGreaterThan(15);
  });
});

const FIXTURES = new URL('../fixtures/minimize/', import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');

/** Random events up to one of a stream, which expects something else. */
function withMistake(is: (event: TraceEvent) => boolean, change: (event: TraceEvent) => object) {
  const { header, events } = read(textOf('random-events.jsonl'));
  const at = events.findLastIndex(is);
  const wrong = change(events[at] as TraceEvent) as TraceEvent;
  return { at, text: formatTrace(header, [...events.slice(0, at), wrong]) };
}

/** Minimises a trace that differs at a place; the last event of the result, proved to be the same. */
function lastOf({ text, at }: { text: string; at: number }): TraceEvent {
  const result = small(text);
  const left = read(result.text);
  expect(shown(result.text, left.events.length - 1), result.text).toEqual(shown(text, at));
  expect(forbidden(left)).toEqual([]);
  return left.events.at(-1) ?? expect.fail();
}

const connects = (strm: string) => (event: TraceEvent) =>
  event.event === 'connect_server' && event.strm === strm;

describe('what a trace expects of a connection', () => {
  it('goes on to be about one that there was: an unnamed one that is dead', () => {
    const other = withMistake(connects('t14'), (event) => ({
      ...event,
      expect: {
        calls: [
          'conn_new() = t14.conn',
          'conn_set_private(t14.conn)',
          'session_add_conn(s5, t14.conn) = 1',
        ],
      },
    }));
    expect(lastOf(other)).toMatchObject({
      conn: 'c2',
      expect: {
        calls: ['conn_new() = c1', 'conn_set_private(c1)', 'session_add_conn(s1, c1) = 1'],
      },
    });
  });

  it('goes on to be about one that is alive and that the stream does not get', () => {
    const other = withMistake(connects('t11'), (event) => ({
      ...event,
      conn: 'c8',
      expect: { reused: true },
    }));
    const events = read(small(other.text).text).events;
    expect(lastOf(other)).toEqual({ ...connect('t2', 's1', 'c1'), expect: { reused: true } });
    expect(events.at(-2)).toEqual(connect('t1', 's1', 'c1'));
  });

  it('keeps all of a list, with the place of each', () => {
    const other = withMistake(connects('t14'), (event) => ({
      ...event,
      expect: { sess: { s5: { srv_list: [['b2/s1', ['t14.conn.2']]] } } },
    }));
    expect(lastOf(other)).toEqual({
      ...connect('t2', 's1', 'c2'),
      expect: { sess: { s1: { srv_list: [['b/srv', ['c2']]] } } },
    });
  });

  it('is the same once more', () => {
    const text = textOf('reused-by-nobody.jsonl');
    lastOf({ text, at: read(text).events.length - 1 });
  });
});

describe('a stream', () => {
  const pooled = [begin('s1'), connect('t1', 's1', 'c1'), detach('t1')];
  const wrong = (event: TraceEvent, expectation: object): TraceEvent =>
    ({ ...event, expect: expectation }) as TraceEvent;

  it('does not come back after its end, unless one does in the whole trace', () => {
    const backends = { b: { 'http-reuse': 'always' } } as const;
    const config = { frontends: { fe: {} }, backends, servers: { 'b/srv': {} } };
    const again = (strm: string) =>
      wrong({ event: 'connect_server', strm, sess: 's1', target: 'b/srv' }, { reused: false });
    const lastStream = (...events: readonly TraceEvent[]) =>
      inputsOf(small(traceOf([...pooled, ...events], { config })).text).at(-1);
    expect(lastStream(again('t2'))).toMatchObject({ strm: 't2' });
    expect(lastStream(connect('t1', 's1', 'c1'), detach('t1'), again('t2'))).toMatchObject({
      strm: 't1',
    });
  });

  it('looks for no server while it holds a connection, unless one does', () => {
    const assign = (strm: string): TraceEvent => {
      return { event: 'assign_server', strm, sess: 's1', be: 'b' };
    };
    const held = [begin('s1'), connect('t1', 's1', 'c1')];
    const without = wrong(assign('t2'), { target: 'b/srv' });
    expect(inputsOf(small(traceOf([...held, without])).text).at(-1)).toEqual(assign('t1'));
    const calls = wrong(assign('t2'), { conn: { c1: { owner: null } } });
    expect(inputsOf(small(traceOf([...held, calls])).text).at(-1)).toEqual(assign('t2'));
    const holding = wrong(assign('t1'), { conn: { c1: { owner: null } } });
    expect(inputsOf(small(traceOf([...held, holding])).text).at(-1)).toEqual(assign('t1'));
  });
});
