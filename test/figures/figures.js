// Draws the figures of the README, each of one trace:
//
//   npm run figures                   all of them
//   npm run figures -- --check        writes nothing: fails where a file is not as it would be

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The file of each figure, and what it is drawn of. */
export const FIGURES = [
  {
    file: 'traces/figures/b1.svg',
    args: ['--width', '88', 'traces/bugs/b1-retry-after-a-failed-listing-h2.after.jsonl'],
  },
  {
    file: 'traces/figures/b2.svg',
    args: ['--width', '88', 'traces/bugs/b2-second-owner-ends-first.after.jsonl'],
  },
  {
    file: 'traces/figures/b8.svg',
    args: ['--width', '88', 'traces/bugs/b8-owner-dangles-in-the-pool.after.jsonl'],
  },
];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @param {boolean} check */
function draw(check) {
  for (const { file, args } of FIGURES) {
    const options = { cwd: ROOT, encoding: /** @type {const} */ ('utf8') };
    const text = execFileSync(
      process.execPath,
      ['bin/replay.js', '--reporter', 'svg', ...args],
      options,
    );
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (check) {
      console.error(`${file} is not current: npm run figures`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, text);
      console.log(file);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(ROOT);
  draw(parseArgs({ options: { check: { type: 'boolean', default: false } } }).values.check);
}
