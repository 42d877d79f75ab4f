import { describe, expect, test } from 'vitest';
import { columnsOf, count, flow, text } from '../../src/report/text/layout.ts';

const words = (plain: string) => plain.split(' ').map((word) => text(word));

describe('columnsOf', () => {
  test.each([
    ['', 0],
    ['c1', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['接続', 4],
    ['→', 1],
    ['🚀', 2],
  ])('%s', (plain, columns) => {
    expect(columnsOf(plain)).toBe(columns);
  });
});

describe('flow', () => {
  const layout = { width: 20, indent: 4, gap: 2 };

  test('keeps an item whole and moves it to the next line', () => {
    expect(flow(text('x   '), [words('one two'), words('three four')], layout)).toBe(
      'x   one two\n    three four',
    );
  });

  test('breaks an item that is longer than a line', () => {
    const long = words('[c1 c2 c3 c4 c5 c6 c7 c8]');
    expect(flow(text('x   '), [words('one'), long], layout)).toBe(
      'x   one  [c1 c2 c3\n    c4 c5 c6 c7 c8]',
    );
  });

  test('never cuts a word', () => {
    const long = 'a-word-that-is-longer-than-the-line';
    expect(flow(text('x   '), [words(long), words('y')], layout)).toBe(`x   ${long}\n    y`);
  });

  test('goes on below a lead that reaches beyond the margin', () => {
    expect(flow(text('a-long-lead-here'), [words('one two')], layout)).toBe(
      'a-long-lead-here\n    one two',
    );
  });

  test('leaves no blanks at the end of a line', () => {
    expect(flow(text('x   '), [], layout)).toBe('x');
  });
});

test('count', () => {
  expect(['no step', '1 step', '2 steps', 'no entry', '2 entries']).toEqual([
    count(0, 'step'),
    count(1, 'step'),
    count(2, 'step'),
    count(0, 'entry', 'entries'),
    count(2, 'entry', 'entries'),
  ]);
});
