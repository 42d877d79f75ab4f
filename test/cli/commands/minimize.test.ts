import { once } from 'node:events';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  AGREEING,
  DIVERGING,
  header,
  INVALID,
  inFolder,
  longTrace,
  REPLAY,
  replay,
  replayIn,
  runProgram,
  startReplay,
  trace,
} from '../run.ts';
import { filesIn, updateIn } from './update-support.ts';

const CRASHING = readFileSync('traces/bugs/b2-idle-connection-dies-after-its-owner.after.jsonl');
const RECORDED = 'traces/recorded/s11_h2_ntlm_two_always_srva.post.jsonl';

describe('minimize', () => {
  test('writes the trace to standard output and the words to standard error', async () => {
    const { code, stdout, stderr } = await replay(['minimize', RECORDED]);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('{"event":'))).toHaveLength(10);
    expect(stderr).toBe(`from 18 events to 10: crash in conn_free(freed)
  1-minimal: without any one of its events it does not show that; nor does any
  selection of them
  show it    replay minimize ${RECORDED} | replay --explain -
`);
  });

  test('writes a file, and what replay says of it is what is told', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), CRASHING);
      const args = ['minimize', 'a.jsonl', '--out', 'small one.jsonl'];
      const { code, stdout, stderr } = await replay(args, { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^from 11 events to 10: crash in conn_free\(freed\)\n/);
      expect(stdout).toContain("replay --explain 'small one.jsonl'\n");
      expect(Object.keys(filesIn(cwd))).toEqual(['a.jsonl', 'small one.jsonl']);
      const shown = await replay(['--explain', 'small one.jsonl'], { cwd });
      expect(shown.code).toBe(0);
      expect(shown.stdout).toContain('crash in conn_free');
      // What the crash needs is less than what could be: a handshake's end is left out.
      expect(shown.stdout).toMatch(/no divergence, \d findings?, 1 crash/);
      // It states all there is to state.
      const { stdout: updated } = await replay(['--update=full', 'small one.jsonl'], { cwd });
      expect(updated).toBe('small one.jsonl: nothing to change\n');
    });
  });

  test('reads a pipe, and its result is read from one', async () => {
    const script =
      'cat "$1" | "$2" "$3" minimize - 2>words | "$2" "$3" -q --invariant idle-limit - && cat words';
    const { code, stdout } = await inFolder((cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), CRASHING);
      const args = ['-c', script, 'sh', 'a.jsonl', process.execPath, REPLAY];
      return runProgram('sh', args, { cwd });
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 file, 10 steps, no divergence, 1 crash\nfrom 11 events to 10: /);
    expect(stdout).toContain('replay minimize - | replay --explain - (with the same input)\n');
  });

  test('judges by another rule set, and asks for a promise', async () => {
    const name = 'traces/bugs/b8-owner-dangles-in-the-pool.after.jsonl';
    const other = await replay(['minimize', '--rules', '21ddc74e8', name]);
    expect(other.stderr).toMatch(/^from 8 events to 3: divergence of conn\.\*\.owner\n/);
    expect(other.stderr).toContain(`replay minimize --rules 21ddc74e8 ${name} | replay`);
    const asked = await replay(['minimize', '--property', 'owner-is-live', name]);
    expect(asked.stderr).toMatch(/^from 8 events to 4: broken promise owner-is-live\n/);
    const unpromised = 'traces/bugs/b17-count-stays.before.jsonl';
    const { stdout } = await replay([
      'minimize',
      '--property',
      'private-is-listed',
      unpromised,
      '--out',
      '/dev/null',
    ]);
    expect(stdout).toContain('replay --explain --invariant private-is-listed /dev/null\n');
  });

  test('colours what it says if asked to, and escapes what a trace says', async () => {
    const odd = trace(
      { event: 'session_new', sess: '\u001b[31m', fe: 'fe' },
      { event: 'session_new', sess: '\u001b[31m', fe: 'fe', expect: { crash: 'conn_free' } },
    );
    const plain = await replay(['minimize', '-'], { input: odd });
    expect(plain.code).toBe(2);
    expect(plain.stderr).not.toContain('\u001b');
    const args = ['minimize', '-', '--color', 'always'];
    const { stdout, stderr } = await replay(args, { input: DIVERGING });
    expect(stderr).toContain('\u001b[1m');
    expect(stdout).not.toContain('\u001b');
  });

  test.each(['--help', '-h'])('%s tells its exit codes', async (option) => {
    const { code, stdout } = await replay(['minimize', option]);
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes:');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

describe('minimize refuses, with exit code 2 and in one line,', () => {
  test.each([
    ['a trace that shows nothing', AGREEING, [], 'nothing to minimise: it is as it expects to be'],
    ['a promise that holds', AGREEING, ['--property', 'idle-limit'], 'no step breaks idle-limit'],
    ['an unknown property', AGREEING, ['--property', 'no-crsh'], '(did you mean no-crash?)'],
    ['an unknown rule set', AGREEING, ['--rules', '08016ab8'], 'did you mean 08016ab82?'],
    ['a directory', AGREEING, ['--out', '.'], '--out .: is a directory'],
    ['a missing directory', AGREEING, ['--out', 'no/a'], '--out no/a: cannot be written: no such'],
    ['the trace itself', AGREEING, ['--out', './a.jsonl'], 'is the trace that is read'],
    ['an invalid trace', INVALID, ['--out', 'b'], 'a.jsonl:2:10: unknown event "sesion_new"'],
    ['an empty one', '', ['--out', 'b'], 'a.jsonl:1:1: the file is empty'],
    ['unknown rules', header({ rules: 'x' }), ['--out', 'b'], 'unknown rule set "x"'],
  ])('%s', async (_, text, options, message) => {
    const left = await updateIn({ 'a.jsonl': text }, ['minimize', 'a.jsonl', ...options]);
    expect({ code: left.code, stdout: left.stdout }).toEqual({ code: 2, stdout: '' });
    expect(left.stderr).toContain(message);
    expect(left.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(left.files).toEqual({ 'a.jsonl': text });
  });

  test('the trace under another name', async () => {
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), CRASHING);
      linkSync(join(cwd, 'a.jsonl'), join(cwd, 'hard'));
      symlinkSync('a.jsonl', join(cwd, 'soft'));
      for (const out of ['hard', 'soft']) {
        const { code, stderr } = await replay(['minimize', 'a.jsonl', '--out', out], { cwd });
        expect({ code, stderr }).toEqual({
          code: 2,
          stderr: `replay: --out ${out}: is the trace that is read; name another file\n`,
        });
      }
      expect(readFileSync(join(cwd, 'a.jsonl'))).toEqual(CRASHING);
    });
  });

  test.each([
    ['a directory', 'folder', 'folder: cannot be read: is a directory (EISDIR)\n'],
    ['no such trace', 'none', 'none: cannot be read: no such file or directory (ENOENT)\n'],
  ])('%s to read', async (_, path, stderr) => {
    await inFolder(async (cwd) => {
      mkdirSync(join(cwd, 'folder'));
      expect(await replay(['minimize', path], { cwd })).toEqual({ code: 2, stdout: '', stderr });
    });
  });

  test('two traces', async () => {
    const { code, stderr } = await replayIn({ a: AGREEING }, ['minimize', 'a', 'a']);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected 1 argument but got 2');
  });
});

describe('minimize --out', () => {
  test('replaces a file, and keeps it if there is nothing to write', async () => {
    const files = { 'a.jsonl': CRASHING, 'b.jsonl': AGREEING, out: 'before' };
    const done = await updateIn(files, ['minimize', 'a.jsonl', '--out', 'out']);
    expect(done.files.out).toMatch(/^\{"trace":"haproxy-ownership\/1"/);
    const refused = await updateIn(files, ['minimize', 'b.jsonl', '--out', 'out']);
    expect(refused.code).toBe(2);
    expect(refused.files.out).toBe('before');
  });
});

/** A trace that is long to minimise: every one of its events is needed. */
function slowTrace(streams: number): string {
  const servers = { 'b/srv': { proto: 'h2', 'streams-limit': streams } };
  const backends = { b: { 'http-reuse': 'always' } };
  const events: object[] = [{ event: 'session_new', sess: 's1', fe: 'fe' }];
  for (let number = 1; number <= streams; number++) {
    const names = { strm: `t${number}`, sess: 's1', target: 'b/srv', conn: 'c1' };
    const isLast = number === streams;
    const expects = isLast ? { expect: { conn: { c1: { list: 'available' } } } } : {};
    events.push({ event: 'connect_server', ...names, ...expects });
  }
  const config = { frontends: { fe: {} }, backends, servers };
  return header({ config }) + events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

describe('Ctrl-C', () => {
  test.each([
    ['while it waits for standard input', longTrace(10_000), false],
    ['while it minimises', slowTrace(3000), true],
  ])('%s ends it with 130, and nothing is written', async (_, input, isWhole) => {
    await inFolder(async (cwd) => {
      const child = startReplay(['minimize', '-', '--out', 'out.jsonl'], { cwd });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      // More than a pipe holds: once it is taken, the program reads, and hears Ctrl-C.
      await new Promise((resolve) => child.stdin.write(input, resolve));
      if (isWhole) child.stdin.end();
      setTimeout(() => child.kill('SIGINT'), isWhole ? 300 : 0);
      const [code, signal] = await once(child, 'close');
      expect({ code, signal, output }).toEqual({ code: 130, signal: null, output: '' });
      expect(filesIn(cwd)).toEqual({});
    });
  });
});
