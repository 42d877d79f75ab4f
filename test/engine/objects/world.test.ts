import { describe, expect, it } from 'vitest';
import { PARTS } from '../../../src/engine/objects/parts.ts';
import { allRules, rulesOf as declare, sentenceOf } from '../../../src/engine/objects/rule.ts';
import { backendOf, firstFreeName, World } from '../../../src/engine/objects/world.ts';
import {
  DEFAULT_RULE_SET,
  findRuleSet,
  ruleSetNames,
} from '../../../src/engine/rule-sets/index.ts';
import { callText } from '../../../src/engine/view/observe.ts';
import { isLeaked } from '../../../src/engine/view/view.ts';
import { BOTH, PRE, rulesOf, scene, the } from '../support.ts';

describe('a world', () => {
  it('has HAProxy’s defaults', () => {
    const w = new World(
      { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/s': {} } },
      rulesOf(PRE),
    );
    expect(w).toMatchObject({ nbthread: 1, idlePoolShared: true });
    expect(w.poolHighCount).toBe(Number.POSITIVE_INFINITY);
    expect(w.frontends.get('fe')?.maxOutConns).toBe(5);
    expect(w.servers.get('b/s')).toMatchObject({
      maxIdleConns: -1,
      lowIdleConns: 0,
      poolPurgeDelayMs: 5000,
      maxReuse: -1,
      keepConn: true,
      alpn: false,
      sendProxy: false,
      sni: false,
      usesrc: null,
    });
  });

  it('is empty without a configuration', () => {
    const w = new World({}, rulesOf(PRE));
    expect([w.frontends.size, w.backends.size, w.servers.size]).toEqual([0, 0, 0]);
    expect(w.toremove).toHaveLength(1);
  });

  it('refuses a server of a backend that is not declared', () => {
    expect(() => new World({ servers: { 'no/srv': {} } }, rulesOf(PRE))).toThrow(/no\/srv/);
  });

  it('forces http-reuse never on a tcp backend with servers', () => {
    const config = {
      backends: { a: { mode: 'tcp', 'http-reuse': 'always' }, b: { mode: 'tcp' } },
      servers: { 'a/srv': {} },
    } as const;
    const w = new World(config, rulesOf(PRE));
    expect([w.backends.get('a')?.reuse, w.backends.get('b')?.reuse]).toEqual([0, 1]);
  });

  it('knows the backend of a server by the first slash', () => {
    expect(['b/srv', 'b/s/t', 'b'].map(backendOf)).toEqual(['b', 'b', 'b']);
  });

  it('can forget an orphan that it does not know', () => {
    const s = scene(PRE, { srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    s.w.forgetOrphan(the(s.w.streams.get('t1')));
    expect(s.w.orphans.size).toBe(0);
  });
});

describe('the name of a new connection', () => {
  const taken =
    (...ids: string[]) =>
    (id: string) =>
      ids.includes(id);

  it.each([
    ['c1', [], 'c1'],
    ['c1', ['c1'], 't.conn'],
    [undefined, [], 't.conn'],
    [undefined, ['t.conn'], 't.conn.2'],
    [undefined, ['t.conn', 't.conn.2', 't.conn.3'], 't.conn.4'],
  ])('claimed %s, taken %o: %s', (claimed, others, name) => {
    expect(firstFreeName('t', claimed, taken(...others))).toBe(name);
  });

  it('is free again for a world whose connection has died', () => {
    const s = scene(PRE).session('s1').connect('t1', { conn: undefined });
    expect(s.returned.conn).toBe('t1.conn');
    s.detach('t1', { shutdown: true }).connect('t1', { conn: undefined });
    expect(s.returned.conn).toBe('t1.conn');
  });
});

describe('rule sets', () => {
  it('are found by their commit, oldest first; the change itself is the default', () => {
    expect(ruleSetNames()).toEqual([
      '2.2.0',
      '21ddc74e8',
      '08016ab82',
      '2.3.0',
      '38b4d2eb2',
      '3aab17bd5',
      '2.4.0',
      '2.6.0',
      '2.8.0',
      '3.0.0',
      '3.2.0',
      '3.3.0',
      '3.4.0',
      '3.5-dev5',
    ]);
    expect(DEFAULT_RULE_SET.id).toBe('08016ab82');
    expect(findRuleSet('08016ab82')).toBe(DEFAULT_RULE_SET);
    expect(findRuleSet('08016AB82')).toBeUndefined();
    expect(findRuleSet('')).toBeUndefined();
  });
});

describe('rules', () => {
  it('have ids of their own, a function, a file, and say something', () => {
    const all = allRules();
    expect(new Set(all.map((rule) => rule.id)).size).toBe(all.length);
    for (const rule of all) {
      expect(rule.id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      expect(rule.fn).toMatch(/^([a-z0-9_]+|CO_FL_PRIVATE)$/);
      expect(rule.file).toMatch(/^(src|include\/haproxy)\/[a-z0-9_-]+\.[ch]$/);
      expect(rule.says.length).toBeGreaterThan(20);
    }
  });

  it('decide parts of an outcome, and none besides', () => {
    const declared = declare('f', 'src/f.c');
    expect(() => declared('f.unknown', 'says what it says', 'owner ownr')).toThrow(
      'rule f.unknown decides ownr, which is no part of an outcome',
    );
    expect(() => declared('f.place', 'says what it says', 'owner@7')).toThrow(/decides owner@7/);
    const decided = new Set(allRules().flatMap(({ decides }) => decides.map(({ part }) => part)));
    // Lists of a server that are decided connection by connection only.
    const parts = Object.values(PARTS).flat();
    expect(parts.filter((part) => !decided.has(part))).toEqual(['available']);
  });

  it.each([0, 1, 2, 3, 4, 5])('are sentences also with %i things known', (count) => {
    const things = ['zero', 'one', 'two', 'three', 'four'].slice(0, count);
    for (const rule of allRules()) {
      const sentence = sentenceOf(rule, things);
      expect(sentence).not.toMatch(/[{}[\]|]|\(\)| {2}| [,.:;)]|^ | $/);
      expect(sentence).not.toMatch(/\((any|anyone|anybody|it|some|none|others)\)|\b(any|anyone),/);
    }
  });

  it('leave out what is in brackets, or say it otherwise, where something is missing', () => {
    const says = '{0|a stream} leaves [thread {1}|a thread][ (free: {2})]';
    const rule = { id: 'x', fn: 'f', file: 'f.c', says, decides: [], role: null };
    expect(sentenceOf(rule)).toBe('a stream leaves a thread');
    expect(sentenceOf(rule, ['t1', '2'])).toBe('t1 leaves thread 2');
    expect(sentenceOf(rule, ['[{1}]', '2', '{0|x}'])).toBe('[{1}] leaves thread 2 (free: {0|x})');
  });

  it('cannot be declared twice', () => {
    const [first] = allRules();
    expect(() => declare('f', 'src/f.c')(the(first).id, 'twice')).toThrow(/declared twice/);
  });
});

describe('a call as text', () => {
  const call = {
    sess: null,
    sessFreed: false,
    conn: null,
    srv: null,
    isSafe: 1,
    decisionsBefore: 0,
    ret: undefined,
  } as const;

  it.each([
    [{ ...call, fn: 'conn_new', ret: null } as const, 'conn_new() = NULL'],
    [{ ...call, fn: 'conn_set_owner' } as const, 'conn_set_owner(NULL, NULL)'],
    [
      { ...call, fn: 'session_check_idle_conn', ret: -1 } as const,
      'session_check_idle_conn(NULL, NULL) = -1',
    ],
    [{ ...call, fn: 'conn_backend_get', ret: null } as const, 'conn_backend_get(NULL, 1) = NULL'],
    [
      { ...call, fn: 'srv_add_to_idle_list', ret: 0 } as const,
      'srv_add_to_idle_list(NULL, NULL, 1) = 0',
    ],
    [{ ...call, fn: 'mux_destroy' } as const, 'mux_destroy(NULL)'],
  ])('%o', (made, text) => {
    expect(callText(made)).toBe(text);
  });

  it.each(BOTH)('says that a session was freed when the call was made, not later (%s)', (rules) => {
    const s = scene(rules, { reuse: 'never' }).session('s1').connect('t1').detach('t1');
    const [call] = s.w.log.calls;
    s.free('s1');
    expect(callText(the(call))).toBe('session_add_conn(s1, c1) = 1');
  });
});

describe('a leak', () => {
  it('is a connection without a stream that nothing lists', () => {
    const s = scene(PRE, { reuse: 'never', srv: { alpn: 'x' } })
      .session('s1')
      .connect('t1');
    expect(isLeaked(the(s.conn('c1')))).toBe(false);
    s.createMux('c1', 'h1').detach('t1');
    expect(isLeaked(the(s.conn('c1')))).toBe(true);
  });

  it('is not a connection with a stream that left while blocked, which still ends', () => {
    const s = scene(PRE, { srv: { proto: 'h2' } })
      .session('s1')
      .connect('t1');
    s.detach('t1', { blocked: true });
    expect(s.conn('c1')).toMatchObject({ streams: [], orphans: ['t1'] });
    expect(isLeaked(the(s.conn('c1')))).toBe(false);
    s.do({ event: 'stream_destroy', strm: 't1', woken: true });
    expect(isLeaked(the(s.conn('c1')))).toBe(true);
  });

  it('is not a connection in a list of the server or of a session', () => {
    const pooled = scene(PRE).session('s1').exchange('t1');
    expect(isLeaked(the(pooled.conn('c1')))).toBe(false);
    const listed = scene(PRE, { reuse: 'never' }).session('s1').exchange('t1');
    expect(isLeaked(the(listed.conn('c1')))).toBe(false);
  });
});
