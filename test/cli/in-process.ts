import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { runIn } from '../../src/cli/main.ts';

/** What a run of the program left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run of the program is given. */
export interface Given {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Both outputs are a terminal of so many columns. */
  readonly columns?: number;
}

/** The environment of a run: small, and the same whoever starts the tests. */
export function environment({ env = {} }: Given): Record<string, string | undefined> {
  return { PATH: process.env.PATH, ...env };
}

/** An output that nobody looks at before the end; no terminal where no columns are given. */
class Collected extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(columns: number | undefined) {
    super();
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

async function run(args: readonly string[], given: Given): Promise<Ended> {
  const stdout = new Collected(given.columns);
  const stderr = new Collected(given.columns);
  const streams = { stdin: Readable.from([Buffer.from(given.input ?? '')]), stdout, stderr };
  const host = Object.assign(new EventEmitter(), streams, { env: environment(given) });
  const before = process.cwd();
  process.chdir(given.cwd ?? before);
  try {
    const code = await runIn(host, args);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before);
  }
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the program in this process, from its source, as a process of its own would run it: with its
 * own streams, environment and folder. There is one folder to a process, so runs wait for each
 * other.
 */
export function runHere(args: readonly string[], given: Given = {}): Promise<Ended> {
  const result = last.then(() => run(args, given));
  last = result.catch(() => {});
  return result;
}
