// Chooses recordings of releases for traces/recorded/, a folder each:
//
//   npm run recordings:choose             of every release that is modelled, and recorded
//   npm run recordings:choose -- 2.3.0    of these
//   npm run recordings:choose -- --into DIR     into another folder
//   npm run recordings:choose -- --from PATH    among the recordings of a folder or an archive
//
// Of those with the rarest feature that is not shown yet (a rule, a change, a crash, an input, …)
// the one that adds most per byte, until all are shown that recordings of bounded size can show. The
// earlier choice goes. Rules that are shown by none of them are told.

import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setsNamed, withoutEach } from './backing.js';
import { BESIDE, readWhole, recordingsIn } from './beside.js';
import { featuresOf } from './features.js';

/** @typedef {import('./beside.js').Recording & { features: Set<string> }} Candidate */

/** Mixed workloads go on for long, and most of what they do is in others as well. */
const BYTES_MAX = 128 * 1024;

const FOLDER = fileURLToPath(new URL('../../traces/recorded', import.meta.url));

/** The features that not all of the chosen show yet, the rarest first.
 * @param {readonly Candidate[]} candidates
 * @returns {string[]}
 */
function byRarity(candidates) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { features } of candidates) {
    for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  const order = [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  return order.map(([feature]) => feature);
}

/** @param {readonly Candidate[]} candidates @returns {Candidate[]} the choice */
function choose(candidates) {
  /** @type {Set<string>} */
  const shown = new Set();
  const chosen = [];
  for (const feature of byRarity(candidates)) {
    if (shown.has(feature)) continue;
    const gain = (/** @type {Candidate} */ { features, bytes }) =>
      [...features].filter((each) => !shown.has(each)).length / bytes;
    const [best] = candidates
      .filter(({ features }) => features.has(feature))
      .sort((one, other) => gain(other) - gain(one) || (one.name < other.name ? -1 : 1));
    chosen.push(best);
    for (const each of best.features) shown.add(each);
  }
  return chosen;
}

/**
 * @param {readonly Candidate[]} chosen
 * @param {readonly string[]} features
 * @returns {string[]} rules, changes and ends that none of the chosen shows
 */
function notIn(chosen, features) {
  const told = features.filter((feature) => /^(rule|change|crash|abort) /.test(feature));
  return told.filter((feature) => !chosen.some((each) => each.features.has(feature)));
}

const { values, positionals } = parseArgs({
  options: {
    into: { type: 'string', default: FOLDER },
    from: {
      type: 'string',
      multiple: true,
      default: BESIDE.filter((path) => path.endsWith('-releases')),
    },
  },
  allowPositionals: true,
});
const found = recordingsIn(values.from);
for (const set of setsNamed(positionals)) {
  const recordings = found.get(set.id) ?? [];
  if (recordings.length === 0) continue;
  const without = withoutEach(set);
  const all = recordings.map((recording) => {
    return { ...recording, features: featuresOf(readWhole(recording.path), set, without) };
  });
  const chosen = choose(all.filter(({ bytes }) => bytes <= BYTES_MAX));
  const bytes = chosen.reduce((sum, each) => sum + each.bytes, 0);
  console.log(`${set.id}: ${chosen.length} of ${recordings.length} recordings, ${bytes} bytes`);
  for (const feature of notIn(chosen, byRarity(all))) console.log(`  not shown: ${feature}`);
  const folder = join(values.into, set.id);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { name, path } of chosen) copyFileSync(path, join(folder, name));
}
