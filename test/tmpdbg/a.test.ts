import { test } from 'vitest';
import { sidesOf, WRITTEN } from '../traces/corpus.ts';
import { compareEvents, set } from '../compare/support.ts';
import { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
import { takenIn } from '../../src/compare/taken.ts';
test('x', () => {
  for (const t of WRITTEN.filter(({ name, side }) => name.startsWith('releases/') && side === 'after')) {
    const { before, after } = sidesOf(t);
    const { steps } = compareEvents(t.header, t.events, { from: before, to: after });
    const first = steps.find(({ partings, following }) => partings.length + following.length > 0);
    if (first && first.partings.length > 0) continue;
    console.log('=====', t.name, before, after, JSON.stringify(first?.following));
    for (const r of [before, after]) {
      const w = new World(t.header.config ?? {}, set(r));
      for (const [at, e] of t.events.entries()) {
        const o = step(w, e);
        if (at + 1 === (first as any)?.number) {
          console.log(r, JSON.stringify(e).slice(0, 200), o.kind);
          for (const x of takenIn(w, o)) console.log('   ', x.key, '|', x.fn, JSON.stringify(x.decision?.rule.decides), x.objects.map((o) => o.kind + o.id).join(' '));
          if (takenIn(w,o).length===0) console.log('none', JSON.stringify(o));
        }
      }
    }
  }
});
