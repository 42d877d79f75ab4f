import { describe, expect, it } from 'vitest';
import { escapeControl, escapeLines, isClean, jsonText } from '../../src/trace/text/escape.ts';

describe('escapeControl', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', '\\u{1b}[31mred\\u{1b}[0m', 'terminal sequences'],
    ['a\r\nb\tc', 'a\\r\\nb\\tc', 'line breaks and tabs'],
    ['\u0000\u007f\u0085\u009b', '\\u{0}\\u{7f}\\u{85}\\u{9b}', 'C0, DEL and C1'],
    ['x\ud800y', 'x\\u{d800}y', 'a lone high surrogate'],
    ['x\udc00y', 'x\\u{dc00}y', 'a lone low surrogate'],
    ['\u202eevil\u202c', '\\u{202e}evil\\u{202c}', 'bidirectional overrides'],
    ['\u2066\u2069\u200b\u200f\u061c', '\\u{2066}\\u{2069}\\u{200b}\\u{200f}\\u{61c}', 'isolates'],
    ['\u2028\u2029\ufeff\u00ad', '\\u{2028}\\u{2029}\\u{feff}\\u{ad}', 'separators and marks'],
    ['\u{e0041}\u{e0100}', '\\u{e0041}\\u{e0100}', 'tags and selectors of variants'],
    ['a\u034fb\u115fc\u3164', 'a\\u{34f}b\\u{115f}c\\u{3164}', 'joiners and fillers'],
  ])('makes %j visible as %j (%s)', (text, shown) => {
    expect(escapeControl(text)).toBe(shown);
  });

  it('leaves text of any script alone, emoji with surrogate pairs included', () => {
    for (const text of ['', 'plain', 'Grüße, 世界', 'עברית', '🙂 ok', 'back\\slash']) {
      expect(escapeControl(text)).toBe(text);
    }
  });
});

describe('escapeLines', () => {
  it('leaves line feeds, and nothing else that escapeControl does not', () => {
    expect(escapeLines('a\u001b\nb\r\n')).toBe('a\\u{1b}\nb\\r\n');
  });
});

describe('jsonText', () => {
  it('escapes what JSON.stringify leaves, as JSON does, outside of the BMP in two halves', () => {
    const value = { '\u009bkey': ['\u007f\u2028\u202e', 'é漢😀', '\u{e0041}', 'a\nb\ud800'] };
    const json = jsonText(value);
    expect(json).toBe(
      '{"\\u009bkey":["\\u007f\\u2028\\u202e","é漢😀","\\udb40\\udc41","a\\nb\\ud800"]}',
    );
    expect(isClean(json)).toBe(true);
    expect(JSON.parse(json)).toEqual(value);
  });

  it('indents as JSON.stringify does', () => {
    const value = { a: [1, { b: '\u009b' }] };
    expect(jsonText(value, 2)).toBe(JSON.stringify(value, null, 2).replace('\u009b', '\\u009b'));
  });
});
