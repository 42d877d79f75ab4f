// Writes everything that the program prints into a folder, one file per call: every reporter over
// the whole corpus, every world, every help text. Two folders, made before and after a change that
// should change nothing, are compared with `diff -r`:
//
//   node test/outputs/outputs.js DIR [BIN] [TRACES]
//
// BIN is the program (default: this checkout's), TRACES the folder of traces (default: traces).
// The traces are taken from the folder in which this runs, so that both sides print one path.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [
  dir,
  bin = fileURLToPath(new URL('../../bin/replay.js', import.meta.url)),
  traces = 'traces',
] = process.argv.slice(2);
if (dir === undefined) throw new Error('usage: node test/outputs/outputs.js DIR [BIN] [TRACES]');

const RULES = ['21ddc74e8', '08016ab82'];
const REPORTERS = ['pretty', 'json', 'jsonl', 'junit', 'tap', 'github', 'sarif', 'agent'];
const COMMANDS = [
  'compare',
  'explore',
  'invariants',
  'merge',
  'minimize',
  'rules',
  'schema',
  'which',
];
const WORLDS = [
  'failed-listing',
  'shared-authentication',
  'shared-authentication-fcgi',
  'tcp-retry',
  'send-proxy',
  'last-server',
  'no-memory',
  'dangling-owner',
  'delayed-mux',
  'takeover',
  'maintenance',
  'failed-attach',
  'idle-periods',
];

/** Every call by the name of its file. */
function* calls() {
  yield ['help', ['--help']];
  for (const command of COMMANDS) yield [`help.${command}`, [command, '--help']];
  for (const name of ['trace', 'report', 'world']) yield [`schema.${name}`, ['schema', name]];
  yield ['invariants', ['invariants']];
  yield ['rules', ['rules']];
  yield ['rules.all', ['rules', '--all']];
  yield ['rules.between', ['rules', ...RULES]];
  for (const rules of RULES) yield [`rules.${rules}`, ['rules', rules]];
  for (const name of REPORTERS) yield [`replay.${name}`, ['--reporter', name, traces]];
  yield ['replay.quiet', ['-q', traces]];
  yield ['replay.color', ['--color', 'always', '--steps', 'diverging', traces]];
  yield ['replay.explain', ['--explain', '--coverage', '--strict', '--full', traces]];
  for (const rules of RULES) {
    yield [`replay.${rules}`, ['--rules', rules, '--explain', traces]];
    yield [`replay.json.${rules}`, ['--rules', rules, '--reporter', 'json', traces]];
  }
  yield ['compare', ['compare', '--from', ...RULES.join(' --to ').split(' '), traces]];
  yield ['compare.back', ['compare', '--from', RULES[1], '--to', RULES[0], '-q', traces]];
  yield ['compare.many', ['compare', '--rules', 'all', '-q', traces]];
  yield ['which', ['which', traces]];
  yield ['explore', ['explore']];
  for (const world of WORLDS) {
    for (const rules of RULES) {
      const args = ['explore', world, '--rules', rules, '--all', '--explain'];
      yield [`explore.${world}.${rules}`, args];
    }
    const parts = ['explore', world, '--from', RULES[0], '--to', RULES[1], '--all'];
    yield [`explore.${world}.parts`, parts];
  }
  for (const name of readdirSync(join(traces, 'bugs'))) {
    const path = join(traces, 'bugs', name);
    if (statSync(path).isFile()) yield [`minimize.${name}`, ['minimize', path]];
  }
}

/** What a call prints on both streams, and how it ends. Speeds are told on a terminal's stream. */
function print(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const err = [];
    child.stdout.on('data', (bytes) => out.push(bytes));
    child.stderr.on('data', (bytes) => err.push(bytes));
    child.on('close', (code) => done([Buffer.concat(out), Buffer.concat(err), code]));
  });
}

/** Standard error of a search without its speed, which no two runs share. */
const withoutSpeed = (text) => text.replace(/^.*(per second|MiB|\bs\b).*$/gm, '(speed)');

const to = resolve(dir);
mkdirSync(to, { recursive: true });
const left = [...calls()];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let call = left.shift(); call; call = left.shift()) {
      const [name, args] = call;
      const [out, err, code] = await print(args);
      writeFileSync(join(to, `${name}.out`), out);
      writeFileSync(join(to, `${name}.err`), `${withoutSpeed(String(err))}exit code ${code}\n`);
    }
  }),
);
