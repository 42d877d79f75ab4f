import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gapsOf } from '../../src/compare/align.ts';

const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

describe('two sequences side by side', () => {
  test('have no gap when they are the same', () => {
    expect(gapsOf(['a', 'b'], ['a', 'b'])).toEqual([]);
  });

  test('have a gap where entries stand in place of others, and one where some are added', () => {
    expect(gapsOf(['a', 'x', 'b', 'c'], ['a', 'y', 'z', 'b', 'c', 'd'])).toEqual([
      { fromStart: 1, fromEnd: 2, toStart: 1, toEnd: 3 },
      { fromStart: 4, fromEnd: 4, toStart: 5, toEnd: 6 },
    ]);
  });

  test('are the same outside of their gaps', () => {
    fc.assert(
      fc.property(letters, letters, (from, to) => {
        const rebuilt: string[] = [];
        let left = 0;
        for (const gap of gapsOf(from, to)) {
          rebuilt.push(...from.slice(left, gap.fromStart), ...to.slice(gap.toStart, gap.toEnd));
          left = gap.fromEnd;
        }
        rebuilt.push(...from.slice(left));
        expect(rebuilt).toEqual(to);
      }),
    );
  });

  test('have gaps that do not touch each other', () => {
    fc.assert(
      fc.property(letters, letters, (from, to) => {
        const gaps = gapsOf(from, to);
        gaps.slice(1).forEach((gap, at) => {
          expect(gap.fromStart).toBeGreaterThan(gaps[at]?.fromEnd ?? 0);
          expect(gap.toStart).toBeGreaterThan(gaps[at]?.toEnd ?? 0);
        });
      }),
    );
  });

  test('are one gap between their common ends when they are very long', () => {
    const long = (letter: string) => Array.from({ length: 2000 }, (_, at) => `${letter}${at}`);
    expect(gapsOf(['a', ...long('x'), 'b'], ['a', ...long('y'), 'b'])).toEqual([
      { fromStart: 1, fromEnd: 2001, toStart: 1, toEnd: 2001 },
    ]);
  });
});
