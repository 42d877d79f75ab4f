import { describe, expect, it } from 'vitest';
import { cliParseDeleteServer } from '../../../src/engine/functions/admin/del-server.ts';
import { connFree, connSetPrivate } from '../../../src/engine/functions/connection.ts';
import { sessPrivConns } from '../../../src/engine/mechanisms/session-conns/sess-priv-conns.ts';
import { CO_FL_IDLE_LIST } from '../../../src/engine/objects/connection-t.ts';
import { Abort } from '../../../src/engine/objects/crash.ts';
import { type Scene, scene } from '../support.ts';

/*
 * What no trace leads to, as something else has seen to it before: states that somebody made up, and
 * that HAProxy looks for all the same.
 */

const { sessionAddConn } = sessPrivConns;

/** Private and in no list, because no memory was left; s1 made it. */
function unlisted(rules: string, owner: string | null): Scene {
  const s = scene(rules, { reuse: 'never' }).session('s1', 's2');
  s.connect('t1', { fail: ['sess_srv_list'] }).own('c1', owner);
  s.w.begin({});
  return s;
}

function server(s: Scene) {
  const srv = s.w.servers.get('b/srv');
  if (!srv) throw new Error('there is no server');
  return srv;
}

describe.each(['3.0.0', '3.2.0'])('session_add_conn (%s)', (rules) => {
  it('makes whoever lists a connection its owner, if it has none', () => {
    const s = unlisted(rules, null);
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's2', listed_in: 's2' });
    expect(s.decisions).toEqual(['session.add.insert', 'session.add.adopted']);
  });

  it('leaves a connection of another session alone', () => {
    const s = unlisted(rules, 's1');
    expect(sessionAddConn(s.w, s.theSession('s2'), s.connection('c1'))).toBe(true);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
    expect(s.decisions).toEqual(['session.add.not-owner']);
  });

  it('tells the server of the entry, and session_unown_conn that it is gone', () => {
    const s = unlisted(rules, 's1');
    sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(server(s).sessConns.map(({ sess }) => sess.id)).toEqual(['s1']);
    sessPrivConns.sessionUnownConn(s.w, s.theSession('s1'), s.connection('c1'));
    expect(server(s).sessConns).toEqual([]);
    expect(s.conn('c1')).toMatchObject({ owner: null, listed_in: null });
  });

  it('leaves no entry where there is no memory for one, and the owner as it is', () => {
    const s = unlisted(rules, 's1');
    s.w.begin({ fail: ['sess_srv_list'] });
    expect(sessionAddConn(s.w, s.theSession('s1'), s.connection('c1'))).toBe(false);
    expect(s.conn('c1')).toMatchObject({ owner: 's1', listed_in: null });
    expect(server(s).sessConns).toEqual([]);
  });
});

/** An H2 connection in the available tree of its server. */
function available(rules: string): Scene {
  const s = scene(rules, { reuse: 'always', srv: { proto: 'h2' } })
    .session('s1')
    .connect('t1');
  expect(s.conn('c1')?.list).toBe('available');
  s.w.begin({});
  return s;
}

describe.each(['2.8.0', '3.0.0', '3.2.0'])('conn_free (%s)', (rules) => {
  it('frees what can be shared, which its server takes out of its tree', () => {
    const s = available(rules);
    connFree(s.w, s.connection('c1'));
    expect(server(s).availableConns.map(({ length }) => length)).toEqual([0]);
  });

  it('ends the program where a private connection is in a tree', () => {
    const s = available(rules);
    const conn = s.connection('c1');
    connSetPrivate(s.w, conn);
    expect(s.decisions).toContain('conn.set-private.unlinked');
    server(s).availableConns[0]?.append(conn.list);
    expect(() => connFree(s.w, conn)).toThrow(Abort as never);
    expect(s.decisions.at(-1)).toBe('conn.free.in-tree');
  });
});

it('before 2.8.0 nobody looks', () => {
  const s = available('2.6.0');
  const conn = s.connection('c1');
  connSetPrivate(s.w, conn);
  server(s).availableConns[0]?.append(conn.list);
  connFree(s.w, conn);
  expect(conn.freed).toBe(true);
});

describe('conn_set_private on a pooled connection', () => {
  it.each([
    ['2.6.0', true],
    ['2.8.0', false],
    ['3.0.0', false],
  ])('%s: still marked as pooled is %s', (rules, isMarked) => {
    const s = scene(rules, { reuse: 'always' }).session('s1').connect('t1').detach('t1');
    const conn = s.connection('c1');
    expect(conn.has(CO_FL_IDLE_LIST)).toBe(true);
    s.w.begin({});
    connSetPrivate(s.w, conn);
    expect(conn.has(CO_FL_IDLE_LIST)).toBe(isMarked);
    expect(conn.list.linked).toBe(false);
    expect(server(s).currIdleConns).toBe(0);
  });
});

describe('del server', () => {
  it('closes the idle connections of all threads, and leaves their counts at zero', () => {
    const s = scene('3.0.0', { reuse: 'always' }).session('s1').connect('t1').detach('t1');
    s.w.begin({});
    expect(cliParseDeleteServer(s.w, server(s), false)).toBe(1);
    expect(server(s)).toMatchObject({ currIdleConns: 0, currUsedConns: 0, deleted: true });
    expect(s.w.connections.size).toBe(0);
  });
});
