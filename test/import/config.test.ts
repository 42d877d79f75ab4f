import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/import/config/words.ts';
import { parseConfig } from '../../src/import/index.ts';

function parsed(text: string) {
  return parseConfig([{ path: 'h.cfg', text }]);
}

function problems(text: string): string[] {
  return parsed(text).problems.map(({ path, line, what }) => `${path}:${line}: ${what}`);
}

describe('the words of a line', () => {
  it.each([
    ['server  s1\t10.0.0.1:80 # nothing', ['server', 's1', '10.0.0.1:80']],
    ["a 'b # c' d", ['a', 'b # c', 'd']],
    ['a "b c"d e\\ f', ['a', 'b cd', 'e f']],
    ['a \\# b', ['a', '#', 'b']],
    ['a "" b', ['a', '', 'b']],
    [`a '\${X}' "\\""`, ['a', `\${X}`, '"']],
  ])('are those that HAProxy makes of it: %s', (line, words) => {
    expect(splitWords(line)).toMatchObject({ words, variables: [], isOpen: false });
  });

  it('name the variables of the environment in double quotes, and a quote without an end', () => {
    expect(splitWords(`server s "\${HOST}:$PORT"`).variables).toEqual(['HOST', 'PORT']);
    expect(splitWords('a "b').isOpen).toBe(true);
  });
});

describe('a configuration', () => {
  it('gives what the model reads, in the spelling of the trace', () => {
    const { header, hasChecks } = parsed(`
global
  nbthread 4
  tune.idle-pool.shared off
  tune.h2.be.max-concurrent-streams 20
defaults
  mode http
  http-reuse aggressive
  default-server pool-max-conn 7 check
frontend fe
  max-session-srv-conns 2
  default_backend b
backend b
  option prefer-last-server
  retry-on conn-failure empty-response
  source 10.0.0.9 usesrc clientip
  server s1 10.0.0.1:80 weight 10 pool-purge-delay 2s pool-low-conn 1 no-check
  server s2 10.0.0.2:443 ssl verify none alpn h2,http/1.1 sni str(x) max-reuse 5
  server s3 10.0.0.3:80 send-proxy-v2 source 10.0.0.8 proto h2
  server s4 *:80 sni req.hdr(host)
backend t
  mode tcp
  server s 10.0.0.1:25
`);
    expect(header).toEqual({
      nbthread: 4,
      'tune.idle-pool.shared': false,
      frontends: { fe: { 'max-session-srv-conns': 2 } },
      backends: {
        b: {
          'http-reuse': 'aggressive',
          'option prefer-last-server': true,
          'retry-on': ['conn-failure', 'empty-response'],
          usesrc: 'clientip',
        },
        t: { mode: 'tcp', 'http-reuse': 'aggressive' },
      },
      servers: {
        'b/s1': { 'pool-max-conn': 7, 'pool-purge-delay': 2000, 'pool-low-conn': 1 },
        'b/s2': {
          'pool-max-conn': 7,
          ssl: true,
          alpn: 'h2,http/1.1',
          sni: 'constant',
          'max-reuse': 5,
          'streams-limit': 20,
        },
        'b/s3': {
          'pool-max-conn': 7,
          'send-proxy': true,
          usesrc: 'address',
          proto: 'h2',
          'streams-limit': 20,
        },
        'b/s4': { 'pool-max-conn': 7, sni: true, transparent: true },
        't/s': { 'pool-max-conn': 7 },
      },
    });
    expect(hasChecks).toBe(true);
  });

  it('is of mode tcp where no line says another', () => {
    expect(parsed('backend b\n server s 10.0.0.1:80').header.backends).toEqual({
      b: { mode: 'tcp' },
    });
  });

  it('inherits from the defaults before it, or from those that it names', () => {
    const { header } = parsed(`
defaults web
  mode http
  http-reuse always
defaults
  mode http
backend a from web
  server s 10.0.0.1:80
backend b
  server s 10.0.0.1:80
listen l from web
  no option prefer-last-server
  server-template x 2-3 10.0.0.1:80 max-reuse 1
`);
    expect(header.backends).toEqual({
      a: { 'http-reuse': 'always' },
      b: {},
      l: { 'http-reuse': 'always' },
    });
    expect(header.frontends).toEqual({ l: {} });
    expect(Object.keys(header.servers ?? {})).toEqual(['a/s', 'b/s', 'l/x2', 'l/x3']);
  });

  it('gives the servers of a FastCGI backend their mux, and what the application keeps', () => {
    const { header } = parsed(`
fcgi-app php
  docroot /var/www
  no option keep-conn
backend b
  mode http
  use-fcgi-app php
  server s 10.0.0.1:9000
`);
    expect(header.servers).toEqual({ 'b/s': { proto: 'fcgi', 'keep-conn': false } });
  });

  it('names with its line what is not read and would count', () => {
    const text = [
      'global',
      ' nbthread many',
      'defaults',
      ' mode http',
      ' http-reuse "$REUSE"',
      '.if version_atleast(2.6)',
      ' http-reuse always',
      '.else',
      ' http-reuse never',
      '.endif',
      'backend b from nowhere',
      ' server s',
      ' server t 10.0.0.1:80 proto spop pool-purge-delay soon',
      ' unknown directive',
      '.if 1',
      ' option prefer-last-server',
      '.else',
      ' mode tcp',
    ].join('\n');
    expect(problems(text)).toEqual([
      'h.cfg:2: nbthread is no number from 1 to 64',
      'h.cfg:5: http-reuse depends on the environment (REUSE), which is not known',
      'h.cfg:5: http-reuse $REUSE is not known',
      'h.cfg:6: the condition of .if is not evaluated: its lines are not read',
      'h.cfg:11: there is no defaults section nowhere',
      'h.cfg:12: a server lacks its name or its address',
      'h.cfg:13: proto spop is not modelled',
      'h.cfg:13: pool-purge-delay is no time',
      'h.cfg:18: a .if has no .endif',
    ]);
    expect(parsed(text).header.backends).toEqual({
      b: { mode: 'tcp', 'option prefer-last-server': true },
    });
  });

  it('says which version wrote it, where a comment does', () => {
    expect(parsed('# HAProxy version 2.6.12-1+deb12u1 2023/12/16').version).toBe('2.6.12');
    expect(parsed('global').version).toBeNull();
  });
});
