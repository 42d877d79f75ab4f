import { describe, expect, test } from 'vitest';
import { addressText, parseAddress } from '../../src/page/address.ts';
import { placeAfter, summed } from '../../src/page/data/columns.ts';
import { Scale } from '../../src/page/lanes/scale.ts';

function scaleOf(steps: number, width: number): Scale {
  const scale = new Scale(1, steps);
  scale.resize(width);
  scale.whole();
  return scale;
}

describe('the steps that are seen', () => {
  test('are all of them at first', () => {
    const scale = scaleOf(1000, 500);
    expect([scale.start, scale.end, scale.perStep]).toEqual([1, 1001, 0.5]);
  });

  test('get wider around the pointer', () => {
    const scale = scaleOf(1000, 500);
    const before = scale.stepAt(200);
    scale.zoomBy(8, 200);
    expect(scale.stepAt(200)).toBeCloseTo(before);
    expect(scale.perStep).toBe(4);
  });

  test('never go beyond either end', () => {
    const scale = scaleOf(1000, 500);
    scale.zoomBy(10, 0);
    scale.panBy(-1e9);
    expect(scale.start).toBe(1);
    scale.panBy(1e9);
    expect(scale.end).toBeCloseTo(1001);
    scale.zoomBy(1e-9, 250);
    expect([scale.start, scale.end]).toEqual([1, 1001]);
  });

  test('come to hold a step that is gone to, and stay where they hold it', () => {
    const scale = scaleOf(1000, 500);
    scale.zoomBy(20, 0);
    scale.reveal(700);
    expect(scale.xOf(700)).toBeGreaterThan(0);
    expect(scale.xOf(701)).toBeLessThan(500);
    const { start } = scale;
    scale.reveal(701);
    scale.reveal(700);
    expect(scale.start).toBeGreaterThanOrEqual(start);
  });

  test('are one where there is none or one', () => {
    const scale = new Scale(1, 1);
    scale.resize(300);
    expect(scale.perStep).toBeLessThanOrEqual(300);
    expect(scale.xOf(1)).toBe(0);
  });
});

describe('columns', () => {
  test('are summed up, and searched', () => {
    const numbers = summed([1, 1, 3, 0, 5]);
    expect([...numbers]).toEqual([1, 2, 5, 5, 10]);
    expect([0, 1, 5, 7, 99].map((value) => placeAfter(numbers, value))).toEqual([0, 1, 4, 4, 5]);
  });
});

describe('an address', () => {
  test.each([
    ['#step=40&conn=c7', { trace: null, step: 40, conn: 'c7', sess: null, sets: null }],
    [
      '#trace=2&sets=1.3&step=4&sess=s1',
      { trace: 2, step: 4, conn: null, sess: 's1', sets: [1, 3] },
    ],
    ['#conn=a%20b%2F%3C%26', { trace: null, step: null, conn: 'a b/<&', sess: null, sets: null }],
    ['#', { trace: null, step: null, conn: null, sess: null, sets: null }],
  ])('%s is read and written', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(addressText(address)).toBe(text);
  });

  test.each(['#step=-1', '#step=1e9', '#step=99999999999', '#step=x&trace=', ''])(
    '%s leads nowhere',
    (text) => {
      expect(parseAddress(text)).toMatchObject({ step: null, trace: null });
    },
  );
});
