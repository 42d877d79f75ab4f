import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Block as ReadBlock } from '../../../src/page/data/block.ts';
import { Block } from '../../../src/report/page/blocks.ts';
import type { PackedBlock } from '../../../src/report/page/told.ts';

function unpacked(block: Block): PackedBlock {
  return JSON.parse(inflateSync(Buffer.from(block.pack(), 'base64')).toString());
}

/** What a browser reads of values that were added to a block. */
function readBack(values: readonly unknown[]): unknown[] {
  const block = new Block();
  for (const value of values) block.add(value);
  const read = new ReadBlock(unpacked(block));
  return values.map((_, place) => read.step(place));
}

describe('a block of steps', () => {
  test('gives back what was added', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        expect(readBack(values)).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  test.each([
    ['numbers that are longer than any that counts', { id: '123456789012345678901234567890' }],
    ['numbers with zeros before them', { id: 'c007', at: '0012', time: 1.05 }],
    ['many numbers', Array.from({ length: 300 }, (_, at) => at * 7)],
    ['the sign that it uses itself', { id: '~#1234~~' }],
    ['half of a character', { id: '\ud800' }],
  ])('gives back %s', (_, value) => {
    expect(readBack([value])).toEqual([value]);
  });

  test('keeps a form once, however often it comes with other numbers', () => {
    const block = new Block();
    for (let at = 100; at < 200; at++) block.add({ id: `c${at}`, owner: `s${at}`, streams: 1 });
    const { forms, values } = unpacked(block);
    expect(forms).toHaveLength(1);
    expect(values).toEqual(Array.from({ length: 100 }, (_, at) => 100 + at));
  });

  test('knows nothing of a step that it has not got', () => {
    expect(new ReadBlock(unpacked(new Block())).step(0)).toBeNull();
  });
});
