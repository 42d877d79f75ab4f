import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inFolder, replay, replayIn } from '../run.ts';

const SETS = ['--rules', '2.2.0,21ddc74e8,08016ab82'];

/** A world in which nothing can be broken, under any rule set. */
const EMPTY = {
  world: 'haproxy-ownership-world/1',
  config: { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } },
  sessions: 1,
  streams: 1,
  connections: 1,
};

describe('several rule sets', () => {
  test('are a table of promises, neighbours that agree on one line', async () => {
    const args = ['--property', 'owner-is-live,pooled-is-shareable', 'negotiated-shared'];
    const { code, stdout } = await replay(['explore', ...SETS, ...args]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        'owner-is-live',
        '  2.2.0                  held: 488 states, exhausted',
        '  21ddc74e8 … 08016ab82  broken in 5 events negotiated-shared',
        'pooled-is-shareable',
        '  2.2.0 … 08016ab82  held: 488 to 1230 states, exhausted',
        '',
      ].join('\n'),
    );
  });

  test('tell what is not promised, the place of a crash, and the bug', async () => {
    const properties = ['--property', 'no-crash,private-has-owner'];
    const { stdout } = await replay(['explore', ...SETS, ...properties, 'no-memory']);
    expect(stdout).toContain('08016ab82          broken in 2 events B7 no-memory connect_server\n');
    expect(stdout).toContain('2.2.0 … 21ddc74e8  not promised\n');
  });

  test('say which of them no recording stands behind', async () => {
    const rules = (sets: string) => ['explore', '--matrix', '--rules', sets, 'maintenance-io'];
    const read = await replay(rules('3.4.0,3.5-dev5'));
    expect(read.stdout).toContain('\n  3.5-dev5 was never recorded: this holds, and breaks, of ');
    const recorded = await replay(rules('3.3.0,3.4.0'));
    expect(recorded.stdout).not.toContain('recorded');
  });

  test('of which nothing is broken end with 0, with a bound that hides something with 2', async () => {
    const files = { 'w.json': JSON.stringify(EMPTY) };
    const args = ['explore', '--rules', 'all', '--property', 'no-crash', 'w.json'];
    const all = await replayIn(files, args);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(
      /^no-crash\n {2}2\.2\.0 … \S+ {2}held: \d+( to \d+)? states, exhausted\n {2}3\.5-dev5 was never/,
    );
    const bounded = await replayIn(files, [...args, '--depth', '2']);
    expect(bounded.code).toBe(2);
    expect(bounded.stdout).toContain('up to depth 2');
  });

  test('write a page, and the traces that it names', async () => {
    await inFolder(async (cwd) => {
      const args = ['--property', 'no-crash,no-leak', '--out', 'out', 'maintenance'];
      const { code } = await replay(['explore', '--rules', '2.2.0,2.3.0', ...args], { cwd });
      expect(code).toBe(1);
      const page = readFileSync(join(cwd, 'out/README.md'), 'utf8');
      const crash = 'maintenance/no-crash-srv_migrate_conns_to_remove.jsonl';
      expect(page).toContain(`| \`no-crash\` | **broken** in [1 event](2.2.0/${crash}) |`);
      expect(page).toContain('| `no-leak` | held: 17 states, exhausted |');
      expect(page).toContain('| recordings | 155 | 154 |');
      const { code: agrees } = await replay(['-q', join('out/2.2.0', crash)], { cwd });
      expect(agrees).toBe(0);
    });
  });

  test('that cannot be written end with 2, after the table', async () => {
    await inFolder(async (cwd) => {
      mkdirSync(join(cwd, 'out/README.md/x'), { recursive: true });
      const args = ['explore', '--matrix', '--rules', '2.2.0', '--out', 'out', 'idle-periods'];
      const { code, stdout, stderr } = await replay(args, { cwd });
      expect(code).toBe(2);
      expect(stdout).toContain('idle-limit\n  2.2.0  broken in 7 events B18 idle-periods\n');
      expect(stderr).toContain('replay: the table cannot be written: ');
    });
  });

  test.each([
    [['--rules', '2.2.0,9.9.9', 'lent'], "'9.9.9'"],
    [['--rules', '2.2.0,2.3.0', '--property', 'no-luck', 'lent'], 'no-luck'],
    [['--matrix', '--from', '2.2.0', '--to', '2.3.0', 'lent'], 'cannot be used with'],
    [['--matrix', '--explain', 'lent'], 'cannot be used with'],
    [['--matrix', 'nowhere'], 'nowhere'],
  ])('explore %j exits with 2 before any search', async (args, what) => {
    const { code, stdout, stderr } = await replay(['explore', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });
});
