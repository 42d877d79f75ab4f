import { FREED } from '../../format/calls.ts';
import { IO_FLAGS, OWNERSHIP_FLAGS } from '../../state/co-fl.ts';
import type { Fields } from '../../state/field.ts';
import type { ListName, Told, ToldAs, ToldValues, ToldWhere, Unsaid } from '../../state/told.ts';
import type { Connection } from '../objects/connection-t.ts';
import type { ConnList, ListNode } from '../objects/list.ts';
import type { MuxContext } from '../objects/mux-t.ts';
import type { Target } from '../objects/server-t.ts';
import type { Session, SessSrvList } from '../objects/session-t.ts';
import type { ConnStream } from '../objects/stream-t.ts';

/** What a field holds, and the object that it belongs to, as one of the values that are told. */
type Reading<As extends ToldAs> = (value: never, object: never) => ToldValues[As];

/** An object that may be gone, as a trace writes it: `null`, its id, or `s1!freed`. */
export function idText(
  object: { readonly id: string; readonly freed: boolean } | null,
): string | null {
  if (!object) return null;
  return object.freed ? object.id + FREED : object.id;
}

/** The names of the flags that are set, in the order of a table. */
function flagNames<Name extends string>(
  flags: number,
  table: Readonly<Record<Name, number>>,
): Name[] {
  return (Object.keys(table) as Name[]).filter((name) => (flags & table[name]) !== 0);
}

function listerId({ list }: ListNode): string | null {
  return list?.entry?.sess.id ?? null;
}

/**
 * The list of a server or of a thread that holds a connection. A removal list of its own is named
 * where nothing else holds it.
 */
export function placeOf({ list, toremoveList, sessionList }: Connection): ListName | null {
  if (list.list !== null) return list.list.name;
  return toremoveList.linked && !sessionList.linked ? 'toremove' : null;
}

function listIds(lists: readonly ConnList[] | null): string[] {
  return lists?.flatMap((list) => list.toArray().map(({ id }) => id)) ?? [];
}

function entryIds(entries: readonly SessSrvList[]): [string, string[]][] {
  return entries.map(({ target, connList }) => [target.id, connList.toArray().map(({ id }) => id)]);
}

function streamIds(streams: readonly ConnStream[]): string[] {
  return streams.map(({ strm }) => strm);
}

const same = <Value>(value: Value): Value => value;

/** How each kind of value is read. */
const READINGS: { readonly [As in ToldAs]: Reading<As> } = {
  uint32: same,
  int32: same,
  boolean: same,
  time: same,
  id: (object: Session | Connection | null) => idText(object),
  target: (target: Target) => target.id,
  lister: listerId,
  list: (_node: ListNode, conn: Connection) => placeOf(conn),
  removal: ({ linked }: ListNode, { list }: Connection) => linked || list.list?.name === 'toremove',
  ids: listIds,
  entries: entryIds,
  mux: (ctx: MuxContext | null) => ctx?.mux.name ?? null,
  used: (ctx: MuxContext | null) => ctx?.usedStreams() ?? null,
  free: (ctx: MuxContext | null) => ctx?.availStreams() ?? null,
  attached: (ctx: MuxContext | null, { cs }: Connection) =>
    streamIds(ctx?.streams ?? (cs ? [cs] : [])),
  orphans: (ctx: MuxContext | null) => streamIds(ctx?.orphans ?? []),
  ownership: (flags: number) => flagNames(flags, OWNERSHIP_FLAGS),
  io: (flags: number) => flagNames(flags, IO_FLAGS),
};

/** Whether a field holds what a trace states, for values that are not one primitive. */
type Agreement<As extends ToldAs> = (
  value: never,
  stated: ToldValues[As],
  object: never,
) => boolean;

type ListValue =
  | 'list'
  | {
      [As in ToldAs]: ToldValues[As] extends readonly unknown[] ? As : never;
    }[ToldAs];

/** On a removal list that is apart, and nowhere else, a connection is in none as well. */
function holdList(node: ListNode, stated: ListName | null, conn: Connection): boolean {
  if (node.list !== null || stated === null) return (node.list?.name ?? null) === stated;
  return placeOf(conn) === stated;
}

/** The lists of all threads, one after the other. */
function holdIds(lists: readonly ConnList[] | null, stated: readonly string[]): boolean {
  return holdInOrder(lists, stated) || (lists?.[0]?.isTree === true && holdByKey(lists, stated));
}

/** The same connections, those of one key in the same order: all that can be said of trees. */
function holdByKey(trees: readonly ConnList[], stated: readonly string[]): boolean {
  const held = trees.flatMap((tree) => tree.toArray());
  if (held.length !== stated.length) return false;
  const ranks = new Map(stated.map((id, rank) => [id, rank]));
  // Of each key, where the last one stands that was looked at.
  const last = new Map<number, number>();
  return held.every(({ id, key }) => {
    const rank = ranks.get(id) ?? -1;
    const follows = rank > (last.get(key) ?? -1);
    last.set(key, rank);
    return follows;
  });
}

function holdInOrder(lists: readonly ConnList[] | null, stated: readonly string[]): boolean {
  let at = 0;
  if (lists !== null) {
    for (let thread = 0; thread < lists.length; thread++) {
      let node = lists[thread]?.first ?? null;
      for (; node; node = node.next) if (node.conn.id !== stated[at++]) return false;
    }
  }
  return at === stated.length;
}

function holdEntries(entries: readonly SessSrvList[], stated: ToldValues['entries']): boolean {
  if (entries.length !== stated.length) return false;
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at];
    const wanted = stated[at];
    if (!entry || !wanted || entry.target.id !== wanted[0]) return false;
    let count = 0;
    for (let node = entry.connList.first; node; node = node.next) {
      if (node.conn.id !== wanted[1][count++]) return false;
    }
    if (count !== wanted[1].length) return false;
  }
  return true;
}

/** The flags of a table that are set are those named, in any order. */
function holdFlags<Name extends string>(table: Readonly<Record<Name, number>>) {
  const mask = Object.values<number>(table).reduce((all, bit) => all | bit, 0);
  return (flags: number, stated: readonly Name[]): boolean => {
    let bits = 0;
    for (let at = 0; at < stated.length; at++) bits |= table[stated[at] as Name] ?? 0;
    return bits === (flags & mask);
  };
}

function holdStreams(streams: readonly string[], stated: readonly string[]): boolean {
  return streams.join() === stated.join();
}

/** Allocate nothing where the stated value is the one there is: replays ask for every event. */
const AGREEMENTS: { readonly [As in ListValue]: Agreement<As> } = {
  list: holdList,
  ids: holdIds,
  entries: holdEntries,
  ownership: holdFlags(OWNERSHIP_FLAGS),
  io: holdFlags(IO_FLAGS),
  attached: (ctx: MuxContext | null, stated, conn: Connection) =>
    holdStreams(READINGS.attached(ctx as never, conn as never), stated),
  orphans: (ctx: MuxContext | null, stated) =>
    holdStreams(READINGS.orphans(ctx as never, null as never), stated),
};

/** One way in which an object is told. */
export interface Teller {
  readonly name: string;
  readonly as: ToldAs;
  /** Whether a trace can state it. */
  readonly stated: boolean;
  readonly where: ToldWhere;
  /** The field that it tells of. */
  readonly field: string;
  /** The field holds the very value that is told. */
  readonly isPlain: boolean;
  /** The value of the field of an object, as it is told. */
  readonly read: (value: unknown, object: object) => unknown;
  /** Whether the field holds what is stated. */
  readonly agrees: (value: unknown, stated: unknown, object: object) => boolean;
}

function tellerOf(field: string, { name, as, where }: Told, stated: boolean): Teller {
  const read = READINGS[as] as Teller['read'];
  const agrees: Teller['agrees'] =
    as in AGREEMENTS
      ? (AGREEMENTS[as as ListValue] as Teller['agrees'])
      : (value, wanted, object) => read(value, object) === wanted;
  return { name, as, stated, where, field, isPlain: READINGS[as] === same, read, agrees };
}

/** Every way in which the objects of a kind are told, in the order in which they are. */
export function tellersOf(fields: Fields, unsaid: Unsaid = []): readonly Teller[] {
  return [
    ...Object.entries(fields).flatMap(([field, { told }]) =>
      told.map((each) => tellerOf(field, each, true)),
    ),
    ...unsaid.map(([field, told]) => tellerOf(field, told, false)),
  ];
}

/** What an object is told to be now. */
export function viewOf(tellers: readonly Teller[], object: object): object {
  const view: Record<string, unknown> = {};
  for (const { name, field, read } of tellers)
    view[name] = read(Reflect.get(object, field), object);
  return view;
}

/** What a trace can state of an object now. */
export function statedOf(tellers: readonly Teller[], object: object): object {
  const state: Record<string, unknown> = {};
  for (const { name, as, stated, field, read } of tellers) {
    if (!stated) continue;
    const value = read(Reflect.get(object, field), object);
    // Without a mux there are no streams to count.
    if (value !== null || !(as === 'used' || as === 'free')) state[name] = value;
  }
  return state;
}
