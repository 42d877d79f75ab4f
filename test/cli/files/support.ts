import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGREEING, startReplay } from '../run.ts';

const POLL_MS = 5;
const PATIENCE_MS = 20_000;

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (const start = performance.now(); !isSo(); ) {
    if (performance.now() - start > PATIENCE_MS) throw new Error('it never came to be so');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A run that is at work. */
export interface StartedRun {
  readonly child: ChildProcessWithoutNullStreams;
  /** Its temporary file. */
  readonly path: string;
}

/** Names of temporary files in a folder. */
export function temporariesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^\.replay-.*\.tmp$/.test(name));
}

/**
 * Starts a run, and waits until it has a temporary file in its folder.
 *
 * @param args what it does; unless stated it reads an input that does not end, for a report
 * @param isAtWork what is waited for instead
 */
export async function startReport(
  cwd: string,
  args: readonly string[] = ['--reporter', 'jsonl=out.jsonl', '-'],
  isAtWork = (): boolean => temporariesIn(cwd).length > 0,
): Promise<StartedRun> {
  if (!readdirSync(cwd).includes('a.jsonl')) writeFileSync(join(cwd, 'a.jsonl'), AGREEING);
  const child = startReplay(args, { cwd });
  child.stdin.on('error', () => {});
  child.stdin.write(AGREEING);
  await until(isAtWork);
  return { child, path: join(cwd, temporariesIn(cwd)[0] ?? '') };
}
