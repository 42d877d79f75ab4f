import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { header, inFolder, replay } from './run.ts';

/** A private connection in use, looked at by its session for another stream; both ends follow. */
const LIFE = [
  header({
    config: {
      frontends: { fe: { 'max-session-srv-conns': 1 } },
      backends: { b: { 'http-reuse': 'never' } },
      servers: { 'b/srv': {} },
    },
  }),
  ...[
    { event: 'session_new', sess: 's1', fe: 'fe' },
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
    { event: 'connect_server', strm: 't2', sess: 's1', target: 'b/srv', conn: 'c2' },
    { event: 'detach', strm: 't1' },
    { event: 'detach', strm: 't2' },
    { event: 'session_free', sess: 's1' },
  ].map((event) => `${JSON.stringify(event)}\n`),
].join('');

/** Runs `replay` on that trace. */
function replayLife(...args: string[]): ReturnType<typeof replay> {
  return inFolder((cwd) => {
    writeFileSync(join(cwd, 'life.jsonl'), LIFE);
    return replay([...args, 'life.jsonl'], { cwd });
  });
}

describe('--explain', () => {
  test('tells the life of one connection, from creation to death', async () => {
    const { code, stdout, stderr } = await replayLife('--only', 'c2', '--explain');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "life.jsonl  rules 08016ab82
         3  connect_server          t2 s1 b/srv             = NONE, new c2
            calls      conn_new() = c2  conn_set_private(c2)
                       session_add_conn(s1, c2) = 1
            conn c2    new  owner s1  flags [PRIVATE]  listed_in s1  target b/srv
                       mux h1  streams [t2]  used_streams 1  io [XPRT_READY WAIT_XPRT]
            sess s1    srv_list [b/srv: c1] → [b/srv: c1 c2]
            srv b/srv  curr_used_conns, max_used_conns, est_need_conns 1 → 2
            why  connect_server                                          src/backend.c
                   s1 lists c1, which has no stream free (in use: 1, free: 0): passed
                     over                                    connect.session.no-stream
                   of the connections that s1 lists to b/srv none can take a stream
                                                           connect.session.none-usable
                   http-reuse never: the connections of b/srv are not looked at
                                                                    connect.pool.never
                 conn_new                                 include/haproxy/connection.h
                   c2 is created, towards b/srv: nobody’s, not private, without a mux,
                     in no list                                               conn.new
                 connect_server
                   c2 belongs to s1 from its creation                connect.new.owned
                   http-reuse never: c2 is private                   connect.new.never
                 conn_set_private                         include/haproxy/connection.h
                   c2 is private from now on, to the end of its life  conn.set-private
                 connect_server
                   c2 was not in use: b/srv counts it as used (2 in all)  connect.used
                   nothing else is configured or negotiated for b: c2 gets the mux h1
                                                                      connect.mux.http
                   c2 is private and has its mux: it is added to the list of s1
                                                        connect.install.private-listed
                 session_add_conn                            include/haproxy/session.h
                   c2 joins the list of s1, at the end of the entry for b/srv
                                                                    session.add.insert
         5  detach                  t2                      ok
            calls      session_add_conn(s1, c2) = 1
                       session_check_idle_conn(s1, c2) = -1
                       session_unown_conn(s1, c2)  mux_destroy(c2)  mux_release(c2)
                       conn_free(c2)
            conn c2    freed
            sess s1    srv_list [b/srv: c1 c2] → [b/srv: c1]
            srv b/srv  curr_used_conns 2 → 1
            why  h1_detach                                                src/mux_h1.c
                   c2 is private and idle: it is to be added to s1 and counted there
                                                                     h1.detach.private
                 session_add_conn                            include/haproxy/session.h
                   c2 is in the list of s1 already: success, nothing done
                                                            session.add.already-linked
                 session_check_idle_conn                     include/haproxy/session.h
                   s1 may keep no more idle connections (has 1, max-session-srv-conns
                     1): c2 leaves it and is destroyed        session.check-idle.limit
                 session_unown_conn                          include/haproxy/session.h
                   c2 leaves the list of s1                       session.unown.unlink
                 conn_free                                include/haproxy/connection.h
                   c2 is freed; b/srv counts one used less              conn.free.used

      1 file, 6 steps, no divergence
      "
    `);
  });

  test('shows steps that looked at a connection and passed it over', async () => {
    const args = ['--only', 'c1', '--range', '3'];
    const silent = await replayLife(...args);
    expect(silent.code).toBe(2);
    const { code, stdout } = await replayLife(...args, '--explain');
    expect(code).toBe(0);
    expect(stdout).toContain('s1 lists c1, which has no stream free (in use: 1, free: 0): passed');
  });

  test('changes nothing else', async () => {
    const [plain, explained] = [await replayLife(), await replayLife('--explain')];
    const rest = explained.stdout.replace(/^ {6}why (?:.*\n)(?: {11}.*\n)*/gm, '');
    expect(rest).toBe(plain.stdout);
    expect(explained.stdout).not.toBe(plain.stdout);
  });

  test('tells why a step diverges, also when quiet', async () => {
    const wrong = { event: 'session_free', sess: 's1', expect: { conn: { c2: { owner: 's1' } } } };
    const text = LIFE.replace('{"event":"session_free","sess":"s1"}', JSON.stringify(wrong));
    const { code, stdout } = await replay(['-q', '--explain', '-'], { input: text });
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "<stdin>  rules 08016ab82

      <stdin>:7: step 6 diverges: session_free s1
        field    expected    actual
        conn.c2  {owner s1}  freed
        why      session_free                                            src/session.c
                   c1 leaves the list of s1 and has no owner; its mux is to destroy it
                                                                   session.free.listed
                 conn_free                                include/haproxy/connection.h
                   c1 is freed; b/srv counts one used less              conn.free.used
                 session_free
                   s1 ends with its list                                  session.free
        again    replay --explain --range 6 - (with the same input)

      1 file, 6 steps, 1 divergence
      "
    `);
  });

  test('is in the json report, with the objects that each decision looked at', async () => {
    const input = LIFE.replace('"conn":"c2"}', '"conn":"c2","expect":{"conn":{"c2":null}}}');
    const { stdout } = await replay(['--explain', '--reporter', 'json', '-'], { input });
    const { files } = JSON.parse(stdout);
    expect(files[0].reported[0].decisions[0]).toEqual({
      rule: 'connect.session.no-stream',
      fn: 'connect_server',
      file: 'src/backend.c',
      says: 's1 lists c1, which has no stream free (in use: 1, free: 0): passed over',
      operands: [{ kind: 'conn', id: 'c1' }, { kind: 'sess', id: 's1' }, 1, 0],
    });
  });

  test('escapes what a trace names', async () => {
    const input = LIFE.replaceAll('"s1"', '"s\\u001b[31m1"');
    const { stdout } = await replay(['--explain', '-'], { input });
    expect(stdout).toContain('s\\u{1b}[31m1 lists no connection to b/srv');
    expect(stdout).not.toContain('\u001b');
  });
});
