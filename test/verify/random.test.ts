import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sized } from '../size.ts';
import { drawn } from './drawn.ts';
import { CAN_RUN, verified } from './stock.ts';

/** Drawn once, so that who sees a disagreement can see it again. */
const SEED = 20_261;

/** Memory that is read after its end may still be there: the model says that all is open then. */
const LUCK = /by luck/;

describe.skipIf(!CAN_RUN)('random traces on a stock HAProxy 2.6', () => {
  it(`do what the model says, seed ${SEED}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-drawn-'));
    try {
      const traces = drawn(sized(4, 200), SEED);
      expect(traces).toHaveLength(sized(4, 200));
      for (const [at, trace] of traces.entries()) {
        writeFileSync(join(folder, `${String(at).padStart(3, '0')}.jsonl`), trace);
      }
      const told = await verified([folder]);
      const disagree = told.flatMap(({ path, verdict }) => {
        if (verdict.kind === 'as-predicted' || LUCK.test(verdict.program ?? '')) return [];
        const text = traces[Number(/(\d+)\.jsonl$/.exec(path)?.[1])];
        return [`${JSON.stringify(verdict)}\n${text}`];
      });
      expect(disagree).toEqual([]);
      expect(told).toHaveLength(traces.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
