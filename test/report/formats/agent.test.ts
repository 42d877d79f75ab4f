import { describe, expect, test } from 'vitest';
import { AGREEING, DIVERGING, INVALID } from '../../cli/run.ts';
import { NASTY_TRACES, reportFile, runReport, wholeTexts } from '../run-report.ts';

const { agent } = wholeTexts;

describe('agent', () => {
  test('is a line per divergence and problem, the place first', () => {
    const traces = { 'a.jsonl': AGREEING, 'b.jsonl': DIVERGING, 'c.jsonl': INVALID };
    const unread = [{ path: 'gone.jsonl', what: 'cannot be read' }];
    expect(agent(runReport(traces, { unread }))).toMatchInlineSnapshot(`
      "gone.jsonl: cannot be read
      b.jsonl:3: step 2 connect_server t1 s1 b/srv c1: conn.c1.owner expected null, actual s1; decided by connect_server (src/backend.c), rule connect.new.owned: c1 belongs to s1 from its creation; 1 divergence at 1 later step follows (--all-divergences)
      b.jsonl:3: step 2 connect_server t1 s1 b/srv c1: conn.c1.flags expected [PRIVATE], actual []; decided by conn_new (include/haproxy/connection.h), rule conn.new: c1 is created, towards b/srv: nobody’s, not private, without a mux, in no list
      c.jsonl:2:10: unknown event "sesion_new"; did you mean "session_new"? it must be session_new, assign_server, connect_server, conn_create_mux, tcpcheck_eval_connect, http_wait_for_response, detach, stream_destroy, mux_release, conn_update, srv_cleanup_idle_connections, srv_cleanup_connections, del_server, srv_cleanup_toremove_connections or session_free
      "
    `);
  });

  test('says ok when there is nothing to tell', () => {
    expect(agent(runReport({ 'a.jsonl': AGREEING }))).toBe('ok: 1 file, 3 steps\n');
  });

  test('counts divergences at steps that were not selected', () => {
    const range = { first: 1, last: 1 };
    const selection = { steps: 'all', range, only: null, unfolded: true } as const;
    const file = reportFile('b.jsonl', DIVERGING, 0, selection);
    expect(agent(runReport({}, { files: [file] }))).toBe(
      'b.jsonl: 2 divergences at steps outside --range and --only\n',
    );
  });

  test('survives every text: a line is a line, and nothing reaches a terminal', () => {
    const lines = agent(runReport(NASTY_TRACES)).split('\n').slice(0, -1);
    expect(lines.every((line) => line.startsWith('traces/'))).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028]/);
  });
});
