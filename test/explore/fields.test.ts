import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cloneWorld } from '../../src/engine/objects/clone.ts';
import { Connection } from '../../src/engine/objects/connection-t.ts';
import type { Session } from '../../src/engine/objects/session-t.ts';
import { setOwner } from '../../src/engine/objects/tracked.ts';
import type { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
import { ByteReader } from '../../src/explore/state/bytes.ts';
import { codecOf } from '../../src/explore/state/codec.ts';
import { Packer } from '../../src/explore/state/packer.ts';
import { Rewind } from '../../src/explore/state/rewind.ts';
import { Scene } from '../../src/explore/state/scene.ts';
import { Side } from '../../src/explore/state/side.ts';
import { StateReader } from '../../src/explore/state/unpack.ts';
import type { Config, TraceEvent } from '../../src/format/index.ts';
import { CONNECTION } from '../../src/state/connection.ts';
import {
  boolean,
  counter,
  type Field,
  type Fields,
  flags,
  follows,
  type Link,
  link,
  signed,
} from '../../src/state/field.ts';
import { SERVER } from '../../src/state/server.ts';
import { SESSION } from '../../src/state/session.ts';
import { CONN_STREAM } from '../../src/state/stream.ts';
import { ruleSet } from './support.ts';

/** A rule set that keeps whatever any release keeps, connections by key. */
const KEEPING = {
  ...ruleSet('2.4.0'),
  keeps: new Set(['toremove', 'age', 'curr_total_conns', 'curr_sess_idle_conns']),
};

/*
 * Whatever is declared as a field of the state is part of a stored state, comes back from it, is
 * taken back with a step and is copied: a search that forgets a field merges states that differ.
 */

const CONFIG: Config = {
  nbthread: 2,
  frontends: { fe: {} },
  backends: { b: { 'http-reuse': 'always' } },
  servers: {
    'b/h1': {},
    'b/h2': {
      proto: 'h2',
      'max-reuse': 5,
      ssl: true,
      alpn: 'h2',
      'strict-maxconn': true,
      maxconn: 9,
    },
    'b/fcgi': { proto: 'fcgi', 'max-reuse': 5 },
  },
};

const EVENTS: readonly TraceEvent[] = [
  ...['s1', 's2', 's3'].map((sess): TraceEvent => ({ event: 'session_new', sess, fe: 'fe' })),
  { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/h1', conn: 'c1' },
  { event: 'connect_server', strm: 't2', sess: 's1', target: 'b/h2', conn: 'c2' },
  { event: 'connect_server', strm: 't3', sess: 's2', target: 'b/fcgi', conn: 'c3' },
];

const CONTEXTS = { c1: 'h1', c2: 'h2', c3: 'fcgi' } as const;

type Objects = (w: World) => object | null | undefined;

/** Objects of a world after the events, with what is declared of them. */
function declared(w: World): (readonly [string, Fields, Objects])[] {
  return [
    ['connection', CONNECTION, ({ connections }) => connections.get('c2')],
    ['session', SESSION, ({ sessions }) => sessions.get('s1')],
    ['server', SERVER, ({ servers }) => servers.get('b/h2')],
    ['stream', CONN_STREAM, ({ streams }) => streams.get('t2')],
    ...Object.entries(CONTEXTS).map(([id, mux]) => {
      const of: Objects = ({ connections }) => connections.get(id)?.ctx;
      return [`context of ${mux}`, w.connections.get(id)?.ctx?.mux.fields ?? {}, of] as const;
    }),
  ];
}

function connected(hasTimes = true): Scene {
  const scene = new Scene([new Side(CONFIG, KEEPING)], hasTimes);
  for (const event of EVENTS) expect(step(scene.world, event).kind).toBe('done');
  return scene;
}

function wordsOf(scene: Scene, symmetric = true): number[] {
  const packer = new Packer(scene, symmetric);
  const length = packer.pack();
  return [...packer.words.subarray(0, length)];
}

function held(object: object | null | undefined, name: string): unknown {
  if (!object) throw new Error('the object is not there');
  return Reflect.get(object, name);
}

/** Gives a field another value than the one it has; its lists and arrays stay. */
function change(w: World, object: object, name: string, field: Field): void {
  const value = Reflect.get(object, name);
  const others: Partial<Record<Field['kind'], () => unknown>> = {
    boolean: () => !value,
    counter: () => value + 1,
    signed: () => value - 3,
    thread: () => 1 - value,
    time: () => (value === null ? true : null),
    flags: () => value ^ 0x10000000,
    link: () => {
      const objects = (field as Link).to === 'sess' ? w.sessions : w.connections;
      const other = objects.get((field as Link).to === 'sess' ? 's3' : 'c1');
      return value === other ? null : other;
    },
  };
  const other = others[field.kind];
  if (!other) throw new Error(`no other value of a ${field.kind}`);
  if (object instanceof Connection && name === 'owner') setOwner(object, other() as Session | null);
  else Reflect.set(object, name, other());
}

const STRUCTURE: readonly Field['kind'][] = [
  'node',
  'list',
  'lists',
  'entries',
  'known-entries',
  'counters',
];

/** Every field that counts and holds one value. */
const COUNTING = declared(connected().world).flatMap(([what, fields, of]) =>
  Object.entries(fields)
    .filter(([, { identity, kind }]) => identity === 'counts' && !STRUCTURE.includes(kind))
    .filter(([, { kind }]) => kind !== 'context')
    .map(([name, field]) => [what, name, field, of] as const),
);

test('where nothing comes in its time, times are no part of a state', () => {
  const scene = connected(false);
  const before = wordsOf(scene);
  for (const srv of scene.side.servers) srv.purgeDue = true;
  expect(wordsOf(scene)).toEqual(before);
});

describe.each(COUNTING)('%s, %s', (_, name, field, of) => {
  test('makes a state another one', () => {
    const scene = connected();
    const before = wordsOf(scene);
    change(scene.world, of(scene.world) as object, name, field);
    expect(wordsOf(scene)).not.toEqual(before);
  });

  test('is copied with its world', () => {
    const { world } = connected();
    change(world, of(world) as object, name, field);
    const copy = cloneWorld(world);
    const value = held(of(world), name);
    const copied = held(of(copy), name);
    if (field.kind === 'link') expect(copied).toMatchObject({ id: (value as { id: string }).id });
    else expect(copied).toBe(value);
  });

  test('comes back from a stored state', () => {
    const scene = connected();
    change(scene.world, of(scene.world) as object, name, field);
    const words = wordsOf(scene);
    new StateReader(scene, false).read(Uint32Array.from(words), 0);
    expect(wordsOf(scene)).toEqual(words);
  });

  test('is taken back with a step', () => {
    const scene = loaded();
    const { world } = scene;
    const before = wordsOf(scene);
    const rewind = new Rewind(scene.side);
    rewind.remember();
    world.begin({});
    for (const conn of world.connections.values()) world.touch(conn);
    for (const sess of world.sessions.values()) world.touch(sess);
    for (const srv of world.servers.values()) world.touch(srv);
    change(world, of(world) as object, name, field);
    expect(wordsOf(scene)).not.toEqual(before);
    rewind.rewind();
    expect(wordsOf(scene)).toEqual(before);
  });
});

describe('a connection that waits for its removal and is in the pool all the same, by age as well', () => {
  /** Into a list of each kind, as if a release had put it there. */
  function place(w: World): void {
    const conn = w.connections.values().next().value as Connection;
    const srv = w.servers.get('b/h1');
    srv?.safeConns?.[1]?.append(conn.list);
    srv?.idleConnList?.[1]?.append(conn.idleList);
    w.toremove[1]?.append(conn.toremoveList);
  }
  const places = (w: World) => {
    const lists = [
      w.toremove,
      w.servers.get('b/h1')?.safeConns,
      w.servers.get('b/h1')?.idleConnList,
    ];
    return lists.map((each) => each?.map((list) => list.toArray().length));
  };
  const PLACED = [
    [0, 1],
    [0, 1],
    [0, 1],
  ];

  test('is in both in a copy', () => {
    const { world } = connected();
    place(world);
    const copy = cloneWorld(world);
    expect(places(copy)).toEqual(PLACED);
    for (const conn of copy.connections.values())
      expect(world.connections.get(conn.id)).not.toBe(conn);
  });

  test('is in both when a stored state is read', () => {
    const scene = connected();
    const before = wordsOf(scene);
    place(scene.world);
    const words = wordsOf(scene);
    expect(words).not.toEqual(before);
    const other = connected();
    new StateReader(other, false).read(Uint32Array.from(words), 0);
    expect(places(other.world)).toEqual(PLACED);
  });

  test('is in neither when the step is taken back', () => {
    const scene = loaded();
    const rewind = new Rewind(scene.side);
    const before = wordsOf(scene);
    rewind.remember();
    scene.world.begin({});
    for (const srv of scene.world.servers.values()) scene.world.touch(srv);
    for (const conn of scene.world.connections.values()) scene.world.touch(conn);
    place(scene.world);
    rewind.rewind();
    expect(wordsOf(scene)).toEqual(before);
  });
});

/** The state as a search has it: its objects have names of their own, in the same order. */
function loaded(): Scene {
  const scene = connected();
  new StateReader(scene, true).read(Uint32Array.from(wordsOf(scene, false)), 0);
  return scene;
}

describe('fields that nobody has declared yet', () => {
  const FIELDS = {
    ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`mark${at}`, boolean()])),
    flags: flags([0x80, 0x1, 0x40000000, 0x2]),
    ...Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`sess${at}`, link('sess')])),
    conn: link('conn'),
    count: counter(),
    change: signed(),
    left: follows(counter()),
  };
  const { side } = connected();
  const [s1 = null, s2 = null] = side.world.sessions.values();
  const [c1 = null, c2 = null] = side.world.connections.values();
  const refs = {
    sessRefs: Uint8Array.of(1, 2, 3),
    connRefs: Uint8Array.of(1, 2, 3),
    conns: [c1, c2],
    targets: side.targets,
  };
  const referred = { ...side.referred, sess: [null, s1, s2], conn: [null, c1, c2] };
  if (s1 && s2 && c1 && c2) [s1.place, s2.place, c1.place, c2.place] = [0, 1, 0, 1];
  const any = fc.record({
    ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`mark${at}`, fc.boolean()])),
    flags: fc.subarray([0x80, 0x1, 0x40000000, 0x2]).map((bits) => bits.reduce((a, b) => a | b, 0)),
    ...Object.fromEntries(
      Array.from({ length: 7 }, (_, at) => [`sess${at}`, fc.constantFrom(null, s1, s2)]),
    ),
    conn: fc.constantFrom(null, c1, c2),
    count: fc.nat(0xffffffff),
    change: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  });

  test.each([0, 3, 5])('are packed and come back, behind %d bits', (lead) => {
    const codec = codecOf(FIELDS, lead);
    const bytes = new Uint8Array(64);
    fc.assert(
      fc.property(any, fc.nat(2 ** lead - 1), (object, led) => {
        const end = codec.write(bytes, 0, { ...object, left: 1 }, refs, led);
        const input = new ByteReader();
        input.open(new Uint32Array(bytes.buffer), 0);
        const back = { left: 7 };
        expect(codec.read(input, back, referred)).toBe(led);
        expect(back).toEqual({ ...object, left: 7 });
        expect(input.at).toBe(end);
      }),
    );
  });

  test('of a connection that is gone leave its target', () => {
    const codec = codecOf({ conn: link('conn') });
    const bytes = new Uint8Array(8);
    const gone = side.freedConns[1] as object;
    codec.write(bytes, 0, { conn: gone }, refs, 0);
    const input = new ByteReader();
    input.open(new Uint32Array(bytes.buffer), 0);
    const back = { conn: null };
    codec.read(input, back, side.referred);
    expect(back.conn).toBe(gone);
  });
});
