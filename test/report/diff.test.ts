import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLists } from '../../src/report/parts/diff.ts';

const MARKS = {
  same: ' ',
  missing: '-',
  unexpected: '+',
  'moved-away': '<',
  'moved-here': '>',
};

function diff(expected: string, actual: string): string {
  return diffLists([...expected], [...actual])
    .map(({ op, text }) => `${MARKS[op]}${text}`)
    .join('');
}

describe('diffLists', () => {
  test.each([
    ['', '', ''],
    ['abc', 'abc', ' a b c'],
    ['abc', 'ac', ' a-b c'],
    ['ac', 'abc', ' a+b c'],
    ['abc', 'bca', '<a b c>a'],
    ['ab', 'cd', '-a-b+c+d'],
    ['aab', 'ab', ' a-a b'],
    ['', 'ab', '+a+b'],
    ['ab', '', '-a-b'],
  ])('%s to %s', (expected, actual, shown) => {
    expect(diff(expected, actual)).toBe(shown);
  });

  test('gives back both lists, and moves come in pairs', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });
    fc.assert(
      fc.property(list, list, (expected, actual) => {
        const entries = diffLists(expected, actual);
        const texts = (...ops: string[]) =>
          entries.filter(({ op }) => ops.includes(op)).map(({ text }) => text);
        expect(texts('same', 'missing', 'moved-away')).toEqual(expected);
        expect(texts('same', 'unexpected', 'moved-here')).toEqual(actual);
        expect(texts('moved-away').sort()).toEqual(texts('moved-here').sort());
      }),
    );
  });

  test('compares only the ends of lists that are too long', () => {
    const expected = Array.from({ length: 3000 }, (_, index) => `e${index}`);
    const actual = ['first', ...expected.toReversed()];
    const entries = diffLists(expected, actual);
    expect(entries.filter(({ op }) => op === 'unexpected')).toEqual([
      { op: 'unexpected', text: 'first' },
    ]);
    expect(entries).toHaveLength(6001);
  });
});
