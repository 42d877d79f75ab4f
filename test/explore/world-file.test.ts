import { describe, expect, test } from 'vitest';
import { checkWorld, PRESET_NAMES, readWorld } from '../../src/explore/index.ts';
import { preset, world } from './support.ts';

/** Problems as they are printed, without the path. */
function problems(text: string): string[] {
  return readWorld('w.json', text).problems.map(
    ({ line, column, what, allowed }) => `${line}:${column} ${what}; ${allowed}`,
  );
}

const text = (value: object) => JSON.stringify(value, null, 2);

test.each(PRESET_NAMES)('the preset %s is a world like any other', (name) => {
  const definition = preset(name);
  expect(checkWorld(definition)).toEqual([]);
  expect(readWorld('w.json', text(definition))).toEqual({ world: definition, problems: [] });
});

describe('what is wrong with a world', () => {
  test('is told by line and column, with what is allowed', () => {
    const config = { ...world().config, servers: { 'b/srv': { proto: 'h3' } } };
    expect(problems(text({ ...world(), config }))).toEqual([
      '12:18 config.servers.b/srv.proto is "h3"; it must be "h1", "h2" or "fcgi", or null',
    ]);
  });

  test.each<[string, string, string[]]>([
    ['nothing', '', ['1:1 the file is empty']],
    ['no JSON', '{\n  "world": nil\n}', ['2:12 unexpected "n"']],
    ['no object', '[]', ['1:1 the world is an array']],
    ['no world', '{}', ['lacks "world"', 'lacks "config"', 'lacks "sessions"']],
    ['a trace', '{"trace":"haproxy-ownership/1"}', ['unknown key "trace" in the world']],
    [
      'a key twice',
      text(world()).replace('{', '{ "sessions": 2,'),
      ['the key "sessions" stands twice in one object; it stands at 1:3 already'],
    ],
    ['a number for a world', text({ ...world(), sessions: 0 }), ['sessions is 0; it must be']],
    [
      'a misspelt event',
      text({ ...world(), events: { goway: true } }),
      ['unknown key "goway" in events; did you mean "goaway"?'],
    ],
    [
      'no server for a backend',
      text(world({ config: { frontends: { fe: {} }, servers: { 'x/srv': {} } } })),
      ['the server "x/srv" has no backend "x"'],
    ],
    ['an empty world', text(world({ config: {} })), ['the world is empty: it has no frontend']],
    [
      'no backend',
      text(world({ config: { frontends: { fe: {} } } })),
      ['the world is empty: it has no backend'],
    ],
    ['an unknown rule set', text(world({ rules: 'deadbeef' })), ['unknown rule set "deadbeef"']],
    [
      'an unknown rule',
      text(world({ sometimes: ['session.add.insrt'] })),
      ['unknown rule "session.add.insrt"; did you mean "session.add.insert"?'],
    ],
    [
      'failures that never happen',
      text(world({ events: { fail: ['mux'], failures: 0 } })),
      ['something may fail, but never'],
    ],
    [
      'failures of nothing',
      text(world({ events: { failures: 2 } })),
      ['failures is 2, but nothing may fail'],
    ],
    [
      'no number of descriptors',
      text(world({ events: { used_fds: [] } })),
      ['no number of file descriptors may be in use'],
    ],
    ['no request', text(world({ events: { params: [] } })), ['no request may come']],
    [
      'checks of a frontend that is not there',
      text(world({ events: { checks: 'x' } })),
      ['the world declares no frontend "x"'],
    ],
    [
      'too many threads',
      text(world({ config: { ...world().config, nbthread: 9 } })),
      ['the world has 9 threads; at most 4 can be searched'],
    ],
  ])('%s', (_, input, wanted) => {
    const found = problems(input);
    expect(readWorld('w.json', input).world).toBeNull();
    for (const what of wanted) expect(found.join('\n')).toContain(what);
  });

  test('names are any text', () => {
    const config = {
      frontends: Object.fromEntries([['__proto__', {}]]),
      backends: Object.fromEntries([['__proto__', {}]]),
      servers: Object.fromEntries([['__proto__/constructor', {}]]),
    };
    expect(readWorld('w.json', text(world({ config }))).problems).toEqual([]);
  });
});
