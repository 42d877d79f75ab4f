import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenByConn } from '../../../src/engine/invariants/broken-by-connection.ts';
import {
  bitsOf,
  breachesOf,
  takeBreaches,
  takeBroken,
} from '../../../src/engine/invariants/index.ts';
import { brokenBySrv } from '../../../src/engine/invariants/server.ts';
import { brokenBySess } from '../../../src/engine/invariants/session.ts';
import { cloneWorld } from '../../../src/engine/objects/clone.ts';
import { World } from '../../../src/engine/objects/world.ts';
import { step } from '../../../src/engine/step/step.ts';
import type { TraceEvent } from '../../../src/format/index.ts';
import { sized } from '../../size.ts';
import { anyCommands, Walk } from '../random.ts';
import { anySetting } from '../random-setting.ts';
import { BOTH, rulesOf, snapshot } from '../support.ts';
import { broken } from './broken.ts';

describe('any sequence of events', () => {
  const runs = (numRuns: number, nth: number) => ({
    seed: 20200716 + nth,
    numRuns: sized(numRuns),
  });

  it('breaks nothing that looking at what a step touched would miss', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const walk = new Walk(setting);
        for (const command of commands) {
          walk.take(command);
          if (walk.ended) break;
          takeBreaches(walk.w);
          const { connections, sessions, servers } = walk.w;
          for (const c of connections.values())
            expect(c.broken).toBe(brokenByConn(c, walk.w.rules));
          for (const s of sessions.values()) expect(s.broken).toBe(brokenBySess(s));
          for (const s of servers.values()) expect(s.broken).toBe(brokenBySrv(s, walk.w));
        }
      }),
      runs(150, 0),
    );
  });

  it('is told of as bits and as breaches alike: what an object did not break before', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const walk = new Walk(setting);
        for (const command of commands) {
          const before = new Map<unknown, number>();
          const { connections, sessions, servers } = walk.w;
          for (const things of [connections, sessions, servers]) {
            for (const thing of things.values()) before.set(thing, thing.broken);
          }
          walk.take(command);
          if (walk.ended) break;
          // What is odd about an event is no bit of an object.
          const all = takeBroken(walk.w).filter(({ odd }) => odd === undefined);
          for (const { subject, bits } of all) {
            expect(bits & ~subject.broken).toBe(0);
            expect(bits & (before.get(subject) ?? 0)).toBe(0);
            expect(bits).not.toBe(0);
          }
          for (const one of all) {
            const told = breachesOf([one]).map(({ invariant }) =>
              bitsOf(new Set([invariant.name])),
            );
            expect(told.reduce((sum, bits) => sum + bits[one.subject.kind], 0)).toBe(one.bits);
          }
        }
      }),
      runs(75, 1),
    );
  });

  it('breaks the same on a copy', () => {
    fc.assert(
      fc.property(anySetting, anyCommands, fc.nat(), (setting, commands, at) => {
        const walk = new Walk(setting);
        for (const command of commands) walk.take(command);
        const w = new World(setting.config, rulesOf(setting.rules));
        const cut = walk.events.length === 0 ? 0 : at % walk.events.length;
        const go = (world: World, events: readonly TraceEvent[]) =>
          events.map((event) => {
            const outcome = step(world, event);
            return outcome.kind === 'done' ? broken({ w: world }) : outcome;
          });
        go(w, walk.events.slice(0, cut));
        const copy = cloneWorld(w);
        const rest = walk.events.slice(cut);
        expect(go(copy, rest)).toEqual(go(w, rest));
        expect(snapshot(copy)).toBe(snapshot(w));
      }),
      runs(150, 2),
    );
  });

  it.each(BOTH)('never breaks what cannot be broken (%s)', (rules) => {
    const never = ['listed-not-pooled', 'pooled-is-shareable', 'idle-counters'];
    fc.assert(
      fc.property(anySetting, anyCommands, (setting, commands) => {
        const walk = new Walk({ ...setting, rules });
        for (const command of commands) {
          walk.take(command);
          if (walk.ended) break;
          const names = takeBreaches(walk.w).map(({ invariant }) => invariant.name);
          expect(names.filter((name) => never.includes(name))).toEqual([]);
        }
      }),
      runs(120, 3),
    );
  });
});
