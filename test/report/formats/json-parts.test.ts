import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonParts } from '../../../src/report/formats/json-parts.ts';
import { jsonText } from '../../../src/trace/text/escape.ts';

const whole = (value: unknown): string => [...jsonParts(value)].join('');

describe('jsonParts', () => {
  test('come to what JSON.stringify makes, escaped', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), (value) => {
        expect(whole(value)).toBe(jsonText(value, 2));
      }),
    );
  });

  test('come to the same where a value is larger than a part', () => {
    const items = Array.from({ length: 3000 }, (_, at) => ({
      at,
      text: '\u202e'.repeat(at % 30),
      none: undefined,
      list: [[], {}, null, [at]],
    }));
    const value = { items, nested: { items, empty: [] }, last: 1 };
    const parts = [...jsonParts(value)];
    expect(parts.join('')).toBe(jsonText(value, 2));
    // Escapes of six characters in the place of one, and what indents each line.
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(200_000);
  });

  test('ask for an item of an iterable when the one before was taken', () => {
    let asked = 0;
    function* numbers(): Generator<number> {
      while (asked < 4) yield asked++;
    }
    const seen: number[] = [];
    let text = '';
    for (const part of jsonParts({ numbers: numbers(), end: true })) {
      seen.push(asked);
      text += part;
    }
    expect(text).toBe(jsonText({ numbers: [0, 1, 2, 3], end: true }, 2));
    expect(new Set(seen)).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  test('of an empty iterable are those of an empty array', () => {
    expect(whole({ files: new Set() })).toBe(jsonText({ files: [] }, 2));
  });
});
