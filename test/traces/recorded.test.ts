import { describe, expect, it } from 'vitest';
import { AFTER, BEFORE, divergences, RECORDED } from './corpus.ts';

const MAX_BYTES = 2_000_000;

/** Everything of one kind that the recordings of one commit hold. */
function seen(rules: string, what: (trace: (typeof RECORDED)[number]) => unknown[]): unknown[] {
  const values = RECORDED.filter((t) => t.header.rules === rules).flatMap(what);
  return [...new Set(values)].filter((value) => value !== undefined).sort();
}

it.each(RECORDED)('the engine agrees with traces/$name', (trace) => {
  expect(trace.problems).toEqual([]);
  expect(divergences(trace)).toEqual([]);
});

it('the recordings are a choice of bounded size', () => {
  const bytes = RECORDED.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});

describe.each([AFTER, BEFORE])('the recordings of %s', (rules) => {
  it('show every mux', () => {
    const muxes = seen(rules, (t) =>
      t.events.flatMap(({ expect: e }) => Object.values(e?.conn ?? {}).map((c) => c?.mux)),
    );
    expect(muxes.filter((mux) => mux !== null)).toEqual(['fcgi', 'h1', 'h2', 'pt']);
  });

  it('show every reuse mode', () => {
    const modes = seen(rules, ({ header }) =>
      Object.values(header.config?.backends ?? {}).map((be) => be['http-reuse'] ?? 'safe'),
    );
    expect(modes).toEqual(['aggressive', 'always', 'never', 'safe']);
  });

  it('show every failing allocation', () => {
    expect(seen(rules, (t) => t.events.flatMap((event) => event.fail ?? []))).toEqual([
      'conn_stream',
      'connection',
      'mux',
      'sess_srv_list',
      'sockaddr',
      'takeover',
    ]);
  });

  it('show every crash that was seen', () => {
    const unlikeAfter = rules === AFTER ? [] : ['conn_set_private'];
    const unlikeBefore = rules === BEFORE ? [] : ['connect_server', 'session_check_idle_conn'];
    expect(seen(rules, (t) => t.events.map((event) => event.expect?.crash))).toEqual(
      [
        'conn_free',
        'cs_destroy',
        'si_cs_send',
        'srv_migrate_conns_to_remove',
        ...unlikeAfter,
        ...unlikeBefore,
      ].sort(),
    );
  });
});
