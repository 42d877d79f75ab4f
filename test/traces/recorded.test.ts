import { describe, expect, it } from 'vitest';
import { AFTER, BEFORE, divergences, RECORDED } from './corpus.ts';

/** Of the two commits, and of each release. */
const MAX_BYTES = 2_000_000;
const MAX_BYTES_OF_RELEASE = 400_000;

/** Everything of one kind that the recordings of one commit hold. */
function seen(rules: string, what: (trace: (typeof RECORDED)[number]) => unknown[]): unknown[] {
  const values = RECORDED.filter((t) => t.header.rules === rules).flatMap(what);
  return [...new Set(values)].filter((value) => value !== undefined).sort();
}

/** Every mux of a connection. */
function muxes(rules: string): unknown[] {
  const all = seen(rules, (t) =>
    t.events.flatMap(({ expect: e }) => Object.values(e?.conn ?? {}).map((c) => c?.mux)),
  );
  return all.filter((mux) => mux !== null);
}

/** Every reuse mode of a backend. */
function modes(rules: string): unknown[] {
  return seen(rules, ({ header }) =>
    Object.values(header.config?.backends ?? {}).map((be) => be['http-reuse'] ?? 'safe'),
  );
}

it.each(RECORDED)('the engine agrees with traces/$name', (trace) => {
  expect(trace.problems).toEqual([]);
  expect(divergences(trace)).toEqual([]);
});

it('the recordings are a choice of bounded size', () => {
  const sizes = new Map<string, number>();
  for (const { name, text } of RECORDED) {
    const [, folder = ''] = /^recorded\/(?:([^/]+)\/)?/.exec(name) ?? [];
    sizes.set(folder, (sizes.get(folder) ?? 0) + Buffer.byteLength(text));
  }
  for (const [folder, bytes] of sizes) {
    expect(bytes).toBeLessThanOrEqual(folder === '' ? MAX_BYTES : MAX_BYTES_OF_RELEASE);
  }
});

describe('the recordings of 2.2.0', () => {
  const RELEASE = '2.2.0';

  it('show every mux and every reuse mode', () => {
    expect(muxes(RELEASE)).toEqual(['fcgi', 'h1', 'h2', 'pt']);
    expect(modes(RELEASE)).toEqual(['aggressive', 'always', 'never', 'safe']);
  });

  it('show no crash: none was seen', () => {
    expect(seen(RELEASE, (t) => t.events.map((event) => event.expect?.crash))).toEqual([]);
  });

  it('show private connections that are available, some idle', () => {
    const views = RECORDED.filter(({ header }) => header.rules === RELEASE).flatMap(({ events }) =>
      events.flatMap(({ expect: e }) => Object.values(e?.conn ?? {})),
    );
    const both = views.filter((c) => c?.list === 'available' && c.flags?.includes('PRIVATE'));
    expect(both.map((c) => c?.flags?.includes('SESS_IDLE'))).toEqual(
      expect.arrayContaining([true, false]),
    );
  });
});

describe('the recordings of 2.3.0', () => {
  const RELEASE = '2.3.0';

  it('show every mux and every reuse mode', () => {
    expect(muxes(RELEASE)).toEqual(['fcgi', 'h1', 'h2', 'pt']);
    expect(modes(RELEASE)).toEqual(['aggressive', 'always', 'never', 'safe']);
  });

  it('show every crash that was seen, and each key of the configuration that is new', () => {
    const crashes = seen(RELEASE, (t) => t.events.map((event) => event.expect?.crash));
    expect(crashes).toEqual(['session_check_idle_conn', 'session_unown_conn']);
    const keys = seen(RELEASE, ({ header: { config } }) =>
      [config?.backends, config?.servers].flatMap((all) =>
        Object.values(all ?? {}).flatMap(Object.keys),
      ),
    );
    expect(keys).toEqual(expect.arrayContaining(['retry-on', 'sni', 'ssl', 'transparent']));
  });
});

describe.each([AFTER, BEFORE])('the recordings of %s', (rules) => {
  it('show every mux', () => {
    expect(muxes(rules)).toEqual(['fcgi', 'h1', 'h2', 'pt']);
  });

  it('show every reuse mode', () => {
    expect(modes(rules)).toEqual(['aggressive', 'always', 'never', 'safe']);
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
