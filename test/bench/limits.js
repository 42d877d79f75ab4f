// npm run bench:limits [words…]: inputs that are very many, very odd or without an end, each with the
// memory and the time that it may take; fails where one takes more. Words choose among them.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPLAY = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));
const USAGE = fileURLToPath(new URL('usage.js', import.meta.url));
const FOLDERS = 100;
const FILES = 1000;
const EVENTS = 3_000_000;
const MANY_MB = 250;
const RANDOM_MB = 200;
const ENDLESS_MB = 200;
/** Generous: it is there to end what does not end by itself. */
const LONGEST_S = 600;
const SOON_S = 30;

const HEADER = JSON.stringify({
  trace: 'haproxy-ownership/1',
  title: 'a limit',
  config: {
    frontends: { fe: {} },
    backends: { b: { 'http-reuse': 'never' } },
    servers: { 'b/srv': {} },
  },
});

/** The life of a session, as lines. */
function session(
  /** @type {string} */ sess,
  /** @type {string} */ strm,
  /** @type {string} */ conn,
) {
  return [
    `{"event":"session_new","sess":"${sess}","fe":"fe"}`,
    `{"event":"connect_server","strm":"${strm}","sess":"${sess}","target":"b/srv","conn":"${conn}"}`,
    `{"event":"detach","strm":"${strm}","shutdown":true}`,
    `{"event":"session_free","sess":"${sess}"}`,
  ];
}

/** A hundred thousand small traces. */
function writeMany(/** @type {string} */ folder) {
  const text = `${[HEADER, ...session('s1', 't1', 'c1')].join('\n')}\n`;
  for (let at = 0; at < FOLDERS; at++) {
    mkdirSync(join(folder, `many/${at}`), { recursive: true });
    for (let file = 0; file < FILES; file++) {
      writeFileSync(join(folder, `many/${at}/${file}.jsonl`), text);
    }
  }
}

/** Multiplicative congruential numbers below 2^31; the same sequence on every machine. */
let state = 20200715;
function word() {
  state = (state * 48271) % 2147483647;
  return state;
}

function writeRandom(/** @type {string} */ path, /** @type {(kind: string) => string} */ idOf) {
  const file = openSync(path, 'w');
  writeSync(file, `${HEADER}\n`);
  for (let written = 0; written < EVENTS; ) {
    /** @type {string[]} */
    const lines = [];
    for (let at = 0; at < 2000; at++) lines.push(...session(idOf('s'), idOf('t'), idOf('c')));
    writeSync(file, `${lines.join('\n')}\n`);
    written += lines.length;
  }
  closeSync(file);
}

const long = (/** @type {string} */ kind) =>
  `${kind}${[1, 2, 3].map(() => word().toString(16)).join('-')}`;
/** A permutation of nine-digit numbers: far apart, and none twice. */
let count = 0;
const far = (/** @type {string} */ kind) => `${kind}${(++count * 387_420_489) % 999_999_937}`;

const many = { code: 0, megabytes: MANY_MB, seconds: LONGEST_S };
const random = { code: 0, megabytes: RANDOM_MB, seconds: LONGEST_S };
const endless = { code: 2, megabytes: ENDLESS_MB, seconds: SOON_S };
const reporters = ['json', 'jsonl', 'junit', 'tap', 'github', 'sarif', 'agent'];
const sets = '--from 21ddc74e8 --to 08016ab82';

const CASES = [
  { name: 'many files', args: '-q many', ...many },
  { name: 'many files, 2 jobs', args: '-q --jobs 2 many', ...many },
  { name: 'many files, 2 jobs, json', args: '-q --jobs 2 --reporter json=out many', ...many },
  ...reporters.map((name) => {
    return { name: `many files, ${name}`, args: `-q --reporter ${name}=out many`, ...many };
  }),
  { name: 'random ids', args: '-q long.jsonl', ...random },
  { name: 'random numbers', args: '-q far.jsonl', ...random },
  { name: 'endless invalid trace', from: "yes '{}'", args: '-q -', ...endless },
  { name: 'endless blank lines', from: "yes ''", args: '-q -', ...endless },
  { name: 'endless line', from: "tr '\\0' x < /dev/zero", args: '-q -', ...endless },
  { name: 'endless trace to compare', from: 'yes', args: `compare ${sets} -`, ...endless },
  { name: 'endless trace to minimise', from: 'yes', args: 'minimize -', ...endless },
  ...['-q', '-u', `compare ${sets}`, 'minimize', 'merge', 'explore'].map((command) => {
    return { name: `/dev/zero, ${command}`, args: `${command} /dev/zero`, ...endless };
  }),
];

function run(
  /** @type {string} */ cwd,
  /** @type {typeof CASES[number] & { from?: string }} */ one,
) {
  const from = one.from === undefined ? '' : `${one.from} | `;
  const line = `${from}timeout ${one.seconds} "$0" --import "${USAGE}" "${REPLAY}" ${one.args}`;
  const start = performance.now();
  const child = spawnSync('/bin/sh', ['-c', line, process.execPath], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const seconds = (performance.now() - start) / 1000;
  const said = child.output[3] ?? '';
  const megabytes = said === '' ? Number.NaN : JSON.parse(said).peak_kb / 1024;
  const isFine = child.status === one.code && megabytes <= one.megabytes;
  const figures = `${megabytes.toFixed(0)} MB of ${one.megabytes}, ${seconds.toFixed(1)} s`;
  process.stdout.write(`${one.name.padEnd(32)}${figures}${isFine ? '' : '  TOO MUCH'}\n`);
  return isFine;
}

const words = process.argv.slice(2);
const chosen = CASES.filter(({ name }) => words.every((each) => name.includes(each)));
const folder = mkdtempSync(join(tmpdir(), 'replay-limits-'));
try {
  if (chosen.some(({ args }) => args.endsWith('many'))) writeMany(folder);
  if (chosen.some(({ args }) => args.includes('long')))
    writeRandom(join(folder, 'long.jsonl'), long);
  if (chosen.some(({ args }) => args.includes('far'))) writeRandom(join(folder, 'far.jsonl'), far);
  const isFine = chosen.map((one) => run(folder, one)).every((each) => each);
  process.exitCode = isFine ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
