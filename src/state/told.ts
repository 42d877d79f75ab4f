import type { FlagName, UpdateFlagName } from './co-fl.ts';

/** The lists that can hold a connection: three of a server, and the removal list of a thread. */
export const LIST_NAMES = ['idle', 'safe', 'available', 'toremove'] as const;

/** The multiplexers of a backend connection. */
export const MUX_NAMES = ['h1', 'h2', 'fcgi', 'pt'] as const;

/** A list that can hold a connection. */
export type ListName = (typeof LIST_NAMES)[number];

/** A multiplexer's name. */
export type MuxName = (typeof MUX_NAMES)[number];

/** As what a field can be told, and the values that this has in a report. */
export interface ToldValues {
  /** From 0 to 2^32 - 1. */
  readonly uint32: number;
  readonly int32: number;
  readonly boolean: boolean;
  /** Milliseconds since the trace began; `true`: at a time that the trace does not tell. */
  readonly time: number | true | null;
  /** The id of an object, `s1!freed` when that is gone, or null. */
  readonly id: string | null;
  /** What a connection goes to: `backend/server`, or a backend when there is no server. */
  readonly target: string;
  /** Session whose server list holds the connection. */
  readonly lister: string | null;
  /** List of a server or of a thread that holds the connection. */
  readonly list: ListName | null;
  /** Whether it waits to be removed. */
  readonly pending: boolean;
  /** Connections of the lists of all threads, one after the other. */
  readonly ids: readonly string[];
  /** `[target, [connection, …]]` in list order. */
  readonly entries: readonly (readonly [string, readonly string[]])[];
  readonly mux: MuxName | null;
  /** Streams that a mux has and has room for; null without one. */
  readonly used: number | null;
  readonly free: number | null;
  /** Streams attached now, oldest first; an orphan has left and is not among them. */
  readonly attached: readonly string[];
  /** Streams that left while blocked and that the mux still holds, oldest first. */
  readonly orphans: readonly string[];
  /** Flags that decide ownership, and flags that the outside world sets. */
  readonly ownership: readonly FlagName[];
  readonly io: readonly UpdateFlagName[];
}

/** As what a field can be told. */
export type ToldAs = keyof ToldValues;

/** One way in which a field is told. */
export interface Told<Name extends string = string, As extends ToldAs = ToldAs> {
  /** The key in `expect` and in reports. */
  readonly name: Name;
  readonly as: As;
  /** What the schema of `expect` says of it, where the name does not say it all. */
  readonly says: string | undefined;
}

/** What is told of an object beside what a trace can state: of which field, and how. */
export type Unsaid = readonly (readonly [field: string, told: Told])[];

/** Names a way in which a field is told. */
export function told<const Name extends string, const As extends ToldAs>(
  name: Name,
  as: As,
  says?: string,
): Told<Name, As> {
  return { name, as, says };
}
