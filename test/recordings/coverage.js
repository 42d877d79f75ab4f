// Which rules of which set are covered: by the recordings of its tree, and by traces/.
//
//   npm run rules:covered             every set, as Markdown
//   npm run rules:covered -- 2.3.0    these
//   npm run rules:covered -- --traces DIR    by the traces of another folder
//
// A trace of the repository covers what it shows under any set that agrees with it. Below the table
// stand, by name, the rules that neither covers, and the changes that neither tells from what was
// there before.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { evidenceOf } from '../../dist/evidence/index.js';
import { rulesDecided, setsNamed, withoutEach } from './backing.js';
import { readWhole, tracesAt } from './beside.js';
import { differs } from './course.js';

/** @typedef {import('../../dist/engine/index.js').RuleSet} RuleSet */

const TRACES = fileURLToPath(new URL('../../traces', import.meta.url));
const { values, positionals } = parseArgs({
  options: { traces: { type: 'string', default: TRACES } },
  allowPositionals: true,
});
const traces = tracesAt(values.traces).map(readWhole);

/** @param {Record<string, number | null>} counts @returns {string[]} those of none */
const unshown = (counts) => Object.keys(counts).filter((name) => (counts[name] ?? 0) === 0);

/** @param {RuleSet} set */
function coverageOf(set) {
  const { rules, changes } = evidenceOf(set);
  const own = traces.filter((trace) => differs(trace, set) === false);
  const unreached = new Set(unshown(rulesDecided(set, own)));
  const without = withoutEach(set);
  const untold = unshown(changes);
  return {
    rules: Object.keys(rules),
    unrecorded: unshown(rules),
    unreached: [...unreached],
    uncovered: unshown(rules).filter((id) => unreached.has(id)),
    changes: Object.keys(changes),
    untold,
    // Only of those that no recording tells: the others are covered.
    untoldByBoth: untold.filter((place) => {
      const before = without.get(place);
      return before === undefined || !own.some((trace) => differs(trace, before) === true);
    }),
  };
}

const sets = setsNamed(positionals);
const all = sets.map((set) => ({ set, ...coverageOf(set) }));

console.log(
  '| set | rules | recorded | in traces/ | in neither | changes | told by recordings | by neither |',
);
console.log('|---|--:|--:|--:|--:|--:|--:|--:|');
for (const { set, rules, changes, ...not } of all) {
  const recorded = rules.length - not.unrecorded.length;
  const reached = rules.length - not.unreached.length;
  const told = changes.length - not.untold.length;
  const counts = [rules.length, recorded, reached, not.uncovered.length];
  counts.push(changes.length, told, not.untoldByBoth.length);
  console.log(`| ${set.id} | ${counts.join(' | ')} |`);
}
for (const { set, uncovered, untoldByBoth } of all) {
  if (uncovered.length > 0) console.log(`\n${set.id}, rules in neither: ${uncovered.join(', ')}`);
  if (untoldByBoth.length > 0) {
    console.log(`\n${set.id}, changes told by neither: ${untoldByBoth.join(', ')}`);
  }
}
