// npm run profile -- TRACE…: where the time of a quiet replay goes, by function. Any other command
// of the program works as well: npm run profile -- explore delayed-mux. The whole profile is kept
// for a browser's developer tools or speedscope.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Functions that are listed. */
const SHOWN = 25;

const replay = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
if (args.length === 0) throw new Error('usage: npm run profile -- TRACE…, or a command of replay');

const folder = mkdtempSync(join(tmpdir(), 'replay-profile-'));
const options = ['--cpu-prof', '--cpu-prof-dir', folder];
const isCommand = /^\w+$/.test(args[0] ?? '');
const child = spawnSync(
  process.execPath,
  [...options, replay, ...(isCommand ? [] : ['-q']), ...args],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
if (child.status === null) throw child.error ?? new Error(`ended by ${child.signal}`);

const [name = ''] = readdirSync(folder);
const path = join(folder, name);
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8'));

/** @type {Map<string, SourceMap | null>} */
const maps = new Map();

/** The map from a built file to its source; null when it has none. */
function mapOf(/** @type {string} */ file) {
  if (!maps.has(file)) {
    const map = `${file}.map`;
    maps.set(file, existsSync(map) ? new SourceMap(JSON.parse(readFileSync(map, 'utf8'))) : null);
  }
  return maps.get(file) ?? null;
}

/**
 * Where a function stands: in the source from which its file was built, if that is known.
 *
 * @param {{ url: string, lineNumber: number, columnNumber: number }} frame from 0
 */
function placeOf({ url, lineNumber, columnNumber }) {
  if (!url.startsWith('file:')) return url;
  const file = fileURLToPath(url);
  const entry = mapOf(file)?.findEntry(lineNumber, columnNumber);
  const source =
    entry && 'originalSource' in entry ? resolve(file, '..', entry.originalSource) : file;
  const line = entry && 'originalLine' in entry ? entry.originalLine : lineNumber;
  return `${relative(root, source)}:${line + 1}`;
}

/** @type {Map<string, number>} */
const self_us = new Map();
let total_us = 0;
const byId = new Map(nodes.map((node) => [node.id, node]));
samples.forEach((/** @type {number} */ id, /** @type {number} */ at) => {
  const { callFrame } = byId.get(id);
  const key = `${callFrame.functionName || '(anonymous)'}  ${placeOf(callFrame)}`;
  self_us.set(key, (self_us.get(key) ?? 0) + timeDeltas[at]);
  total_us += timeDeltas[at];
});
const rows = [...self_us]
  .sort(([, one], [, other]) => other - one)
  .slice(0, SHOWN)
  .map(([key, us]) => {
    const ms = (us / 1000).toFixed(0).padStart(7);
    const share = ((us / total_us) * 100).toFixed(1).padStart(5);
    return `${ms} ms ${share} %  ${key}`;
  });
console.log([...rows, `${(total_us / 1000).toFixed(0)} ms in all; ${path}`].join('\n'));
