import { once } from 'node:events';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reasonToKeep } from '../../../src/cli/files/replaceable.ts';
import { Temporary } from '../../../src/cli/files/temporary.ts';
import { WORLD_FORMAT } from '../../../src/format/index.ts';
import { AGREEING, inFolder, replay, replayProcess } from '../run.ts';
import { startReport, temporariesIn, until } from './support.ts';

/** So many states that nobody waits for the end of them. */
const ENDLESS = {
  world: WORLD_FORMAT,
  config: {
    frontends: { fe: {} },
    backends: { b: { 'http-reuse': 'always' } },
    servers: { 'b/srv': { proto: 'h2' } },
  },
  sessions: 4,
  streams: 12,
  connections: 8,
  events: { authentication: true, closes: true, connection_errors: true, goaway: true, io: true },
};

const DAY_MS = 24 * 60 * 60 * 1000;

describe('a temporary file', () => {
  test('gets another name when its name is taken, and leaves what bears it alone', () =>
    inFolder(async (cwd) => {
      const endings = ['aa', 'aa', 'bb'];
      const ending = (): string => endings.shift() ?? 'cc';
      const first = new Temporary(cwd, true, ending);
      const second = new Temporary(cwd, true, ending);
      expect([first, second].map(({ path }) => path.slice(-6))).toEqual(['aa.tmp', 'bb.tmp']);
      second.remove();
      expect(readdirSync(cwd)).toEqual([basename(first.path)]);
      first.remove();
      expect(readdirSync(cwd)).toEqual([]);
    }));

  test('removes nothing that came in its place', () =>
    inFolder(async (cwd) => {
      const temporary = new Temporary(cwd, false);
      temporary.moveTo(join(cwd, 'a'), null);
      writeFileSync(temporary.path, 'of somebody else');
      temporary.remove();
      expect(readFileSync(temporary.path, 'utf8')).toBe('of somebody else');
    }));

  test('is for nobody else to read where it replaces a file, else as the system says', () =>
    inFolder(async (cwd) => {
      const modes = [true, false].map((isPrivate) => {
        const temporary = new Temporary(cwd, isPrivate);
        const { mode } = statSync(temporary.path);
        temporary.remove();
        return mode & 0o777;
      });
      writeFileSync(join(cwd, 'usual'), '');
      expect(modes).toEqual([0o600, statSync(join(cwd, 'usual')).mode & 0o777]);
    }));
});

describe('what a run that was killed has left', () => {
  test('goes with the next run, but not while the run is alive', () =>
    inFolder(async (cwd) => {
      const run = await startReport(cwd);
      await replay(['--reporter', 'json=other.json', 'a.jsonl'], { cwd });
      expect(existsSync(run.path)).toBe(true);
      run.child.kill('SIGKILL');
      await once(run.child, 'close');
      expect(existsSync(run.path)).toBe(true);
      // A process of its own: each looks through a folder once.
      await replayProcess(['--reporter', 'json=other.json', 'a.jsonl'], { cwd });
      expect(readdirSync(cwd).sort()).toEqual(['a.jsonl', 'other.json']);
    }));

  test.each([
    ['stays while it is young', 0, true],
    ['goes when it is old', 2 * DAY_MS, false],
  ])('in another container %s, whatever the number of its process is here', (_, age_ms, stays) =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
      // 1 is alive here, and so is this one; the highest number never is.
      const paths = [1, process.pid, 2 ** 31 - 1].map((pid) =>
        join(cwd, `.replay-00000000-${pid}-aa.tmp`),
      );
      const time = new Date(Date.now() - age_ms);
      for (const path of paths) {
        writeFileSync(path, '');
        utimesSync(path, time, time);
      }
      await replay(['--reporter', 'json=out.json', 'a.jsonl'], { cwd });
      expect(paths.map(existsSync)).toEqual(paths.map(() => stays));
    }),
  );

  test('is told from files that are named alike', () =>
    inFolder(async (cwd) => {
      const old = new Date(Date.now() - 2 * DAY_MS);
      const names = [
        '.replay-00000000-1-aa.tmp.jsonl',
        'replay-00000000-1-aa.tmp',
        '.replay-1.tmp',
      ];
      for (const name of names) {
        writeFileSync(join(cwd, name), '');
        utimesSync(join(cwd, name), old, old);
      }
      new Temporary(cwd, true).remove();
      expect(readdirSync(cwd).sort()).toEqual([...names].sort());
    }));
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, code) => {
  test(`ends a run with ${code}, and takes its temporary file along`, () =>
    inFolder(async (cwd) => {
      const run = await startReport(cwd);
      expect(dirname(run.path)).toBe(cwd);
      run.child.kill(signal);
      expect(await once(run.child, 'close')).toEqual([code, null]);
      expect(readdirSync(cwd)).toEqual(['a.jsonl']);
    }));

  test(`ends an update with ${code}, and its file stays as it was`, () =>
    inFolder(async (cwd) => {
      const path = join(cwd, 'a.jsonl');
      const [first = '', ...others] = AGREEING.trimEnd().split('\n');
      const wrong = others.map((line) => line.replace('"idle"', '"safe"')).join('\n');
      const more = '{"event":"srv_cleanup_toremove_connections"}\n'.repeat(600_000);
      const text = `${first}\n${wrong}\n${more}`;
      writeFileSync(path, text);
      const run = await startReport(cwd, ['-u', 'a.jsonl']);
      run.child.kill(signal);
      expect(await once(run.child, 'close')).toEqual([code, null]);
      expect(readdirSync(cwd)).toEqual(['a.jsonl']);
      expect(readFileSync(path, 'utf8') === text).toBe(true);
    }));

  test(`ends a search with ${code}, after what was found until then`, () =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'world.json'), JSON.stringify(ENDLESS));
      const args = ['explore', '--all', '--out', 'found', 'world.json'];
      const run = await startReport(cwd, args, () => existsSync(join(cwd, 'found')));
      let stdout = '';
      run.child.stdout.on('data', (text: Buffer) => {
        stdout += text.toString();
      });
      await until(() => stdout !== '');
      run.child.kill(signal);
      expect(await once(run.child, 'close')).toEqual([code, null]);
      const name = signal === 'SIGINT' ? 'Ctrl-C' : signal;
      expect(stdout.replace(/\s+/g, ' ')).toContain(`not exhausted, stopped by ${name};`);
      expect(temporariesIn(join(cwd, 'found'))).toEqual([]);
    }));
});

describe('reasonToKeep', () => {
  const user = { uid: 1000, groups: [1000, 50] };
  const own = { nlink: 1, uid: 1000, gid: 50 };
  test.each([
    ['a file of its own', own, user, null],
    ['a file of another user', { ...own, uid: 0 }, user, /belongs to another user/],
    ['a file of a group that it is not in', { ...own, gid: 0 }, user, /or group/],
    ['a file of anybody, for root', { ...own, uid: 5, gid: 5 }, { ...user, uid: 0 }, null],
    ['a file with two names, even for root', { ...own, nlink: 2 }, { ...user, uid: 0 }, /2 names/],
    ['a file where there are no users', own, null, null],
  ])('of %s', (_, stats, asked, reason) => {
    if (reason === null) expect(reasonToKeep(stats, asked)).toBe(null);
    else expect(reasonToKeep(stats, asked)).toMatch(reason);
  });
});
