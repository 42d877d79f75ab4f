import { describe, expect, it } from 'vitest';
import { readTrace } from '../../src/trace/index.ts';
import { CONNECT, HEADER, problemsAfterHeader, problemsOf, SESSION } from './helpers.ts';

const KEYS = 'event, at, thread, note, source, fail, sess, expect';
const EVENTS =
  'session_new, assign_server, connect_server, conn_create_mux, tcpcheck_eval_connect, http_wait_for_response, detach, stream_destroy, mux_release, conn_update, srv_cleanup_idle_connections, srv_cleanup_connections, del_server, srv_cleanup_toremove_connections or session_free';

describe('an event line', () => {
  it.each([
    ['{"even":1}', '3:2: unknown key "even" in a line without "event"; did you mean "event"?'],
    ['{"sess":"s1"}', `3:1: the line lacks "event"; it is required: ${EVENTS}`],
    [
      '{"event":"sesion_free","sess":"s1"}',
      `3:10: unknown event "sesion_free"; did you mean "session_free"? it must be ${EVENTS}`,
    ],
    ['{"event":"quux"}', `3:10: unknown event "quux"; it must be ${EVENTS}`],
    ['{"event":"__proto__"}', `3:10: unknown event "__proto__"; it must be ${EVENTS}`],
    ['{"event":null}', `3:10: event is null; it must be ${EVENTS}`],
    [
      '{"event":"session_free"}',
      '3:1: session_free lacks "sess"; it is required: a non-empty string, e.g. sess: "s1"',
    ],
    [
      '  {"event":"session_free"}',
      '3:3: session_free lacks "sess"; it is required: a non-empty string, e.g. sess: "s1"',
    ],
    [
      '{"event":"session_free","sess":""}',
      '3:32: sess is empty; it must be a non-empty string, e.g. sess: "s1"',
    ],
    [
      '{"event":"session_free","sess":7}',
      '3:32: sess is 7; did you mean "7"? it must be a non-empty string, e.g. sess: "s1"',
    ],
    [
      '{"event":"session_free","sess":{"a":1}}',
      '3:32: sess is an object; it must be a non-empty string, e.g. sess: "s1"',
    ],
    [
      '{"event":"session_free","sess":"s1","at":-1}',
      '3:42: at is -1; it must be a number of at least 0, e.g. at: 12',
    ],
    [
      '{"event":"session_free","sess":"s1","at":"5"}',
      '3:42: at is "5"; did you mean 5? it must be a number of at least 0, e.g. at: 12',
    ],
    [
      '{"event":"session_free","sess":"s1","at":1e999}',
      '3:42: at is too large a number; it must be a number of at least 0, e.g. at: 12',
    ],
    [
      '{"event":"session_free","sess":"s1","thread":64}',
      '3:46: thread is 64; it must be a whole number from 0 to 63, e.g. thread: 0',
    ],
    [
      '{"event":"session_free","sess":"s1","thread":0.5}',
      '3:46: thread is 0.5; it must be a whole number from 0 to 63, e.g. thread: 0',
    ],
    [
      '{"event":"session_free","sess":"s1","tread":1}',
      `3:37: unknown key "tread" in session_free; did you mean "thread"? allowed here: ${KEYS}`,
    ],
    [
      '{"event":"session_free","sess":"s1","__proto__":1}',
      `3:37: unknown key "__proto__" in session_free; allowed here: ${KEYS}`,
    ],
    [
      '{"event":"session_free","sess":"s1","constructor":1}',
      `3:37: unknown key "constructor" in session_free; allowed here: ${KEYS}`,
    ],
    [
      '{"event":"session_free","sess":"s1","fail":["mux","mox"]}',
      '3:51: fail[1] is "mox"; did you mean "mux"? it must be "connection", "sess_srv_list", "sockaddr", "conn_stream", "mux", "takeover" or "hash_node"',
    ],
    [
      '{"event":"conn_create_mux","conn":"c1","mux":"h3"}',
      '3:46: mux is "h3"; it must be "h1", "h2", "fcgi" or "pt"',
    ],
    [
      '{"event":"conn_create_mux","conn":"c1","expect":{"ret":1}}',
      '3:56: expect.ret is 1; it must be 0 or -1',
    ],
    [
      '{"event":"detach","strm":"t1","idle":1}',
      '3:38: idle is 1; did you mean true? it must be true or false, e.g. idle: true',
    ],
    [
      '{"event":"detach","strm":"t1","used_fds":1e20}',
      '3:42: used_fds is too large a number; it must be a whole number of at least 0, within ±9007199254740991, e.g. used_fds: 0',
    ],
    [
      '{"event":"detach","strm":"t1","expect":{"sess":{"s1":{"srv_list":[["b/srv"]]}}}}',
      '3:67: expect.sess.s1.srv_list[0] is an array; it must be an array of 2: a non-empty string, an array, e.g. srv_list: [["b/srv", ["c1"]]]',
    ],
    [
      '{"event":"detach","strm":"t1","expect":{"conn":{"c1":{"list":"saef"}}}}',
      '3:62: expect.conn.c1.list is "saef"; did you mean "safe"? it must be "idle", "safe", "available" or "toremove", or null',
    ],
    [
      '{"event":"detach","strm":"t1","expect":{"conn":{"c 1":7}}}',
      '3:55: expect.conn["c 1"] is 7; it must be an object, or null, e.g. conn: {"c1": {"owner": "s1"}}',
    ],
    [
      '{"event":"detach","strm":"t1","expect":{"conn":{"__proto__":7}}}',
      '3:61: expect.conn.__proto__ is 7; it must be an object, or null, e.g. conn: {"c1": {"owner": "s1"}}',
    ],
    [
      '{"event":"detach","strm":"t1","expect":{"conn":{"":null}}}',
      '3:49: a key in expect.conn is empty; it must be a non-empty string, e.g. conn: {"c1": {"owner": "s1"}}',
    ],
    [
      '{"event":"detach","strm":"t1","expect":{"conn":{"c1":{"ownr":null}}}}',
      '3:55: unknown key "ownr" in expect.conn.c1; did you mean "owner"? allowed here: owner, flags, listed_in, list, toremove, mux, used_streams, avail_streams',
    ],
    [
      '{"event":"detach","strm":"t1","note":"a","note":"b"}',
      '3:42: the key "note" stands twice in one object; it stands at column 31 already',
    ],
    ['"text"', '3:1: the line is "text"; each line is one JSON object'],
    ['[{}]', '3:1: the line is an array; each line is one JSON object'],
    ['null', '3:1: the line is null; each line is one JSON object'],
    ['{"event":"detach",}', '3:18: a comma with nothing behind it but "}"; remove it'],
    [
      '{event:"detach"}',
      '3:2: the key "event" has no quotes; a key stands in double quotes: "event"',
    ],
  ])('is told what is wrong in it: %s', (line, problem) => {
    expect(problemsAfterHeader(SESSION, line, '')).toEqual([problem]);
  });

  it('is told everything that is wrong in it, from left to right', () => {
    const line =
      '{"event":"detach","strm":5,"at":1,"at":2,"idel":true,"expect":{"conn":{"c1":{"flags":["SAFE","X"]}}},"fail":1}';
    expect(problemsAfterHeader(line).map((text) => text.split(';')[0])).toEqual([
      '2:26: strm is 5',
      '2:35: the key "at" stands twice in one object',
      '2:42: unknown key "idel" in detach',
      '2:87: expect.conn.c1.flags[0] is "SAFE"',
      '2:94: expect.conn.c1.flags[1] is "X"',
      '2:109: fail is 1',
    ]);
  });

  it('may hold colons in its texts, and duplicates are found all the same', () => {
    const line = (text: string) =>
      `{"event":"session_free","sess":"s1","note":${JSON.stringify(text)}}`;
    expect(problemsAfterHeader(SESSION, line('why: because "a": b'))).toEqual([]);
    const twice = `${line('":').slice(0, -1)},"at":1,"at":1}`;
    expect(problemsAfterHeader(SESSION, twice)).toHaveLength(1);
  });

  it('is not passed on when anything is wrong in it, but those after it are', () => {
    const text = [HEADER, SESSION, '{"event":"detach","strm":5}', CONNECT].join('\n');
    expect(readTrace('x', text).events.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('is passed on as JSON.parse made it, without defaults', () => {
    const { events } = readTrace('x', `${HEADER}\n${SESSION}\n`);
    expect(Object.keys(events[0]?.event ?? {})).toEqual(['event', 'sess', 'fe']);
  });

  it('has long values shortened in messages, and nothing that moves a cursor', () => {
    const [problem] = problemsAfterHeader(`{"event":"${'🙂\\u001b'.repeat(1000)}"}`);
    expect(problem?.length).toBeLessThan(600);
    expect(problem).not.toContain('\u001b');
    expect(problem).toContain('\\u001b');
  });

  it('has at most a hundred problems told', () => {
    const line = `{"event":"detach","strm":"t1","fail":[${'1,'.repeat(5000)}1]}`;
    expect(problemsAfterHeader(line)).toHaveLength(100);
  });

  it('may nest as deep as it likes without harm', () => {
    const deep = '['.repeat(100_000);
    expect(problemsAfterHeader(deep)).toEqual([
      '2:1001: the nesting is too deep; at most 1000 arrays and objects may stand inside one another',
    ]);
    expect(problemsAfterHeader(`{"event":"detach","strm":${deep}${']'.repeat(100_000)}}`)).toEqual([
      '2:26: strm is an array; it must be a non-empty string, e.g. strm: "t1"',
      '2:1025: the nesting is too deep; at most 1000 arrays and objects may stand inside one another',
    ]);
  });
});

describe('a header', () => {
  it.each([
    [
      '{"trace":"haproxy-ownership/2"}',
      '1:10: trace is "haproxy-ownership/2"; it must be "haproxy-ownership/1"',
    ],
    [
      '{"trace":"haproxy-ownership/1","titel":"x"}',
      '1:32: unknown key "titel" in the header; did you mean "title"? allowed here: trace, title, rules, calls, config, source',
    ],
    [
      '{"trace":"haproxy-ownership/1","config":{"nbthread":0}}',
      '1:53: config.nbthread is 0; it must be a whole number from 1 to 64, e.g. nbthread: 2',
    ],
    [
      '{"trace":"haproxy-ownership/1","config":{"servers":{"b":{}}}}',
      '1:53: the server\'s name is "b"; it must be backend/server',
    ],
    [
      '{"trace":"haproxy-ownership/1","config":{"servers":{"/b":{}}}}',
      '1:53: the server\'s name is "/b"; it must be backend/server',
    ],
    [
      '{"trace":"haproxy-ownership/1","config":{"servers":{"b/s":{}}}}',
      '1:53: the server "b/s" has no backend "b"; a backend is declared under config.backends, if only as {}',
    ],
    [
      '{"trace":"haproxy-ownership/1","config":{"backends":{"b/s":{}}}}',
      '1:54: the backend\'s name "b/s" has a slash; only servers have one',
    ],
    [
      '{"trace":"haproxy-ownership/1","source":{"a":1,"a":2}}',
      '1:48: the key "a" stands twice in one object; it stands at column 42 already',
    ],
    [
      '{"trace":"haproxy-ownership/1","config":{"backends":{"__proto__":5}}}',
      '1:66: config.backends.__proto__ is 5; it must be an object, e.g. backends: {"b": {}}',
    ],
  ])('is told what is wrong in it: %s', (line, problem) => {
    expect(problemsOf(line)).toEqual([problem]);
    expect(readTrace('x', line).header).toBeNull();
  });

  it('carries a source of any kind through', () => {
    const line = '{"trace":"haproxy-ownership/1","source":{"__proto__":[1,{"x":null}],"y":"a:b"}}';
    const { header, problems } = readTrace('x', line);
    expect(problems).toEqual([]);
    expect(JSON.stringify(header)).toBe(line);
  });

  it('that is invalid does not condemn the events that follow', () => {
    const broken = HEADER.replace('"nbthread":2', '"nbthread":0');
    const text = [broken, SESSION, CONNECT.replace('b/srv', 'x/y')].join('\n');
    expect(problemsOf(text)).toHaveLength(1);
  });
});
