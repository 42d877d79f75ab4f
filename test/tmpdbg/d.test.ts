import { test } from 'vitest';
import { sidesOf, WRITTEN } from '../traces/corpus.ts';
import { set } from '../compare/support.ts';
import { hasRule } from '../../src/engine/rule-sets/differences.ts';
import { Comparison } from '../../src/compare/index.ts';
import { partingsOf } from '../../src/compare/partings.ts';
import { PartedObjects } from '../../src/compare/parted-objects.ts';
import { pairsOf } from '../../src/compare/pairs.ts';
import { gapsOf } from '../../src/compare/align.ts';
import { openGap, effectsOf } from '../../src/compare/effects.ts';
import { takenIn } from '../../src/compare/taken.ts';
import { SideBySide } from '../../src/compare/side-by-side.ts';
import { differencesOf } from '../../src/compare/observables.ts';
import { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
test('x', () => {
  for (const t of WRITTEN.filter(({ name }) => /pressure-costs-the-oldest.after|pressure-where-pools-are-not-shared.after/.test(name))) {
    const { before, after } = sidesOf(t);
    const a = new World(t.header.config ?? {}, set(before)), b = new World(t.header.config ?? {}, set(after));
    const parted = new PartedObjects(a, b);
    for (const e of t.events) {
      const from: any = { world: a, outcome: step(a, e), told: {} }, to: any = { world: b, outcome: step(b, e), told: {} };
      const seqs = { from: takenIn(a, from.outcome), to: takenIn(b, to.outcome) };
      const fresh = differencesOf(from, to);
      if (fresh.length) for (const gap of gapsOf(seqs.from.map((k) => k.key), seqs.to.map((k) => k.key))) {
        const pairs = pairsOf(gap, seqs, ({ decision }) => decision !== null && [a, b].some((w) => !hasRule(w.rules, decision.rule.id)));
        const open = openGap(gap, seqs, pairs);
        const eff = effectsOf(open, new Set(fresh), { from, to, fresh });
        for (const p of pairs) console.log(t.name, JSON.stringify(gap), p.from?.key, '|', p.to?.key, eff.get(p)?.map((d) => d.field), [...(p.from?.objects ?? []), ...(p.to?.objects ?? [])].map((o) => o.kind + o.id + parted.has(o)).join(' '));
      }
      parted.update();
    }
  }
});
