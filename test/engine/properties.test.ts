import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneWorld } from '../../src/engine/objects/clone.ts';
import type { Server } from '../../src/engine/objects/server-t.ts';
import type { Session } from '../../src/engine/objects/session-t.ts';
import { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
import { sized } from '../size.ts';
import {
  brokenCounters,
  brokenLists,
  brokenPredicates,
  brokenSessions,
  foreignOwners,
  usedBeforeRemoval,
} from './invariants/invariants.ts';
import { anyCommands, type Command, Walk } from './random.ts';
import { anySetting, type Setting } from './random-setting.ts';
import { rulesOf, snapshot, tell } from './support.ts';

/**
 * Seeds are fixed, so that every run tries the same traces; each property has its own, so that
 * together they try more. Change the first to look further.
 */
const SEED = 20200715;
const runs = (numRuns: number, nth: number) => ({ seed: SEED + nth, numRuns: sized(numRuns) });

/** Takes the commands until the program ends, and looks after each step. */
function walk(setting: Setting, commands: readonly Command[], look: (walk: Walk) => void): Walk {
  const w = new Walk(setting);
  for (const command of commands) {
    const outcome = w.take(command);
    if (outcome && !w.ended) look(w);
  }
  return w;
}

/** Nothing is wrong. */
function fine(wrong: readonly string[]): void {
  if (wrong.length > 0) expect(wrong).toEqual([]);
}

describe('any sequence of possible events', () => {
  it('is possible, and never makes the engine throw', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const w = new Walk(setting);
        for (const command of commands) {
          const outcome = w.take(command);
          if (outcome?.kind === 'impossible') throw new Error(outcome.reason);
        }
      }),
      runs(150, 0),
    );
  });

  it('keeps every list whole, and every connection in one of them at most', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        walk(setting, commands, ({ w }) => fine(brokenLists(w)));
      }),
      runs(150, 1),
    );
  });

  it('keeps the predicates that hold under every rule set', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        walk(setting, commands, ({ w }) => fine(brokenPredicates(w)));
      }),
      runs(150, 2),
    );
  });

  // B20: what waits to be removed on one thread and is found by another is freed on the first.
  it('keeps the idle counters of a server equal to what it counts as idle', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const excused = new Set<Server>();
        walk(setting, commands, ({ w }) => {
          for (const srv of usedBeforeRemoval(w)) excused.add(srv);
          fine(brokenCounters(w, excused));
        });
      }),
      runs(150, 3),
    );
  });

  it('leaves no empty entry and no wrong count in a session without foreign owners (08016ab82)', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const excused = new Set<Session>();
        walk({ ...setting, rules: '08016ab82' }, commands, ({ w }) => {
          for (const sess of foreignOwners(w)) excused.add(sess);
          fine(brokenSessions(w, excused));
        });
      }),
      runs(150, 4),
    );
  });

  it('gives the same to the byte when it is replayed', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const { w, events } = walk(setting, commands, () => undefined);
        const replay = () => {
          const again = new World(setting.config, rulesOf(setting.rules));
          return events.map((event) => tell(again, step(again, event)) + snapshot(again));
        };
        const first = replay();
        expect(replay()).toEqual(first);
        expect(first.at(-1) ?? snapshot(w)).toContain(snapshot(w));
      }),
      runs(50, 5),
    );
  });

  it('goes the same way on a copy, which shares nothing with the original', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, fc.nat(), (setting, commands, at) => {
        const { events } = walk(setting, commands, () => undefined);
        const w = new World(setting.config, rulesOf(setting.rules));
        const cut = events.length === 0 ? 0 : at % events.length;
        for (const event of events.slice(0, cut)) step(w, event);
        const copy = cloneWorld(w);
        const before = snapshot(w);
        const told = events.slice(cut).map((e) => tell(copy, step(copy, e)) + snapshot(copy));
        expect(snapshot(w)).toBe(before);
        const after = events.slice(cut).map((e) => tell(w, step(w, e)) + snapshot(w));
        expect(told).toEqual(after);
      }),
      runs(50, 6),
    );
  });
});
