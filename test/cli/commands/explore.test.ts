import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WORLD_FORMAT } from '../../../src/format/index.ts';
import { sized } from '../../size.ts';
import {
  inFolder,
  REPLAY,
  replay,
  replayIn,
  replayProcess,
  runProgram,
  startReplay,
} from '../run.ts';

const WORLD = {
  world: WORLD_FORMAT,
  title: 'A world of one server',
  config: {
    frontends: { fe: {} },
    backends: { b: { 'http-reuse': 'always' } },
    servers: { 'b/srv': { proto: 'h2' } },
  },
  sessions: 2,
  streams: 3,
  connections: 2,
};

/** So many states, 20,654, that threads are hired for the last of them. */
const LARGE = { ...WORLD, streams: 5, events: { authentication: true, io: true } };

/** So many states that nobody waits for the end of them. */
const ENDLESS = {
  ...WORLD,
  sessions: 4,
  streams: 12,
  connections: 8,
  events: { authentication: true, closes: true, connection_errors: true, goaway: true, io: true },
};

const json = (value: object) => JSON.stringify(value);
/** Text without its line breaks. */
const folded = (text: string) => text.replace(/\s+/g, ' ');

describe('replay explore', () => {
  test('without a world, lists those that can be searched by name', async () => {
    const { code, stdout, stderr } = await replay(['explore']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^failed-listing {2,}\S/);
    for (const line of stdout.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('ends with its first find, step by step, exit code 1', async () => {
    const { code, stdout, stderr } = await replay(['explore', 'maintenance']);
    expect(code).toBe(1);
    expect(stdout).toContain('no-crash srv_migrate_conns_to_remove  1 event, none shorter');
    expect(stdout).toContain('crash in srv_migrate_conns_to_remove');
    expect(folded(stdout)).toContain('ended by its first find; --all goes on');
    expect(stderr).toMatch(/^replay: \S+ s, \d+ transitions per second, [\d.]+ MiB\n$/);
  });

  test('prints the same bytes each time, speed left aside', async () => {
    const args = ['explore', '--all', '--explain', 'failed-listing'];
    const [one, other] = await Promise.all([replay(args), replay(args)]);
    expect(one.stdout).toBe(other.stdout);
    expect(one.stdout).toContain('why  ');
    expect(one.stdout).toMatch(/again {4}replay explore failed-listing .* --explain$/m);
  });

  const ways: [string, string[], number][] = [
    ['one rule set', [], 20_500],
    // It takes that many before enough of them are expanded.
    ['two rule sets', ['--from', '21ddc74e8', '--to', '08016ab82'], 42_000],
  ];

  test.each(ways.slice(0, sized(1, 2)))(
    'finds the same by any number of threads, under %s',
    async (_, sets, states) => {
      // Loaded into every thread before anything else.
      const preload =
        "require('node:worker_threads').isMainThread || require('node:fs').writeSync(2, 'a thread\\n');";
      const search = (jobs: string) =>
        inFolder(async (cwd) => {
          writeFileSync(join(cwd, 'large.json'), json(LARGE));
          writeFileSync(join(cwd, 'preload.cjs'), preload);
          const bounds = ['--states', String(states), '--jobs', jobs];
          const args = ['explore', '--all', '--quiet', ...sets, ...bounds, 'large.json'];
          const env = { NODE_OPTIONS: `--require=${join(cwd, 'preload.cjs')}` };
          return await replayProcess(args, { cwd, env });
        });
      const alone = await search('1');
      expect(folded(alone.stdout)).toContain(`${states + 1} states up to`);
      expect(alone.stderr).not.toContain('a thread');
      const shared = await search('2');
      expect(shared.stdout).toBe(alone.stdout);
      expect(shared.stderr.match(/^a thread$/gm)).toHaveLength(2);
    },
    180_000,
  );

  test('a world that holds ends with 0 and says that all of it was seen', async () => {
    const { code, stdout } = await replay(['explore', '--all', 'idle-periods']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '654 states up to 13 events away, 1692 transitions: exhausted; every property',
    );
    expect(stdout).toContain('sometimes  connect.session.found  after 4 events');
  });

  test('a bound never proves that anything holds', async () => {
    const depth = await replay(['explore', '--depth', '2', 'idle-periods']);
    expect(folded(depth.stdout)).toContain('not exhausted, stopped by the bound of --depth;');
    expect(depth.stdout).not.toContain('holds');
    // A witness is still out: the world may be empty for all that is known.
    expect(depth.stdout).toContain('not yet');
    expect(depth.code).toBe(2);
    const reached = await replay(['explore', '--depth', '5', 'idle-periods']);
    expect(reached.code).toBe(0);
    expect(folded(reached.stdout)).toContain('no violation within the bounds');
    const states = await replay(['explore', '--states', '50', 'idle-periods']);
    expect(states.code).toBe(2);
    expect(folded(states.stdout)).toContain('stopped by the bound of --states;');
  });

  test('a rule that has to decide sometimes and never does is a failure', async () => {
    const empty = { ...WORLD, sometimes: ['removal.no-lists', 'pool.add.safe'] };
    const args = ['explore', '--property', 'no-crash', 'w.json'];
    const { code, stdout } = await replayIn({ 'w.json': json(empty) }, args);
    expect(code).toBe(1);
    expect(stdout).toContain('sometimes  removal.no-lists  never');
    expect(folded(stdout)).toContain('no-crash holds but 1 rule that has to decide never does');
    expect(stdout).toContain('sometimes  pool.add.safe  after 3 events');
  });

  test('a memory bound that is reached gives what was found until then', async () => {
    const args = ['explore', '--all', '--memory', '4', 'w.json'];
    const { code, stdout } = await replayIn({ 'w.json': json(ENDLESS) }, args);
    expect(code).toBe(1);
    expect(stdout).toContain('owner-is-live  4 events, none shorter');
    expect(folded(stdout)).toContain('not exhausted, stopped by the bound of --memory;');
  });

  test('--time ends a search', async () => {
    const args = ['explore', '--property', 'no-leak', '--time', '0.3', 'w.json'];
    const { code, stdout } = await replayIn({ 'w.json': json(ENDLESS) }, args);
    expect(folded(stdout)).toMatch(/stopped by the bound of --time;|ended by its first find/);
    expect([1, 2]).toContain(code);
  });

  test('Ctrl-C gives the result so far and 130', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'w.json'), json(ENDLESS));
      const child = startReplay(['explore', '--all', '-q', 'w.json'], { cwd });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        // The head is written before the search begins.
        if (stdout === '') setTimeout(() => child.kill('SIGINT'), 500);
        stdout += chunk.toString();
      });
      child.stderr.resume();
      expect(await once(child, 'close')).toEqual([130, null]);
      expect(stdout).toContain('pooled-has-no-owner  3 events, none shorter');
      expect(folded(stdout)).toContain('not exhausted, stopped by Ctrl-C;');
    });
  });

  test('--out writes traces that replay agrees with', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'w.json'), json(WORLD));
      const found = await replay(['explore', '--all', '--out', 'new/found', 'w.json'], { cwd });
      expect(found.code).toBe(1);
      const files = readdirSync(join(cwd, 'new/found')).sort();
      expect(files).toEqual(
        ['no-connecting-reuse.jsonl', 'owner-is-live.jsonl', 'pooled-has-no-owner.jsonl'].filter(
          (file) => files.includes(file),
        ),
      );
      expect(files).toContain('owner-is-live.jsonl');
      expect(found.stdout).toContain('again    replay --explain new/found/owner-is-live.jsonl');
      const again = await replay(['-q', '--strict', 'new/found'], { cwd });
      expect({ ...again, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
      const text = readFileSync(join(cwd, 'new/found/owner-is-live.jsonl'), 'utf8');
      expect(text).toContain('"title":"c1 points to s1, which has ended"');
      expect(text).toContain('"broken":["owner-is-live"]');
    });
  });

  test('under two rule sets, one trace per cause, confirmed by compare', async () => {
    await inFolder(async (cwd) => {
      const sets = ['--from', '21ddc74e8', '--to', '08016ab82'];
      const args = ['explore', ...sets, '--all', '--out', 'parts', 'delayed-mux'];
      const { code, stdout } = await replay(args, { cwd });
      expect(code).toBe(1);
      expect(stdout).toContain(
        '532 states up to 15 events away, 1237 transitions: exhausted; 5 causes',
      );
      const files = readdirSync(join(cwd, 'parts'));
      expect(files).toHaveLength(5);
      for (const file of files) {
        const path = join('parts', file);
        const compared = await replay(['compare', '--steps', 'all', ...sets, path], { cwd });
        const cause = JSON.parse(readFileSync(join(cwd, path), 'utf8').split('\n')[0] ?? '').source
          .cause;
        for (const rule of cause.split(' | ')) expect(compared.stdout).toContain(rule);
        expect(compared.code).toBe(1);
      }
    });
  });

  test('says what holds: the properties that were asked for, and no others', async () => {
    const args = ['explore', '--all', '--property', 'no-crash,used-count', 'idle-periods'];
    const { code, stdout } = await replay(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^idle-periods {2}rules 08016ab82 {2}only no-crash used-count\n/);
    expect(folded(stdout)).toContain('exhausted; no-crash, used-count hold');
  });

  test('the command that shows a find again ends where the find is', async () => {
    const { stdout } = await replay(['explore', '--all', '-q', 'shared-authentication']);
    const again = stdout.match(/(?<=again {4}replay )explore .*no-crash.*/g) ?? [];
    expect(again).toContain(
      'explore shared-authentication --rules 08016ab82 --property no-crash --all --depth 9',
    );
    const [first = ''] = again;
    const shown = await replay(first.split(' '));
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('no-crash session_check_idle_conn(NULL)');
  });

  test('finds are written as they come, and stay when the search is killed', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'w.json'), json(ENDLESS));
      const child = startReplay(['explore', '--all', '-q', '--out', 'found', 'w.json'], { cwd });
      child.stderr.resume();
      const closed = once(child, 'close');
      await new Promise<void>((resolve) => {
        let stdout = '';
        child.stdout.on('data', (chunk: Buffer) => {
          stdout += chunk.toString();
          if (stdout.includes('again    replay --explain found/owner-is-live.jsonl')) resolve();
        });
      });
      child.kill('SIGKILL');
      await closed;
      expect(readdirSync(join(cwd, 'found'))).toContain('owner-is-live.jsonl');
    });
  });

  test('ends when nobody reads on', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'w.json'), json(ENDLESS));
      const script = '"$1" "$2" explore --all w.json 2>/dev/null | head -n 1';
      const { code, stdout } = await runProgram(
        'sh',
        ['-c', script, 'sh', process.execPath, REPLAY],
        {
          cwd,
        },
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'w.json  rules 08016ab82\n' });
    });
  });

  test('a rule that another rule set has is not asked for', async () => {
    const other = { ...WORLD, sometimes: ['connect.new.ownerless', 'pool.add.safe'] };
    const args = ['explore', '--property', 'no-crash', 'w.json'];
    const { code, stdout } = await replayIn({ 'w.json': json(other) }, args);
    expect(code).toBe(0);
    expect(stdout).toContain('sometimes  connect.new.ownerless  no rule of this set');
  });

  test('works from another folder, through a pipe, and in colour when asked', async () => {
    const { stdout } = await replay(['explore', '--color', 'always', 'no-memory'], { cwd: '/' });
    expect(stdout).toContain('\u001b[31m');
  });
});

describe('bad input of replay explore', () => {
  test.each([
    [['explore', 'failed-listin'], "unknown world 'failed-listin'", 'did you mean failed-listing?'],
    [['explore', 'x', '--rules', '08016ab8'], "unknown world 'x'", 'allowed: failed-listing'],
    [['explore', 'takeover', '--rules', '08016ab8'], 'unknown rule set', 'did you mean 08016ab82?'],
    [['explore', 'takeover', '--property', 'no-lek'], "unknown property 'no-lek'", 'no-leak?'],
    [['explore', 'takeover', '--from', '08016ab82'], '--from and --to go together', ''],
    [['explore', 'takeover', '--depth', '0'], "'--depth <events>' argument '0' is invalid", ''],
    [['explore', 'takeover', '--memory', 'all'], "argument 'all' is invalid", 'A whole number'],
    [['explore', 'takeover', '--time', '0'], "argument '0' is invalid", 'A number of seconds'],
    [
      ['explore', 'takeover', '--from', 'a', '--to', 'b', '--property', 'no-leak'],
      'cannot be used with option',
      '',
    ],
    [['explore', '--all'], '--all needs a world', 'lists them by name'],
    [['explore', 'takeover', '--out', 'package.json'], 'nothing can be written', 'exists already'],
    [['explore', 'takeover', '--nope'], "unknown option '--nope'", 'try replay explore --help'],
    [['explore', 'takeover', '--out', '/dev/null/x'], 'nothing can be written to', 'directory'],
  ])('%j exits with 2 before the search starts', async (args, what, more) => {
    const { code, stdout, stderr } = await replay(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
    expect(stderr).toContain(more);
  });

  test('a world that is wrong is told by line and column', async () => {
    const wrong = { ...WORLD, config: { ...WORLD.config, servers: { 'b/srv': { proto: 'h4' } } } };
    const files = { 'w.json': JSON.stringify(wrong, null, 2) };
    const { code, stdout, stderr } = await replayIn(files, ['explore', 'w.json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^w\.json:\d+:\d+: config\.servers\.b\/srv\.proto is "h4"; it must be/);
  });

  test('a file that is not there, and one whose name is no escape', async () => {
    const { code, stderr } = await replay(['explore', './\u001b[31m.json']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be read: no such file or directory (ENOENT)');
    expect(stderr).not.toContain('\u001b');
  });

  test('nothing of a world reaches a terminal unescaped', async () => {
    const nasty = {
      ...WORLD,
      title: 'red \u001b[31m',
      config: { frontends: { '\u001b[2J': {} }, backends: { b: { mode: 'tcp' } } },
    };
    const args = ['explore', '--all', '--explain', 'w.json'];
    const { code, stdout } = await replayIn({ 'w.json': json(nasty) }, args);
    expect(code).toBe(1);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('"\\u001b[2J"');
    expect(stdout).toContain('red \\u{1b}[31m');
  });

  test('a find that cannot be written leaves the others, and exit code 2', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'w.json'), json(WORLD));
      await replay(['explore', '--out', 'found', 'w.json'], { cwd });
      // A directory in the place of one of the files.
      const blocked = join(cwd, 'blocked/owner-is-live.jsonl');
      mkdirSync(join(blocked, 'x'), { recursive: true });
      const args = ['explore', '--all', '--out', 'blocked', 'w.json'];
      const { code, stderr } = await replay(args, { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain('replay: owner-is-live cannot be written:');
      expect(existsSync(join(cwd, 'blocked/pooled-has-no-owner.jsonl'))).toBe(true);
      expect(readdirSync(join(cwd, 'blocked')).filter((name) => name.startsWith('.'))).toEqual([]);
    });
  });
});
