import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import type { Rename } from '../../src/minimize/names/name-kind.ts';
import { namesIn, renameEvent } from '../../src/minimize/names/rename.ts';
import { renameCall } from '../../src/minimize/names/rename-call.ts';

/** Every name with its kind in front, so that it shows which kind it was taken for. */
const byKind: Rename = (kind, name) => `${kind}:${name}`;

describe('renameCall', () => {
  it.each([
    ['conn_new() = c1', 'conn_new() = conn:c1'],
    ['conn_new() = NULL', 'conn_new() = NULL'],
    ['conn_set_private(c1)', 'conn_set_private(conn:c1)'],
    ['conn_set_owner(c1, s1)', 'conn_set_owner(conn:c1, sess:s1)'],
    ['session_add_conn(s1, c1) = 1', 'session_add_conn(sess:s1, conn:c1) = 1'],
    ['session_unown_conn(NULL, c1)', 'session_unown_conn(NULL, conn:c1)'],
    ['srv_add_to_idle_list(b/srv, c1, 1) = 0', 'srv_add_to_idle_list(srv:b/srv, conn:c1, 1) = 0'],
    ['conn_backend_get(b/srv, 1) = c1', 'conn_backend_get(srv:b/srv, 1) = conn:c1'],
    ['conn_backend_get(b/srv, 0) = NULL', 'conn_backend_get(srv:b/srv, 0) = NULL'],
    ['mux_release(c1)', 'mux_release(conn:c1)'],
  ])('renames what %s names', (text, renamed) => {
    expect(renameCall(text, byKind)).toBe(renamed);
  });

  it.each(['no call', 'conn_free()', 'unknown(c1)', 'session_add_conn(a, b, c1) = 1'])(
    'leaves %s alone',
    (text) => {
      expect(renameCall(text, byKind)).toBe(text);
    },
  );

  it('knows ids with commas and parentheses by their new names', () => {
    const names = new Map([
      ['sess a, b', 's1'],
      ['conn c, d', 'c1'],
      ['conn ) = 1', 'c2'],
    ]);
    const rename: Rename = (kind, name) => names.get(`${kind} ${name}`) ?? name;
    expect(renameCall('session_add_conn(a, b, c, d) = 1', rename)).toBe(
      'session_add_conn(s1, c1) = 1',
    );
    expect(renameCall('srv_add_to_idle_list(b/srv, c, d, 1) = 0', rename)).toBe(
      'srv_add_to_idle_list(b/srv, c1, 1) = 0',
    );
    expect(renameCall('conn_new() = ) = 1', rename)).toBe('conn_new() = c2');
    expect(renameCall('session_unown_conn(a, b!freed, ) = 1)', rename)).toBe(
      'session_unown_conn(s1!freed, c2)',
    );
  });

  it('renames a session that is freed', () => {
    const rename: Rename = (kind, name) => (kind === 'sess' && name === 's7' ? 's1' : name);
    expect(renameCall('session_check_idle_conn(s7!freed, c1)', rename)).toBe(
      'session_check_idle_conn(s1!freed, c1)',
    );
  });
});

describe('renameEvent', () => {
  const event: TraceEvent = {
    event: 'assign_server',
    strm: 'x',
    sess: 'x',
    be: 'x',
    unusable: ['x/x'],
    note: 'x',
    expect: {
      target: 'x/x',
      calls: ['mux_destroy(x)'],
      conn: {
        x: { owner: 'x', listed_in: 'x', flags: ['PRIVATE'] },
        y: null,
        z: { owner: null, listed_in: null },
      },
      sess: { x: { srv_list: [['x/x', ['x']]], idle_conns: 1 }, y: null },
      srv: { 'x/x': { idle: ['x'], safe: ['x'], available: ['x'], curr_idle_nb: 1 } },
      crash: 'conn_free',
    },
  };

  it('renames every name by its kind, and nothing else', () => {
    expect(renameEvent(event, byKind)).toEqual({
      event: 'assign_server',
      strm: 'strm:x',
      sess: 'sess:x',
      be: 'be:x',
      unusable: ['srv:x/x'],
      note: 'x',
      expect: {
        target: 'srv:x/x',
        calls: ['mux_destroy(conn:x)'],
        conn: {
          'conn:x': { owner: 'sess:x', listed_in: 'sess:x', flags: ['PRIVATE'] },
          'conn:y': null,
          'conn:z': { owner: null, listed_in: null },
        },
        sess: {
          'sess:x': { srv_list: [['srv:x/x', ['conn:x']]], idle_conns: 1 },
          'sess:y': null,
        },
        srv: {
          'srv:x/x': { idle: ['conn:x'], safe: ['conn:x'], available: ['conn:x'], curr_idle_nb: 1 },
        },
        crash: 'conn_free',
      },
    });
  });

  it('tells the names of an event by their kinds', () => {
    expect(namesIn(event)).toEqual([
      ['strm', 'x'],
      ['sess', 'x'],
      ['be', 'x'],
      ['srv', 'x/x'],
    ]);
    expect(namesIn({ event: 'connect_server', strm: 't', sess: 's', target: 'd' })).toEqual([
      ['strm', 't'],
      ['sess', 's'],
      ['be', 'd'],
    ]);
  });

  it('keeps __proto__ as an id', () => {
    const proto = JSON.parse('{"conn":{"__proto__":{"owner":"__proto__"}},"sess":{"a":null}}');
    const asked: TraceEvent = { event: 'detach', strm: '__proto__', expect: proto };
    const swap: Rename = (_, name) => (name === '__proto__' ? 'a' : '__proto__');
    const renamed = renameEvent(asked, swap);
    expect(JSON.stringify(renamed)).toBe(
      '{"event":"detach","strm":"a","expect":{"conn":{"a":{"owner":"a"}},"sess":{"__proto__":null}}}',
    );
  });
});
