// npm run bench [events]: what a whole quiet replay costs, against splitting lines and JSON.parse
// alone on the same file, and how its peak memory grows from a tenth of the events to five times as
// many. Quote the ratios; times depend on the machine.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_RULE_SET, RULE_SETS } from '../../dist/engine/index.js';
import { inTurn, median, ratio } from './measure.js';
import { workload } from './workload.js';

const ROUNDS = 5;
const START_UPS = 21;
const EVENTS = Number(process.argv[2] ?? 1_000_000);

const parseOnly = fileURLToPath(new URL('parse-only.js', import.meta.url));
const empty = fileURLToPath(new URL('empty.js', import.meta.url));
const replay = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));

/**
 * Writes the workload and returns its path.
 *
 * @param {string} folder
 * @param {number} events
 * @param {string} [rules] the rule set, of a workload that no rule set crashes on
 */
function write(folder, events, rules) {
  const path = join(folder, `${events}${rules === undefined ? '' : `.${rules}`}.jsonl`);
  const file = openSync(path, 'w');
  /** @type {string[]} */
  let lines = [];
  for (const line of workload(events, rules, rules !== undefined)) {
    lines.push(line);
    if (lines.length < 5000) continue;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);
  return path;
}

function say(/** @type {string} */ line) {
  process.stdout.write(`${line}\n`);
}

function row(/** @type {string} */ name, /** @type {import('./measure.js').Figures[]} */ figures) {
  const column = (/** @type {keyof import('./measure.js').Figures} */ figure) =>
    median(figures.map((one) => one[figure]));
  const ms = (/** @type {number} */ n) => `${n.toFixed(0)} ms`.padStart(10);
  const mb = `${(column('peak_kb') / 1024).toFixed(0)} MB`.padStart(9);
  say(`${name.padEnd(34)}${ms(column('wall_ms'))}${ms(column('cpu_ms'))}${mb}`);
}

const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));
try {
  const whole = write(folder, EVENTS);
  const tenth = write(folder, EVENTS / 10);
  const long = write(folder, EVENTS * 5);
  const megabytes = (statSync(whole).size / 1e6).toFixed(0);
  say(`${EVENTS} events, ${megabytes} MB; node ${process.version}; medians of ${ROUNDS} rounds`);
  say(`${''.padEnd(34)}${'wall'.padStart(10)}${'cpu'.padStart(10)}${'peak'.padStart(9)}`);
  const [parse = [], quiet = [], small = []] = inTurn(
    [
      [parseOnly, whole],
      [replay, '-q', whole],
      [replay, '-q', tenth],
    ],
    ROUNDS,
  );
  row('(a) split lines and JSON.parse', parse);
  row('(b) replay -q', quiet);
  row(`(c) replay -q, ${EVENTS / 10} events`, small);
  const [huge = []] = inTurn([[replay, '-q', long]], 1);
  row(`    replay -q, ${EVENTS * 5} events, once`, huge);
  const [nothing = [], version = []] = inTurn([[empty], [replay, '--version']], START_UPS);
  row('(d) empty node start', nothing);
  row('(e) replay --version', version);
  const sets = RULE_SETS.map(({ id }) => id);
  const traces = sets.map((id) => write(folder, EVENTS / 5, id));
  const bySet = inTurn(
    traces.map((path) => [replay, '-q', path]),
    ROUNDS,
  );
  const usual = bySet[sets.indexOf(DEFAULT_RULE_SET.id)] ?? [];
  say(
    `replay -q of ${EVENTS / 5} events by rule set, cpu to that of ${DEFAULT_RULE_SET.id}, goal 1.3 at most`,
  );
  sets.forEach((id, at) => {
    say(`  ${id.padEnd(10)} ${ratio(bySet[at] ?? [], usual, 'cpu_ms').toFixed(2)}`);
  });
  say(`(b)/(a) wall ${ratio(quiet, parse, 'wall_ms').toFixed(2)}, goal 1.5 at most`);
  say(`(b)/(a) cpu  ${ratio(quiet, parse, 'cpu_ms').toFixed(2)}`);
  say(`five times (b) / (c) peak ${ratio(huge, small, 'peak_kb').toFixed(2)}, goal 1.2 at most`);
  say(`(e)/(d) wall ${ratio(version, nothing, 'wall_ms').toFixed(2)}, goal 1.5 at most`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
