import fc from 'fast-check';
import { type EventName, eventSchemas, headerSchema } from '../../src/format/index.ts';
import { type Shape, shapeOf } from '../../src/trace/check/shape.ts';

const EVENT_NAMES = Object.keys(eventSchemas) as EventName[];

/** Ids that a trace may hold, odd ones among them. */
export const traceId = fc.oneof(
  fc.constantFrom('s1', 'c1', 't1', 'b', 'b/srv', 'constructor', 'toString', 'a:b', 'é'),
  fc.string({ minLength: 1, maxLength: 4 }).filter((text) => text !== '__proto__'),
);

/** Any value of a shape, as JSON.parse would make it. */
export function valueFor(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return traceId;
    case 'number': {
      const min = Math.max(shape.min, -1e6);
      const max = Math.min(shape.max, 1e6);
      return shape.integer
        ? fc.integer({ min, max })
        : fc.double({ min, max, noNaN: true }).map((value) => JSON.parse(JSON.stringify(value)));
    }
    case 'boolean':
      return fc.boolean();
    case 'unknown':
      return fc.jsonValue({ maxDepth: 2 }).filter((value) => !mentionsProto(value));
    case 'choice':
      return fc.constantFrom(...shape.values);
    case 'nullable':
      return fc.oneof(fc.constant(null), valueFor(shape.inner));
    case 'either':
      return fc.oneof(fc.constantFrom(...shape.values), valueFor(shape.inner));
    case 'text-or-object':
      return fc.oneof(valueFor(shape.text), valueFor(shape.object));
    case 'array':
      return fc.array(valueFor(shape.item), { maxLength: 3 });
    case 'tuple':
      return fc.tuple(...shape.items.map(valueFor));
    case 'record':
      return fc
        .array(fc.tuple(traceId, valueFor(shape.value)), { maxLength: 2 })
        .map((entries) => Object.fromEntries(entries));
    case 'object': {
      const required: string[] = [];
      const entries: Record<string, fc.Arbitrary<unknown>> = {};
      for (const [key, entry] of shape.keys) {
        entries[key] = valueFor(entry.shape);
        if (entry.required) required.push(key);
      }
      return fc.record(entries, { requiredKeys: required, noNullPrototype: true });
    }
  }
}

function mentionsProto(value: unknown): boolean {
  return JSON.stringify(value)?.includes('__proto__') === true;
}

/** A value with one thing in it changed: dropped, added, or replaced by any other. */
function mutate(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return odd;
  if (Array.isArray(value)) {
    if (value.length === 0) return fc.oneof(odd, fc.constant([0]));
    return fc
      .nat(value.length - 1)
      .chain((at) => mutate(value[at]).map((item) => value.with(at, item)));
  }
  const keys = Object.keys(value);
  const extra = fc
    .tuple(fc.constantFrom('tread', 'constructor', '', 'trace', 'expcet'), odd)
    .map(([key, item]) => ({ ...value, [key]: item }));
  if (keys.length === 0) return fc.oneof(odd, extra);
  const dropped = fc
    .constantFrom(...keys)
    .map((gone) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== gone)));
  const changed = fc.constantFrom(...keys).chain((key) =>
    mutate(Object.entries(value).find(([name]) => name === key)?.[1]).map((item) => ({
      ...value,
      [key]: item,
    })),
  );
  return fc.oneof(
    { weight: 1, arbitrary: dropped },
    { weight: 1, arbitrary: extra },
    {
      weight: 6,
      arbitrary: changed,
    },
  );
}

const odd: fc.Arbitrary<unknown> = fc.constantFrom(
  ...[null, true, '', 'x', 'NONE', 'h1', -1, 0, 0.5, 64, 2 ** 32, 2 ** 53, 1e300],
  ...[Number.POSITIVE_INFINITY, [], [1], ['ERROR'], {}, { a: 1 }, [['b', []]]],
);

function perhapsMutated(shape: Shape): fc.Arbitrary<unknown> {
  const valid = valueFor(shape);
  const once = valid.chain(mutate);
  return fc.oneof(valid, once, once.chain(mutate));
}

/** An event of each name, valid or with one or two mutations. */
export const mutatedEvent = fc
  .constantFrom(...EVENT_NAMES)
  .chain((name) => perhapsMutated(shapeOf(eventSchemas[name])).map((value) => ({ name, value })));

/** A header, valid or with one or two mutations. */
export const mutatedHeader = perhapsMutated(shapeOf(headerSchema));

/** A valid event. */
export const validEvent = fc
  .constantFrom(...EVENT_NAMES)
  .chain((name) => valueFor(shapeOf(eventSchemas[name])));

/** A valid header. */
export const validHeader = valueFor(shapeOf(headerSchema));
