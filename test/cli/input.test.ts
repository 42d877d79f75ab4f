import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AGREEING, DIVERGING, header, INVALID, inFolder, replay, replayIn, trace } from './run.ts';

describe('paths', () => {
  const files = {
    'd/b.jsonl': AGREEING,
    'd/a-b.jsonl': AGREEING,
    'd/a/x.jsonl': AGREEING,
    'd/Z.jsonl': AGREEING,
    'd/.hidden.jsonl': INVALID,
    'd/readme.md': 'not a trace',
  };
  const heads = (stdout: string) => stdout.match(/^\S+\.jsonl/gm);

  test('of a directory come in the order of their code units, each once', async () => {
    const args = ['--steps', 'none', 'd/b.jsonl', 'd', './d/a'];
    const { code, stdout } = await replayIn(files, args);
    expect(code).toBe(0);
    expect(heads(stdout)).toEqual(['d/b.jsonl', 'd/Z.jsonl', 'd/a-b.jsonl', 'd/a/x.jsonl']);
  });

  test('may contain links that lead back', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      symlinkSync('.', join(folder, 'loop'));
      symlinkSync('a.jsonl', join(folder, 'same.jsonl'));
      symlinkSync('nowhere', join(folder, 'broken'));
      const { code, stdout } = await replay(['--steps', 'none', '.'], { cwd: folder });
      expect(code).toBe(0);
      expect(heads(stdout)).toEqual(['a.jsonl']);
    });
  });

  test('without traces, missing or broken are problems; the others are replayed', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'a.jsonl'), AGREEING);
      mkdirSync(join(folder, 'empty'));
      symlinkSync('nowhere', join(folder, 'broken.jsonl'));
      const args = ['-q', 'missing', 'empty', 'broken.jsonl', 'a.jsonl'];
      expect(await replay(args, { cwd: folder })).toEqual({
        code: 2,
        stdout: '1 file, 3 steps, no divergence, 3 paths not read\n',
        stderr:
          'missing: cannot be read: no such file or directory (ENOENT)\n' +
          'empty: no traces in this directory; *.jsonl and *.jsonl.gz files are read, at any depth\n' +
          'broken.jsonl: cannot be read: no such file or directory (ENOENT)\n',
      });
    });
  });

  test('- is standard input, once', async () => {
    const { code, stdout } = await replay(['-'], { input: AGREEING });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<stdin> {2}rules /);
    const twice = await replay(['-', '-'], { input: AGREEING });
    expect(twice).toMatchObject({ code: 2, stdout: '' });
    expect(twice.stderr).toContain('given twice');
  });
});

describe('input that cannot be judged', () => {
  const binary = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256);
  test.each<[string, string | Uint8Array, string]>([
    ['a typing error', INVALID, 'x.jsonl:2:10: unknown event "sesion_new"'],
    ['no JSON', `${header()}{"event":\n`, 'x.jsonl:2:'],
    ['an empty file', '', 'x.jsonl:1:1: the file is empty'],
    ['a binary file', binary, 'x.jsonl:1:1'],
    ['another version', header({ trace: 'haproxy-ownership/2' }), 'x.jsonl:1:'],
    ['a trace without events', header(), 'x.jsonl:1:1: the trace has no events'],
    ['an unknown rule set', header({ rules: 'abc' }), 'x.jsonl:1:116: unknown rule set'],
    ['a line without an end', 'x'.repeat(17 * 1024 * 1024), 'x.jsonl:1:1: the line is too long'],
  ])('%s is named with its place', async (_, content, problem) => {
    const files = { 'x.jsonl': content, 'y.jsonl': AGREEING };
    const { code, stdout, stderr } = await replayIn(files, ['-q', '.']);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stdout).toContain('2 files (1 not judged), 3 steps');
  });

  test('is not judged after its first problem, and is told so', async () => {
    const text = `${AGREEING}{"event":"detach"}\n{"event":"session_free","sess":"s1"}\n`;
    const { code, stdout } = await replayIn({ 'a.jsonl': text, 'b.jsonl': AGREEING }, ['.']);
    expect(code).toBe(2);
    expect(stdout).toContain('  3 steps replayed, then not judged: 1 problem\n');
    expect(stdout).not.toContain('session_free');
  });

  test('wins over what diverges', async () => {
    const files = { 'x.jsonl': INVALID, 'y.jsonl': DIVERGING };
    expect((await replayIn(files, ['-q', '.'])).code).toBe(2);
  });

  test('has its problems counted when there are very many', async () => {
    const text = header() + '{}\n'.repeat(71);
    const { stderr } = await replayIn({ 'x.jsonl': text }, ['-q', 'x.jsonl']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(51);
    expect(stderr).toMatch(/x\.jsonl: and \d+ more problems in this file\n$/);
  });
});

describe('text from a trace', () => {
  test('is never a control sequence of the terminal', async () => {
    const sess = '\u001b]0;owned\u0007';
    const text = trace(
      { event: 'session_new', sess, fe: 'fe', note: 'a\u001b[2J\u202eb' },
      { event: 'session_new', sess: '__proto__', fe: 'fe' },
      {
        event: 'session_free',
        sess,
        expect: { sess: { __proto__: null, [sess]: { idle_conns: 1 } } },
      },
    ).replace('a test', 'a \\u001b[31mtest');
    const path = 'x\u001b[31m.jsonl';
    const { code, stdout, stderr } = await replayIn({ [path]: text }, [path, 'no\u0007ne']);
    expect(code).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that must not come out
    const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
    expect(stdout).not.toMatch(unsafe);
    expect(stderr).not.toMatch(unsafe);
    expect(stdout).toContain('sess __proto__');
    expect(stderr).toContain('no\\u{7}ne: cannot be read');
  });
});

describe('a word that is spelt like a command', () => {
  test.each([
    ['merg', 'merge'],
    ['rule', 'rules'],
    ['minimise', 'minimize'],
  ])('%s is told about %s', async (word, command) => {
    const { code, stdout, stderr } = await replayIn({}, [word, 'x.json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(`replay: unknown command '${word}'; allowed: `);
    expect(stderr).toMatch(`or a path (did you mean ${command}?)`);
  });

  test('is a trace where there is one', async () => {
    const { code, stdout } = await replayIn({ merg: AGREEING }, ['-q', 'merg']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1 file') });
  });
});
