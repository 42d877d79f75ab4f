// npm run bench:import [megabytes]: how fast a capture is imported that comes through a pipe, and how
// much memory that takes, against a quarter of it. Fails below 200 MB a minute of one core, and where
// the memory grows with the capture. One worker thread, one core: the pipe is filled meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const MEGABYTES = Number(process.argv[2] ?? 400);
/** MB a minute, of processor time. */
const SPEED = 200;
/** How much more memory four times the capture may take. */
const GROWTH = 1.3;

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const REPLAY = path('../../bin/replay.js');
const USAGE = path('usage.js');
const CAPTURE = path('../../traces/captures/not-reused.capture.txt');
const CONFIG = path('../../traces/captures/not-reused.cfg');

/** A capture after which nothing is left: all that it has begun ends as well. */
function round() {
  const lines = readFileSync(CAPTURE, 'latin1').trimEnd().split('\n');
  const muxes = new Map(
    lines.flatMap((line) => {
      const [, side, mux] =
        /h1_init\(\): leaving : \[([FB])\].* h1c=(0x[0-9a-f]+)/.exec(line) ?? [];
      return mux === undefined ? [] : [[mux, side]];
    }),
  );
  for (const [mux, side] of muxes) {
    lines.push(
      '[00|h1|5|mux_h1.c:1058] h1_release(): in',
      `[00|h1|5|mux_h1.c:3596] h1_shutw_conn(): entering : [${side}] - h1c=${mux}(0x80044400) conn=0x1(0x000c0300)`,
      '[00|h1|5|mux_h1.c:1114] h1_release(): freeing conn',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Some of them at once: a pipe is not filled line by line. */
const PIECE = Buffer.from(round().repeat(40), 'latin1');

/**
 * Imports as many megabytes as are asked for.
 *
 * @param {number} megabytes
 */
async function imported(megabytes) {
  const args = ['import', '-', '--config', CONFIG, '--rules', '2.6.0', '--out', '/dev/null'];
  const child = spawn(process.execPath, ['--import', USAGE, REPLAY, ...args], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  const texts = ['', ''];
  child.stdio[2]?.on('data', (data) => {
    texts[0] += data;
  });
  child.stdio[3]?.on('data', (data) => {
    texts[1] += data;
  });
  const closed = once(child, 'close');
  const start = performance.now();
  let bytes = 0;
  for (; bytes < megabytes * 1e6; bytes += PIECE.length) {
    if (!child.stdin?.write(PIECE)) await once(child.stdin ?? child, 'drain');
  }
  child.stdin?.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`exit ${code}: ${texts[0]}`);
  const wall_ms = performance.now() - start;
  const { cpu_ms, peak_kb } = JSON.parse(texts[1] ?? '');
  return { megabytes: bytes / 1e6, wall_ms, cpu_ms, peak_kb, says: texts[0] };
}

function say(/** @type {string} */ line) {
  process.stdout.write(`${line}\n`);
}

const figures = [await imported(MEGABYTES / 4), await imported(MEGABYTES)];
const speeds = figures.map(({ megabytes, wall_ms, cpu_ms, peak_kb }) => {
  const aMinute = (/** @type {number} */ ms) => (megabytes / ms) * 60_000;
  const wall = `${aMinute(wall_ms).toFixed(0)} MB a minute`;
  const cpu = `${aMinute(cpu_ms).toFixed(0)} MB a minute of one core`;
  say(`${megabytes.toFixed(0)} MB: ${wall}, ${cpu}, peak ${(peak_kb / 1024).toFixed(0)} MB`);
  return aMinute(cpu_ms);
});
say(figures.at(-1)?.says.trimEnd() ?? '');
const [small, large] = figures;
const growth = (large?.peak_kb ?? 0) / (small?.peak_kb ?? 1);
say(`peak of four times the capture: ${growth.toFixed(2)}, goal ${GROWTH} at most`);
say(`speed goal ${SPEED} MB a minute of one core at least`);
if (growth > GROWTH || Math.min(...speeds) < SPEED) process.exitCode = 1;
