import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, environment, type Given, runHere } from './in-process.ts';

export { type Ended, environment, type Given };

/** The command as installed; `npm run build` must have made what it imports. */
export const REPLAY = fileURLToPath(new URL('../../bin/replay.js', import.meta.url));

/** Starts a program, without a terminal and with a small environment of its own. */
export function startProgram(
  file: string,
  args: readonly string[],
  given: Omit<Given, 'input'> = {},
): ChildProcessWithoutNullStreams {
  const { cwd } = given;
  return spawn(file, args, { ...(cwd === undefined ? {} : { cwd }), env: environment(given) });
}

/** Runs a program to its end, without a terminal and with a small environment of its own. */
export function runProgram(
  file: string,
  args: readonly string[],
  given: Given = {},
): Promise<Ended> {
  const { input = '' } = given;
  return new Promise((resolve, reject) => {
    const child = startProgram(file, args, given);
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const text = (parts: readonly Buffer[]) => Buffer.concat(parts).toString('utf8');
      resolve({ code, stdout: text(chunks.stdout), stderr: text(chunks.stderr) });
    });
    // A child that ends before it has read everything is no failure of the test.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Runs `replay` with arguments: in this process, where no process says more. */
export const replay = runHere;

/** Runs `replay` with arguments as its users do: the command as built, in a process of its own. */
export function replayProcess(args: readonly string[], given: Given = {}): Promise<Ended> {
  return runProgram(process.execPath, [REPLAY, ...args], given);
}

/** Starts `replay` as `replayProcess` runs it; its end is waited for elsewhere. */
export function startReplay(
  args: readonly string[],
  given: Omit<Given, 'input'> = {},
): ChildProcessWithoutNullStreams {
  return startProgram(process.execPath, [REPLAY, ...args], given);
}

/** Makes an empty folder and hands it to a test; removes it afterwards. */
export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The header of a trace. */
export function header(more: object = {}): string {
  return `${JSON.stringify({
    trace: 'haproxy-ownership/1',
    config: { frontends: { fe: {} }, backends: { b: {} }, servers: { 'b/srv': {} } },
    ...more,
  })}\n`;
}

/** A trace of the given events under the default rules. */
export function trace(...events: readonly object[]): string {
  return header({ title: 'a test' }) + events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** One that agrees: a session connects and its stream leaves. */
export const AGREEING = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  { event: 'connect_server', strm: 't1', sess: 's1', target: 'b/srv', conn: 'c1' },
  { event: 'detach', strm: 't1', expect: { conn: { c1: { owner: null, list: 'idle' } } } },
);

/** One that diverges at its second step. */
export const DIVERGING = trace(
  { event: 'session_new', sess: 's1', fe: 'fe' },
  {
    event: 'connect_server',
    strm: 't1',
    sess: 's1',
    target: 'b/srv',
    conn: 'c1',
    expect: { ret: 'NONE', conn: { c1: { owner: null, flags: ['PRIVATE'] } } },
  },
  { event: 'conn_update', conn: 'c1', expect: { conn: { c1: { owner: 's1!freed' } } } },
);

/** One with an event that nothing is called. */
export const INVALID = trace({ event: 'sesion_new', sess: 's1', fe: 'fe' });

/** A long one that agrees, whose output is larger than its events. */
export function longTrace(requests: number): string {
  const events: object[] = [{ event: 'session_new', sess: 's1', fe: 'fe' }];
  for (let number = 1; number <= requests; number++) {
    const strm = `t${number}`;
    events.push(
      { event: 'connect_server', strm, sess: 's1', target: 'b/srv', not_first: number > 1 },
      { event: 'detach', strm },
    );
  }
  return trace(...events);
}

/** Runs `replay` in a folder that holds the given files. */
export function replayIn(
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[],
  given: Given = {},
): Promise<Ended> {
  return inFolder((cwd) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(cwd, path, '..'), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    return replay(args, { cwd, ...given });
  });
}
