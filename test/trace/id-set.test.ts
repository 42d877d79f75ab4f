import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSet } from '../../src/trace/check/id-set.ts';
import { sized } from '../size.ts';

// Properties run many times; a busy machine is no failure.

const number = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.constantFrom(31, 32, 1023, 1024, 999_999_999, 1_000_000_000),
);
const id = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc
    .tuple(
      fc.constantFrom('', 'c', 's', 't', 'h2c'),
      number,
      fc.constantFrom('', '.conn', '.conn.2'),
    )
    .map(([prefix, value, suffix]) => `${prefix}${value}${suffix}`),
  fc.string({ unit: fc.constantFrom('0', '1', '2', '9', 'c', '.'), maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '007', '07', '7', '-1', '1e3', '٣'),
);

describe('IdSet', () => {
  it('is a set of strings', () => {
    fc.assert(
      fc.property(
        fc.array(id, { maxLength: 80 }),
        fc.array(id, { maxLength: 20 }),
        (added, asked) => {
          const plain = new Set<string>();
          const ids = new IdSet();
          for (const text of added) {
            expect(ids.has(text)).toBe(plain.has(text));
            expect(ids.add(text)).toBe(!plain.has(text));
            plain.add(text);
          }
          for (const text of [...asked, ...added]) expect(ids.has(text)).toBe(plain.has(text));
          expect(ids.size).toBe(plain.size);
          expect([...ids].sort()).toEqual([...plain].sort());
        },
      ),
      { numRuns: sized(200) },
    );
  });

  it('holds nothing at first, not even the empty string', () => {
    const ids = new IdSet();
    for (const text of ['', '0', 'undefined']) expect(ids.has(text)).toBe(false);
  });

  it('tells numbers with leading zeros apart', () => {
    const ids = new IdSet();
    ids.add('c7');
    expect([ids.has('c7'), ids.has('c07'), ids.has('c007')]).toEqual([true, false, false]);
    ids.add('c07');
    expect([...ids]).toEqual(['c7', 'c07']);
  });

  it('stays exact when there are more families than it keeps', () => {
    const ids = new IdSet();
    const names = Array.from({ length: 200 }, (_, index) => `${'x'.repeat(index % 50)}${index}`);
    for (const name of names) expect(ids.add(name)).toBe(true);
    for (const name of names) expect(ids.has(name)).toBe(true);
    expect(ids.has('y3')).toBe(false);
    expect(ids.size).toBe(200);
  });

  it('keeps a million numbered ids in far less memory than strings take', () => {
    const before = process.memoryUsage();
    const ids = new IdSet();
    for (let index = 0; index < 1_000_000; index++) {
      ids.add(`c${index}`);
      ids.add(`t${index}.conn`);
    }
    const after = process.memoryUsage();
    expect(ids.size).toBe(2_000_000);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2_000_000);
    expect(ids.has('c999999') && !ids.has('c1000000') && !ids.has('t5.con')).toBe(true);
  });

  const spread = (index: number): number => Math.imul(index, 0x9e3779b1) >>> 0;

  it.each([
    ['that are no numbers', (index: number) => `${spread(index).toString(16)}-${index % 7}x`],
    ['whose numbers lie far apart', (index: number) => `s${spread(index) % 1_000_000_000}`],
    ['that are longer than any number', (index: number) => `${10 ** 12 + spread(index)}`],
    ['of every length', (index: number) => `${'\u6f22-'.repeat(index % 40)}${index}`],
  ])('tells very many ids apart %s, in little memory', (_, idOf) => {
    const ids = new IdSet();
    const count = 60_000;
    const plain = new Set<string>();
    for (let index = 0; index < count; index++) plain.add(idOf(index));
    const before = process.memoryUsage();
    let added = 0;
    for (const text of plain) if (ids.add(text)) added++;
    const after = process.memoryUsage();
    expect([added, ids.size]).toEqual([plain.size, plain.size]);
    let again = 0;
    for (const text of plain) if (ids.add(text) || !ids.has(text)) again++;
    expect(again).toBe(0);
    let strange = 0;
    for (let index = count; index < 2 * count; index++) {
      if (!plain.has(idOf(index)) && ids.has(idOf(index))) strange++;
    }
    expect(strange).toBe(0);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(24 * count);
  });
});
