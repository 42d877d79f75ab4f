import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';

/** Files of code in a folder, besides its index, that a newcomer can hold in the head. */
const FILES_MAX = 15;
/** Lines of a file of code. */
const LINES_MAX = 350;

/** @typedef {{ path: string, text: string }} CodeFile */
/** @typedef {Readonly<Record<string, readonly string[]>>} Rooms */

/**
 * The files of code below a folder.
 *
 * @param {string} folder
 * @returns {CodeFile[]} in order, with paths that begin with the folder's
 */
export function codeBelow(folder) {
  const names = readdirSync(folder).sort();
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return codeBelow(path);
    return /\.[jt]s$/.test(name) ? [{ path, text: readFileSync(path, 'utf8') }] : [];
  });
}

/** How a file names another one: `from './a.ts'`, `import './a.ts'`, `import('./a.ts')`. */
const IMPORT = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'(\.[^']+)'/g;

/** @param {string} outer @param {string} inner */
const holds = (outer, inner) => outer === inner || inner.startsWith(`${outer}/`);

/**
 * What is wrong with the declaration as such: an import must lead to a room above in the list, so
 * that no rooms can import each other.
 *
 * @param {Rooms} rooms
 */
function wrongOrder(rooms) {
  const names = Object.keys(rooms);
  return names.flatMap((room, at) =>
    (rooms[room] ?? []).flatMap((allowed) => {
      const meant = names.filter((name) => holds(allowed, name));
      if (meant.length === 0) return [`${room} may import ${allowed}, which is no room`];
      const late = meant.filter((name) => names.indexOf(name) >= at);
      return late.map((name) => `${room} may import ${name}, which does not stand above it`);
    }),
  );
}

/**
 * Imports against the declared directions, and declarations that nothing needs.
 *
 * @param {readonly CodeFile[]} files
 * @param {string} root the folder that the rooms are in
 * @param {Rooms} rooms
 * @returns {string[]} a line each
 */
export function wrongWays(files, root, rooms) {
  const names = Object.keys(rooms);
  /** The innermost room around a file; null when there is none. @param {string} path */
  const roomOf = (path) => {
    const folder = relative(root, dirname(path)) || '.';
    const around = names.filter((name) => holds(name, folder));
    return around.reduce((best, name) => (name.length > best.length ? name : best), '') || null;
  };
  const problems = wrongOrder(rooms);
  const used = new Set();
  const seen = new Set();
  for (const { path, text } of files) {
    const room = roomOf(path);
    if (room === null) {
      problems.push(`${path}: in no room`);
      continue;
    }
    seen.add(room);
    for (const [, name = ''] of text.matchAll(IMPORT)) {
      const target = join(dirname(path), name);
      const other = roomOf(target);
      if (other === null || holds(room, other)) continue;
      const way = rooms[room]?.find((allowed) => holds(allowed, other));
      if (way === undefined) problems.push(`${path}: ${room} may not import ${target}`);
      else used.add(`${room} ${way}`);
    }
  }
  for (const room of names) {
    if (!seen.has(room)) problems.push(`${room}: a room without a file`);
    else
      for (const way of rooms[room] ?? [])
        if (!used.has(`${room} ${way}`)) problems.push(`${room} may import ${way}, and never does`);
  }
  return problems;
}

/**
 * Folders of too many files.
 *
 * @param {readonly CodeFile[]} files
 * @returns {string[]} a line each
 */
export function crowdedFolders(files) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { path } of files) {
    if (/\/index\.[jt]s$/.test(path)) continue;
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > FILES_MAX)
    .map(([folder, count]) => `${folder}: ${count} files, ${FILES_MAX} at most besides its index`);
}

/**
 * Files of too many lines.
 *
 * @param {readonly CodeFile[]} files
 * @returns {string[]} a line each
 */
export function longFiles(files) {
  return files
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines, ${LINES_MAX} at most`);
}
