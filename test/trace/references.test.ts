import { describe, expect, it } from 'vitest';
import { CONNECT, HEADER, problemsAfterHeader, problemsOf, SESSION } from './helpers.ts';

const START = [SESSION, CONNECT];
const STREAMS = 'assign_server, connect_server and tcpcheck_eval_connect introduce a stream';
const CONNECTIONS = 'connect_server and tcpcheck_eval_connect introduce a connection';

/** A line from an object. */
function line(event: string, rest: object): string {
  return JSON.stringify({ event, ...rest });
}

function connect(rest: object): string {
  return line('connect_server', { strm: 't1', sess: 's1', target: 'b/srv', ...rest });
}

describe('ids', () => {
  it.each([
    [
      line('session_free', { sess: 's9' }),
      '4:32: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      line('detach', { strm: 't9' }),
      `4:26: no event so far introduces the stream "t9"; did you mean "t1"? ${STREAMS}`,
    ],
    [
      line('stream_destroy', { strm: '__proto__' }),
      `4:34: no event so far introduces the stream "__proto__"; there is "t1"; ${STREAMS}`,
    ],
    [
      line('http_wait_for_response', { strm: 't9', status: 200 }),
      `4:42: no event so far introduces the stream "t9"; did you mean "t1"? ${STREAMS}`,
    ],
    [
      line('mux_release', { conn: 'c9' }),
      `4:31: no event so far introduces the connection "c9"; did you mean "c1"? ${CONNECTIONS}`,
    ],
    [
      line('conn_update', { conn: 'toString' }),
      `4:31: no event so far introduces the connection "toString"; there is "c1"; ${CONNECTIONS}`,
    ],
    [
      line('conn_create_mux', { conn: 'c9', mux: 'h1' }),
      `4:35: no event so far introduces the connection "c9"; did you mean "c1"? ${CONNECTIONS}`,
    ],
    [
      connect({ sess: 's9' }),
      '4:46: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      connect({ conn: 'c9', expect: { reused: true } }),
      `4:75: no event so far introduces the connection "c9"; did you mean "c1"? ${CONNECTIONS}`,
    ],
    [
      line('assign_server', { strm: 't2', sess: 's9', be: 'b' }),
      '4:45: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      line('detach', { strm: 't1', expect: { conn: { c9: null } } }),
      `4:49: no event so far introduces the connection "c9"; did you mean "c1"? ${CONNECTIONS}`,
    ],
    [
      line('detach', { strm: 't1', expect: { sess: { s9: {} } } }),
      '4:49: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      line('detach', { strm: 't1', expect: { conn: { c1: { owner: 's9' } } } }),
      '4:63: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      line('detach', { strm: 't1', expect: { conn: { c1: { owner: 's9!freed' } } } }),
      '4:63: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      line('detach', { strm: 't1', expect: { conn: { c1: { listed_in: 's9' } } } }),
      '4:67: no event so far introduces the session "s9"; did you mean "s1"? session_new introduces a session',
    ],
    [
      line('detach', {
        strm: 't1',
        expect: { sess: { s1: { srv_list: [['b/srv', ['c1', 'c9']]] } } },
      }),
      `4:82: no event so far introduces the connection "c9"; did you mean "c1"? ${CONNECTIONS}`,
    ],
    [
      line('detach', { strm: 't1', expect: { srv: { 'b/srv': { idle: ['c1'], safe: ['c9'] } } } }),
      `4:79: no event so far introduces the connection "c9"; did you mean "c1"? ${CONNECTIONS}`,
    ],
  ])('must be introduced before they are used: %s', (event, problem) => {
    expect(problemsAfterHeader(...START, event)).toEqual([problem]);
  });

  it('that are misspelt get a suggestion', () => {
    const session = line('session_new', { sess: 'client-a', fe: 'fe' });
    const free = line('session_free', { sess: 'clinet-a' });
    expect(problemsAfterHeader(session, free)).toEqual([
      '3:32: no event so far introduces the session "clinet-a"; did you mean "client-a"?',
    ]);
  });

  it('that are unknown are told once', () => {
    const update = line('conn_update', { conn: 'c9' });
    expect(problemsAfterHeader(update, update, line('mux_release', { conn: 'c9' }))).toHaveLength(
      1,
    );
  });

  it('of a line that is no event count as introduced', () => {
    const broken = [
      '{"event":"session_new","sess":"s2","fe":"fe","x":1}',
      '{"event":"connect_server","strm":"t2","sess":"s2","target":"b/srv","conn":"c\\u0032",}',
    ];
    const used = [
      line('mux_release', { conn: 'c2' }),
      line('detach', { strm: 't2' }),
      line('session_free', { sess: 's2' }),
    ];
    expect(problemsAfterHeader(...broken, ...used)).toHaveLength(2);
  });

  it('may be any strings', () => {
    for (const id of ['__proto__', 'constructor', 'toString', 'é', ' ', '007']) {
      const events = [
        line('session_new', { sess: id, fe: 'fe' }),
        connect({ sess: id, strm: id, conn: id, expect: { reused: false } }),
        `{"event":"detach","strm":${JSON.stringify(id)},"expect":{"conn":{${JSON.stringify(id)}:{"owner":${JSON.stringify(id)}}}}}`,
      ];
      expect(problemsAfterHeader(...events)).toEqual([]);
    }
  });
});

describe('a new session or connection', () => {
  const again = 'a new one needs an id of its own';

  it('needs a new id', () => {
    expect(problemsAfterHeader(SESSION, SESSION)).toEqual([
      `3:31: the session "s1" was introduced before; ${again}`,
    ]);
    const fresh = connect({ conn: 'c1', expect: { reused: false } });
    expect(problemsAfterHeader(...START, fresh)).toEqual([
      `4:75: the connection "c1" was introduced before; ${again}`,
    ]);
    const check = line('tcpcheck_eval_connect', { strm: 'k', sess: 's1', target: 'b', conn: 'c1' });
    expect(problemsAfterHeader(...START, check)).toEqual([
      `4:77: the connection "c1" was introduced before; ${again}`,
    ]);
  });

  it('may be named by a connect that reuses it, or that leaves open whether it does', () => {
    expect(
      problemsAfterHeader(...START, CONNECT, connect({ conn: 'c1', expect: { reused: true } })),
    ).toEqual([]);
  });

  it.each([
    ['failed', { expect: { ret: 'RESOURCE', reused: false } }],
    ['was freed at once', { expect: { ret: 'NONE', reused: false, conn: { c1: null } } }],
    ['crashed', { expect: { crash: 'connect_server' } }],
    ['may have failed', { fail: ['connection'] }],
    ['may have failed at a step', { error: 'address' }],
  ])('may take the id of an attempt that %s', (_, rest) => {
    const first = connect({ conn: 'c1', ...rest });
    const second = connect({ conn: 'c1', expect: { ret: 'NONE', reused: false } });
    expect(problemsAfterHeader(SESSION, first, second)).toEqual([]);
  });

  it('is named after its stream when it has no id', () => {
    const update = (conn: string) => line('conn_update', { conn });
    const unnamed = connect({});
    expect(problemsAfterHeader(SESSION, unnamed, update('t1.conn'))).toEqual([]);
    expect(problemsAfterHeader(SESSION, unnamed, update('t1.conn.2'))).toHaveLength(1);
    expect(
      problemsAfterHeader(
        SESSION,
        unnamed,
        unnamed,
        unnamed,
        update('t1.conn.2'),
        update('t1.conn.3'),
      ),
    ).toEqual([]);
    expect(problemsAfterHeader(...START, update('t1.conn'))).toHaveLength(1);
    const check = line('tcpcheck_eval_connect', { strm: 'k', sess: 's1', target: 'b/srv' });
    expect(problemsAfterHeader(SESSION, check, update('k.conn'))).toEqual([]);
  });
});

describe('names of the configuration', () => {
  it.each([
    [
      line('session_new', { sess: 's2', fe: 'web' }),
      '4:41: the header declares no frontend "web"; there is "fe"; a frontend is declared in config, e.g. frontends: {"web": {}}',
    ],
    [
      line('assign_server', { strm: 't2', sess: 's1', be: 'x' }),
      '4:55: the header declares no backend "x"; there is "b"; a backend is declared in config, e.g. backends: {"x": {}}',
    ],
    [
      line('assign_server', { strm: 't2', sess: 's1', be: 'b', unusable: ['b/srv', 'b/srvv'] }),
      '4:79: the header declares no server "b/srvv"; did you mean "b/srv"?',
    ],
    [
      line('assign_server', { strm: 't2', sess: 's1', be: 'b', expect: { target: 'b/x' } }),
      '4:78: the header declares no server "b/x"; did you mean "b/srv"? a server is declared in config, e.g. servers: {"b/x": {}}',
    ],
    [
      connect({ target: 'b/svr' }),
      '4:60: the header declares no server "b/svr"; did you mean "b/srv"?',
    ],
    [
      connect({ target: 'toString' }),
      '4:60: the header declares no backend "toString"; there is "b"; a backend is declared in config, e.g. backends: {"toString": {}}',
    ],
    [
      line('srv_cleanup_connections', { srv: 'b' }),
      '4:42: the header declares no server "b"; did you mean "b/srv"? a server is declared in config, e.g. servers: {"b/b": {}}',
    ],
    [
      line('srv_cleanup_idle_connections', { srv: 'c/srv' }),
      '4:47: the header declares no server "c/srv"; did you mean "b/srv"?',
    ],
    [
      line('detach', { strm: 't1', expect: { srv: { 'b/x': {} } } }),
      '4:48: the header declares no server "b/x"; did you mean "b/srv"? a server is declared in config, e.g. servers: {"b/x": {}}',
    ],
    [
      line('detach', { strm: 't1', expect: { sess: { s1: { srv_list: [['x', ['c1']]] } } } }),
      '4:68: the header declares no backend "x"; there is "b"; a backend is declared in config, e.g. backends: {"x": {}}',
    ],
  ])('must be declared: %s', (event, problem) => {
    expect(problemsAfterHeader(...START, event)).toEqual([problem]);
  });

  it('that are undeclared are told once', () => {
    const target = connect({ target: 'b/x' });
    expect(problemsAfterHeader(SESSION, target, target)).toHaveLength(1);
  });

  it('may be a backend as a target without server', () => {
    expect(problemsAfterHeader(SESSION, connect({ target: 'b' }))).toEqual([]);
  });

  it('may be __proto__', () => {
    const header =
      '{"trace":"haproxy-ownership/1","config":{"frontends":{"__proto__":{}},"backends":{"__proto__":{}}}}';
    const events = [
      line('session_new', { sess: 's1', fe: '__proto__' }),
      connect({ target: '__proto__' }),
    ];
    expect(problemsOf([header, ...events].join('\n'))).toEqual([]);
    expect(problemsOf([HEADER, ...events].join('\n'))).toHaveLength(2);
  });
});

describe('threads and time', () => {
  it('has no threads beyond nbthread', () => {
    expect(problemsAfterHeader(SESSION.replace('"fe":', '"thread":1,"fe":'))).toEqual([]);
    expect(problemsAfterHeader(SESSION.replace('"fe":', '"thread":2,"fe":'))).toEqual([
      '2:45: thread is 2; config.nbthread is 2: it must be from 0 to 1',
    ]);
    const bare = '{"trace":"haproxy-ownership/1"}';
    expect(
      problemsOf(`${bare}\n${line('srv_cleanup_toremove_connections', { thread: 1 })}`),
    ).toEqual(['2:54: thread is 1; config.nbthread is 1: it must be 0']);
  });

  it('does not run backwards', () => {
    const at = (time: number) => line('srv_cleanup_toremove_connections', { at: time });
    const untimed = line('srv_cleanup_toremove_connections', {});
    expect(problemsAfterHeader(at(5), at(5), untimed, at(4.5), at(4.5), at(6))).toEqual([
      '5:50: at is 4.5, but an earlier event has 5; time does not decrease',
    ]);
  });
});

describe('the mux of conn_create_mux', () => {
  const create = (rest: object) => line('conn_create_mux', { conn: 'c1', ...rest });

  it('is required', () => {
    expect(problemsAfterHeader(...START, create({}))).toEqual([
      '4:1: conn_create_mux lacks "mux"; it is required, unless the creation fails: "h1", "h2", "fcgi" or "pt"',
    ]);
    expect(
      problemsAfterHeader(...START, create({ error: false, fail: ['takeover'] })),
    ).toHaveLength(1);
  });

  it.each([
    ['an error', [create({ error: true })]],
    ['a failed allocation', [create({ fail: ['mux'] })]],
    ['a return value', [create({ expect: { ret: -1 } })]],
    ['the ERROR flag', [line('conn_update', { conn: 'c1', set: ['ERROR'] }), create({})]],
    ['a refused connection', [connect({ conn: 'c1', error: 'connect' }), create({})]],
  ])('is not required when the creation fails by %s', (_, events) => {
    expect(problemsAfterHeader(...START, ...events)).toEqual([]);
  });

  it('is not required when the refused connection had no id', () => {
    const refused = connect({ error: 'connect' });
    const unnamed = line('conn_create_mux', { conn: 't1.conn.2' });
    expect(problemsAfterHeader(SESSION, connect({}), refused, unnamed)).toEqual([]);
  });
});

describe('what only releases say', () => {
  it('names connections that had to go, and servers that there are', () => {
    const victims = ['c1', 'c8'];
    const lines = [
      line('srv_cleanup_idle_connections', { srv: 'b/srv', victims }),
      line('srv_cleanup_connections', { srv: 'b/srv', victims: ['c9'] }),
      connect({ strm: 't2', victims: ['c7'] }),
      line('del_server', { srv: 'b/srvv' }),
      line('srv_admin', { srv: 'b', maint: true }),
      line('conn_io', { conn: 'c6' }),
    ];
    expect(problemsAfterHeader(...START, ...lines)).toEqual([
      expect.stringMatching(/^4:\d+: no event so far introduces the connection "c8"/),
      expect.stringMatching(/^5:\d+: no event so far introduces the connection "c9"/),
      expect.stringMatching(/^6:\d+: no event so far introduces the connection "c7"/),
      expect.stringMatching(
        /^7:\d+: the header declares no server "b\/srvv"; did you mean "b\/srv"\?/,
      ),
      expect.stringMatching(/^8:\d+: the header declares no server "b"/),
      expect.stringMatching(/^9:\d+: no event so far introduces the connection "c6"/),
    ]);
  });

  it('names threads that there are, once', () => {
    expect(problemsAfterHeader(...START, connect({ strm: 't2', busy: [1, 2, 2] }))).toEqual([
      '4:78: busy[1] is 2; config.nbthread is 2: it must be from 0 to 1',
    ]);
  });

  it('introduces a connection, or claims one, where a check may be served by any', () => {
    const check = (rest: object) =>
      line('check_connect', { strm: 't2', sess: 's1', target: 'b/srv', ...rest });
    const detach = line('detach', { strm: 't2', expect: { conn: { c2: null } } });
    expect(problemsAfterHeader(...START, check({ conn: 'c2' }), detach)).toEqual([]);
    expect(problemsAfterHeader(...START, check({ conn: 'c1', reuse_pool: true }))).toEqual([]);
    expect(problemsAfterHeader(...START, check({ conn: 'c1' }))).toHaveLength(1);
  });
});
