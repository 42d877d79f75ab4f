import type { ObjectShape, Shape, StringShape } from './shape.ts';

/** What an acceptor answers to a value that does not fit. */
export const REJECTED = -1;

/**
 * Tells whether a value that JSON.parse made fits a schema: `REJECTED`, or the number of keys that
 * it saw in the value and everything below it. Keys below an unknown value are not counted, so the
 * count never exceeds the truth. Neither copies nor allocates, and never throws.
 */
export type Acceptor = (value: unknown) => number;

/** Compiles a shape to closures: several times the speed of the schema's own parse. */
export function acceptorOf(shape: Shape): Acceptor {
  switch (shape.kind) {
    case 'string':
      return stringAcceptor(shape);
    case 'number':
      return numberAcceptor(shape);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? 0 : REJECTED);
    case 'unknown':
      return () => 0;
    case 'choice':
      return choiceAcceptor(shape.values);
    case 'nullable': {
      const inner = acceptorOf(shape.inner);
      return (value) => (value === null ? 0 : inner(value));
    }
    case 'either': {
      const literal = choiceAcceptor(shape.values);
      const inner = acceptorOf(shape.inner);
      return (value) => (literal(value) === 0 ? 0 : inner(value));
    }
    case 'text-or-object': {
      const text = acceptorOf(shape.text);
      const object = acceptorOf(shape.object);
      return (value) => (typeof value === 'string' ? text(value) : object(value));
    }
    case 'array':
      return arrayAcceptor(acceptorOf(shape.item));
    case 'tuple':
      return tupleAcceptor(shape.items.map(acceptorOf));
    case 'record':
      return recordAcceptor(acceptorOf(shape.key), acceptorOf(shape.value));
    case 'object':
      return objectAcceptor(shape);
  }
}

function stringAcceptor({ nonEmpty, maxLength }: StringShape): Acceptor {
  if (maxLength < Number.POSITIVE_INFINITY) {
    const minLength = nonEmpty ? 1 : 0;
    return (value) => {
      if (typeof value !== 'string' || value.length < minLength) return REJECTED;
      return value.length <= maxLength ? 0 : REJECTED;
    };
  }
  return nonEmpty
    ? (value) => (typeof value === 'string' && value !== '' ? 0 : REJECTED)
    : (value) => (typeof value === 'string' ? 0 : REJECTED);
}

function numberAcceptor(shape: Shape & { kind: 'number' }): Acceptor {
  if (shape.integer) {
    const min = Math.max(shape.min, Number.MIN_SAFE_INTEGER);
    const max = Math.min(shape.max, Number.MAX_SAFE_INTEGER);
    return (value) =>
      typeof value === 'number' && value >= min && value <= max && Number.isInteger(value)
        ? 0
        : REJECTED;
  }
  const min = Math.max(shape.min, -Number.MAX_VALUE);
  const max = Math.min(shape.max, Number.MAX_VALUE);
  return (value) => (typeof value === 'number' && value >= min && value <= max ? 0 : REJECTED);
}

function choiceAcceptor(values: readonly unknown[]): Acceptor {
  return (value) => {
    for (let index = 0; index < values.length; index++) if (values[index] === value) return 0;
    return REJECTED;
  };
}

function arrayAcceptor(item: Acceptor): Acceptor {
  return (value) => {
    if (!Array.isArray(value)) return REJECTED;
    let keys = 0;
    for (let index = 0; index < value.length; index++) {
      const below = item(value[index]);
      if (below === REJECTED) return REJECTED;
      keys += below;
    }
    return keys;
  };
}

function tupleAcceptor(items: readonly Acceptor[]): Acceptor {
  return (value) => {
    if (!Array.isArray(value) || value.length !== items.length) return REJECTED;
    let keys = 0;
    for (let index = 0; index < items.length; index++) {
      const below = items[index]?.(value[index]) ?? REJECTED;
      if (below === REJECTED) return REJECTED;
      keys += below;
    }
    return keys;
  };
}

function recordAcceptor(key: Acceptor, item: Acceptor): Acceptor {
  return (value) => {
    if (!isObject(value)) return REJECTED;
    let keys = 0;
    // JSON.parse makes every key an own one, `__proto__` too, so nothing inherited gets in.
    for (const name in value) {
      const below = key(name) === REJECTED ? REJECTED : item(value[name]);
      if (below === REJECTED) return REJECTED;
      keys += below + 1;
    }
    return keys;
  };
}

/** A key of an object. */
interface Entry {
  readonly name: string;
  readonly accept: Acceptor;
  readonly required: boolean;
  /** The entry that followed this one last time: a guess that saves looking the next key up. */
  next: Entry | undefined;
}

function objectAcceptor(shape: ObjectShape): Acceptor {
  const entries = new Map<string, Entry>();
  let needed = 0;
  for (const [name, { shape: inner, required }] of shape.keys) {
    entries.set(name, { name, accept: acceptorOf(inner), required, next: undefined });
    if (required) needed++;
  }
  const start: Entry = { name: '', accept: () => REJECTED, required: false, next: undefined };
  return (value) => {
    if (!isObject(value)) return REJECTED;
    let keys = 0;
    let missing = needed;
    let previous = start;
    for (const name in value) {
      let entry = previous.next;
      if (entry === undefined || entry.name !== name) {
        entry = entries.get(name);
        if (entry === undefined) return REJECTED;
        previous.next = entry;
      }
      const below = entry.accept(value[name]);
      if (below === REJECTED) return REJECTED;
      keys += below + 1;
      if (entry.required) missing--;
      previous = entry;
    }
    return missing === 0 ? keys : REJECTED;
  };
}

/** Whether a JSON value is an object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
