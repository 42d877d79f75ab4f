import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/format/index.ts';
import { replay } from '../cli/run.ts';
import { comes, courseOf, goes, leaves, oneServer, scriptOf, takes } from './support.ts';

describe('a script', () => {
  it('has a client for a session, and a server that sees the requests of its connection', () => {
    const script = scriptOf(oneServer(), [
      comes('s1'),
      takes('t1', 's1', 'c1'),
      leaves('t1'),
      takes('t2', 's1', 'c1', true),
      leaves('t2'),
      goes('s1'),
    ]);
    const server = /server s1 \{([\s\S]*?)\n\} -start/.exec(script)?.[1] ?? '';
    expect(server.match(/expect req.url == "\S+"/g)).toEqual([
      'expect req.url == "/t1"',
      'expect req.url == "/t2"',
    ]);
    expect(script).toMatch(/client c1 -connect \$\{h1_fe_sock\} \{/);
  });

  it('gives each of several connections that are open at a time a server of its own', () => {
    const script = scriptOf(oneServer({ 'http-reuse': 'never' }), [
      comes('s1'),
      comes('s2'),
      takes('t1', 's1', 'c1'),
      takes('t2', 's2', 'c2'),
    ]);
    expect(script).toContain('server s2 {');
    expect(script).toMatch(/server srv \$\{h2_b_srv_addr\}:\$\{h2_b_srv_port\}/);
  });

  it('takes connections that follow each other to one server, which sees them close', () => {
    const script = scriptOf(oneServer({ 'http-reuse': 'never' }), [
      comes('s1'),
      takes('t1', 's1', 'c1'),
      leaves('t1'),
      goes('s1'),
      comes('s2'),
      takes('t2', 's2', 'c2'),
    ]);
    expect(script).not.toContain('haproxy h2');
    expect(script).toMatch(/expect_close\n[^}]*accept\n {2}rxreq\n {2}expect req.url == "\/t2"/);
  });

  it('orders what different ends do by barriers, each of which both come to', () => {
    const script = scriptOf(oneServer(), [
      comes('s1'),
      comes('s2'),
      takes('t1', 's1', 'c1'),
      takes('t2', 's2', 'c2'),
      leaves('t2'),
      leaves('t1'),
    ]);
    for (const [, name, size] of script.matchAll(/^barrier (b\d+) cond (\d+)$/gm)) {
      const comings = script.match(new RegExp(`barrier ${name} sync`, 'g')) ?? [];
      expect(comings).toHaveLength(Number(size));
    }
  });

  it('asks the server for a challenge, and its answer may be told in two parts', () => {
    const headers = { 'WWW-Authenticate': ['NTLM'] };
    const script = scriptOf(oneServer({ 'http-reuse': 'always' }, { proto: 'h2' }), [
      comes('s1'),
      comes('s2'),
      takes('t1', 's1', 'c1'),
      { event: 'http_wait_for_response', strm: 't1', status: 401, headers },
      leaves('t1'),
    ]);
    expect(script).toContain('txresp -status 401 -hdr "www-authenticate" "NTLM"');
  });

  it('asks for the server that a request names by a header, from which HAProxy has it', () => {
    const named = (strm: string, sess: string, conn: string, sni: string): TraceEvent => ({
      event: 'connect_server',
      strm,
      sess,
      target: 'b/srv',
      conn,
      params: { sni },
    });
    const config = oneServer({ 'http-reuse': 'always' }, { sni: true });
    const script = scriptOf(config, [
      comes('s1'),
      comes('s2'),
      named('t1', 's1', 'c1', 'a.example'),
      leaves('t1'),
      named('t2', 's2', 'c2', 'b.example'),
    ]);
    expect(script).toMatch(/server srv \S+ sni req\.hdr\(x-sni\)/);
    expect(script.match(/x-sni: \S+(?=")/g)).toEqual(['x-sni: a.example', 'x-sni: b.example']);
    expect(script).toContain('server s2 {');
  });

  it('uses names that a script can hold, whatever the trace calls things', () => {
    const script = scriptOf(
      {
        frontends: { 'f {e}': {} },
        backends: { 'a b': {} },
        servers: { 'a b/__proto__ $': {} },
      },
      [
        { event: 'session_new', sess: '}', fe: 'f {e}' },
        { event: 'connect_server', strm: '"', sess: '}', target: 'a b/__proto__ $' },
      ],
    );
    expect(script).toContain('frontend fe1');
    expect(script).toContain('backend be1');
    expect(script).toContain('txreq -url "/1"');
  });
});

describe('the order of a script', () => {
  it('takes no time: HAProxy answers when it has seen that a client is gone', () => {
    const script = scriptOf(oneServer({}, { proto: 'h2' }), [
      comes('s1'),
      comes('s2'),
      takes('t1', 's1', 'c1'),
      leaves('t1'),
      goes('s1'),
      goes('s2'),
    ]);
    expect(script).not.toContain('delay');
    expect(script.match(/client c\d -wait|CurrConns: \d/g)).toEqual([
      'client c1 -wait',
      'CurrConns: 1',
      'client c2 -wait',
      'CurrConns: 0',
    ]);
  });

  it('lets nothing overtake the end of a stream, whose client has its answer earlier', () => {
    const script = scriptOf(oneServer(), [
      comes('s1'),
      comes('s2'),
      takes('t1', 's1', 'c1'),
      leaves('t1'),
      goes('s2'),
    ]);
    const top = script.slice(script.indexOf('client c1 '));
    expect(top.indexOf('CurrConns: 2')).toBeGreaterThan(0);
    expect(top.indexOf('CurrConns: 2')).toBeLessThan(top.indexOf('client c2 -wait'));
  });

  it('has a GOAWAY read before anything else, which a ping tells', () => {
    const script = scriptOf(oneServer({}, { proto: 'h2' }), [
      comes('s1'),
      takes('t1', 's1', 'c1'),
      { event: 'conn_update', conn: 'c1', goaway: true },
      leaves('t1'),
    ]);
    expect(script).toMatch(/txgoaway -laststream \d+\n\s+txping\n\s+rxping\n/);
  });

  it('gives HAProxy the time to die where it may: a dead one answers nobody', async () => {
    const trace = 'traces/scenarios/s9-session-ends-first.after.jsonl';
    const { stdout } = await replay(['export', trace]);
    expect(stdout).toMatch(/may be dead.*\n\s*delay \.1\n/);
  });
});

describe('what stands on top of a script', () => {
  const head = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await replay(['export', ...args]);
    return stdout.slice(0, stdout.indexOf('\nserver '));
  };

  it('tells a bug, since and until when, and what cured it', async () => {
    const text = await head('traces/scenarios/s9-session-ends-first.after.jsonl');
    expect(text).toContain('# HAProxy dies in session_check_idle_conn() at the last step');
    expect(text).toMatch(/# It is there since 08016ab82, and not in 21ddc74e8 before it; 3\.0\.0/);
    expect(text).toContain('c130f7480, fd3ce173a');
    expect(text).toContain('#REGTEST_TYPE=bug');
  });

  it('calls no test that of a bug that passes where the bug is', async () => {
    const text = await head('traces/bugs/b2-two-challenged-sessions.after.jsonl');
    expect(text).toContain('# HAProxy lives and this test passes, though what must always');
    expect(text).not.toContain('REGTEST_TYPE');
  });

  it('calls nothing a bug where nothing goes wrong', async () => {
    const text = await head('traces/scenarios/s4-ntlm-on-a-pooled-connection.after.jsonl');
    expect(text).toContain('# Nothing goes wrong here');
    expect(text).not.toContain('REGTEST_TYPE');
  });

  it('asks for a release as that one can be asked', async () => {
    const trace = 'traces/scenarios/s4-ntlm-on-a-pooled-connection.after.jsonl';
    expect(await head('--rules', '2.4.0', trace)).toContain('#REQUIRE_VERSION=2.2');
    const newer = await head('--rules', '2.6.0', trace);
    expect(newer).toContain(
      `feature cmd "$\{HAPROXY_PROGRAM:-haproxy} -cc 'version_atleast(2.5-dev0)'"`,
    );
    expect(newer).not.toContain('#REQUIRE_VERSION');
  });
});

describe('what no script can bring about', () => {
  it.each([
    ['an allocation', { fail: ['conn_stream'] }, 'fail'],
    ['a step of a connect', { error: 'connect' }, 'error'],
    ['descriptors in use', { used_fds: 3 }, 'used_fds'],
  ])('is refused with its line and key: %s', (_what, input, key) => {
    const connect = { ...takes('t1', 's1', 'c1'), ...input } as ReturnType<typeof takes>;
    expect(courseOf(oneServer(), [comes('s1'), connect])).toMatchObject({ line: 3, key });
  });

  it('is a first request after another one of the same client', () => {
    const refused = courseOf(oneServer(), [
      comes('s1'),
      takes('t1', 's1', 'c1'),
      leaves('t1'),
      takes('t2', 's1', 'c2'),
    ]);
    expect(refused).toMatchObject({ line: 5 });
  });

  it('is a request without a name for the connection of one that has a name', () => {
    const refused = courseOf(oneServer({ 'http-reuse': 'always' }, { sni: true }), [
      comes('s1'),
      takes('t1', 's1', 'c1'),
      leaves('t1'),
      { ...takes('t2', 's1', 'c1', true), sni: false } as TraceEvent,
    ]);
    expect(refused).toMatchObject({ line: 5, key: 'sni' });
  });

  it('is in the configuration: a limit that clients come up against', () => {
    const config = oneServer({}, { proto: 'h2', 'streams-limit': 1 });
    const refused = courseOf(config, [
      comes('s1'),
      takes('t1', 's1', 'c1', true),
      takes('t2', 's1', 'c2', true),
    ]);
    expect(refused).toMatchObject({ line: 1, key: 'streams-limit' });
  });
});
