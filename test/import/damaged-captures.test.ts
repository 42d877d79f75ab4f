import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { readTrace } from '../../src/trace/index.ts';
import { runProgram } from '../cli/run.ts';
import { sized } from '../size.ts';
import { aligned, imported, numbers } from './capture.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Captures of real programs, with what clients and servers counted themselves. */
const SHARED = join(import.meta.dirname, '../../../shared/stock-captures');
const NAMES = ['never-two-servers', 'checks-aggressive', 'closes-safe', 'threads'];
const SEEDS = Array.from({ length: sized(1, 5) }, (_, index) => index + 1);
/** Of a hundred lines so many are lost, and of a hundred requests at least so many told rightly. */
const LOST = [
  [1, 98],
  [5, 95],
  [20, 70],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'replay-damaged-'));
afterAll(() => rmSync(folder, { recursive: true }));

function linesOf(name: string): string[] {
  const plain = join(SHARED, `${name}.capture.txt`);
  const bytes = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  return bytes.toString('latin1').split('\n');
}

async function judged(base: string, trace: string) {
  writeFileSync(`${base}.jsonl`, trace);
  const judge = join(SHARED, 'judge.py');
  const { stdout } = await runProgram('python3', [judge, base, `${base}.jsonl`]);
  const [, right, total, observed] =
    /(\d+) of +(\d+) requests told rightly, (\d+) wrong ones called observed/.exec(stdout) ?? [];
  expect(Number(observed)).toBe(0);
  return { right: Number(right), total: Number(total) };
}

describe.skipIf(!existsSync(SHARED))('a capture of a stock program with lost lines', () => {
  it.each(
    NAMES.flatMap((name) =>
      LOST.flatMap(([percent, share]) =>
        SEEDS.map((seed) => [name, percent, share, seed] as const),
      ),
    ),
  )('%s, %i in a hundred: no request is told worse once it is aligned', async (...given) => {
    const [name, percent, share, seed] = given;
    const below = numbers(seed);
    const text = linesOf(name)
      .filter(() => below(100) >= percent)
      .join('\n');
    const base = join(folder, `${name}-${percent}-${seed}`);
    writeFileSync(`${base}.capture.txt`, text, 'latin1');
    copyFileSync(join(SHARED, `${name}.expected.json`), `${base}.expected.json`);
    const config = readFileSync(join(SHARED, `${name}.cfg`), 'utf8');
    const { trace } = imported(text, { config });
    const before = await judged(base, trace);
    const { text: fitting } = aligned(trace);
    expect(readTrace('t', fitting).problems).toEqual([]);
    const after = await judged(base, fitting);
    expect(after.right).toBeGreaterThanOrEqual(before.right);
    expect((100 * before.right) / before.total).toBeGreaterThanOrEqual(share);
  });
});
