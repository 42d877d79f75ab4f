// npm run bench:explore: how fast worlds are searched. Each preset is searched to its end under
// both rule sets; of a world with many more states, the first million. Times depend on the machine.
import { findRuleSet } from '../../dist/engine/index.js';
import { Exploration, PRESET_NAMES, presetOf } from '../../dist/explore/index.js';
import { median } from './measure.js';

const ROUNDS = 3;
const SLICE = 5000;
const STATES = 1_000_000;

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

const rounds = Array.from({ length: ROUNDS }, () =>
  search('large', LARGE, '08016ab82', { states: STATES }),
);
const [first] = rounds;
if (first === undefined) throw new Error('no round');
const { progress } = first;
say(`large world: ${progress.states} states, ${progress.transitions} transitions`);
say(`transitions per second, wall: ${speed(progress, median(rounds.map((r) => r.wall_ms)))}`);
say(
  `transitions per second, cpu:  ${speed(progress, median(rounds.map((r) => r.cpu_ms)))}, goal 400,000`,
);
say(
  `bytes per stored state:       ${(progress.bytes / progress.states).toFixed(1)}, goal 120 at most`,
);
