import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../src/format/index.ts';
import { statedEvents } from '../../../src/replay/index.ts';
import type { StepResult } from '../../../src/replay/result.ts';
import { anyCommands } from '../../engine/random.ts';
import { anySetting } from '../../engine/random-setting.ts';
import { type Mistake, mistakenIn } from '../../minimize/mistakes.ts';
import { walked } from '../../minimize/walked.ts';
import { sized } from '../../size.ts';
import { play } from '../support.ts';

const anyPick = fc.nat({ max: 10_000 });
const anyMistake = fc
  .tuple(anyPick, anyPick, anyPick)
  .map(([at, way, pick]) => ({ at, way, pick }));
const anyMistakes = fc.noBias(fc.array(anyMistake, { minLength: 1, maxLength: 6 }));

/** Parts that nothing can give another value to: they follow from who holds a connection. */
const FIXED = ['mux', 'used_streams', 'avail_streams', 'ret', 'reused', 'target', 'crash'];

describe('a trace with mistakes', () => {
  it('never brings the engine to anything but an outcome, and always to the same', () => {
    let several = 0;
    fc.assert(
      fc.property(anySetting, anyCommands, anyMistakes, (setting, commands, mistakes) => {
        const [header, bare] = walked(setting, commands);
        const events = mistakes.reduce(
          (all: TraceEvent[], mistake: Mistake) => mistakenIn(all, mistake)?.events ?? all,
          statedEvents(header, bare),
        );
        const told = (steps: readonly StepResult[]) =>
          steps.map(({ number, outcome, divergences }) => [number, outcome, divergences]);
        const once = play(events, { header, config: header.config ?? {}, record: 'state' });
        const again = play(events, { header, config: header.config ?? {}, record: 'state' });
        expect(told(again.steps)).toEqual(told(once.steps));
        if (once.result.divergences > 1) several++;
      }),
      { seed: 20201015, numRuns: sized(120), endOnFailure: true },
    );
    expect(several).toBeGreaterThan(20);
  });

  it('diverges once by one that can be taken over', () => {
    const parts = new Set<string>();
    fc.assert(
      fc.property(anySetting, anyCommands, fc.noBias(anyMistake), (setting, commands, mistake) => {
        const [header, bare] = walked(setting, commands);
        const wrong = mistakenIn(statedEvents(header, bare), mistake);
        const part = wrong?.way.at(-1) ?? '';
        if (wrong === null || FIXED.includes(part)) return;
        const { result, steps } = play(wrong.events, { header, config: header.config ?? {} });
        // Flags in another order, say, are no mistake.
        if (result.divergences === 0) return;
        const where = steps.flatMap(({ number, divergences }) => divergences.map(() => number));
        expect(where, JSON.stringify(wrong)).toEqual([wrong.at + 1]);
        parts.add(part);
      }),
      { seed: 20201015, numRuns: sized(200), endOnFailure: true },
    );
    expect(parts.size).toBeGreaterThan(10);
  });
});
