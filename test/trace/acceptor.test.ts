import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventSchemas, headerSchema } from '../../src/format/index.ts';
import { acceptorOf, REJECTED } from '../../src/trace/check/acceptor.ts';
import { explain } from '../../src/trace/check/explain.ts';
import { shapeOf } from '../../src/trace/check/shape.ts';
import { sized } from '../size.ts';
import { mutatedEvent, mutatedHeader } from './arbitraries.ts';

// Properties run many times; a busy machine is no failure.

/** Counts the keys in a JSON value, the plain way. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const below = Object.values(value).map(countKeys);
  return below.reduce((sum, keys) => sum + keys, Array.isArray(value) ? 0 : below.length);
}

/** An issue of zod, or, where one of several shapes has the right kind, what is wrong within it. */
function within(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  // An object with a key too many has the right kind as well.
  const meant = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const inner = meant?.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
  return inner ?? [issue];
}

/** Paths that zod complains about: of unknown keys that of the key, of missing ones the object's. */
function zodPaths(schema: z.ZodType, value: unknown): string[] {
  const paths = new Set<string>();
  for (const issue of (schema.safeParse(value).error?.issues ?? []).flatMap(within)) {
    const path = [...issue.path];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) paths.add(JSON.stringify([...path, key]));
    } else {
      const parent = path.slice(0, -1).reduce(step, value);
      const missing = path.length > 0 && !Object.hasOwn(Object(parent), path.at(-1) ?? '');
      paths.add(JSON.stringify(missing ? path.slice(0, -1) : path));
    }
  }
  return [...paths].sort();
}

function step(value: unknown, key: PropertyKey): unknown {
  return Object(value)[key];
}

function agree(schema: z.ZodType, value: unknown): void {
  const shape = shapeOf(schema);
  const keys = acceptorOf(shape)(value);
  const issues = explain(shape, value, 'it');
  expect(keys !== REJECTED).toBe(schema.safeParse(value).success);
  expect(issues.length === 0).toBe(keys !== REJECTED);
  const told = issues.map(({ path }) => path);
  const wrong = zodPaths(schema, value).map((path): PropertyKey[] => JSON.parse(path));
  // One mistake is told once: a list without its own brackets, a key misspelt that is then missing.
  const isTold = (path: readonly PropertyKey[]): boolean =>
    told.some((each) => isWithin(path, each) || same(each.slice(0, -1), path));
  expect(wrong.filter((path) => !isTold(path))).toEqual([]);
  expect(told.filter((path) => !wrong.some((each) => isWithin(each, path)))).toEqual([]);
}

function same(one: readonly PropertyKey[], other: readonly PropertyKey[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a path leads to the end of another one, or beyond it. */
function isWithin(path: readonly PropertyKey[], outer: readonly PropertyKey[]): boolean {
  return same(path.slice(0, outer.length), outer);
}

describe('the acceptor and the explainer derived from the schemas', () => {
  it.each([
    { event: 'detach', strm: 't1', expect: { sess: { s1: { srv_list: ['b/srv', 'c1'] } } } },
    { event: 'connect_server', strm: 't1', sess: 's1', target: 'b', params: { sni: 5, x: 1 } },
  ])('agree with zod on several mistakes in one place: $event', (value) => {
    agree(eventSchemas[value.event as 'detach' | 'connect_server'], value);
  });

  it('agree with zod on events, valid and broken', () => {
    fc.assert(
      fc.property(mutatedEvent, ({ name, value }) => {
        agree(eventSchemas[name], value);
      }),
      { numRuns: sized(500) },
    );
  });

  it('agree with zod on headers, valid and broken', () => {
    fc.assert(
      fc.property(mutatedHeader, (value) => {
        agree(headerSchema, value);
      }),
      { numRuns: sized(500) },
    );
  });

  it('agree with zod on any JSON value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(eventSchemas)),
        fc.jsonValue(),
        (schema, value) => {
          if (!JSON.stringify(value).includes('__proto__')) agree(schema, value);
        },
      ),
    );
  });

  it.each([
    ['1e999', z.number()],
    ['-1e999', z.number().min(0)],
    ['9007199254740991', z.int()],
    ['9007199254740992', z.int()],
    ['-9007199254740992', z.int()],
    ['-0', z.int().min(0)],
    ['-0', z.literal(0)],
    ['1.5', z.int().max(1)],
    ['64', z.int().min(0).max(63)],
    ['""', z.string().min(1)],
    ['"\\u0000"', z.string().min(1)],
    ['"\\ud800"', z.string().min(1)],
    ['[1]', z.tuple([z.int(), z.int()])],
    ['[1,2,3]', z.tuple([z.int(), z.int()])],
    ['null', z.string().nullable()],
    ['-1', z.union([z.literal(0), z.literal(-1)])],
    ['"a"', z.enum(['a', 'b'])],
    ['{"constructor":1,"toString":2}', z.record(z.string(), z.int())],
    ['{"constructor":1}', z.strictObject({ a: z.int().optional() })],
    ['{}', z.strictObject({ toString: z.string() })],
  ])('agree with zod on %s', (json, schema) => {
    agree(schema, JSON.parse(json));
  });

  it('treat __proto__ as a key like any other, where zod skips it', () => {
    const record = shapeOf(z.record(z.string(), z.int()));
    expect(acceptorOf(record)(JSON.parse('{"__proto__":1}'))).toBe(1);
    expect(acceptorOf(record)(JSON.parse('{"__proto__":"x"}'))).toBe(REJECTED);
    expect(explain(record, JSON.parse('{"__proto__":"x"}'), 'it')).toMatchObject([
      { path: ['__proto__'], on: 'value' },
    ]);
    const object = shapeOf(z.strictObject({ a: z.int().optional() }));
    expect(acceptorOf(object)(JSON.parse('{"__proto__":1}'))).toBe(REJECTED);
    expect(explain(object, JSON.parse('{"__proto__":1}'), 'it')).toMatchObject([
      { path: ['__proto__'], on: 'key' },
    ]);
  });

  it('count every key of an accepted event, but for those in what its source has', () => {
    fc.assert(
      fc.property(mutatedEvent, ({ name, value }) => {
        const keys = acceptorOf(shapeOf(eventSchemas[name]))(value);
        if (keys === REJECTED) return;
        const { source, ...rest } = value as { source?: object };
        const below = source === undefined ? 0 : 1 + Object.keys(source).length;
        expect(keys).toBe(countKeys(rest) + below);
      }),
      { numRuns: sized(500) },
    );
  });

  it.each([
    ['a date', z.date()],
    ['an object that takes other keys', z.object({})],
    ['an email', z.email()],
    ['a pattern', z.string().regex(/x/)],
    ['a string of two characters', z.string().min(2)],
    ['a refinement', z.strictObject({}).refine(() => true)],
    ['a transformation', z.string().transform(() => 1)],
    ['an exclusive bound', z.number().gt(0)],
    ['another number format', z.int32()],
    ['a default', z.string().default('x')],
    ['a coercion', z.coerce.number()],
    ['an array with a length', z.array(z.string()).min(1)],
    ['a tuple with a rest', z.tuple([z.string()]).rest(z.int())],
    ['a record of enumerated keys', z.record(z.enum(['a']), z.int())],
  ])('do not start with %s, which they do not know', (_, schema) => {
    expect(() => shapeOf(schema)).toThrow(TypeError);
  });
});
