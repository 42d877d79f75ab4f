import { viewConn, type World } from '../../engine/index.ts';
import type { TraceEvent } from '../../format/index.ts';
import type { Difference } from '../../replay/compare.ts';
import type { Op } from './edit.ts';

/** A place at which a trace does not fit. */
export interface Misfit {
  readonly event: TraceEvent;
  readonly at: number;
  readonly differences: readonly Difference[];
  /** Connections that the event frees, and that are used again later on. */
  readonly lost: readonly string[];
}

/** What surrounds it. */
export interface Scene {
  readonly events: readonly TraceEvent[];
  /** The first place that a repair may change. */
  readonly oldest: number;
  /** The state before the event of the place. */
  readonly world: World;
  /** Where connections went that are no more. */
  readonly freedAt: ReadonlyMap<string, number>;
  /** Connections that events name: a trace can say something of these only. */
  readonly named: ReadonlySet<string>;
  /** Whether a stream gets a connection that is there, at an event or behind it. */
  readonly isUsedFrom: (conn: string, event: TraceEvent) => boolean;
  /** The sessions whose streams do. */
  readonly sessionsFrom: (conn: string, event: TraceEvent) => ReadonlySet<string>;
}

/** An event that is put before a place: by the thread that it concerns. */
export function add(before: number, event: object, thread = 0): Op {
  const by = thread === 0 ? {} : { thread };
  return { op: 'add', before, event: { ...event, ...by } as TraceEvent };
}

/** A stream leaves its connection, on the thread of its session. */
export function leaves(before: number, world: World, strm: string): Op {
  const thread = world.streams.get(strm)?.sess.thread ?? 0;
  return add(before, { event: 'detach', strm }, Math.max(0, thread - 1));
}

/** A connection that an event is about: the one that it names. */
export function connOf(event: TraceEvent): string | null {
  return 'conn' in event && typeof event.conn === 'string' ? event.conn : null;
}

/** Ids of connections that an event says something of, named or expected. */
export function connsOf(event: TraceEvent): string[] {
  const named = connOf(event);
  return [...(named === null ? [] : [named]), ...Object.keys(event.expect?.conn ?? {})];
}

/** The streams that are on a connection. */
export function streamsOn(world: World, id: string): readonly string[] {
  const conn = world.connections.get(id);
  return conn === undefined ? [] : viewConn(world, conn).streams;
}

/** The stream that an event is about. */
export function strmOf(event: TraceEvent): string | null {
  return 'strm' in event ? event.strm : null;
}
