import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sessSrvList } from '../../src/engine/mechanisms/session-conns/sess-srv-list.ts';
import { Abort } from '../../src/engine/objects/crash.ts';
import { runReport, wholeTexts } from './run-report.ts';

const CONDITION = 'c1 is marked idle already';
const TRACE = [
  '{"trace":"haproxy-ownership/1","config":{"frontends":{"fe":{}},"backends":{"b":{"http-reuse":"never"}},"servers":{"b/srv":{}}}}',
  '{"event":"session_new","sess":"s1","fe":"fe"}',
  '{"event":"connect_server","strm":"t1","sess":"s1","target":"b/srv","conn":"c1"}',
  '{"event":"detach","strm":"t1"}',
];

/** As if session_check_idle_conn asserted something that does not hold here. */
beforeEach(() => {
  vi.spyOn(sessSrvList, 'sessionCheckIdleConn').mockImplementation(() => {
    throw new Abort('session_check_idle_conn', CONDITION);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const text = (last: object = {}): string =>
  [...TRACE.slice(0, 3), JSON.stringify({ event: 'detach', strm: 't1', ...last })].join('\n');

describe('an abort that the trace does not speak of', () => {
  it('is told as that by every reporter', () => {
    const report = runReport({ 'a.jsonl': text() });
    const { json, junit, sarif, github, tap, agent } = wholeTexts;
    for (const reporter of [json, junit, sarif, github, tap, agent]) {
      const told = reporter(report);
      expect(told).toContain('no-abort');
      expect(told).toContain(CONDITION);
      expect(told).not.toContain('crashes:');
    }
    expect(junit(report)).toContain('(abort)');
    expect(github(report)).toContain('aborts: no-abort: session_check_idle_conn');
  });

  it('is counted apart from crashes', () => {
    const report = runReport({ 'a.jsonl': text() });
    expect(report.totals).toMatchObject({ crashes: 0, aborts: 1 });
    const [file] = report.files;
    expect(file).toMatchObject({ crash: null, abort: 'session_check_idle_conn' });
    const [step] = file?.reported ?? [];
    expect(step?.outcome).toMatchObject({ kind: 'abort', condition: CONDITION });
  });
});

describe('a run without an abort', () => {
  it('says nothing of any', () => {
    vi.restoreAllMocks();
    const report = runReport({ 'a.jsonl': text() });
    expect(wholeTexts.json(report)).not.toContain('abort');
  });

  it('that a trace expects is one that agrees', () => {
    const report = runReport({ 'a.jsonl': text({ expect: { abort: 'session_check_idle_conn' } }) });
    expect(wholeTexts.agent(report)).toBe('ok: 1 file, 3 steps, 1 abort\n');
  });
});
