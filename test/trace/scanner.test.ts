import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, Place, scan } from '../../src/trace/text/scanner.ts';
import { sized } from '../size.ts';

// Properties run many times; a busy machine is no failure.

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const token = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '"b"',
    '\\',
    '\\u00',
    '\\n',
    ' ',
    '\t',
    '\n',
    '0',
    '1',
  ],
  ...['-', '.5', '1e5', '1.', 'true', 'null', 'nul', '\u0001', '\u00a0', '\ufeff', 'é', '{"a":1}'],
);

describe('scan', () => {
  it('agrees with JSON.parse about what is JSON', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const text = tokens.join('');
        expect(scan(text).syntax === null).toBe(isJson(text));
      }),
      { numRuns: sized(1000) },
    );
  });

  it('agrees with JSON.parse about JSON that lost or gained a character', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, inserted) => {
        const cut = at % (json.length + 1);
        for (const text of [json, json.slice(0, cut) + inserted + json.slice(cut + 1)]) {
          expect(scan(text).syntax === null).toBe(isJson(text));
        }
      }),
      { numRuns: sized(500) },
    );
  });

  it.each([
    ['', 0, 'a value must stand here'],
    ['{', 1, 'a key in double quotes or "}" must stand here'],
    ['{"a" 1}', 5, '":" must follow the key'],
    ['{"a":}', 5, 'a value must stand here'],
    ['{"a":1,}', 7, 'a key in double quotes must stand here'],
    ['{"a":1 "b":2}', 7, '"," or "}" must follow'],
    ["{'a':1}", 1, 'a key in double quotes or "}" must stand here'],
    ['[1,]', 3, 'a value must stand here'],
    ['[1', 2, '"," or "]" must follow'],
    ['{} {}', 3, 'nothing may follow the value'],
    ['["a', 3, 'the string needs its closing double quote'],
    ['["\\x"]', 2, 'an escape is one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX'],
    ['["\t"]', 2, 'a control character in a string is written as an escape, such as \\t'],
  ])('finds the syntax error of %j at offset %i', (text, offset, allowed) => {
    expect(scan(text).syntax).toMatchObject({ offset, allowed });
  });

  it('finds keys that stand twice in one object, also when they are spelt differently', () => {
    const text = '{"a":1,"b":{"a":2},"\\u0061":3,"c":[{"x":1},{"x":1,"x":2}],"__proto__":1}';
    expect(scan(text).duplicates).toEqual([
      { key: 'a', first: 1, again: 19 },
      { key: 'x', first: 44, again: 50 },
    ]);
    expect(scan('{"__proto__":1,"__proto__":2}').duplicates).toHaveLength(1);
  });

  it('finds the offsets of wanted keys and values', () => {
    const text = '{"a": [1, {"b":null}], "__proto__": {"toString": 7}}';
    const wanted = new Place();
    const deep = wanted.at(['a', 1, 'b']);
    const odd = wanted.at(['__proto__', 'toString']);
    const absent = wanted.at(['a', 5]);
    scan(text, wanted);
    expect(wanted.valueAt).toBe(0);
    expect([deep.keyAt, deep.valueAt]).toEqual([text.indexOf('"b"'), text.indexOf('null')]);
    expect([odd.keyAt, odd.valueAt]).toEqual([text.indexOf('"toString"'), text.indexOf('7')]);
    expect([absent.keyAt, absent.valueAt, absent.endAt]).toEqual([-1, -1, -1]);
    expect([wanted.endAt, deep.endAt, odd.endAt].map((end) => text.slice(end))).toEqual([
      '',
      text.slice(text.indexOf('}]')),
      '}}',
    ]);
  });

  it('bounds the nesting instead of the stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(scan(nested(MAX_DEPTH)).syntax).toBeNull();
    expect(scan(nested(100_000)).syntax).toMatchObject({ offset: MAX_DEPTH });
    expect(scan('{"a":'.repeat(100_000)).syntax?.what).toBe('the nesting is too deep');
  });

  it('walks through strings of millions of characters', () => {
    const long = `"${'x'.repeat(5e6)}${'\\n'.repeat(1e6)}"`;
    expect(scan(long).syntax).toBeNull();
    expect(scan(long.slice(0, -1)).syntax).toMatchObject({ offset: 7e6 + 1 });
  });
});
