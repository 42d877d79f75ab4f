import { describe, expect, it } from 'vitest';
import { eventSchemas, headerSchema, worldSchema } from '../../../src/format/index.ts';
import { explain } from '../../../src/trace/check/explain.ts';
import { objectShapeOf, type Shape } from '../../../src/trace/check/shape.ts';
import { fits, specimenOf, specimenText } from '../../../src/trace/check/specimen.ts';

/** A field of the format: the way to it in a value, what it may be, and a value around it. */
interface Field {
  readonly path: readonly string[];
  readonly shape: Shape;
  readonly around: (value: unknown) => unknown;
}

/** Every key of a shape and below it; entries of a record are those of common ids. */
function* fieldsOf(
  shape: Shape,
  path: readonly string[],
  around: Field['around'],
): Generator<Field> {
  if (shape.kind === 'nullable') yield* fieldsOf(shape.inner, path, around);
  if (shape.kind === 'record') {
    yield* fieldsOf(shape.value, [...path, 'x'], (value) => around({ x: value }));
  }
  if (shape.kind !== 'object') return;
  for (const [key, entry] of shape.keys) {
    const inside: Field['around'] = (value) => {
      const rest = Object.fromEntries(
        [...shape.keys]
          .filter(([name, { required }]) => required && name !== key)
          .map(([name, other]) => [name, specimenOf(name, other.shape)]),
      );
      return around({ ...rest, [key]: value });
    };
    yield { path: [...path, key], shape: entry.shape, around: inside };
    yield* fieldsOf(entry.shape, [...path, key], inside);
  }
}

const SCHEMAS = { header: headerSchema, world: worldSchema, ...eventSchemas };

describe.each(Object.entries(SCHEMAS))('a field of %s that is of another shape', (_, schema) => {
  const shape = objectShapeOf(schema);

  it('is told with a specimen that fits', () => {
    let count = 0;
    for (const { path, shape: own, around } of fieldsOf(shape, [], (value) => value)) {
      const key = path.at(-1) ?? '';
      const specimen = specimenOf(key, own);
      expect(fits(own, specimen), key).toBe(true);
      expect(explain(shape, around(specimen), 'it')).toEqual([]);
      if (own.kind === 'unknown') continue;
      const wrong = explain(shape, around(own.kind === 'array' ? {} : [[[[]]]]), 'it');
      expect(wrong, path.join('.')).toHaveLength(1);
      const values = own.kind === 'nullable' ? own.inner : own;
      const allowed = wrong[0]?.allowed ?? '';
      if (values.kind === 'choice') {
        for (const value of values.values) expect(allowed).toContain(JSON.stringify(value));
      } else expect(allowed).toContain(specimenText(key, specimen));
      count++;
    }
    expect(count).toBeGreaterThan(4);
  });

  it('has a specimen of its own where any text would do', () => {
    for (const { path, shape: own } of fieldsOf(shape, [], (value) => value)) {
      const text = JSON.stringify(specimenOf(path.at(-1) ?? '', own));
      expect(text, path.join('.')).not.toMatch(/"x"/);
    }
  });
});
