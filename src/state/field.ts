import {
  type Told,
  type ToldAs,
  type ToldValues,
  type ToldWhere,
  told,
  type Unsaid,
} from './told.ts';

/** Objects that a field can point to: a session, a connection, a stream on a connection. */
export type LinkName = 'sess' | 'conn' | 'strm';

/** What a field is: everything that is done to all fields is done by their kinds. */
export type Kind =
  /** A word of `CO_FL_*` flags. */
  | 'flags'
  | 'boolean'
  /** An unsigned number of 32 bits that wraps, and a signed one. */
  | 'counter'
  | 'signed'
  /** The number of a thread. */
  | 'thread'
  /** Milliseconds since the trace began, `true` for a time that nobody knows, or null. */
  | 'time'
  /** A name, or null. */
  | 'text'
  /** Numbers of ours that HAProxy does not keep. */
  | 'note'
  /** A pointer to an object, or null. */
  | 'link'
  /** The context of a mux, or null. */
  | 'context'
  /** A member that links a connection into a list. */
  | 'node'
  /** A list of connections, the lists of all threads, and the counters of all threads. */
  | 'list'
  | 'lists'
  | 'counters'
  /** The entries of a session, one for each target. */
  | 'entries'
  /** An array of streams. */
  | 'streams'
  /** Objects by their ids. */
  | 'objects'
  /** A function that whoever runs the world sets. */
  | 'hook';

/**
 * Whether two states differ when a field differs. `counts`: they do. `follows`: it never differs
 * alone, as it is counted or linked from other fields. `name`: it differs between states that are
 * one but for names. `step`: it means something within a step only. `aside`: it is about what a
 * trace tells and leaves out, which a search, that tells all there is, does not ask.
 */
export type Identity = 'counts' | 'follows' | 'name' | 'step' | 'aside';

/** A field of an object of the state. */
export interface Field<K extends Kind = Kind, T extends readonly Told[] = readonly Told[]> {
  readonly kind: K;
  readonly identity: Identity;
  /** How a trace states it; nothing when it does not. */
  readonly told: T;
  /** A member of the object: the field counts while that is true. */
  readonly countsIf?: string;
}

/** A word of flags. */
export interface FlagWord<T extends readonly Told[] = readonly Told[]> extends Field<'flags', T> {
  /** Every flag that it can have, from the lowest bit on. */
  readonly bits: readonly number[];
}

/** A pointer to an object, or null. The object can be freed while it is pointed to. */
export interface Link<To extends LinkName = LinkName, T extends readonly Told[] = readonly Told[]>
  extends Field<'link', T> {
  readonly to: To;
}

/** The fields of one kind of object, by the names that the engine has for them. */
export type Fields = Readonly<Record<string, Field>>;

/** The ways in which fields are told. */
export type ToldOf<F extends Fields> = F[keyof F]['told'][number];

/** The ways of telling that hold under every rule set, or those that do not. */
type Always<T extends Told> = T extends Told<string, ToldAs, 'always'> ? T : never;

/** An object as it is told: what a trace can state of it, and what else there is to say. */
export type ViewOf<F extends Fields, U extends Unsaid = readonly []> = {
  readonly [T in Always<ToldOf<F> | U[number][1]> as T['name']]: ToldValues[T['as']];
} & {
  readonly [T in Exclude<ToldOf<F>, Always<ToldOf<F>>> as T['name']]?: ToldValues[T['as']];
};

/** A field that is not told, or told under one name, with what the schema says of it. */
interface Declare<K extends Kind, As extends ToldAs> {
  (): Field<K, readonly []>;
  <const Name extends string>(
    name: Name,
    says?: string,
  ): Field<K, readonly [Told<Name, As, 'always'>]>;
}

function declares<K extends Kind, As extends ToldAs>(kind: K, as: As): Declare<K, As> {
  return ((name?: string, says?: string) => {
    const all = name === undefined ? [] : [told(name, as, says)];
    return { kind, identity: 'counts', told: all };
  }) as unknown as Declare<K, As>;
}

/** An unsigned number of 32 bits, which wraps. */
export const counter = declares('counter', 'uint32');
/** A signed number of 32 bits. */
export const signed = declares('signed', 'int32');
export const boolean = declares('boolean', 'boolean');
/** Milliseconds since the trace began, `true` for a time that nobody knows, or null for none. */
export const time = declares('time', 'time');
/** A member that links a connection into a list of a server or of a thread. */
export const node = declares('node', 'list');
/** A member that links a connection into the removal list of a thread. */
export const removalNode = declares('node', 'removal');
/** A member that links a connection into a list of a session. */
export const entryNode = declares('node', 'lister');
/** The lists of all threads. */
export const lists = declares('lists', 'ids');
/** The entries of a session, one for each target. */
export const entries = declares('entries', 'entries');
/** A list of connections. */
export const list = declares('list', 'ids');

function plain<K extends Kind>(kind: K): () => Field<K, readonly []> {
  return () => ({ kind, identity: 'counts', told: [] });
}

/** A number for each thread. */
export const counters = plain('counters');
/** The number of a thread. */
export const thread = plain('thread');
/** An array of streams. */
export const streams = plain('streams');
/** Objects by their ids. */
export const objects = plain('objects');
/** A function that whoever runs the world sets. */
export const hook = plain('hook');

/** A word of flags. */
export function flags<const T extends readonly Told[]>(
  bits: readonly number[],
  ...told: T
): FlagWord<T> {
  const ordered = [...bits].sort((one, other) => one - other);
  return { kind: 'flags', identity: 'counts', told, bits: ordered };
}

/** A pointer to an object, or null. */
export function link<To extends LinkName>(to: To): Link<To, readonly []>;
export function link<To extends LinkName, const Name extends string>(
  to: To,
  name: Name,
  says?: string,
): Link<To, readonly [Told<Name, 'id', 'always'>]>;
export function link(to: LinkName, name?: string, says?: string): Link {
  const all = name === undefined ? [] : [told(name, 'id', says)];
  return { kind: 'link', identity: 'counts', told: all, to };
}

/** The context of a mux, or null. */
export function context<const T extends readonly Told[]>(...told: T): Field<'context', T> {
  return { kind: 'context', identity: 'counts', told };
}

/** A name, or null: states that differ in it only are one. */
export function text(): Field<'text', readonly []> {
  return { kind: 'text', identity: 'name', told: [] };
}

/** A number that HAProxy does not keep, as it follows from other fields. */
export function note(): Field<'note', readonly []> {
  return { kind: 'note', identity: 'follows', told: [] };
}

/** The same ways of telling under fewer rule sets. */
type In<Where extends ToldWhere, T extends readonly Told[]> = {
  readonly [Index in keyof T]: Told<T[Index]['name'], T[Index]['as'], Where>;
};

function where<Where extends ToldWhere>(place: Where) {
  return <K extends Kind, const T extends readonly Told[]>(
    field: Field<K, T>,
  ): Field<K, In<Where, T>> => {
    const told = field.told.map((each) => ({ ...each, where: place }));
    return { ...field, told: told as unknown as In<Where, T> };
  };
}

/** The same field, which only some rule sets keep. */
export const ifKept = where('if-kept');
/** The same field, which reports tell where some rule sets keep it apart from another one. */
export const ifApart = where('if-apart');

/** The same field, which follows from others. */
export function follows<F extends Field>(field: F): F {
  return { ...field, identity: 'follows' };
}

/** The same field, which is about what a trace tells and leaves out. */
export function aside<F extends Field>(field: F): F {
  return { ...field, identity: 'aside' };
}

/** The same field, which means something within a step only. */
export function withinStep<F extends Field>(field: F): F {
  return { ...field, identity: 'step' };
}

/** The same field, which nobody looks at while a member of its object is false. */
export function countsIf<F extends Field>(member: string, field: F): F {
  return { ...field, countsIf: member };
}
