import { SPECIMENS } from '../../format/specimens.ts';
import { jsonText } from '../text/escape.ts';
import { acceptorOf, isObject, REJECTED } from './acceptor.ts';
import type { Shape } from './shape.ts';

/** Whether a value fits a shape. */
export function fits(shape: Shape, value: unknown): boolean {
  return acceptorOf(shape)(value) !== REJECTED;
}

/** A value that a key of a shape can have, for messages to show. */
export function specimenOf(key: string, shape: Shape): unknown {
  const known = Object.hasOwn(SPECIMENS, key) ? (SPECIMENS[key] ?? []) : [];
  const fitting = known.find((value) => fits(shape, value));
  return fitting === undefined ? smallest(shape) : fitting;
}

function smallest(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return 'x';
    case 'number':
      return Math.min(Math.max(1, shape.min), shape.max);
    case 'boolean':
      return true;
    case 'unknown':
      return null;
    case 'choice':
      return shape.values[0];
    case 'nullable':
    case 'either':
      return smallest(shape.inner);
    case 'text-or-object':
      return smallest(shape.text);
    case 'array':
      return [smallest(shape.item)];
    case 'tuple':
      return shape.items.map(smallest);
    case 'record':
      return { x: smallest(shape.value) };
    case 'object': {
      const required = [...shape.keys].filter(([, entry]) => entry.required);
      return Object.fromEntries(
        required.map(([key, entry]) => [key, specimenOf(key, entry.shape)]),
      );
    }
  }
}

/** `flags: ["PRIVATE"]`, a key and its value as a message shows them. */
export function specimenText(key: string, value: unknown): string {
  return `${key}: ${spacedJson(value)}`;
}

/** JSON with a blank behind each comma and colon. */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (!isObject(value)) return jsonText(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${jsonText(key)}: ${spacedJson(item)}`,
  );
  return `{${entries.join(', ')}}`;
}

/**
 * The value of a shape that another value was meant to be, in another type: `"5"` for 5, `"true"`
 * for true, 7 for `"7"`, one value for an array of it; undefined when it is none of these.
 */
export function retyped(shape: Shape, value: unknown): unknown {
  return candidates(shape, value).find((each) => fits(shape, each));
}

function candidates(shape: Shape, value: unknown): readonly unknown[] {
  switch (shape.kind) {
    case 'nullable':
      return value === 'null' ? [null] : candidates(shape.inner, value);
    case 'array': {
      const inner = [value, ...candidates(shape.item, value)];
      return inner.map((each) => [each]);
    }
    case 'string':
      return typeof value === 'number' ? [String(value)] : [];
    case 'text-or-object':
      return candidates(shape.text, value);
    case 'number':
      return typeof value === 'string' && value.trim() !== '' ? [Number(value)] : [];
    case 'boolean':
      return truths(value);
    case 'choice':
      return [...shape.values.filter((each) => String(each) === String(value)), ...truths(value)];
    case 'either':
      return [...candidates(shape.inner, value), ...truths(value)];
    default:
      return [];
  }
}

/** What a word or a number says that is a truth value elsewhere. */
function truths(value: unknown): readonly boolean[] {
  if (value === 1 || /^(?:true|yes|on|1)$/i.test(String(value))) return [true];
  return value === 0 || /^(?:false|no|off|0)$/i.test(String(value)) ? [false] : [];
}
