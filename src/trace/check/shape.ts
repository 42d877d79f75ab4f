import type { z } from 'zod';

/** A value that a JSON text can name directly. */
export type Primitive = string | number | boolean | null;

/**
 * What a zod schema demands of a JSON value, as plain data: the acceptor runs it and the explainer
 * words it.
 */
export type Shape =
  | StringShape
  | {
      readonly kind: 'number';
      readonly integer: boolean;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'choice'; readonly values: readonly Primitive[] }
  | { readonly kind: 'nullable'; readonly inner: Shape }
  | { readonly kind: 'either'; readonly values: readonly Primitive[]; readonly inner: Shape }
  | { readonly kind: 'text-or-object'; readonly text: StringShape; readonly object: ObjectShape }
  | { readonly kind: 'array'; readonly item: Shape }
  | { readonly kind: 'tuple'; readonly items: readonly Shape[] }
  | {
      readonly kind: 'record';
      readonly key: StringShape;
      readonly value: Shape;
    }
  | ObjectShape;

/** A string, perhaps one that may not be empty. */
export interface StringShape {
  readonly kind: 'string';
  readonly nonEmpty: boolean;
  /** Most UTF-16 code units. */
  readonly maxLength: number;
}

/** An object of known keys and no others. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly keys: ReadonlyMap<string, { readonly shape: Shape; readonly required: boolean }>;
}

function unsupported(what: string): never {
  throw new TypeError(`the trace reader does not know this kind of schema: ${what}`);
}

/**
 * Derives the shape of a schema. Throws a TypeError for a kind of schema, or a check, that it does
 * not know: better at start-up than a value accepted that zod would reject.
 */
export function shapeOf(schema: z.core.$ZodType): Shape {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const bare = def.checks === undefined || def.checks.length === 0;
  if (!bare && def.type !== 'string' && def.type !== 'number')
    unsupported(`${def.type} with checks`);
  switch (def.type) {
    case 'string':
      return stringShape(def);
    case 'number':
      return numberShape(def);
    case 'boolean':
      return def.coerce === true ? unsupported('coercion') : { kind: 'boolean' };
    case 'unknown':
      return { kind: 'unknown' };
    case 'literal':
      return choice(def.values);
    case 'enum':
      return choice(Object.values(def.entries));
    case 'union':
      return unionShape(def);
    case 'nullable':
      return { kind: 'nullable', inner: shapeOf(def.innerType) };
    case 'array':
      return { kind: 'array', item: shapeOf(def.element) };
    case 'tuple':
      if (def.rest !== null) unsupported('tuple with a rest');
      return { kind: 'tuple', items: def.items.map(shapeOf) };
    case 'record':
      return recordShape(def);
    case 'object':
      return objectShape(def);
    default:
      return unsupported(def.type);
  }
}

/** Derives the shape of a schema of an object. Throws a TypeError as `shapeOf` does. */
export function objectShapeOf(schema: z.core.$ZodType): ObjectShape {
  const shape = shapeOf(schema);
  return shape.kind === 'object' ? shape : unsupported(`${shape.kind} where an object belongs`);
}

function stringShape(def: z.core.$ZodStringDef): Shape {
  if ('format' in def || def.coerce === true) unsupported('string with a format');
  let nonEmpty = false;
  let maxLength = Number.POSITIVE_INFINITY;
  for (const check of def.checks ?? []) {
    const rule = (check as z.core.$ZodChecks)._zod.def;
    if (rule.check === 'max_length') {
      maxLength = Math.min(maxLength, rule.maximum);
      continue;
    }
    // What zod takes for one character matters from a length of 2 on.
    if (rule.check !== 'min_length' || rule.minimum > 1) unsupported(`string with ${rule.check}`);
    else nonEmpty ||= rule.minimum === 1;
  }
  return { kind: 'string', nonEmpty, maxLength };
}

function numberShape(def: z.core.$ZodNumberDef): Shape {
  if (def.coerce === true) unsupported('coercion');
  const integer = 'format' in def;
  if (integer && def.format !== 'safeint') unsupported(`number format ${String(def.format)}`);
  let min = Number.NEGATIVE_INFINITY;
  let max = Number.POSITIVE_INFINITY;
  for (const check of def.checks ?? []) {
    const rule = (check as z.core.$ZodChecks)._zod.def;
    if (rule.check !== 'greater_than' && rule.check !== 'less_than') {
      unsupported(`number with ${rule.check}`);
    } else if (!rule.inclusive || typeof rule.value !== 'number') {
      unsupported('number with an exclusive bound');
    } else if (rule.check === 'greater_than') min = Math.max(min, rule.value);
    else max = Math.min(max, rule.value);
  }
  return { kind: 'number', integer, min, max };
}

function choice(values: readonly unknown[]): Shape {
  const primitives = values.map((value): Primitive => {
    if (value === null || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    return unsupported(`literal ${typeof value}`);
  });
  return { kind: 'choice', values: primitives };
}

/** Literals, or literals and one thing besides; or a text in place of an object. */
function unionShape(def: z.core.$ZodUnionDef): Shape {
  const options = def.options.map((option) => shapeOf(option as z.core.$ZodType));
  const values = options.flatMap((option) => (option.kind === 'choice' ? option.values : []));
  const others = options.filter(({ kind }) => kind !== 'choice');
  const [inner] = others;
  if (inner === undefined) return choice(values);
  if (others.length === 2 && values.length === 0) {
    const text = others.find((each) => each.kind === 'string');
    const object = others.find((each) => each.kind === 'object');
    if (text !== undefined && object !== undefined) return { kind: 'text-or-object', text, object };
  }
  if (others.length > 1) return unsupported('union of more than one thing besides literals');
  return { kind: 'either', values, inner };
}

function recordShape(def: z.core.$ZodRecordDef): Shape {
  const key = shapeOf(def.keyType as z.core.$ZodType);
  if (key.kind !== 'string' || def.mode === 'loose') return unsupported('record of other keys');
  return {
    kind: 'record',
    key,
    value: shapeOf(def.valueType as z.core.$ZodType),
  };
}

function objectShape(def: z.core.$ZodObjectDef): ObjectShape {
  if (def.catchall?._zod.def.type !== 'never') unsupported('object that is not strict');
  const keys = new Map<string, { shape: Shape; required: boolean }>();
  for (const [key, schema] of Object.entries(def.shape)) {
    const inner = (schema as z.core.$ZodTypes)._zod.def;
    const required = inner.type !== 'optional';
    keys.set(key, {
      shape: shapeOf(required ? schema : inner.innerType),
      required,
    });
  }
  return { kind: 'object', keys };
}
