import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import {
  begin,
  challenge,
  connect,
  corpus,
  detach,
  inputsOf,
  OWNER_LEAVES,
  traceOf,
} from './sample.ts';
import { divergencesOf, read, small } from './support.ts';

describe('a divergence', () => {
  const trace = corpus('session-list/listed-after-the-handshake.after.jsonl');

  it('keeps the field that differs, as it was stated, and the rule that decided', () => {
    const result = small(trace, null, '21ddc74e8');
    const field = 'conn.*.listed_in';
    expect(result.signature).toEqual({
      kind: 'divergence',
      field,
      rule: 'create-mux.private-unlisted',
    });
    expect(read(result.text).header.rules).toBe('21ddc74e8');
    expect(read(result.text).events.map((event) => event.expect)).toEqual([
      undefined,
      undefined,
      { conn: { c1: { listed_in: 's1' } } },
    ]);
    expect(divergencesOf(result.text)).toHaveLength(1);
  });

  it('is minimised before the crash that follows, unless the crash is asked for', () => {
    const [first, ...others] = OWNER_LEAVES as [TraceEvent, ...TraceEvent[]];
    const stated = { ...first, expect: { sess: { s1: { idle_conns: 3 } } } } as TraceEvent;
    const result = small(traceOf([stated, ...others]));
    expect(result.signature).toMatchObject({ field: 'sess.*.idle_conns', rule: 'session.new' });
    expect(result.to).toBe(1);
    const asked = small(traceOf([stated, ...others]), 'no-crash');
    expect(asked.signature).toEqual({ kind: 'crash', site: 'session_check_idle_conn(NULL)' });
    expect(divergencesOf(asked.text)).toEqual([]);
  });

  it('keeps a crash that is not expected, and one that does not come', () => {
    const last = OWNER_LEAVES.length - 1;
    const unstated = OWNER_LEAVES.with(last, { ...detach('t1'), expect: {} } as TraceEvent);
    const result = small(traceOf(unstated));
    expect(result.signature).toMatchObject({ kind: 'divergence', field: 'crash' });
    expect(read(result.text).events.at(-1)?.expect).toEqual({});
    const absent = { ...begin('s1'), expect: { crash: 'conn_free' } } as TraceEvent;
    expect(inputsOf(small(traceOf([begin('s0'), absent])).text)).toEqual([begin('s1')]);
  });

  it('keeps a connection that a stream does not get', () => {
    const events = [
      begin('s1'),
      begin('s2'),
      connect('t1', 's1', 'c1'),
      challenge('t1', { Server: ['x'] }),
      connect('t2', 's1', 'other'),
    ];
    const result = small(traceOf(events));
    expect(result.signature).toMatchObject({ field: 'conn', rule: 'connect.pool.available' });
    expect(inputsOf(result.text)).toEqual([
      begin('s1'),
      connect('t1', 's1', 'c1'),
      connect('t2', 's1', 'c2'),
    ]);
  });

  it('speaks of a connection that an earlier event named, though none came of it', () => {
    const failing = { ...connect('t1', 's1', 'c9'), fail: ['conn_stream'] } as TraceEvent;
    const last = { ...detach('t2'), expect: { conn: { c9: { owner: 's1' } } } } as TraceEvent;
    const result = small(traceOf([begin('s1'), failing, connect('t2', 's1', 'c1'), last]));
    expect(result.signature).toMatchObject({ kind: 'divergence', field: 'conn.*' });
    expect(divergencesOf(result.text)).toHaveLength(1);
  });

  it('keeps a mux that was not created, where an expectation said that it was not', () => {
    const servers = { 'b/srv': { alpn: 'h2' } };
    const config = { frontends: { fe: {} }, backends: { b: {} }, servers };
    const events = [
      begin('s1'),
      connect('t1', 's1', 'c1'),
      { event: 'conn_create_mux', conn: 'c1', expect: { ret: -1 } } as TraceEvent,
    ];
    const result = small(traceOf(events, { config }));
    expect(result.signature).toMatchObject({ kind: 'divergence', field: 'crash' });
    expect(read(result.text).events.at(-1)).toEqual({
      event: 'conn_create_mux',
      conn: 'c1',
      error: true,
      expect: {},
    });
  });

  it('renames ids in calls and in states', () => {
    const wrong = { calls: ['conn_new() = mine', 'conn_set_private(mine)'] };
    const events = [
      begin('ann'),
      { ...connect('str', 'ann', 'mine'), expect: wrong } as TraceEvent,
    ];
    expect(read(small(traceOf(events)).text).events.at(-1)).toEqual({
      ...connect('t1', 's1', 'c1'),
      expect: { calls: ['conn_new() = c1', 'conn_set_private(c1)'] },
    });
  });
});

describe('an impossible event', () => {
  it('stays impossible for the same reason', () => {
    const events = [
      begin('s1'),
      begin('my s'),
      connect('t1', 's1', 'c1'),
      connect('a b', 'my s', 'c1'),
      detach('t1'),
      connect('a b', 'my s', 'c1'),
      detach('a b'),
    ];
    const result = small(traceOf(events));
    expect(result.signature).toEqual({
      kind: 'impossible',
      event: 'connect_server',
      reason: 'stream * is still attached to *',
    });
    expect(inputsOf(result.text)).toEqual([
      begin('s1'),
      connect('t1', 's1', 'c1'),
      // No connection comes of it that it could claim.
      { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv' },
    ]);
    expect(divergencesOf(result.text).map(({ kind }) => kind)).toEqual(['impossible']);
  });

  it('names what it needs to be read', () => {
    const result = small(traceOf([begin('a'), connect('t', 'a', 'k'), detach('t'), detach('t')]));
    expect(inputsOf(result.text).at(-1)).toEqual(detach('t1'));
    expect(small(result.text).text).toBe(result.text);
  });
});
