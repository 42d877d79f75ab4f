import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { replay, runProgram } from '../cli/run.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Captures of real programs, with what clients and servers counted themselves. */
const SHARED = join(import.meta.dirname, '../../../shared/stock-captures');
const NAMES = existsSync(SHARED)
  ? readdirSync(SHARED).flatMap((name) => /^(.*)\.expected\.json$/.exec(name)?.[1] ?? [])
  : [];

/** Shares of requests that must be told rightly where lines were lost. */
const SHARES: Readonly<Record<string, number>> = { middle: 0.9, lossy: 0.8 };

const folder = mkdtempSync(join(tmpdir(), 'replay-captures-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function judged(name: string): Promise<{ total: number; right: number; observed: number }> {
  const base = join(SHARED, name);
  const capture = existsSync(`${base}.capture.txt`) ? '.capture.txt' : '.capture.txt.gz';
  const out = join(folder, `${name}.jsonl`);
  const { code, stderr } = await replay([
    ...['import', `${base}${capture}`, '--config', `${base}.cfg`],
    ...['--rules', '3aab17bd5', '--out', out],
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { stdout } = await runProgram('python3', [join(SHARED, 'judge.py'), base, out]);
  const [, right, total, observed] =
    /(\d+) of +(\d+) requests told rightly, (\d+) wrong ones called observed/.exec(stdout) ?? [];
  return { total: Number(total), right: Number(right), observed: Number(observed) };
}

describe.skipIf(NAMES.length === 0)('captures of stock programs', () => {
  it.each(NAMES)('%s is told rightly', async (name) => {
    const { total, right, observed } = await judged(name);
    expect(observed).toBe(0);
    expect(right / total).toBeGreaterThanOrEqual(SHARES[name] ?? 1);
    // It is valid, whatever the rules make of it.
    expect((await replay(['-q', join(folder, `${name}.jsonl`)])).code).toBeLessThan(2);
  });
});
