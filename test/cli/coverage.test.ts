import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AGREEING, header, replay } from './run.ts';

const TRACES = fileURLToPath(new URL('../../traces', import.meta.url));

test('--coverage tells, after the summary, which rules have decided and which never', async () => {
  const { code, stdout } = await replay(['-q', '--coverage', '-'], { input: AGREEING });
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('1 file, 3 steps, no divergence');
  expect(lines[2]).toMatch(/^rules of 08016ab82: 12 of \d+ have decided, \d+ never$/);
  expect(lines).toContain('    connect_server');
  expect(lines).toContain('        1  connect.new.owned');
  expect(lines).toContain('    never  connect.session.found');
  expect(stdout).not.toContain('connect.new.ownerless');
});

test.each([
  ['08016ab82', [], 0],
  // Where the sets differ, the traces of one side do not agree with the other.
  ['21ddc74e8', ['--rules', '21ddc74e8'], 1],
])('the corpus reaches every rule of %s', async (set, args, exit) => {
  const { code, stdout } = await replay(['-q', ...args, '--coverage', TRACES]);
  expect(code).toBe(exit);
  const [, reached, all] =
    new RegExp(`^rules of ${set}: (\\d+) of (\\d+) `, 'm').exec(stdout) ?? [];
  expect(Number(all)).toBeGreaterThan(100);
  expect(reached).toBe(all);
});

test('without it nothing is counted', async () => {
  const { stdout } = await replay(['-q', '-'], { input: AGREEING });
  expect(stdout).toBe('1 file, 3 steps, no divergence\n');
});

test('a file that cannot be judged counts what it came to', async () => {
  const input = `${header()}{"event":"session_new","sess":"s1","fe":"fe"}\n{}\n`;
  const { code, stdout } = await replay(['-q', '--coverage', '-'], { input });
  expect(code).toBe(2);
  expect(stdout).toMatch(/^rules of 08016ab82: 1 of \d+ have decided/m);
});

test('a machine format has the counts in itself and nothing else on stdout', async () => {
  const { stdout } = await replay(['--coverage', '--reporter', 'json', '-'], { input: AGREEING });
  const report = JSON.parse(stdout);
  expect(report.files[0].reached['connect.new.owned']).toBe(1);
  expect(report.totals.reached['08016ab82']).toEqual(report.files[0].reached);
});
