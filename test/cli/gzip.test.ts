import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflated } from '../../src/cli/files/inflate.ts';
import { AGREEING, inFolder, replay } from './run.ts';

const COMPRESSED = gzipSync(AGREEING);

describe('a trace that gzip has compressed', () => {
  test('is read like any other, whatever its name', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'plain'), AGREEING);
      const plain = await replay(['plain'], { cwd: folder });
      writeFileSync(join(folder, 'plain'), COMPRESSED);
      expect(await replay(['plain'], { cwd: folder })).toEqual(plain);
    });
  });

  test('is found in a directory, and read from standard input', async () => {
    await inFolder(async (folder) => {
      mkdirSync(join(folder, 'below'));
      writeFileSync(join(folder, 'below', 'a.jsonl.gz'), COMPRESSED);
      writeFileSync(join(folder, 'b.jsonl'), AGREEING);
      const all = await replay(['-q', '.', '-'], { cwd: folder, input: COMPRESSED });
      expect(all).toEqual({ code: 0, stdout: '3 files, 9 steps, no divergence\n', stderr: '' });
    });
  });

  test('is compared and minimised', async () => {
    const rules = ['--from', '21ddc74e8', '--to', '08016ab82'];
    const compared = await replay(['compare', ...rules, '-'], { input: COMPRESSED });
    expect(compared).toEqual(await replay(['compare', ...rules, '-'], { input: AGREEING }));
    const small = await replay(['minimize', '-'], { input: COMPRESSED });
    expect(small).toEqual(await replay(['minimize', '-'], { input: AGREEING }));
  });

  test('is told by its line when something is wrong in it', async () => {
    const { code, stderr } = await replay(['-'], { input: gzipSync(`${AGREEING}{"event":1}\n`) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^<stdin>:\d+:10: event is 1; /);
  });

  test.each([
    ['cut short', COMPRESSED.subarray(0, -12)],
    ['damaged', Buffer.concat([COMPRESSED.subarray(0, 30), Buffer.from('?'.repeat(99))])],
  ])('is not judged when it is %s', async (how, input) => {
    const { code, stdout, stderr } = await replay(['-q', '-'], { input });
    expect(code).toBe(2);
    expect(stdout).toContain('1 not judged');
    expect(stderr).toMatch(`<stdin>: cannot be read: its compressed data are ${how} (Z_`);
  });

  test('is not rewritten', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.jsonl.gz');
      writeFileSync(path, COMPRESSED);
      const { code, stderr } = await replay(['-u', 'a.jsonl.gz'], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toBe('a.jsonl.gz: not updated: it is compressed: unpack it first (gunzip)\n');
      expect(readFileSync(path)).toEqual(COMPRESSED);
    });
  });
});

describe('chunks', () => {
  /** Pieces of bytes that come one after the other in the same place. */
  function* piecesOf(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
    const place = new Uint8Array(bytes.length);
    let at = 0;
    for (const size of [...sizes, bytes.length]) {
      const piece = bytes.subarray(at, at + size);
      at += piece.length;
      if (piece.length === 0) continue;
      place.fill(0);
      place.set(piece);
      yield place.subarray(0, piece.length);
    }
  }

  async function read(chunks: Iterable<Uint8Array>): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const chunk of inflated(chunks)) parts.push(Buffer.from(chunk));
    return Buffer.concat(parts);
  }

  const sizes = fc.array(fc.nat(40), { maxLength: 10 });

  test('come out as they are, unless gzip has made them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), sizes, async (bytes, cuts) => {
        if (bytes[0] === 0x1f && bytes[1] === 0x8b) return;
        expect(await read(piecesOf(bytes, cuts))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('come out inflated however they are cut, be they several files in one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array(), { minLength: 1, maxLength: 3 }),
        sizes,
        async (files, cuts) => {
          const compressed = Buffer.concat(files.map((file) => gzipSync(file)));
          expect(await read(piecesOf(compressed, cuts))).toEqual(Buffer.concat(files));
        },
      ),
    );
  });

  test('are given back when nobody reads on', async () => {
    for (const bytes of [Buffer.alloc(100, 'x'), gzipSync(Buffer.alloc(1e7))]) {
      let isOpen = true;
      function* file(): Generator<Uint8Array> {
        try {
          for (let at = 0; at < bytes.length; at += 10) yield bytes.subarray(at, at + 10);
        } finally {
          isOpen = false;
        }
      }
      for await (const _ of inflated(file())) break;
      expect(isOpen).toBe(false);
    }
  });
});
