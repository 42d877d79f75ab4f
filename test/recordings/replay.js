// Replays recordings, tree by tree, by the program as built:
//
//   npm run recordings                  those beside the project, from folders and archives
//   npm run recordings -- PATH…         those of these folders, archives (….tar.gz) and files
//
// A tree is judged by the rule set of its name; one that has none is told, and left out. What was
// recorded can be: an impossible input counts as a divergence, and no other promise is looked at.
// The exit code is that of the worst run, and 2 where no recording was replayed.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findRuleSet } from '../../dist/engine/index.js';
import { BESIDE, recordingsIn } from './beside.js';

const REPLAY = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));

const OPTIONS = ['-q', '--strict=broken', '--invariant', 'impossible-input'];

const paths = process.argv.slice(2);
let worst = null;
for (const [tree, recordings] of recordingsIn(paths.length === 0 ? BESIDE : paths)) {
  if (findRuleSet(tree) === undefined) {
    console.log(`\n${tree}: no rule set of that name, ${recordings.length} recordings left out`);
    continue;
  }
  console.log(`\n${tree}`);
  const files = recordings.map(({ path }) => path);
  const { status } = spawnSync(process.execPath, [REPLAY, ...OPTIONS, ...files], {
    stdio: 'inherit',
  });
  worst = Math.max(worst ?? 0, status ?? 2);
}
if (worst === null) console.error('no recordings to replay');
process.exitCode = worst ?? 2;
