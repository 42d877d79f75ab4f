import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realTarget } from '../../../src/cli/files/target.ts';
import { DIVERGING, inFolder, REPLAY, replay, runProgram } from '../run.ts';

/** Every way to have a file written, to a path. */
const WAYS: readonly (readonly [string, (path: string) => readonly string[]])[] = [
  ['a report that is made at the end', (path) => ['--reporter', `json=${path}`, 'a.jsonl']],
  ['a report that is made meanwhile', (path) => ['--reporter', `jsonl=${path}`, 'a.jsonl']],
  ['a smaller trace', (path) => ['minimize', 'a.jsonl', '--out', path]],
  ['a merged report', (path) => ['merge', '--reporter', `json=${path}`, 'one.json']],
];
/** The same, and a trace that is rewritten. */
const ALL_WAYS = [...WAYS, ['an update', (path: string) => ['-u', path]] as const];

/** A folder with something to read. */
function withInputs(use: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    writeFileSync(join(cwd, 'a.jsonl'), DIVERGING);
    await replay(['--reporter', 'json=one.json', 'a.jsonl'], { cwd });
    mkdirSync(join(cwd, 'real'));
    await use(cwd);
  });
}

describe.each(ALL_WAYS)('%s', (_, args) => {
  test('follows links to the file at their end, and leaves them links', () =>
    withInputs(async (cwd) => {
      const old = join(cwd, 'real/old');
      writeFileSync(old, DIVERGING);
      symlinkSync('old', join(cwd, 'real/inner'));
      symlinkSync('real/inner', join(cwd, 'link'));
      await replay(args('link'), { cwd });
      expect(readFileSync(old, 'utf8')).not.toBe(DIVERGING);
      for (const link of ['link', 'real/inner']) {
        expect(lstatSync(join(cwd, link)).isSymbolicLink()).toBe(true);
      }
    }));

  test('is refused, with the reason, in the place of a file that has other names', () =>
    withInputs(async (cwd) => {
      for (const name of ['real/old', 'real/other']) {
        if (name === 'real/old') writeFileSync(join(cwd, name), DIVERGING);
        else linkSync(join(cwd, 'real/old'), join(cwd, name));
      }
      const { code, stderr } = await replay(args('real/old'), { cwd });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^(?:replay: --out )?real\/old: .*it has 2 names \(hard links\)/m);
      expect(readFileSync(join(cwd, 'real/old'), 'utf8')).toBe(DIVERGING);
      expect(statSync(join(cwd, 'real/other')).nlink).toBe(2);
    }));

  // As root nothing belongs to anybody else.
  test.runIf(process.getuid?.() === 0 && existsSync('/usr/bin/setpriv'))(
    'is refused, with the reason, in the place of a file of another user',
    () =>
      withInputs(async (cwd) => {
        writeFileSync(join(cwd, 'real/old'), DIVERGING);
        for (const path of ['.', 'real', 'real/old']) chmodSync(join(cwd, path), 0o777);
        const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
        const command = [...user, process.execPath, REPLAY, ...args('real/old')];
        const { code, stderr } = await runProgram('setpriv', command, { cwd });
        expect(code).toBe(2);
        expect(stderr).toMatch(/real\/old: .*it belongs to another user or group/);
        expect(readFileSync(join(cwd, 'real/old'), 'utf8')).toBe(DIVERGING);
        expect(statSync(join(cwd, 'real/old'))).toMatchObject({ uid: 0, gid: 0 });
      }),
  );
});

describe.each(WAYS)('%s', (_, args) => {
  test('goes where a link leads, also if nothing is there so far', () =>
    withInputs(async (cwd) => {
      symlinkSync('new', join(cwd, 'real/inner'));
      symlinkSync(join(cwd, 'real/inner'), join(cwd, 'link'));
      await replay(args('link'), { cwd });
      expect(lstatSync(join(cwd, 'link')).isSymbolicLink()).toBe(true);
      expect(lstatSync(join(cwd, 'real/inner')).isSymbolicLink()).toBe(true);
      expect(lstatSync(join(cwd, 'real/new')).isFile()).toBe(true);
    }));

  test('tells links that lead in a circle', () =>
    withInputs(async (cwd) => {
      symlinkSync('one', join(cwd, 'other'));
      symlinkSync('other', join(cwd, 'one'));
      const { code, stderr } = await replay(args('one'), { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain('too many symbolic links (ELOOP)');
    }));
});

test('an update that has nothing to change minds no other names', () =>
  withInputs(async (cwd) => {
    await replay(['-u', 'a.jsonl'], { cwd });
    linkSync(join(cwd, 'a.jsonl'), join(cwd, 'b.jsonl'));
    const { code, stdout } = await replay(['-u', 'a.jsonl'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a.jsonl: nothing to change\n' });
  }));

test('a name in a folder that a link leads to is a name in that folder', () =>
  withInputs(async (cwd) => {
    symlinkSync('real', join(cwd, 'folder'));
    expect(await realTarget(join(cwd, 'folder/new'))).toBe(await realTarget(join(cwd, 'real/new')));
  }));
