import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { escapeControl } from '../trace/text/escape.ts';
import { REPLACEMENT } from '../trace/text/utf8.ts';
import { internalErrorText, KnownError, systemCode, systemErrorText } from './outcome/errors.ts';
import { exitCodeOf, type Outcome, worse } from './outcome/outcome.ts';
import type { Host, HostProcess, ProcessOutput } from './streams/host.ts';
import { Output } from './streams/output.ts';

/** Columns of output that goes elsewhere than to a terminal: fixed, so that it can be compared. */
const FIXED_WIDTH = 80;
/** Narrower terminals get lines of this width. */
const WIDTH_MIN = 40;

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}

/** Columns of the terminal that a stream is, or null. */
function columnsOf({ isTTY, columns }: ProcessOutput): number | null {
  if (isTTY !== true) return null;
  // A terminal that does not know says 0.
  return Math.max(WIDTH_MIN, columns || FIXED_WIDTH);
}

function createHost(process: HostProcess): Host {
  const { stdout, stderr, env } = process;
  return {
    // Made when first used: it would keep the process waiting.
    get stdin() {
      return process.stdin;
    },
    stdout: new Output(stdout, columnsOf(stdout)),
    stderr: new Output(stderr, columnsOf(stderr)),
    env,
    isTerminal: {
      stdout: stdout.isTTY === true,
      stderr: stderr.isTTY === true,
    },
    width: columnsOf(stdout) ?? FIXED_WIDTH,
    version: readVersion(),
  };
}

async function run(args: readonly string[], host: Host): Promise<Outcome> {
  const [first] = args;
  // Answered here, because loading the rest takes longer than the answer.
  if (args.length === 1 && (first === '--version' || first === '-V')) {
    host.stdout.write(`${host.version}\n`);
    return 'agrees';
  }
  const { runProgram } = await import('./program.ts');
  return await runProgram(args, host);
}

/** Tells an error: a known one in a line, any other, which is our fault, with its stack. */
function tell(error: unknown, host: Host): Outcome {
  if (error instanceof KnownError) {
    host.stderr.tell(`replay: ${escapeControl(error.message)}\n`);
    return 'usage-error';
  }
  host.stderr.tell(internalErrorText(error));
  return 'internal-error';
}

/** What became of standard output, once everything was written. A reader may leave at any time. */
function outputOutcome({ stdout, stderr }: Host): Outcome {
  const { error } = stdout;
  if (error === null || stdout.isClosedByReader) return 'agrees';
  const why = systemCode(error) === null ? error.message : systemErrorText(error);
  stderr.tell(`replay: standard output cannot be written: ${why}\n`);
  return 'unwritable-output';
}

/**
 * Runs a command line in a process, and gives the exit code. It never ends the process: a pipe
 * would lose what it has not taken yet.
 *
 * @param args without the names of node and of the script
 */
export async function runIn(process: HostProcess, args: readonly string[]): Promise<number> {
  const host = createHost(process);
  let outcome: Outcome;
  try {
    outcome = await run(args, host);
  } catch (error) {
    outcome = tell(error, host);
  }
  await host.stdout.flush();
  outcome = worse(outcome, outputOutcome(host));
  await host.stderr.flush();
  return exitCodeOf(outcome);
}

/** The arguments of this process, also where node has lost what they were. */
async function givenArguments(): Promise<readonly string[]> {
  const args = process.argv.slice(2);
  if (!args.some((arg) => arg.includes(REPLACEMENT))) return args;
  const { givenNames } = await import('./files/names.ts');
  try {
    return givenNames(args, readFileSync('/proc/self/cmdline'));
  } catch (error) {
    // Other systems than Linux tell it nowhere, or have names in Unicode only.
    if (systemCode(error) === null) throw error;
    return args;
  }
}

/** The last version of V8 that is known to know the option below; others complain aloud. */
const V8_KNOWN = 13;

/**
 * Has memory collected when it has doubled, not when it has grown fourfold: most of what a replay
 * allocates is dead at once, and the rest is small, so that it costs next to nothing.
 */
function keepMemorySmall(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major <= V8_KNOWN) setFlagsFromString('--heap-growing-percent=100');
}

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  keepMemorySmall();
  process.exitCode = await runIn(process, await givenArguments());
}
