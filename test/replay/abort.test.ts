import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sessSrvList } from '../../src/engine/mechanisms/session-conns/sess-srv-list.ts';
import { Abort } from '../../src/engine/objects/crash.ts';
import { connect, detach, disagreements, free, NEVER, play, session } from './support.ts';

const CONDITION = 'c1 is marked idle already';

/** As if session_check_idle_conn asserted something that does not hold here. */
beforeEach(() => {
  vi.spyOn(sessSrvList, 'sessionCheckIdleConn').mockImplementation((w, sess, conn) => {
    w.enter('session_check_idle_conn', conn, sess);
    throw new Abort('session_check_idle_conn', CONDITION);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const how = { config: NEVER };
const before = [session('s1'), connect('t1', 'c1')];
const fn = 'session_check_idle_conn';

describe('a step that aborts', () => {
  it('agrees when the abort is expected', () => {
    const { result, steps } = play([...before, { ...detach('t1'), expect: { abort: fn } }], how);
    expect(result).toMatchObject({ divergences: 0, crash: null, abort: fn });
    expect(steps[2]?.outcome).toMatchObject({
      kind: 'abort',
      crash: null,
      abort: fn,
      condition: CONDITION,
      ret: null,
    });
    expect(steps[2]?.outcome.calls.at(-1)).toBe('session_check_idle_conn(s1, c1)');
  });

  it('diverges when another function was to abort, or it was to crash', () => {
    const last = (expected: object) => [...before, { ...detach('t1'), expect: expected }];
    expect(disagreements(last({ abort: 'conn_free' }), how)).toEqual([['abort', 'conn_free', fn]]);
    expect(disagreements(last({ crash: fn }), how)).toEqual([
      ['crash', fn, null],
      ['abort', null, fn],
    ]);
    expect(disagreements(last({}), how)).toEqual([['abort', null, fn]]);
  });

  it('is a finding when nothing is expected', () => {
    const { result, steps } = play([...before, detach('t1')], how);
    expect(result).toMatchObject({ divergences: 0, findings: 1, unstatedBy: { crash: 1 } });
    expect(steps[2]?.findings).toMatchObject([
      {
        invariant: 'no-abort',
        severity: 'crash',
        says: `${fn} ends the program by an assertion of its own: ${CONDITION}`,
      },
    ]);
  });

  it('is the last one', () => {
    const { steps } = play([...before, detach('t1'), free('s1')], how);
    expect(steps[3]?.outcome).toMatchObject({
      kind: 'impossible',
      impossible: `the program aborted in ${fn} at step 3: nothing happens after it`,
    });
  });
});

describe('a step that does not abort', () => {
  it('diverges when an abort was expected', () => {
    const last = { ...detach('t1'), expect: { abort: fn } };
    expect(disagreements([...before, last])).toEqual([['abort', fn, null]]);
  });
});
