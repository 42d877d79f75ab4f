import type { TraceEvent } from '../../src/format/index.ts';

/** Which value of which event is to be another one, by numbers. */
export interface Mistake {
  readonly at: number;
  readonly way: number;
  readonly pick: number;
}

/** The ways to values in what an event expects, down to what is no object. */
function waysIn(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [way];
  return Object.entries(value).flatMap(([key, each]) => waysIn(each, [...way, key]));
}

/** Other calls: one more, one less, or one of another connection. */
function otherCalls(calls: readonly string[], pick: number, ids: readonly string[]): unknown {
  const other = ids[pick % ids.length];
  const at = pick % Math.max(calls.length, 1);
  if (other === undefined || pick % 3 === 0) return calls.toSpliced(at, 1);
  if (pick % 3 === 1) return [...calls, `conn_free(${other})`];
  return calls.map((call, index) => (index === at ? call.replace(/\bc\d+\b/, other) : call));
}

/** Another value of the kind of one that an event expects. */
function otherValue(value: unknown, pick: number, ids: readonly string[]): unknown {
  const other = ids[pick % ids.length] ?? 's1';
  if (typeof value === 'number') return value + 1 + (pick % 2);
  if (typeof value === 'boolean') return !value;
  if (value === null || typeof value === 'string') return value === other ? null : other;
  const list = value as readonly unknown[];
  if (list.length === 0) return ids.length > 0 && pick % 2 === 0 ? [other] : list;
  if (list.length > 1 && pick % 3 === 0) return list.toReversed();
  return list.toSpliced(pick % list.length, 1);
}

function changed(
  value: unknown,
  way: readonly string[],
  change: (at: unknown) => unknown,
): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return change(value);
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [key]: changed(object[key], rest, change) };
}

/** The ids of the kind that a value at a way names. */
function idsFor(way: readonly string[], events: readonly TraceEvent[]): string[] {
  const kind = ['owner', 'listed_in'].includes(way.at(-1) ?? '') ? 'sess' : 'conn';
  const named = events.flatMap((event) => {
    const id = (event as Readonly<Record<string, unknown>>)[kind];
    return typeof id === 'string' ? [id] : [];
  });
  return [...new Set(named)];
}

/**
 * A trace with one mistake: an event expects another value. Null where there is nothing of the kind
 * that could be another.
 */
export function mistakenIn(
  events: readonly TraceEvent[],
  { at: anyAt, way: anyWay, pick }: Mistake,
): { events: TraceEvent[]; at: number; way: readonly string[] } | null {
  const at = anyAt % events.length;
  const event = events[at];
  if (event === undefined) return null;
  const ways = waysIn(event.expect ?? {});
  const way = ways[anyWay % ways.length] ?? [];
  const last = way.at(-1);
  if (last === undefined || ['crash', 'ret', 'mux'].includes(last)) return null;
  const ids = idsFor(way, events.slice(0, at + 1));
  const expectation = changed(event.expect, way, (value) => {
    if (last === 'list') return value === null ? 'idle' : null;
    if (last === 'calls') return otherCalls(value as readonly string[], pick, ids);
    if (last === 'broken' || last === 'target') return value;
    return otherValue(value, pick, ids);
  });
  return { events: events.with(at, { ...event, expect: expectation } as TraceEvent), at, way };
}
