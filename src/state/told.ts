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
  /** Whether the removal list of a thread holds the connection. */
  readonly removal: boolean;
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

/**
 * Under which rule sets a field is told. `always`: under all of them. `if-kept`: where it is kept
 * at all, else it is not there to be stated. `if-apart`: reports tell it where another field no
 * longer does; it can be stated anyhow. What a rule set keeps, and keeps apart, its mechanisms say.
 */
export type ToldWhere = 'always' | 'if-kept' | 'if-apart';

/** One way in which a field is told. */
export interface Told<
  Name extends string = string,
  As extends ToldAs = ToldAs,
  Where extends ToldWhere = ToldWhere,
> {
  /** The key in `expect` and in reports. */
  readonly name: Name;
  readonly as: As;
  /** What the schema of `expect` says of it, where the name does not say it all. */
  readonly says: string | undefined;
  readonly where: Where;
}

/** What only later releases keep of an object, by the names that it is told by. */
export type KeptName = 'toremove' | 'age' | 'curr_total_conns' | 'curr_sess_idle_conns';

/** What is told of an object beside what a trace can state: of which field, and how. */
export type Unsaid = readonly (readonly [field: string, told: Told])[];

/** Names a way in which a field is told. */
export function told<const Name extends string, const As extends ToldAs>(
  name: Name,
  as: As,
  says?: string,
): Told<Name, As, 'always'> {
  return { name, as, says, where: 'always' };
}
