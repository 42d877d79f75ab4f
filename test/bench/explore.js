// npm run bench:explore: how fast worlds are searched. Each preset is searched to its end under
// both rule sets of the change; of a world with many more states, the first 300,000, under the
// default rule set and the newest, on one thread and on as many
// as there are processors, beside a loop that only hashes and stores as many states of that size.
// Times depend on the machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRuleSet, RULE_SETS } from '../../dist/engine/index.js';
import { Exploration, PRESET_NAMES, presetOf } from '../../dist/explore/index.js';
import { NONE, StateStore } from '../../dist/search/store.js';
import { median } from './measure.js';

const REPLAY = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));

const ROUNDS = 3;
const SLICE = 5000;
const STATES = 300_000;

/** Three sessions over one H2 server; nothing fails. */
const LARGE = {
  world: 'haproxy-ownership-world/1',
  config: {
    frontends: { fe: { 'max-session-srv-conns': 1 } },
    backends: { b: { 'http-reuse': 'always' } },
    servers: { 'b/srv': { proto: 'h2', 'streams-limit': 2 } },
  },
  sessions: 3,
  streams: 6,
  connections: 3,
  events: { authentication: true, closes: true, goaway: true },
};

function say(/** @type {string} */ line) {
  process.stdout.write(`${line}\n`);
}

/** Searches a world to its end, or to a bound. */
function search(name, world, rules, bounds = {}) {
  const options = {
    name,
    rules: findRuleSet(rules),
    from: null,
    properties: null,
    all: true,
    bounds,
  };
  const exploration = new Exploration(world, options);
  const start = performance.now();
  const cpu = process.cpuUsage();
  while (exploration.run(SLICE)) {
    // To the end.
  }
  const { user, system } = process.cpuUsage(cpu);
  const wall_ms = performance.now() - start;
  return { exploration, wall_ms, cpu_ms: (user + system) / 1000, progress: exploration.progress };
}

function speed({ transitions }, ms) {
  return Math.round(transitions / (ms / 1000)).toLocaleString('en');
}

say(`node ${process.version}`);
say('preset                       rules      states  transitions  depth  finds      ms');
for (const name of PRESET_NAMES) {
  for (const rules of ['08016ab82', '21ddc74e8']) {
    const { exploration, progress, wall_ms } = search(name, presetOf(name), rules);
    const { finds, isExhausted } = exploration.result();
    if (!isExhausted) throw new Error(`${name} is not exhausted`);
    const columns = [
      name.padEnd(28),
      rules,
      String(progress.states).padStart(7),
      String(progress.transitions).padStart(12),
      String(progress.depth).padStart(6),
      String(finds).padStart(6),
      wall_ms.toFixed(0).padStart(7),
    ];
    say(columns.join(' '));
  }
}

/** Milliseconds that it takes to hash and store the states of a search once more. */
function storeAgain(/** @type {StateStore} */ all) {
  const states = [];
  for (let place = 0; place < all.end; place = all.next(place)) {
    const { words, at, length } = all.read(place);
    states.push(words.slice(at, at + length));
  }
  const store = new StateStore();
  const start = performance.now();
  for (const words of states) store.add(words, 0, words.length, NONE, 0);
  if (store.states !== states.length) throw new Error('a state stands twice in the store');
  return performance.now() - start;
}

/** Transitions per second of the program with so many threads, as it says itself. */
function searchByThreads(/** @type {string} */ world, /** @type {number} */ jobs) {
  const args = ['explore', '--all', '--quiet', '--states', String(STATES), '--jobs', String(jobs)];
  const { stderr } = spawnSync(process.execPath, [REPLAY, ...args, world], { encoding: 'utf8' });
  const said = /(\d+) transitions per second/.exec(stderr);
  if (said === null) throw new Error(`no speed in ${stderr}`);
  return Number(said[1]);
}

/** Searches the large world under a rule set, again and again, and says how fast and how large. */
function measure(/** @type {string} */ rules) {
  const rounds = Array.from({ length: ROUNDS }, () =>
    search('large', LARGE, rules, { states: STATES }),
  );
  const [first] = rounds;
  if (first === undefined) throw new Error('no round');
  const { progress } = first;
  const wall = median(rounds.map((r) => r.wall_ms));
  const cpu = median(rounds.map((r) => r.cpu_ms));
  say(`large world under ${rules}: ${progress.states} states, ${progress.transitions} transitions`);
  say(`one thread, transitions per second, wall: ${speed(progress, wall)}`);
  say(`one thread, transitions per second, cpu:  ${speed(progress, cpu)}, goal 400,000`);
  const bytes = (progress.bytes / progress.states).toFixed(1);
  say(`bytes per stored state: ${bytes}, goal 120 at most`);
  return { ...first, wall_ms: wall };
}

const { exploration, wall_ms: wall } = measure('08016ab82');
const floor = Array.from({ length: ROUNDS }, () => storeAgain(exploration.search.store));
say(`only hashing and storing the states:      ${(median(floor) / wall).toFixed(3)} of that time`);
measure(RULE_SETS.at(-1)?.id ?? '08016ab82');
const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));
try {
  const world = join(folder, 'large.json');
  writeFileSync(world, JSON.stringify(LARGE));
  const jobs = availableParallelism();
  // In turn, so that both meet the same noise.
  const pairs = Array.from({ length: ROUNDS }, () =>
    [1, jobs].map((n) => searchByThreads(world, n)),
  );
  const rate = (/** @type {number} */ at) => median(pairs.map((pair) => pair[at] ?? Number.NaN));
  say(`the program, 1 thread:  ${rate(0).toLocaleString('en')} transitions per second`);
  say(`the program, ${jobs} threads: ${rate(1).toLocaleString('en')} transitions per second`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
