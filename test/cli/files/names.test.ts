import { Buffer } from 'node:buffer';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { givenNames, nameOf } from '../../../src/cli/files/names.ts';
import { AGREEING, type Ended, inFolder, REPLAY, replay, runProgram } from '../run.ts';

/** A name that is not UTF-8, as Latin-1 spells it in code points. */
function raw(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}

/** Runs the program with the argument `x\xe9` and an ending, which only a shell can give it. */
function replayShell(cwd: string, args: string): Promise<Ended> {
  const bad = `"$(printf 'x\\351')"`;
  const line = `exec "$0" "${REPLAY}" ${args.replaceAll('BAD', bad)}`;
  return runProgram('/bin/sh', ['-c', line, process.execPath], { cwd });
}

const SAYS = 'its name is not UTF-8: it has the byte 0xE9; give it another name';

describe('a name that is not UTF-8', () => {
  test.each([
    ['a trace', '-q BAD.jsonl a.jsonl', 'x\\u{dce9}.jsonl: cannot be read: '],
    ['a directory', '-q BAD a.jsonl', 'x\\u{dce9}: cannot be read: '],
    ['a trace to compare', 'compare --from 2.3.0 --to 08016ab82 BAD.jsonl', 'x\\u{dce9}.jsonl: '],
    ['a trace to minimise', 'minimize BAD.jsonl', 'x\\u{dce9}.jsonl: cannot be read: '],
    ['a trace to update', '-u BAD.jsonl', 'x\\u{dce9}.jsonl: cannot be read: '],
    ['a report to merge', 'merge BAD.json', 'x\\u{dce9}.json: cannot be read: '],
    ['a world', 'explore ./BAD.json', './x\\u{dce9}.json: cannot be read: '],
    ['a report', '-q --reporter json=BAD.json a.jsonl', 'x\\u{dce9}.json: the report json cannot '],
    ['a small trace', 'minimize a.jsonl --out BAD.jsonl', '--out x\\u{dce9}.jsonl: cannot be '],
    ['a folder of finds', 'explore delayed-mux --out BAD', 'to x\\u{dce9}: '],
  ])('of %s is told, and nothing is written in its place', (_, args, says) =>
    inFolder(async (cwd) => {
      writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
      for (const ending of ['.jsonl', '.json']) writeFileSync(raw(cwd, `x\xe9${ending}`), AGREEING);
      const before = readdirSync(cwd);
      const { code, stderr } = await replayShell(cwd, args);
      expect(stderr).toContain(says);
      expect(stderr).toContain(SAYS);
      expect(code).toBe(2);
      expect(readdirSync(cwd)).toEqual(before);
    }),
  );

  test('leaves the other traces of a directory to be replayed', () =>
    inFolder(async (cwd) => {
      mkdirSync(raw(cwd, 'd\xff'));
      for (const name of ['x\xe9.jsonl', 'd\xff/b.jsonl', 'notes\xe9.md']) {
        writeFileSync(raw(cwd, name), AGREEING);
      }
      for (const name of ['a.jsonl', '\ufffd.jsonl']) writeFileSync(join(cwd, name), AGREEING);
      symlinkSync(raw(cwd, 'd\xff'), raw(cwd, 'l\xfe'));
      symlinkSync('a.jsonl', raw(cwd, 'l\xfe.md'));
      const { code, stdout, stderr } = await replay(['-q', '.'], { cwd });
      expect(stdout).toBe('2 files, 6 steps, no divergence, 3 paths not read\n');
      const rest = 'give it another name';
      expect(stderr.split('\n')).toEqual([
        `d\\u{dcff}: cannot be read: its name is not UTF-8: it has the byte 0xFF; ${rest}`,
        `l\\u{dcfe}: cannot be read: its name is not UTF-8: it has the byte 0xFE; ${rest}`,
        `x\\u{dce9}.jsonl: cannot be read: ${SAYS}`,
        '',
      ]);
      expect(code).toBe(2);
    }));

  test('of a folder above is told where a file is to be written', () =>
    inFolder(async (folder) => {
      mkdirSync(raw(folder, 'd\xff'));
      writeFileSync(raw(folder, 'd\xff/a.jsonl'), AGREEING.replace('"idle"', '"safe"'));
      symlinkSync(raw(folder, 'd\xff'), join(folder, 'link'));
      const cwd = join(folder, 'link');
      const says = 'its real path is not UTF-8: it has the byte 0xFF';
      const update = await replay(['-u', 'a.jsonl'], { cwd });
      expect(update.stderr).toContain(`a.jsonl: not updated: ${says}`);
      const report = await replay(['-q', '--reporter', 'json=o.json', 'a.jsonl'], { cwd });
      expect(report.stderr).toContain(`o.json: the report json cannot be written: ${says}`);
      expect(report.stdout).toContain('1 file, 3 steps, 1 divergence');
    }));
});

describe('nameOf', () => {
  test('is the name where it is UTF-8, and tells all names apart', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
        const isSame = Buffer.from(one).equals(other);
        expect(nameOf(one) === nameOf(other)).toBe(isSame);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(nameOf(Buffer.from(name))).toBe(name);
      }),
    );
  });
});

describe('givenNames', () => {
  const line = Buffer.from('node\0replay.js\0-q\0a\xff\0\ufffd\0', 'latin1');
  test('are those of the command line where node has put something else', () => {
    expect(givenNames(['-q', 'a\ufffd'], line.subarray(0, -3))).toEqual(['-q', 'a\udcff']);
  });

  test('are those of node where the command line says something else', () => {
    expect(givenNames(['b\ufffd', 'c'], line)).toEqual(['b\ufffd', 'c']);
  });

  test('are the same where a name has that character', () => {
    const fine = Buffer.from('node\0\ufffd\0');
    expect(givenNames(['\ufffd'], fine)).toEqual(['\ufffd']);
  });
});
