import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { ScriptRun } from '../../../verify/index.ts';
import { type ProgramEnd, runProgram } from './processes.ts';

/** Seconds after which the runner gives a script up. */
const SCRIPT_SECONDS = 10;
/** Milliseconds after which the runner itself is given up. */
const RUNNER_MS = (SCRIPT_SECONDS + 5) * 1000;
const GDB_MS = 20_000;

/** The programs that run a script. */
export interface Programs {
  /** The HAProxy that is judged, by its full path. */
  readonly haproxy: string;
  readonly runner: string;
  /** Where the runner finds programs. */
  readonly path: string;
}

/** What a run leaves behind. */
export interface Ran {
  readonly run: ScriptRun;
  /** What HAProxy printed. */
  readonly capture: string;
  /** The configuration that it read; null: it was never started. */
  readonly config: string | null;
}

/** Stands for HAProxy: what the one that is judged prints goes to a file, and so does its core. */
const WRAPPER = `#!/bin/sh
case "$*" in
*/h1/cfg*)
  for word in "$@"; do
    case "$word" in */h1/cfg) cp "$word" "$REPLAY_FOLDER/haproxy.cfg" ;; esac
  done
  cd "$REPLAY_FOLDER" || exit 1
  ulimit -c unlimited 2>/dev/null
  # Warnings go where the runner reads them, which also waits for the end of that.
  exec "$REPLAY_HAPROXY" "$@" >>"$REPLAY_FOLDER/capture.txt"
  ;;
esac
exec "$REPLAY_HAPROXY" "$@"
`;

/** Signals by which the runner itself ends HAProxy: INT, KILL, TERM. */
const RUNNERS_OWN = new Set([2, 9, 15]);

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return null;
  }
}

function signalIn(log: string): number | null {
  const status = /\bh1\s+WAIT4 pid=\d+ status=0x([0-9a-f]+)/.exec(log)?.[1];
  const signal = status === undefined ? 0 : Number.parseInt(status, 16) & 0x7f;
  return signal === 0 || RUNNERS_OWN.has(signal) ? null : signal;
}

/** The exit code of a runner that has left a script out. */
const SKIPPED = 77;

/** What the runner says that failed first, but for how HAProxy ended. */
function failureIn(log: string, { isLate, code }: ProgramEnd): string | null {
  if (code === SKIPPED) return 'the runner skipped it: this HAProxy is too old, or without TLS';
  const lines = [...log.matchAll(/^---- *(\S+) +(.*)$/gm)];
  const first = lines.find(([, , what = '']) => !what.startsWith('Bad exit status'));
  if (first !== undefined) return `${first[1]}: ${first[2]?.trim()}`;
  if (isLate || /TIMED OUT/.test(log)) return `it did not end within ${SCRIPT_SECONDS} seconds`;
  return null;
}

/** What a core tells, where there is one and a debugger that reads it. */
async function deathIn(
  folder: string,
  { haproxy }: Programs,
  stop: AbortSignal,
): Promise<Pick<ScriptRun, 'signal' | 'stack'>> {
  const nothing = { signal: null, stack: [] };
  const core = (await readdir(folder)).find((name) => /^core(?:\.|$)/.test(name));
  if (core === undefined) return nothing;
  const args = ['-nx', '-batch', '-ex', 'bt', haproxy, join(folder, core)];
  try {
    const { output } = await runProgram('gdb', args, { milliseconds: GDB_MS, stop });
    const frames = output.matchAll(/^#\d+\s+(?:0x[0-9a-f]+ in )?(\w+) \(/gm);
    const name = /^Program terminated with signal (\w+)/m.exec(output)?.[1] ?? '';
    const numbers: Readonly<Record<string, number | undefined>> = constants.signals;
    const signal = numbers[name] ?? null;
    return { signal, stack: [...frames].flatMap(([, frame]) => frame ?? []) };
  } catch (error) {
    if (stop.aborted) throw error;
    return nothing;
  }
}

/**
 * Runs a script in a folder of its own, for a bounded time.
 *
 * @throws the error of the operating system when the runner cannot be started
 */
export async function runScript(
  script: string,
  folder: string,
  programs: Programs,
  stop: AbortSignal,
): Promise<Ran> {
  const wrapper = join(folder, 'haproxy.sh');
  const path = join(folder, 'test.vtc');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await writeFile(path, script);
  await writeFile(wrapper, WRAPPER);
  await chmod(wrapper, 0o700);
  const env = {
    PATH: programs.path,
    TMPDIR: temporary,
    HAPROXY_PROGRAM: wrapper,
    REPLAY_FOLDER: folder,
    REPLAY_HAPROXY: programs.haproxy,
  };
  const args = ['-v', '-t', String(SCRIPT_SECONDS), path];
  const given = { cwd: folder, env, milliseconds: RUNNER_MS, stop };
  const end = await runProgram(programs.runner, args, given);
  stop.throwIfAborted();
  await writeFile(join(folder, 'runner.log'), end.output, 'latin1');
  const told = signalIn(end.output);
  // A runner that waits for a dead program is ended before it tells how that died.
  const death = await deathIn(folder, programs, stop);
  const capture = (await textOf(join(folder, 'capture.txt'))) ?? '';
  const alert = /^\S+ +h1 +debug\|\[ALERT\][^:]*: (?:config : )?(.*)$/m.exec(end.output)?.[1];
  return {
    run: {
      passed: end.code === 0,
      failure:
        capture === '' && alert !== undefined ? `HAProxy: ${alert}` : failureIn(end.output, end),
      signal: told ?? death.signal,
      stack: death.stack,
    },
    capture,
    config: await textOf(join(folder, 'haproxy.cfg')),
  };
}
