import { describe, expect, it } from 'vitest';
import { findRuleSet, RULE_SETS } from '../../src/engine/rule-sets/index.ts';
import { evidenceOf } from '../../src/evidence/index.ts';
import { AFTER, BEFORE, divergences, RECORDED, rulesReached } from './corpus.ts';

/** Of the two commits, of each release, and of all of them. */
const MAX_BYTES = 2_000_000;
const MAX_BYTES_OF_RELEASE = 700_000;
const MAX_BYTES_IN_ALL = 8_000_000;
/** Of the rules that recordings of a release exercise, those that only long ones show. */
const MAX_NOT_SHOWN = 0.1;

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
  const all = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  expect(all).toBeLessThanOrEqual(MAX_BYTES_IN_ALL);
});

describe('the recordings of a release', () => {
  const folders = RECORDED.map(({ name }) => /^recorded\/([^/]+)\//.exec(name)?.[1] ?? '');
  const releases = [...new Set(folders)].filter((folder) => folder !== '');

  it.each(releases)('show what all recordings of %s do', (release) => {
    const set = findRuleSet(release);
    if (set === undefined) throw new Error(`traces/recorded/${release} is of no rule set`);
    const own = RECORDED.filter(({ name }) => name.startsWith(`recorded/${release}/`));
    const shown = new Set(own.flatMap((trace) => [...rulesReached(trace, release)]));
    const exercised = Object.entries(evidenceOf(set).rules).flatMap(([id, n]) =>
      n > 0 ? [id] : [],
    );
    const missing = exercised.filter((id) => !shown.has(id));
    expect(missing.length).toBeLessThanOrEqual(exercised.length * MAX_NOT_SHOWN);
    expect(own.map(({ header }) => header.rules)).toEqual(own.map(() => release));
  });

  it('are there of every release that recordings back', () => {
    const backed = RULE_SETS.filter((set) => evidenceOf(set).recordings > 0).map(({ id }) => id);
    expect(releases.sort()).toEqual(backed.filter((id) => id !== AFTER && id !== BEFORE).sort());
  });
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
