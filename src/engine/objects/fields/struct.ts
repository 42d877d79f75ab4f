import type { Field, Fields, Kind, Link, LinkName } from '../../../state/field.ts';
import type { Connection } from '../connection-t.ts';
import type { Session } from '../session-t.ts';
import type { ConnStream } from '../stream-t.ts';

/** The classes of what fields point to. */
interface Linked extends Record<LinkName, object> {
  readonly sess: Session;
  readonly conn: Connection;
  readonly strm: ConnStream;
}

/** Kinds of fields that hold one value, which assigning copies. */
const VALUE_KINDS = [
  'flags',
  'boolean',
  'counter',
  'signed',
  'thread',
  'time',
  'text',
  'note',
  'link',
] as const;

type ValueKind = (typeof VALUE_KINDS)[number];

type ValueOf<F extends Field> =
  F extends Link<infer To>
    ? Linked[To] | null
    : F extends Field<'boolean'>
      ? boolean
      : F extends Field<'text'>
        ? string | null
        : F extends Field<'time'>
          ? number | true | null
          : number;

/** The fields that hold one value each, as an object of the engine has them. */
export type Values<F extends Fields> = {
  -readonly [Name in keyof F as F[Name] extends Field<ValueKind> ? Name : never]: ValueOf<F[Name]>;
};

/** The names of the fields of some kinds, in the order of the declaration. */
export function namesOf(fields: Fields, ...kinds: readonly Kind[]): string[] {
  const all = Object.entries(fields);
  return all.filter(([, { kind }]) => kinds.includes(kind)).map(([name]) => name);
}

/** The names of the fields that point to one kind of object. */
export function linksTo(to: LinkName, fields: Fields): string[] {
  return namesOf(fields, 'link').filter((name) => (fields[name] as Link).to === to);
}

/** What a field holds in a new object. */
function initial({ kind }: Field): string {
  if (kind === 'boolean') return 'false';
  return kind === 'text' || kind === 'link' || kind === 'time' ? 'null' : '0';
}

/**
 * The class of objects that have the declared fields of one value each. The engine's classes extend
 * it. Its constructor is compiled, so that all objects are laid out alike from the start.
 */
export function struct<F extends Fields>(fields: F): new () => Values<F> {
  const names = namesOf(fields, ...VALUE_KINDS);
  const lines = names.map((name) => `this.${name} = ${initial(fields[name] as Field)};`);
  return new Function(
    `return class { constructor() { ${lines.join(' ')} } }`,
  )() as new () => Values<F>;
}

/** Makes something of the fields of an object once for each kind of object. */
function onceFor<Made>(make: (fields: Fields) => Made): (fields: Fields) => Made {
  const made = new Map<Fields, Made>();
  return (fields) => {
    let known = made.get(fields);
    if (known === undefined) {
      known = make(fields);
      made.set(fields, known);
    }
    return known;
  };
}

/** What `namesOf` gives, looked up once for each kind of object: copies are made by the thousand. */
export function namesOnce(...kinds: readonly Kind[]): (fields: Fields) => readonly string[] {
  return onceFor((fields) => namesOf(fields, ...kinds));
}

/** Copies the values of one object to another of the same kind; links are left as they are. */
export const copierOf = onceFor((fields) => {
  const names = namesOf(fields, ...VALUE_KINDS).filter((name) => fields[name]?.kind !== 'link');
  const lines = names.map((name) => `to.${name} = from.${name};`);
  return new Function('from', 'to', lines.join(' ')) as (from: object, to: object) => void;
});

/** Gives an object the values of a new one. */
export const resetterOf = onceFor((fields) => {
  const lines = namesOf(fields, ...VALUE_KINDS).map(
    (name) => `object.${name} = ${initial(fields[name] as Field)};`,
  );
  return new Function('object', lines.join(' ')) as (object: object) => void;
});
