import { describe, expect, test } from 'vitest';
import { RULE_SETS } from '../../src/engine/index.ts';
import { cloneWorld } from '../../src/engine/objects/clone.ts';
import { step } from '../../src/engine/step/step.ts';
import { OwnershipModel } from '../../src/explore/ownership-model.ts';
import type { WorldDefinition } from '../../src/format/index.ts';
import { snapshot } from '../engine/support.ts';
import { sized } from '../size.ts';
import { EVERYTHING, SMALL } from './everything.ts';
import { ruleSet } from './support.ts';

/*
 * Events at random, millions of them: whatever can come next in a world in which everything can
 * happen. A state is what the search stores of it; each event starts from a state that was read.
 */

/** Events under each rule set. */
const EVENTS = sized(4000, 1_000_000);
/** Events that are taken from one state, before one of them is followed. */
const FANNED = 12;
/** Every so many states are packed again, and of every so many an event happens to a copy as well. */
const REPACKED = 11;
const COPIED = 97;
/** Longest way before another one begins. */
const WAY = 80;

/** Numbers below 2^31; the same on every machine. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state;
  };
}

/** Mixes words into a number that stands for all that came before. */
function digest(before: number, words: Uint32Array, length: number): number {
  let hash = before;
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ (words[at] ?? 0), 0x01000193);
  return hash >>> 0;
}

/** Goes through a world at random, so many events long; looks at states and copies on the way. */
class Wanderer {
  readonly #model: OwnershipModel;
  readonly #next = numbers(20261129);
  events = 0;
  hash = 0;
  #states = 0;

  constructor(world: WorldDefinition, rules: string) {
    this.#model = new OwnershipModel(world, {
      rules: [ruleSet(rules)],
      judge: { findings: () => [] },
    });
  }

  /** Goes on until that many events have happened in all. */
  goOn(events: number): void {
    const model = this.#model;
    while (this.events < events) {
      let words = this.#copyOf(model.initial());
      for (let left = WAY; left > 0 && this.events < events && words.length > 0; left--) {
        const actions = model.open(words, 0);
        if (actions === 0) break;
        if (++this.#states % REPACKED === 0) this.#packAgain(words);
        if (this.#states % COPIED === 0) this.#takeTwice(this.#next() % actions);
        words = this.#fan(actions);
      }
    }
  }

  /** Takes a few events from the open state; gives what came of the last one that happened. */
  #fan(actions: number): Uint32Array {
    const model = this.#model;
    let words: Uint32Array = new Uint32Array();
    for (let left = FANNED; left > 0; left--) {
      const length = model.take(this.#next() % actions);
      if (length < 0) continue;
      this.events++;
      words = this.#copyOf(length);
      this.hash = digest(this.hash, words, length);
    }
    return words;
  }

  /** The state was just opened: it is copied as it is. */
  #takeTwice(action: number): void {
    const { world } = this.#model.scene;
    const copy = cloneWorld(world);
    const before = snapshot(world);
    expect(snapshot(copy)).toBe(before);
    this.#model.take(action);
    step(copy, this.#model.moveOf(action).event);
    expect(snapshot(copy)).toBe(snapshot(world));
  }

  #packAgain(words: Uint32Array): void {
    const length = this.#model.packer.pack();
    expect(this.#copyOf(length)).toEqual(words);
  }

  #copyOf(length: number): Uint32Array {
    return this.#model.words.slice(0, length);
  }
}

/** Worlds to go through, each with its share of the events: a large one takes its time. */
const WORLDS: readonly (readonly [name: string, world: WorldDefinition, share: number])[] = [
  ['everything', EVERYTHING, 0.04],
  ...Object.entries(SMALL).map(([name, world]) => [name, world, 0.16] as const),
];

describe.each(RULE_SETS)('any events under $id', ({ id }) => {
  test.each(WORLDS)(
    'happen, always alike, and leave states that can be stored, read and copied: %s',
    (_, world, share) => {
      const wanderer = new Wanderer(world, id);
      wanderer.goOn((EVENTS * share) / 10);
      const { hash, events } = wanderer;
      wanderer.goOn(EVENTS * share);
      const again = new Wanderer(world, id);
      again.goOn((EVENTS * share) / 10);
      expect([again.events, again.hash]).toEqual([events, hash]);
    },
    300_000,
  );
});
