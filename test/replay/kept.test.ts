import { describe, expect, it } from 'vitest';
import { ConnList } from '../../src/engine/objects/list.ts';
import { World } from '../../src/engine/objects/world.ts';
import { findRuleSet, type RuleSet } from '../../src/engine/rule-sets/index.ts';
import { step } from '../../src/engine/step/step.ts';
import { callText, viewConn, viewSrv } from '../../src/engine/view/observe.ts';
import type { Expect, TraceEvent } from '../../src/format/index.ts';
import { takeOver } from '../../src/replay/causes/take-over.ts';
import { compareStates, type Difference } from '../../src/replay/compare.ts';
import { connect, detach, disagreements, POST, play, session } from './support.ts';

const CONFIG = { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } };

function rulesThatKeep(...keeps: readonly string[]): RuleSet {
  const rules = findRuleSet(POST);
  if (!rules) throw new Error(`no rule set ${POST}`);
  return { ...rules, keeps: new Set(keeps) };
}

/** A world with c1 in the pool, or not. */
function worldUnder(rules: RuleSet, isPooled = true): World {
  const w = new World(CONFIG, rules);
  const events: TraceEvent[] = [session('s1'), connect('t1', 'c1')];
  for (const event of isPooled ? [...events, detach('t1')] : events) step(w, event);
  return w;
}

function differences(w: World, expect: Expect): unknown[] {
  const found: Difference[] = [];
  compareStates(w, expect, found);
  return found.map(({ field, expected, actual }) => [field, expected, actual]);
}

const pooled = [session('s1'), connect('t1', 'c1')];

describe('what only later releases keep', () => {
  it.each([
    [{ age: ['c1'] }, 'age'],
    [{ curr_total_conns: 0 }, 'curr_total_conns'],
    [{ curr_sess_idle_conns: 0 }, 'curr_sess_idle_conns'],
  ])('is a divergence that says so where it is stated of another: %o', (state, key) => {
    const last: TraceEvent = { ...detach('t1'), expect: { srv: { 'b/srv': state } } };
    expect(disagreements([...pooled, last])).toEqual([
      [`srv.b/srv.${key}`, Object.values(state)[0], `none under ${POST}`],
    ]);
  });

  it('is told under those that keep it, and under no other', () => {
    const w = worldUnder(rulesThatKeep('age', 'curr_sess_idle_conns', 'toremove'));
    const [srv] = w.servers.values();
    const [conn] = w.connections.values();
    if (!srv || !conn) throw new Error('the world is empty');
    expect(viewSrv(w, srv)).toMatchObject({ age: [], curr_sess_idle_conns: 0 });
    expect(Object.keys(viewSrv(w, srv))).not.toContain('curr_total_conns');
    expect(viewConn(w, conn)).toMatchObject({ toremove: false });
    const old = worldUnder(rulesThatKeep());
    const keys = [...old.servers.values()].flatMap((each) => Object.keys(viewSrv(old, each)));
    expect(keys).not.toContain('age');
    expect(Object.keys(viewConn(old, conn))).not.toContain('toremove');
  });

  it('is compared and taken over like anything else', () => {
    const w = worldUnder(rulesThatKeep('age', 'curr_total_conns', 'curr_sess_idle_conns'));
    const stated = { age: ['c1'], curr_total_conns: 2, curr_sess_idle_conns: 1 };
    const expect_: Expect = { srv: { 'b/srv': stated } };
    expect(differences(w, expect_)).toEqual([
      ['srv.b/srv.age', ['c1'], []],
      ['srv.b/srv.curr_total_conns', 2, 0],
      ['srv.b/srv.curr_sess_idle_conns', 1, 0],
    ]);
    expect(takeOver(w, { ...detach('t1'), expect: expect_ })).toEqual([]);
    expect(differences(w, expect_)).toEqual([]);
  });
});

describe('the removal list', () => {
  it('can be stated apart where it is a place like the others', () => {
    const events: TraceEvent[] = [
      ...pooled,
      detach('t1'),
      { event: 'srv_cleanup_connections', srv: 'b/srv' },
    ];
    const last = events.at(-1) as TraceEvent;
    const stating = (state: object): TraceEvent[] => [
      ...events.slice(0, -1),
      { ...last, expect: { conn: { c1: state } } } as TraceEvent,
    ];
    expect(disagreements(stating({ list: 'toremove', toremove: true }))).toEqual([]);
    expect(disagreements(stating({ list: null, toremove: false }))).toEqual([
      ['conn.c1.list', null, 'toremove'],
      ['conn.c1.toremove', false, true],
    ]);
    expect(
      disagreements([...pooled, { ...detach('t1'), expect: { conn: { c1: { toremove: true } } } }]),
    ).toEqual([['conn.c1.toremove', true, false]]);
  });

  it('does not take a connection out of the pool where it is one of its own', () => {
    const w = worldUnder(rulesThatKeep('toremove'));
    const c1 = w.connections.get('c1');
    if (!c1) throw new Error('no connection');
    w.toremove[0]?.append(c1.toremoveList);
    expect(differences(w, { conn: { c1: { list: 'idle', toremove: true } } })).toEqual([]);
    w.listDel(c1);
    for (const list of ['toremove', null] as const) {
      expect(differences(w, { conn: { c1: { list, toremove: true } } })).toEqual([]);
    }
    expect(differences(w, { conn: { c1: { list: 'idle', toremove: false } } })).toEqual([
      ['conn.c1.list', 'idle', 'toremove'],
      ['conn.c1.toremove', false, true],
    ]);
    const off: Expect = { conn: { c1: { list: null, toremove: false } } };
    expect(takeOver(w, { ...detach('t1'), expect: off })).toEqual([]);
    expect(c1.toremoveList.linked).toBe(false);
    const on: Expect = { conn: { c1: { list: 'toremove' } } };
    expect(takeOver(w, { ...detach('t1'), expect: on })).toEqual([]);
    expect(c1.toremoveList.list).toBe(w.toremove[0]);
  });

  it('is in a world as its rule set keeps it', () => {
    const nodes = (w: World) => w.toremove.map(({ node }) => node);
    expect(nodes(worldUnder(rulesThatKeep()))).toEqual(['list']);
    expect(nodes(worldUnder(rulesThatKeep('toremove')))).toEqual(['toremoveList']);
    expect(new ConnList(null, null, null, 'idleList').node).toBe('idleList');
  });
});

describe('a server', () => {
  it('that is stated to be deleted diverges while it is there', () => {
    const last: TraceEvent = { ...detach('t1'), expect: { srv: { 'b/srv': null } } };
    const [[field, expected, actual] = []] = disagreements([...pooled, last]);
    expect([field, expected]).toEqual(['srv.b/srv', null]);
    expect(actual).toMatchObject({ idle: ['c1'], curr_idle_conns: 1 });
  });
});

describe('a function that counts only by name', () => {
  const calls = (counted: readonly 'conn_release'[]): string[] => {
    const w = new World(CONFIG, rulesThatKeep(), new Set(counted));
    step(w, session('s1'));
    step(w, connect('t1', 'c1'));
    const conn = w.connections.get('c1') ?? null;
    w.begin({});
    w.enter('conn_release', conn);
    w.enter('conn_free', conn);
    return w.log.calls.map(callText);
  };

  it('is written down where the trace counts it', () => {
    expect(calls([])).toEqual(['conn_free(c1)']);
    expect(calls(['conn_release'])).toEqual(['conn_release(c1)', 'conn_free(c1)']);
  });

  it('is written like this', () => {
    const w = worldUnder(rulesThatKeep(), false);
    const [conn = null] = w.connections.values();
    const [sess = null] = w.sessions.values();
    const [srv = null] = w.servers.values();
    const [be = null] = w.backends.values();
    const texts = [
      w.enter('session_get_conn', null, sess, be),
      w.enter('session_get_conn', null, sess, srv),
      w.enter('srv_release_conn', conn, null, srv),
      w.enter('srv_add_to_avail_list', conn, null, srv),
      w.enter('session_detach_idle_conn', conn, sess),
      w.enter('session_reinsert_idle_conn', conn, sess),
    ].map((call, at) => {
      if (at < 2) call.ret = at === 0 ? null : conn;
      if (at > 3) call.ret = 1;
      return callText(call);
    });
    expect(texts).toEqual([
      'session_get_conn(s1, b) = NULL',
      'session_get_conn(s1, b/srv) = c1',
      'srv_release_conn(b/srv, c1)',
      'srv_add_to_avail_list(b/srv, c1)',
      'session_detach_idle_conn(s1, c1) = 1',
      'session_reinsert_idle_conn(s1, c1) = 1',
    ]);
  });

  it('is not called under a rule set without it', () => {
    const header = { calls: ['session_get_conn'] } as const;
    const { steps } = play(pooled, { header: { calls: [...header.calls] } });
    expect(steps[1]?.outcome.calls).toEqual(['conn_new() = c1']);
  });
});
