import { expect, test } from 'vitest';
import { sessPrivConns } from '../../src/engine/mechanisms/session-conns/sess-priv-conns.ts';
import { cloneWorld } from '../../src/engine/objects/clone.ts';
import type { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
import { Packer } from '../../src/explore/state/packer.ts';
import { Rewind } from '../../src/explore/state/rewind.ts';
import { Scene } from '../../src/explore/state/scene.ts';
import { Side } from '../../src/explore/state/side.ts';
import { StateReader } from '../../src/explore/state/unpack.ts';
import type { Config, TraceEvent } from '../../src/format/index.ts';
import { AFTER, ruleSet } from './support.ts';

/*
 * From 3.0.0 on a server knows of the entries that sessions have for it, in the order in which they
 * came: a part of the state that no session has.
 */

const CONFIG: Config = {
  frontends: { fe: {} },
  backends: { b: { 'http-reuse': 'never' } },
  servers: { 'b/srv': {} },
};

const RULES = { ...ruleSet(AFTER), sessionConns: sessPrivConns };

function connects(order: readonly string[]): TraceEvent[] {
  return [
    ...['s1', 's2'].map((sess): TraceEvent => ({ event: 'session_new', sess, fe: 'fe' })),
    ...order.map((of): TraceEvent => {
      const [strm, conn] = [`t${of}`, `c${of}`];
      return { event: 'connect_server', strm, sess: `s${of}`, target: 'b/srv', conn };
    }),
    // The first of the two is told apart from the other.
    { event: 'detach', strm: 't1' },
  ];
}

function sceneAfter(events: readonly TraceEvent[]): Scene {
  const scene = new Scene([new Side(CONFIG, RULES)], false);
  for (const event of events) expect(step(scene.world, event).kind).toBe('done');
  return scene;
}

function wordsOf(scene: Scene, symmetric = true): number[] {
  const packer = new Packer(scene, symmetric);
  const length = packer.pack();
  return [...packer.words.subarray(0, length)];
}

function known(w: World): string[] {
  return w.servers.get('b/srv')?.sessConns.map(({ sess }) => sess.id) ?? [];
}

test('entries stand in the order in which they came', () => {
  expect(known(sceneAfter(connects(['1', '2'])).world)).toEqual(['s1', 's2']);
  expect(known(sceneAfter(connects(['2', '1'])).world)).toEqual(['s2', 's1']);
});

test('another order is another state', () => {
  const words = wordsOf(sceneAfter(connects(['1', '2'])));
  expect(wordsOf(sceneAfter(connects(['2', '1'])))).not.toEqual(words);
});

test('they are copied with their world', () => {
  const copy = cloneWorld(sceneAfter(connects(['2', '1'])).world);
  expect(known(copy)).toEqual(['s2', 's1']);
  const entries = [...copy.sessions.values()].flatMap(({ srvList }) => srvList);
  expect(entries).toEqual(expect.arrayContaining(copy.servers.get('b/srv')?.sessConns ?? []));
});

test('they come back from a stored state', () => {
  const scene = sceneAfter(connects(['2', '1']));
  const words = wordsOf(scene, false);
  new StateReader(scene, true).read(Uint32Array.from(words), 0);
  expect(wordsOf(scene, false)).toEqual(words);
});

test('they are taken back with a step', () => {
  const scene = sceneAfter(connects(['1', '2']));
  new StateReader(scene, true).read(Uint32Array.from(wordsOf(scene, false)), 0);
  const before = wordsOf(scene);
  const rewind = new Rewind(scene.side);
  rewind.remember();
  const [sess] = scene.side.sessions.filter(({ idleConns }) => idleConns > 0);
  expect(step(scene.world, { event: 'session_free', sess: sess?.id ?? '' }).kind).toBe('done');
  expect(known(scene.world)).toHaveLength(1);
  rewind.rewind();
  expect(wordsOf(scene)).toEqual(before);
});
