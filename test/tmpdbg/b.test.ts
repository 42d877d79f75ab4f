import { test } from 'vitest';
import { sidesOf, WRITTEN } from '../traces/corpus.ts';
import { compareEvents, set } from '../compare/support.ts';
import { World } from '../../src/engine/objects/world.ts';
import { step } from '../../src/engine/step/step.ts';
import { SERVER } from '../../src/state/server.ts';
import { tellersOfBoth, sameTold, sameValue } from '../../src/compare/observables.ts';
test('x', () => {
  console.log(Object.entries(SERVER).filter(([, f]: any) => f.identity === 'counts' && f.told.length === 0).map(([n]) => n).join(' '));
  for (const t of WRITTEN.filter(({ name, side }) => name.startsWith('releases/') && side === 'after')) {
    const { before, after } = sidesOf(t);
    const { steps } = compareEvents(t.header, t.events, { from: before, to: after });
    const first: any = steps.find(({ partings, following }) => partings.length + following.length > 0);
    if (first && first.partings.length > 0) continue;
    const ws = [before, after].map((r) => new World(t.header.config ?? {}, set(r)));
    for (const [at, e] of t.events.entries()) {
      for (const w of ws) step(w, e);
      if (at + 2 >= first.number) { 
        for (const id of ws[0]!.servers.keys()) { const a: any = ws[0]!.servers.get(id), b: any = ws[1]!.servers.get(id);
          for (const k of Object.keys(SERVER)) { if (!sameValue(a[k], b[k]) ) { let s = ''; try { s = JSON.stringify([a[k], b[k]]) } catch { s = 'circ' } console.log(t.name, at + 1, id, k, (SERVER as any)[k].identity, (SERVER as any)[k].told.length, s.slice(0, 200)); } }
          for (const te of tellersOfBoth(ws[0]!, ws[1]!, 'srv')) if (!sameTold(te, a, b)) console.log(t.name, at+1, id, 'teller', te.name);
        }
        break; }
    }
  }
});
