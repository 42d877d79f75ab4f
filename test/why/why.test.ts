import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { type Answer, type Question, Why } from '../../src/why/index.ts';
import { header } from '../cli/run.ts';

const connect = (strm: string, sess: string, conn: string, more: object = {}) => ({
  ...{ event: 'connect_server', strm, sess, target: 'b/srv', conn },
  ...more,
});
const begin = (sess: string) => ({ event: 'session_new', sess, fe: 'fe' });
const detach = (strm: string) => ({ event: 'detach', strm });
const challenge = (strm: string) => ({
  ...{ event: 'http_wait_for_response', strm, status: 401 },
  headers: { 'WWW-Authenticate': ['NTLM'] },
});

function ask(question: Question, events: readonly object[], rules?: string): Answer | null {
  const text = header() + events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const { header: head, events: read, problems } = readTrace('t', text);
  if (head === null || problems.length > 0) throw new Error(JSON.stringify(problems));
  const why = new Why('t', question, rules);
  why.replay.header(head, 1);
  for (const { event, line } of read) why.replay.event(event as TraceEvent, line);
  return why.answer();
}

function askRequest(id: string, events: readonly object[]) {
  const answer = ask({ kind: 'request', id }, events);
  if (answer?.kind !== 'request') throw new Error(`${id} has no answer`);
  return answer.attempts;
}

function askConn(id: string, events: readonly object[]) {
  const answer = ask({ kind: 'conn', id }, events);
  if (answer?.kind !== 'conn') throw new Error(`${id} has no answer`);
  return answer;
}

describe('why a request got its connection', () => {
  const NTLM = [
    ...[begin('s1'), begin('s2')],
    ...[connect('t1', 's1', 'c1'), challenge('t1'), detach('t1')],
    connect('t2', 's2', 'c2'),
  ];

  it('names every connection that there was, with what made it private', () => {
    const [attempt] = askRequest('t2', NTLM);
    expect(attempt).toMatchObject({
      sess: 's2',
      target: 'b/srv',
      place: { step: 6, line: 7 },
      outcome: { reused: false, conn: 'c2' },
    });
    expect(attempt?.candidates).toMatchObject([
      {
        id: 'c1',
        verdict: 'unseen',
        now: { holder: 'session', owner: 's1', listedIn: 's1', flags: ['PRIVATE', 'SESS_IDLE'] },
        privateSince: { place: { step: 4 } },
      },
    ]);
    expect(attempt?.candidates[0]?.privateSince?.by[0]).toMatchObject({
      fn: 'http_wait_for_response',
    });
  });

  it('says which connections were looked at, and by which rule they were passed over', () => {
    const [, attempt] = askRequest('t1', [
      begin('s1'),
      ...[connect('t1', 's1', 'c1'), challenge('t1'), detach('t1')],
      // Found in the session's list, and there is no memory to attach to it.
      connect('t1', 's1', 'c2', { not_first: true, fail: ['conn_stream'] }),
    ]);
    expect(attempt?.candidates).toMatchObject([
      { id: 'c1', verdict: 'rejected', by: [{ fn: 'connect_server', file: 'src/backend.c' }] },
    ]);
  });

  it('tells connections as they were when the request looked', () => {
    const [, attempt] = askRequest('t1', [
      begin('s1'),
      ...[connect('t1', 's1', 'c1'), detach('t1')],
      ...[connect('t1', 's1', 'c1', { not_first: true }), detach('t1')],
    ]);
    expect(attempt?.candidates).toMatchObject([
      { id: 'c1', verdict: 'taken', now: { holder: 'pool', list: 'idle', streams: new Set() } },
    ]);
    expect(attempt?.left).toMatchObject({ step: 5 });
  });

  it('remembers the connections that went before, and by what', () => {
    const [attempt] = askRequest('t2', [
      ...[begin('s1'), connect('t1', 's1', 'c1'), detach('t1')],
      { event: 'mux_release', conn: 'c1' },
      connect('t2', 's1', 'c2'),
    ]);
    expect(attempt).toMatchObject({ goneCount: 1, candidates: [] });
    expect(attempt?.gone).toMatchObject([
      { standing: { id: 'c1' }, at: { step: 4, event: { event: 'mux_release' } } },
    ]);
  });

  it('says what the trace tells otherwise than the rules', () => {
    const [attempt] = askRequest('t2', [
      ...[begin('s1'), connect('t1', 's1', 'c1')],
      connect('t2', 's1', 'c1', { expect: { reused: true } }),
    ]);
    expect(attempt?.differs).toContainEqual(
      expect.objectContaining({ field: 'reused', expected: true, actual: false }),
    );
  });

  it('has no answer for what asks for nothing', () => {
    expect(ask({ kind: 'request', id: '__proto__' }, NTLM)).toBeNull();
  });
});

describe('who has held a connection', () => {
  it('tells it step by step, with the rules that decided it', () => {
    const { intervals, gone, privateSince } = askConn('c1', [
      begin('s1'),
      ...[connect('t1', 's1', 'c1'), detach('t1')],
      ...[connect('t2', 's1', 'c1', { not_first: true }), challenge('t2'), detach('t2')],
      { event: 'session_free', sess: 's1' },
    ]);
    const told = intervals.map(({ from, to, holder, owner, streams }) =>
      [from.step, to?.step, holder, owner, ...streams].join(' '),
    );
    expect(told).toEqual([
      '2 3 stream s1 t1',
      '3 4 pool ',
      '4 5 stream  t2',
      '5 6 stream s1 t2',
      '6 7 session s1',
    ]);
    for (const { by } of intervals) expect(by.length).toBeGreaterThan(0);
    expect(privateSince).toMatchObject({ place: { step: 5 } });
    expect(gone).toMatchObject({ at: { step: 7, event: { event: 'session_free' } } });
  });

  it('says where the trace has it otherwise than the rules', () => {
    const expected = { conn: { c1: { owner: 's1', list: null } } };
    const { intervals } = askConn('c1', [
      ...[begin('s1'), connect('t1', 's1', 'c1'), { ...detach('t1'), expect: expected }],
      begin('s2'),
    ]);
    expect(intervals.at(-1)).toMatchObject({ isClaimed: true, from: { step: 3 }, owner: 's1' });
  });

  it('takes the rules that are asked for', () => {
    const answer = ask(
      { kind: 'conn', id: 'c1' },
      [begin('s1'), connect('t1', 's1', 'c1')],
      '2.4.0',
    );
    expect(answer).toMatchObject({ kind: 'conn', gone: null });
  });
});

describe('who holds which connections in the end', () => {
  it('puts together what is held in the same way', () => {
    const answer = ask({ kind: 'held' }, [
      ...[begin('s1'), begin('s2')],
      ...[connect('t1', 's1', 'c1'), connect('t2', 's1', 'c2'), connect('t3', 's2', 'c3')],
      ...[connect('t4', 's2', 'c4'), detach('t1'), detach('t2'), challenge('t4'), detach('t4')],
    ]);
    if (answer?.kind !== 'held') throw new Error('no answer');
    const told = answer.groups.map(({ holder, sessions, isPrivate, conns }) => [
      ...[holder, ...sessions.keys(), isPrivate],
      ...conns.map(({ id }) => id),
    ]);
    expect(told).toEqual([
      ['pool', null, false, 'c1', 'c2'],
      ['stream', 's2', false, 'c3'],
      ['session', 's2', true, 'c4'],
    ]);
  });
});
