import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Ended, inFolder, runProgram } from '../cli/run.ts';

/* The commands that work on recordings, each on a few of those that are part of the repository. */

const RECORDED = fileURLToPath(new URL('../../traces/recorded', import.meta.url));

/** Runs a command of this folder, as `npm run` does. */
function command(name: string, args: readonly string[]): Promise<Ended> {
  const tool = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  return runProgram(process.execPath, [tool, ...args]);
}

/** A folder with some recordings of a release, by the beginnings of their names. */
function some(folder: string, release: string, ...names: string[]): string {
  const from = join(RECORDED, release);
  const into = join(folder, release);
  mkdirSync(into);
  for (const name of readdirSync(from).filter((each) => names.some((n) => each.startsWith(n)))) {
    writeFileSync(join(into, name), readFileSync(join(from, name)));
  }
  expect(readdirSync(into).length).toBeGreaterThanOrEqual(names.length);
  return into;
}

const [FIRST = ''] = readdirSync(join(RECORDED, '3.4.0'));

describe('replay.js', () => {
  test('tells of each tree, and that nothing differs', async () => {
    await inFolder(async (folder) => {
      some(folder, '3.4.0', FIRST);
      const { code, stdout } = await command('replay', [folder]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\n3\.4\.0\n1 file, \d+ steps, no divergence\n$/);
    });
  });

  test('fails by an input that cannot be: what was recorded can', async () => {
    await inFolder(async (folder) => {
      const into = some(folder, '3.4.0', FIRST);
      const path = join(into, FIRST);
      const odd = '{"event":"srv_admin","srv":"b/srv","maint":false}\n';
      writeFileSync(path, readFileSync(path, 'utf8').replace(/\n/, `\n${odd}`));
      const { code, stdout } = await command('replay', [folder]);
      expect(code).toBe(1);
      expect(stdout).toContain('b/srv is not in maintenance, which it could leave');
    });
  });

  test('leaves out a tree that has no rule set, and says so', async () => {
    await inFolder(async (folder) => {
      const header = { trace: 'haproxy-ownership/1', rules: '1.9.0' };
      writeFileSync(join(folder, 'a.jsonl'), `${JSON.stringify(header)}\n`);
      const { code, stdout, stderr } = await command('replay', [folder]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: 'no recordings to replay\n' });
      expect(stdout).toContain('1.9.0: no rule set of that name, 1 recordings left out');
    });
  });
});

describe('choose.js', () => {
  test('copies as few as show all that is there, in place of what was chosen before', async () => {
    await inFolder(async (folder) => {
      const from = some(folder, '2.3.0', 's0');
      const into = join(folder, 'chosen');
      mkdirSync(join(into, '2.3.0'), { recursive: true });
      writeFileSync(join(into, '2.3.0', 'old.jsonl'), '');
      const { code, stdout } = await command('choose', ['--from', from, '--into', into, '2.3.0']);
      expect(code).toBe(0);
      const [, chosen, all] = /^2\.3\.0: (\d+) of (\d+) recordings, \d+ bytes/.exec(stdout) ?? [];
      const names = readdirSync(join(into, '2.3.0'));
      expect(names).toHaveLength(Number(chosen));
      expect(Number(all)).toBe(readdirSync(from).length);
      expect(names).not.toContain('old.jsonl');
      for (const name of names) {
        const text = readFileSync(join(into, '2.3.0', name), 'utf8');
        expect(text).toBe(readFileSync(join(from, name), 'utf8'));
      }
    });
  });

  test('chooses nothing of what is not there, and leaves what was chosen', async () => {
    await inFolder(async (folder) => {
      const into = join(folder, 'chosen');
      mkdirSync(join(into, '2.4.0'), { recursive: true });
      const { code, stdout } = await command('choose', ['--from', folder, '--into', into]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(existsSync(join(into, '2.4.0'))).toBe(true);
    });
  });

  test('refuses an unknown rule set', async () => {
    await inFolder(async (folder) => {
      const { code, stderr } = await command('choose', ['--from', folder, '1.9.0']);
      expect(code).toBe(1);
      expect(stderr).toContain('unknown rule set 1.9.0');
    });
  });
});

describe('neighbours.js', () => {
  test('has a row for each cause, with the change that takes it away', async () => {
    await inFolder(async (folder) => {
      const from = some(folder, '3.4.0', 's10_purge_safe');
      const { code, stdout } = await command('neighbours', ['--from', from, '3.4.0', '3.5-dev5']);
      expect(code).toBe(0);
      expect(stdout).toContain(
        '## Recordings of 3.4.0 under 3.5-dev5\n\n1 of 1 part, by 1 causes.',
      );
      expect(stdout).toMatch(
        /\| purge\.stays\.idle \| purge\.leaves\.thread \| srv\.purge_due \| 1 \| 4 \| purge 3c923d075 6f8dab258 \| s10_purge_safe\.jsonl step \d+ \|/,
      );
    });
  });

  test('has none where nothing parts', async () => {
    await inFolder(async (folder) => {
      const from = some(folder, '2.4.0', 's02');
      const { stdout } = await command('neighbours', ['--from', from, '2.4.0', '2.6.0']);
      expect(stdout).toMatch(/0 of \d+ part, by 0 causes\.\n$/);
    });
  });
});

describe('coverage.js', () => {
  test('counts the rules of a set, and names those that neither covers', async () => {
    await inFolder(async (folder) => {
      some(folder, '3.4.0', FIRST);
      const { code, stdout } = await command('coverage', ['--traces', folder, '3.4.0']);
      expect(code).toBe(0);
      const row = stdout.split('\n').find((line) => line.startsWith('| 3.4.0 |')) ?? '';
      const [, rules = 0, recorded = 0, reached = 0, neither = 0] = row
        .split('|')
        .slice(1)
        .map(Number);
      expect(reached).toBeGreaterThan(0);
      expect(reached).toBeLessThan(recorded);
      // What one recording covers all recordings do.
      expect(recorded + neither).toBe(rules);
      const [, named = ''] = /3\.4\.0, rules in neither: (.*)/.exec(stdout) ?? [];
      expect(named.split(', ')).toHaveLength(neither);
      expect(named).toContain('conn.free.in-tree');
    });
  });
});
