import { test } from 'vitest';
import { RECORDED, WRITTEN } from '../traces/corpus.ts';
import { compareEvents } from '../compare/support.ts';
test('x', () => {
  for (const t of [...WRITTEN, ...RECORDED]) for (const s of compareEvents(t.header, t.events).steps) for (const p of s.partings) if (p.cause === 'fcgi.orphan.dead.no-owner | fcgi.orphan.dead.closed') console.log(t.name, s.number, JSON.stringify(s.event));
});
