import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_LINE_BYTES } from '../../src/trace/text/lines.ts';
import { RawLines } from '../../src/update/raw-lines.ts';

/** The lines that come of chunks. */
function cut(chunks: readonly Buffer[]): string[] {
  const raw = new RawLines();
  const lines: string[] = [];
  for (const chunk of chunks) {
    for (const line of raw.push(chunk)) lines.push(line.toString('latin1'));
    // As a reader does that uses its buffer again.
    chunk.fill('x');
  }
  for (const line of raw.end()) lines.push(line.toString('latin1'));
  return lines;
}

test('lines end behind each line feed, however the bytes are cut', () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r\n', ''), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(text), (parts) => {
      const whole = parts.flat().join('');
      const lines = cut(parts.map((part) => Buffer.from(part.join(''))));
      expect(lines).toEqual(whole.match(/[^\n]*\n|[^\n]+$/g) ?? []);
    }),
  );
});

test('a line that is longer than a trace can have comes in pieces', () => {
  const raw = new RawLines();
  const chunk = Buffer.alloc(MAX_LINE_BYTES / 2 + 1, 'x');
  const sizes = [1, 2, 3].flatMap(() => [...raw.push(chunk)].map((line) => line.length));
  expect(sizes).toEqual([2 * chunk.length]);
});
