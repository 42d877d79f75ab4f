import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readTrace } from '../../dist/trace/index.js';

/** What stands beside the project, as far as it does: recordings, and archives of them. */
export const BESIDE = ['../../../shared/recordings', '../../../shared/recordings-releases']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .filter((path) => existsSync(path));

/** Bytes in which line 1 of a recording ends. */
const HEADER_BYTES_MAX = 65_536;

/** @typedef {{ name: string, path: string, bytes: number }} Recording */

/** The folder that archives are unpacked into, made when there is one; gone when this ends. */
let unpacked = '';

/** @param {string} archive @returns {string} a folder with what it holds */
function unpack(archive) {
  if (unpacked === '') {
    unpacked = mkdtempSync(join(tmpdir(), 'replay-recordings-'));
    process.on('exit', () => rmSync(unpacked, { recursive: true, force: true }));
  }
  const folder = mkdtempSync(join(unpacked, `${basename(archive, '.tar.gz')}-`));
  execFileSync('tar', ['xzf', archive, '-C', folder]);
  return folder;
}

/** @param {string} path @returns {string[]} the traces below it, those of archives among them */
export function tracesAt(path) {
  if (statSync(path).isDirectory()) {
    return readdirSync(path)
      .sort()
      .flatMap((name) => tracesAt(join(path, name)));
  }
  if (path.endsWith('.tar.gz')) return tracesAt(unpack(path));
  return path.endsWith('.jsonl') ? [path] : [];
}

/** @param {string} path @returns {string} the tree that a recording names in line 1 */
function treeOf(path) {
  const bytes = Buffer.alloc(HEADER_BYTES_MAX);
  const file = openSync(path, 'r');
  const length = readSync(file, bytes);
  const [line = ''] = bytes.toString('utf8', 0, length).split('\n');
  const { rules } = JSON.parse(line);
  if (typeof rules !== 'string') throw new Error(`${path} does not say what it is a recording of`);
  return rules;
}

/**
 * Finds recordings, in folders and in archives (`….tar.gz`), which are unpacked for as long as this
 * program runs.
 *
 * @param {readonly string[]} paths of folders, archives and traces
 * @returns {Map<string, Recording[]>} by the tree that they were made of, each by name
 */
export function recordingsIn(paths) {
  /** @type {Map<string, Recording[]>} */
  const trees = new Map();
  for (const path of paths.flatMap(tracesAt)) {
    const tree = treeOf(path);
    const own = trees.get(tree) ?? [];
    trees.set(tree, [...own, { name: basename(path), path, bytes: statSync(path).size }]);
  }
  return trees;
}

/**
 * Reads a trace.
 *
 * @param {string} path
 * @throws where it is not valid
 */
export function readWhole(path) {
  const { header, events, problems } = readTrace(path, readFileSync(path, 'utf8'));
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${path}:${problem.line} ${problem.what}`);
  if (!header) throw new Error(`${path} has no header`);
  return { path, header, events: events.map(({ event }) => event) };
}
