// Verifies the traces that come with the project on the haproxy that is installed:
//
//   npm run verify                  all of them; a table on standard output
//   npm run verify -- FILE          the table goes to the file as well
//
// Fails when too few come out as predicted, when a script does not get anywhere, or when the program
// does something else without a reason that is known: a fix that its branch has taken over since
// the rules were read, or memory that is read after its end, and is still there by luck.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const REPLAY = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));
/** Fewer that are as predicted mean that something is wrong with the scripts. */
const PREDICTED_MIN = 100;
const OUTPUT_MAX = 64 * 1024 * 1024;

/** Scripts wait most of their time. */
const jobs = String(3 * availableParallelism());

async function report() {
  const args = [REPLAY, 'verify', 'traces', '--jobs', jobs, '--reporter', 'json'];
  const run = promisify(execFile)(process.execPath, args, { maxBuffer: OUTPUT_MAX });
  // The exit code says that something differs: which is looked at below.
  const { stdout, stderr } = await run.catch((error) => error);
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

function reasonOf({ verdict: { reason } }) {
  if (reason === null) return 'no known reason';
  if (reason.kind === 'freed-memory') return 'freed memory that is still there by luck';
  return `its branch has taken over ${reason.commits.join(' ')}`;
}

function* counted(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const [text, count] of [...counts].sort(([, one], [, other]) => other - one)) {
    yield `  ${String(count).padStart(4)}  ${text}`;
  }
}

const { version, rules, counts, traces } = await report();
const differing = traces.filter(({ verdict }) => verdict.kind === 'differs');
const refused = traces.filter(({ verdict }) => verdict.kind === 'not-exportable');
const exported = traces.length - refused.length - counts.invalid;
const unexplained = [
  ...differing.filter((trace) => reasonOf(trace) === 'no known reason'),
  ...traces.filter(({ verdict }) => verdict.kind === 'not-reached' || verdict.kind === 'invalid'),
];
const lines = [
  `HAProxy ${version}, rules ${rules}: ${traces.length} traces`,
  `exported        ${exported}`,
  `as predicted    ${counts['as-predicted']}`,
  ...counted(
    traces.flatMap(({ verdict }) =>
      verdict.kind === 'as-predicted' ? verdict.says.replace(/^alive.*$/, 'alive') : [],
    ),
  ),
  `differs         ${counts.differs}`,
  ...counted(differing.map(reasonOf)),
  `not reached     ${counts['not-reached']}`,
  `not exportable  ${refused.length}`,
  ...counted(
    refused.map(({ verdict }) =>
      verdict.why.replaceAll(/\([^)]*\)/g, '(…)').replaceAll(/\b[cst]\d+\b/g, '…'),
    ),
  ),
  ...unexplained.map(({ path, verdict }) => `unexplained: ${path}: ${JSON.stringify(verdict)}`),
];
const table = `${lines.join('\n')}\n`;
process.stdout.write(table);
const [file] = process.argv.slice(2);
if (file !== undefined) writeFileSync(file, table);
if (counts['as-predicted'] < PREDICTED_MIN || unexplained.length > 0) process.exitCode = 1;
