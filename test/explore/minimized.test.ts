import { describe, expect, test } from 'vitest';
import { endOf } from '../../src/explore/properties.ts';
import {
  type FailName,
  type TraceEvent,
  WORLD_FORMAT,
  type WorldDefinition,
} from '../../src/format/index.ts';
import type { Property } from '../../src/minimize/index.ts';
import { readTrace } from '../../src/trace/index.ts';
import { shortestCrashes } from '../minimize/exhaustive.ts';
import { sharedHeader, small } from '../minimize/support.ts';
import { FOUND, RECORDED } from '../traces/corpus.ts';
import { explore } from './support.ts';

/** What of a world has to be on for some events to be possible. */
function worldFor(
  config: WorldDefinition['config'],
  events: readonly TraceEvent[],
): WorldDefinition {
  const names = (key: string) =>
    new Set(events.flatMap((event) => (key in event ? [Reflect.get(event, key)] : [])));
  const has = (name: TraceEvent['event']) => events.some(({ event }) => event === name);
  const connects = events.flatMap((event) => (event.event === 'connect_server' ? [event] : []));
  const fail = [...new Set(events.flatMap((event): FailName[] => event.fail ?? []))];
  const errors = [
    ...new Set(connects.flatMap(({ error }) => (error === undefined ? [] : [error]))),
  ];
  const failures = events.flatMap((event) => event.fail ?? []).length + errors.length;
  const updates = events.flatMap((event) => (event.event === 'conn_update' ? [event] : []));
  return {
    world: WORLD_FORMAT,
    // A crash may need no session at all; a world has at least somewhere for one to start.
    config: { ...config, frontends: config.frontends ?? { fe: {} } },
    sessions: Math.max(1, names('sess').size),
    streams: Math.max(1, connects.length),
    connections: Math.max(1, names('conn').size),
    events: {
      authentication: has('http_wait_for_response'),
      fail,
      errors,
      ...(failures > 0 && { failures }),
      closes: has('mux_release'),
      connection_errors: updates.some(({ set = [] }) => set.length > 0),
      goaway: updates.some(({ goaway }) => goaway),
      blocked: has('stream_destroy'),
      maintenance: has('srv_cleanup_connections'),
    },
  };
}

/** Recordings that end in a crash, the longest first; one for each crash and rule set. */
const CRASHES = RECORDED.filter(({ text }) => text.includes('"crash"'));

describe.each(CRASHES)('the crash of traces/$name', ({ text }) => {
  test('becomes as short as the search finds it', () => {
    const { signature, to, text: minimized } = small(text);
    if (signature.kind !== 'crash') throw new Error('not minimised as a crash');
    const { header, events } = readTrace('minimized', minimized);
    const world = worldFor(
      header?.config ?? {},
      events.map(({ event }) => event),
    );
    const { search } = explore(world, {
      rules: header?.rules ?? '',
      properties: ['no-crash'],
      bounds: { depth: to },
    });
    const depths = new Map(
      [...search.discoveries.values()].map(({ property, depth }) => [
        endOf(property)?.site ?? null,
        depth,
      ]),
    );
    expect(depths.get(signature.site)).toBe(to);
  });
});

test('the recordings end in every kind of crash that a search can be held against', () => {
  const functions = CRASHES.map(({ text }) => /"crash":"(\w+)"/.exec(text)?.[1]);
  expect(new Set(functions).size).toBeGreaterThanOrEqual(6);
});

test('a second search, made of whole worlds and their names, finds the same shortest crashes', () => {
  const { config = {} } = sharedHeader();
  const depth = 9;
  const { search } = explore(
    {
      world: WORLD_FORMAT,
      config,
      sessions: 2,
      streams: 3,
      connections: 3,
      events: { authentication: true },
    },
    { properties: ['no-crash'], bounds: { depth } },
  );
  const found = [...search.discoveries.values()].map((d) => [
    endOf(d.property)?.site ?? '',
    d.depth,
  ]);
  const dumb = shortestCrashes(config, { sessions: 2, streams: 3 }, depth);
  expect(new Map(found as [string, number][])).toEqual(dumb);
});

/** The threads on which I/O comes over idle connections. */
function ioThreads(events: readonly TraceEvent[]): number[] {
  return events.flatMap((event) => (event.event === 'conn_io' ? [event.thread ?? 0] : []));
}

/** What breaks something: the other side of a bug is what no longer does. */
const BREAKING = FOUND.filter(({ side }) => side !== 'after');

test.each(BREAKING)('nothing can be taken away from traces/$name', ({ text, header, events }) => {
  const [property = ''] = String(header.source?.property).split(' ');
  const { signature, to, text: minimized } = small(text, property as Property);
  const trace = readTrace('minimized', minimized);
  const { servers } = trace.header?.config ?? {};
  // With simpler servers it is another world, in which less can be enough; so it is where I/O comes
  // on another thread than that of the connection, which no search tries.
  const isSameWorld =
    JSON.stringify(servers) === JSON.stringify(header.config?.servers) &&
    ioThreads(trace.events.map(({ event }) => event)).every((thread) =>
      ioThreads(events).includes(thread),
    );
  if (isSameWorld) expect(to).toBe(events.length);
  else expect(to).toBeLessThanOrEqual(events.length);
  const ends = /^no-(crash|abort|leak)$/.exec(property);
  expect(signature.kind).toBe(ends?.[1] ?? 'broken');
});
