import { eventSchemas, type TraceEvent } from '../../format/index.ts';
import { objectShapeOf } from '../../trace/check/shape.ts';
import { onFirstThread } from '../goal/affinities.ts';
import type { Pass, Search } from './search.ts';

/** The optional inputs of every event, by the event's name. */
const OPTIONAL: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(eventSchemas).map(([name, schema]) => {
    const keys = [...objectShapeOf(schema).keys].filter(([, { required }]) => !required);
    return [name, keys.map(([key]) => key).filter((key) => key !== 'expect')];
  }),
);
const EVERY_OPTIONAL: readonly string[] = [...new Set([...OPTIONAL.values()].flat())];

/**
 * Leaves inputs out, all of a kind at first, then each by itself, and parts of what remains. The
 * claim of an event that connects comes back at once, unless it is void.
 */
export function* simplifyInputs(search: Search): Pass {
  for (const key of EVERY_OPTIONAL) {
    if (!search.current.events.some((event) => key in event)) continue;
    const isBetter = search.improve({ events: search.current.events.map((e) => without(e, key)) });
    yield;
    if (!isBetter && key === 'thread') yield* simplifyThreads(search);
    if (!isBetter) yield* simplifyEach(search, key);
  }
}

/** Puts each session on the first thread, with everything that its streams do. */
function* simplifyThreads(search: Search): Pass {
  const names = search.current.events.flatMap((e) => (e.event === 'session_new' ? [e.sess] : []));
  for (const sess of names) {
    search.improve({ events: onFirstThread(search.current.events, sess) });
    yield;
  }
}

function* simplifyEach(search: Search, key: string): Pass {
  for (let at = 0; at < search.current.events.length; at++) {
    yield* simplifyKey(search, at, key);
  }
}

/** Leaves one input of one event out, or else as much of it as can be. */
function* simplifyKey(search: Search, at: number, key: string): Pass {
  const event = search.current.events[at];
  if (event === undefined || !(key in event)) return;
  for (const simpler of [without(event, key), ...simplerBy(event, key)]) {
    // An improvement may have dropped events: what stands at this place now gets its turn later.
    const isBetter = search.improve({ events: search.current.events.with(at, simpler) });
    yield;
    if (isBetter) return yield* simplifyKey(search, at, key);
  }
}

function without(event: TraceEvent, key: string): TraceEvent {
  if (!OPTIONAL.get(event.event)?.includes(key) || !(key in event)) return event;
  return Object.fromEntries(Object.entries(event).filter(([each]) => each !== key)) as TraceEvent;
}

function* simplerBy(event: TraceEvent, key: string): Generator<TraceEvent> {
  const value = (event as Readonly<Record<string, unknown>>)[key];
  const values = key === 'headers' ? simplerHeaders(value as Headers) : simplerValues(value);
  for (const simpler of values) yield { ...event, [key]: simpler };
}

type Headers = Readonly<Record<string, readonly string[]>>;

/** What stands for any header that binds a connection to its client. */
const CHALLENGES: readonly Headers[] = [
  { 'WWW-Authenticate': ['NTLM'] },
  { 'Proxy-Authenticate': ['NTLM'] },
];

/** Headers with one less, or with one that says less. */
function* simplerHeaders(headers: Headers): Generator<Headers> {
  yield* CHALLENGES;
  const entries = Object.entries(headers);
  for (const [at, [name, values]] of entries.entries()) {
    yield Object.fromEntries(entries.toSpliced(at, 1));
    for (const fewer of simplerValues(values)) {
      yield Object.fromEntries(entries.with(at, [name, fewer as readonly string[]]));
    }
  }
}

/** A list with one item less. */
function* simplerValues(value: unknown): Generator<unknown> {
  if (!Array.isArray(value) || value.length < 2) return;
  for (const at of value.keys()) yield value.toSpliced(at, 1);
}
