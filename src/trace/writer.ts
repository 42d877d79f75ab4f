import { eventSchemas, type Header, headerSchema, type TraceEvent } from '../format/index.ts';
import { isObject } from './check/acceptor.ts';
import { type ObjectShape, objectShapeOf, type Shape } from './check/shape.ts';
import { jsonText } from './text/escape.ts';

const FIRST = ['event', 'at', 'thread'];
const LAST = ['note', 'source', 'fail', 'expect'];
/** What every event may expect stands after what only some events may, such as `ret`. */
const COMMON_EXPECTATIONS = ['calls', 'conn', 'sess', 'srv', 'broken', 'crash', 'abort'];

const HEADER_SHAPE = objectShapeOf(headerSchema);
const EVENT_SHAPES: ReadonlyMap<string, ObjectShape> = new Map(
  Object.entries(eventSchemas).map(([name, schema]) => [name, eventShape(objectShapeOf(schema))]),
);

/** A trace as text: the header, then one line per event, each ended by a line feed. */
export function formatTrace(header: Header, events: Iterable<TraceEvent>): string {
  let text = `${formatLine(header)}\n`;
  for (const event of events) text += `${formatLine(event)}\n`;
  return text;
}

/**
 * A header or an event as one line, without line feed. Keys stand in the format's order: event, at,
 * thread, ids, inputs, note, source, fail, expect. It reads back equal.
 */
export function formatLine(value: Header | TraceEvent): string {
  const shape = 'event' in value ? EVENT_SHAPES.get(value.event) : HEADER_SHAPE;
  return jsonText(shape === undefined ? value : ordered(shape, value));
}

/** The shape of an event with its keys in the order in which they are written. */
function eventShape(shape: ObjectShape): ObjectShape {
  const keys = Array.from(arrange(shape, FIRST, LAST).keys, ([key, entry]) =>
    key === 'expect' && entry.shape.kind === 'object'
      ? ([key, { ...entry, shape: arrange(entry.shape, [], COMMON_EXPECTATIONS) }] as const)
      : ([key, entry] as const),
  );
  return { kind: 'object', keys: new Map(keys) };
}

/** Moves some keys of a shape to its front and some to its end. */
function arrange(
  shape: ObjectShape,
  first: readonly string[],
  last: readonly string[],
): ObjectShape {
  const rank = (key: string) => (first.includes(key) ? 0 : last.includes(key) ? 2 : 1);
  const keys = [...shape.keys].sort(([a], [b]) => rank(a) - rank(b));
  return { kind: 'object', keys: new Map(keys) };
}

/** A copy of a value with the keys of every object in the order of its shape. */
function ordered(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'nullable') return ordered(shape.inner, value);
  if (shape.kind === 'array' && Array.isArray(value)) {
    return value.map((item) => ordered(shape.item, item));
  }
  if (!isObject(value)) return value;
  // Object.fromEntries makes `__proto__` a key like any other; an assignment would not.
  if (shape.kind === 'record') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, ordered(shape.value, item)]),
    );
  }
  if (shape.kind !== 'object') return value;
  const entries: [string, unknown][] = [];
  for (const [key, { shape: inner }] of shape.keys) {
    if (Object.hasOwn(value, key)) entries.push([key, ordered(inner, value[key])]);
  }
  return Object.fromEntries(entries);
}
