import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sized } from '../size.ts';
import { drawn } from './drawn.ts';
import { CAN_RUN, verified } from './stock.ts';

/** Drawn once, so that who sees a disagreement can see it again. */
const SEED = 20_261;

describe.skipIf(!CAN_RUN)('random traces on a stock HAProxy 2.6', () => {
  it(`do what the model says, but for reasons that are known, seed ${SEED}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-drawn-'));
    try {
      const traces = drawn(sized(4, 200), SEED);
      expect(traces).toHaveLength(sized(4, 200));
      for (const [at, trace] of traces.entries()) {
        writeFileSync(join(folder, `${String(at).padStart(3, '0')}.jsonl`), trace);
      }
      const told = await verified([folder]);
      const others = told.filter(({ verdict }) => verdict.kind !== 'as-predicted');
      const unknown = others.filter(({ verdict }) => (verdict.reason ?? null) === null);
      for (const { path, verdict } of others) console.info(path, JSON.stringify(verdict));
      console.info(
        `${told.length} random traces: ${told.length - others.length} as predicted, ` +
          `${others.length} differ, ${unknown.length} of them without a reason that is known`,
      );
      const texts = unknown.map(({ path, verdict }) => {
        const text = traces[Number(/(\d+)\.jsonl$/.exec(path)?.[1])];
        return `${JSON.stringify(verdict)}\n${text}`;
      });
      expect(texts).toEqual([]);
      expect(told).toHaveLength(traces.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
