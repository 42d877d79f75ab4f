import { describe, expect, test } from 'vitest';
import { ruleSetNames } from '../../../src/engine/rule-sets/index.ts';
import { replay } from '../run.ts';

const NAMES = ruleSetNames().join(', ');

const OLDEST = `\
2.2.0  2020-07-07  2.2.0
  a connection becomes private when it is to be kept, and stays in the list that
  it is in
21ddc74e8  2020-07-15  2.3-dev1
  a private connection joins its session when its first stream leaves
08016ab82  2020-07-15  2.3-dev1  default
  a private connection joins its session as soon as it is private and has a mux
`;

describe('replay rules', () => {
  test('lists the rule sets, oldest first, and marks the default', async () => {
    const { code, stdout, stderr } = await replay(['rules']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.startsWith(OLDEST)).toBe(true);
    const heads = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(heads.map((line) => line.split(' ')[0])).toEqual(ruleSetNames());
  });

  test('tells what differs between two of them, function by function', async () => {
    const { code, stdout } = await replay(['rules', '21ddc74e8', '08016ab82']);
    expect(code).toBe(0);
    expect(stdout).toContain('10 differences:');
    expect(stdout).toContain(
      `
http_wait_for_response (src/http_ana.c) · authenticationTakesOwnership
  21ddc74e8  NTLM or Negotiate makes a connection private, and leaves its owner
             and list alone
             auth.private
  08016ab82  NTLM or Negotiate makes a connection private, owned by the session,
             and listed there
             auth.private-owned
`,
    );
  });

  test('tells the commits in between, in both directions and over several sets', async () => {
    const [there, back] = await Promise.all([
      replay(['rules', '21ddc74e8', '2.3.0']),
      replay(['rules', '2.3.0', '21ddc74e8']),
    ]);
    expect([there.code, back.code]).toEqual([0, 0]);
    const heads = (text: string) => text.split('\n').filter((line) => line.includes(' · '));
    expect(heads(back.stdout)).toEqual(heads(there.stdout));
    expect(there.stdout).toContain(
      `
connect_server (src/backend.c) · listAtMuxInstall · 08016ab82 2020-07-15 ·
    00464ab8f 2020-10-15
  21ddc74e8  a private connection with its mux stays out of any list until a
             stream leaves it
             connect.install.private-unlisted
  2.3.0      a private connection, and under http-reuse safe one whose streams
             can hold each other up, joins the list of its session as soon as
             its mux is installed
             connect.install.private-listed connect.install.lent
`,
    );
  });

  test('tells what has changed in between and changed back, in both directions', async () => {
    const back =
      '1 place changed, and changed back:\n\n' +
      'connect_server (src/backend.c) · missingConnection · c64badd57 2020-07-15 ·\n' +
      '    dc2ac81c4 2020-07-15\n';
    for (const sets of [
      ['2.2.0', '2.3.0'],
      ['2.3.0', '2.2.0'],
    ]) {
      const { stdout } = await replay(['rules', ...sets]);
      expect(stdout.endsWith(`\n\n${back}`)).toBe(true);
    }
    const { stdout } = await replay(['rules', '2.2.0', '21ddc74e8']);
    expect(stdout).not.toContain('changed back');
  });

  test('tells what one of them makes of each difference', async () => {
    const { code, stdout } = await replay(['rules', '21ddc74e8']);
    expect(code).toBe(0);
    expect(stdout).toContain('  a new connection belongs to nobody\n    connect.new.ownerless · ');
    expect(stdout).not.toContain('a new connection belongs to the session');
  });

  test('tells which recordings back what one of them does: its own tree first', async () => {
    const { code, stdout } = await replay(['rules', '2.3.0']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/told from what was before by \d+ recordings of 2\.3\.0, \d+ of /);
    expect(stdout).toMatch(/\n {4}connect\.install\.lent · in \d+ recordings of 2\.3\.0, \d+ of /);
    expect(stdout).toContain('    read: no recording tells it from what was before\n');
    expect(stdout).toContain('connect.sni.constant · read: no recording has exercised it\n');
  });

  test('lists every rule in words', async () => {
    const all = await replay(['rules', '--all']);
    const before = await replay(['rules', '--all', '21ddc74e8']);
    expect([all.code, before.code]).toEqual([0, 0]);
    expect(all.stdout).toContain('\n  connect.new.ownerless (only 2.2.0, 21ddc74e8)\n');
    expect(before.stdout).toContain('\n  connect.new.ownerless\n');
    expect(before.stdout).toMatch(/\n {4}in \d+ recordings of 21ddc74e8, \d+ of 2\.2\.0/);
    expect(before.stdout).not.toContain('connect.new.owned\n');
  });
});

describe('refused with exit code 2, and nothing on stdout', () => {
  test.each([
    [['rules', '8016'], `unknown rule set '8016'; allowed: ${NAMES}`],
    [
      ['rules', '21ddc74e8', '08016ab'],
      `unknown rule set '08016ab'; allowed: ${NAMES} (did you mean 08016ab82?)`,
    ],
    [
      ['rules', '--all', '21ddc74e8', '08016ab82'],
      '--all takes one rule set, or none for every rule',
    ],
    [['rules', '\u001b[2J'], `unknown rule set '\\u{1b}[2J'; allowed: ${NAMES}`],
  ])('%j', async (args, what) => {
    expect(await replay(args)).toEqual({ code: 2, stdout: '', stderr: `replay: ${what}\n` });
  });

  test('a third rule set', async () => {
    const { code, stdout } = await replay(['rules', '21ddc74e8', '08016ab82', '21ddc74e8']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
