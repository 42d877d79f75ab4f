import fc from 'fast-check';
import { it } from 'vitest';
import { allRules } from '../../src/engine/rule.ts';
import { anyCommands, anySetting, Walk } from './random.ts';

it('stat', () => {
  const rules = new Map<string, number>();
  const kinds = new Map<string, number>();
  let n = 0;
  const lens: number[] = [];
  const crashes = new Map<string, number>();
  fc.assert(
    fc.property(anySetting, anyCommands, (setting, commands) => {
      const w = new Walk(setting);
      for (const c of commands) {
        const o = w.take(c);
        if (!o) continue;
        n++;
        kinds.set(w.events.at(-1)!.event, (kinds.get(w.events.at(-1)!.event) ?? 0) + 1);
        for (const d of w.w.log.decisions()) rules.set(d.rule.id, (rules.get(d.rule.id) ?? 0) + 1);
        if (o.kind === 'crash') {
          const k = setting.rules + ' ' + o.fn + ' ' + w.events.at(-1)!.event;
          crashes.set(k, (crashes.get(k) ?? 0) + 1);
          if (o.fn === 'session_add_conn') {
            console.log(JSON.stringify(setting), w.events.map((e) => JSON.stringify(e)).join('\n'));
            throw new Error('x');
          }
          break;
        }
      }
      lens.push(w.events.length);
    }),
    { seed: 20200715, numRuns: 1000 },
  );
  console.log(n, lens.reduce((a, b) => a + b) / lens.length, kinds, crashes);
  console.log(
    allRules()
      .filter((r) => !rules.has(r.id))
      .map((r) => r.id),
  );
  console.log([...rules].sort((a, b) => a[1] - b[1]).slice(0, 20));
});
