import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

/** @typedef {{ wall_ms: number, cpu_ms: number, peak_kb: number }} Figures */

/** The middle of some numbers. */
export function median(/** @type {number[]} */ numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Runs a node program once, as a whole process.
 *
 * @param {string[]} args
 * @returns {Figures}
 */
function run(args) {
  const preload = fileURLToPath(new URL('usage.js', import.meta.url));
  const start = performance.now();
  const child = spawnSync(process.execPath, ['--import', preload, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const wall_ms = performance.now() - start;
  if (child.status !== 0) throw new Error(`exit ${child.status}: node ${args.join(' ')}`);
  return { wall_ms, ...JSON.parse(child.output[3] ?? '') };
}

/**
 * Runs several programs in turn, a round at a time, so that all meet the same noise; the first
 * round warms up and is not counted.
 *
 * @param {string[][]} programs
 * @param {number} rounds
 * @returns {Figures[][]} per program, per round
 */
export function inTurn(programs, rounds) {
  for (const args of programs) run(args);
  /** @type {Figures[][]} */
  const figures = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    programs.forEach((args, i) => {
      figures[i]?.push(run(args));
    });
  }
  return figures;
}

/**
 * Median of the ratios of two programs, round by round.
 *
 * @param {Figures[]} a
 * @param {Figures[]} b
 * @param {keyof Figures} figure
 */
export function ratio(a, b, figure) {
  return median(a.map((one, round) => one[figure] / (b[round]?.[figure] ?? Number.NaN)));
}
