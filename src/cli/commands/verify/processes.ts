import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { undoneBySignals } from '../../streams/signals.ts';

/** Most of what a program prints that is kept: the beginning. */
const OUTPUT_MAX = 8 * 1024 * 1024;

/** What came of running a program. */
export interface ProgramEnd {
  /** The exit code; null: a signal ended it, or it took too long. */
  readonly code: number | null;
  readonly output: string;
  /** It took longer than it may. */
  readonly isLate: boolean;
}

/** Parents of the processes that there are now, where the system shows them. */
function parents(): Map<number, number> {
  const found = new Map<number, number>();
  let names: string[] = [];
  try {
    names = readdirSync('/proc');
  } catch {
    return found;
  }
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name of the program stands in brackets and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      found.set(Number(name), Number(fields[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Ends a process and all that came of it: a runner puts its tests into groups of their own. */
function endAll(root: number): void {
  const all = parents();
  const mine = new Set([root]);
  for (let size = 0; size !== mine.size; ) {
    size = mine.size;
    for (const [pid, parent] of all) if (mine.has(parent)) mine.add(pid);
  }
  for (const pid of mine) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/**
 * Runs a program to its end; whatever ends this run ends that one too, and all that it started.
 *
 * @param milliseconds it may take
 * @throws the error of the operating system when it cannot be started
 */
export function runProgram(
  file: string,
  args: readonly string[],
  given: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly milliseconds: number;
    readonly stop: AbortSignal;
  },
): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    given.stop.throwIfAborted();
    const child: ChildProcess = spawn(file, args, {
      ...(given.cwd === undefined ? {} : { cwd: given.cwd }),
      ...(given.env === undefined ? {} : { env: given.env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let isLate = false;
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) endAll(child.pid);
    };
    const forget = undoneBySignals(end);
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, given.milliseconds);
    given.stop.addEventListener('abort', end);
    const take = (chunk: string): void => {
      if (output.length < OUTPUT_MAX) output += chunk;
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('latin1');
      stream?.on('data', take);
    }
    const done = (): void => {
      clearTimeout(timer);
      given.stop.removeEventListener('abort', end);
      forget();
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code) => {
      done();
      resolve({ code, output, isLate });
    });
  });
}
