import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DIVERGING, inFolder, REPLAY, replay, runProgram, trace } from '../run.ts';
import { CONNECT, DETACH, filesIn, NEW, UPDATED, updateIn } from './update-support.ts';

describe('the file that replay -u rewrites', () => {
  test('keeps its permissions and its owner', async () => {
    await inFolder(async (cwd) => {
      const path = join(cwd, 'a.jsonl');
      writeFileSync(path, DIVERGING);
      chmodSync(path, 0o640);
      if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
      const { uid, gid } = statSync(path);
      expect(await replay(['-u', 'a.jsonl'], { cwd })).toMatchObject({ code: 0 });
      expect(readFileSync(path, 'utf8')).toBe(UPDATED);
      expect(statSync(path)).toMatchObject({ mode: 0o100640, uid, gid });
    });
  });

  test('is the one that a link leads to', async () => {
    await inFolder(async (cwd) => {
      mkdirSync(join(cwd, 'real'));
      writeFileSync(join(cwd, 'real/a.jsonl'), DIVERGING);
      symlinkSync('real/a.jsonl', join(cwd, 'b.jsonl'));
      symlinkSync('b.jsonl', join(cwd, 'c.jsonl'));
      const { stdout } = await replay(['-u', 'c.jsonl'], { cwd });
      expect(stdout).toBe('c.jsonl: 2 lines rewritten\n');
      expect(readFileSync(join(cwd, 'real/a.jsonl'), 'utf8')).toBe(UPDATED);
      expect(lstatSync(join(cwd, 'b.jsonl')).isSymbolicLink()).toBe(true);
      expect(realpathSync(join(cwd, 'c.jsonl'))).toBe(realpathSync(join(cwd, 'real/a.jsonl')));
      expect(readdirSync(join(cwd, 'real'))).toEqual(['a.jsonl']);
    });
  });

  const isRoot = process.getuid?.() === 0;
  // Root may write everywhere, so the command runs as nobody.
  const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const canTry = !isRoot || existsSync('/usr/bin/setpriv');

  test.skipIf(!canTry).each([
    ['in a folder that is read-only', 0o666, 0o555],
    ['that is read-only', 0o444, 0o777],
  ])('%s stays as it is', async (_, fileMode, folderMode) => {
    await inFolder(async (cwd) => {
      const path = join(cwd, 'a.jsonl');
      writeFileSync(path, DIVERGING);
      if (isRoot) chownSync(path, 65534, 65534);
      chmodSync(path, fileMode);
      chmodSync(cwd, folderMode);
      const [program = '', ...args] = [...asNobody, process.execPath, REPLAY, '-u', 'a.jsonl'];
      const { code, stdout, stderr } = await runProgram(program, args, { cwd });
      chmodSync(cwd, 0o755);
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: 'a.jsonl: not updated: permission denied (EACCES)\n',
      });
      expect(filesIn(cwd)).toEqual({ 'a.jsonl': DIVERGING });
    });
  });

  test('keeps its line ends, its mark, blank lines and the missing last line feed', async () => {
    const windows = (text: string): string =>
      `\ufeff${text.replace('\n', '\n\n \t\n').replaceAll('\n', '\r\n').replace(/\r\n$/, '')}`;
    const { files } = await updateIn({ 'a.jsonl': windows(DIVERGING) }, ['-u', 'a.jsonl']);
    expect(files['a.jsonl']).toBe(windows(UPDATED));
  });

  test('may be larger than the memory', async () => {
    const note = 'x'.repeat(20_000);
    const lines = Array.from(
      { length: 1500 },
      () => `${JSON.stringify({ event: 'conn_update', conn: 'c1', note })}\n`,
    ).join('');
    const wrong = `${JSON.stringify({ ...DETACH, expect: { conn: { c1: { list: 'safe' } } } })}\n`;
    const start = trace(NEW, CONNECT) + lines;
    await inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), start + wrong + lines.replace(/\n$/, ''));
      const args = ['--max-old-space-size=40', REPLAY, '-u', 'a.jsonl'];
      const { code, stdout } = await runProgram(process.execPath, args, { cwd });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'a.jsonl: 1 line rewritten\n' });
      const after = readFileSync(join(cwd, 'a.jsonl'), 'utf8');
      expect(after === start + wrong.replace('safe', 'idle') + lines.replace(/\n$/, '')).toBe(true);
    });
  });

  test('has a name that cannot harm a terminal', async () => {
    const { stdout } = await updateIn({ 'a\x1b[2J.jsonl': DIVERGING }, ['-u', 'a\x1b[2J.jsonl']);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toContain('2 lines rewritten');
  });
});
