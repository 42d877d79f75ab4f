import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULE_SETS, type RuleSet } from '../../../engine/index.ts';
import { type Course, courseComment, isRefusal, realise, vtcText } from '../../../export/index.ts';
import { takenOver } from '../../../history/index.ts';
import { parseConfig } from '../../../import/index.ts';
import type { VerifiedTrace } from '../../../report/verified/result.ts';
import {
  captureOf,
  explains,
  judge,
  type Observed,
  observe,
  type Reason,
} from '../../../verify/index.ts';
import { KnownError, systemErrorText } from '../../outcome/errors.ts';
import { undoneBySignals } from '../../streams/signals.ts';
import type { HeldTrace } from '../../traces/held-trace.ts';
import type { Judged } from './programs.ts';
import { type Programs, type Ran, runScript } from './run-script.ts';

/** What a trace is verified with. */
export interface Bench {
  readonly programs: Programs;
  readonly judged: Judged;
  /** Where a folder of each trace stays; null: none does. */
  readonly keep: string | null;
  readonly stop: AbortSignal;
}

/** The name of a folder for a trace. */
function folderName(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(-100);
}

function observedIn({ capture, config }: Ran, rules: RuleSet): Observed | null {
  if (config === null) return null;
  const parsed = parseConfig([{ path: 'haproxy.cfg', text: config }]);
  return observe(capture, parsed, rules);
}

/** Tells of other rules whether the program did by them what it did where it differs. */
function agreement(
  { header, events }: HeldTrace,
  end: number | null,
  disturbed: Course,
  observed: Observed,
): (rules: RuleSet) => boolean {
  const before = events.filter(({ line }) => end === null || line <= end);
  return (rules) => {
    if (rules === disturbed.rules) return false;
    const course = realise(header.config ?? {}, before, rules);
    return !isRefusal(course) && explains(course, disturbed, observed);
  };
}

/** A change since the release with which the program does what it did. */
function changeThatAgrees(
  { set, changes }: Judged,
  agrees: (rules: RuleSet) => boolean,
): Reason | null {
  for (const change of changes) {
    const rules = takenOver(set, change);
    if (rules === null || !agrees(rules)) continue;
    return { kind: 'taken-over', commits: change.commits.map(({ id }) => id), says: change.says };
  }
  return null;
}

/** What of a run is kept. */
const KEPT = ['test.vtc', 'haproxy.cfg', 'capture.txt', 'runner.log'];

/**
 * A folder of a run: always a new one, whose name is short, as the names of sockets have to be.
 *
 * @param keep where a copy of what matters stays; null: none does
 */
async function inFolder<Value>(
  keep: string | null,
  run: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const forget = undoneBySignals(remove);
  try {
    const value = await run(folder);
    if (keep !== null) {
      await mkdir(keep, { recursive: true });
      for (const name of await readdir(folder)) {
        const isKept = KEPT.includes(name) || name.startsWith('core');
        if (isKept) await copyFile(join(folder, name), join(keep, name));
      }
    }
    return value;
  } finally {
    forget();
    remove();
  }
}

/**
 * Runs one trace on the program, and tells what came of it.
 *
 * @throws KnownError when the runner cannot be started or the folder cannot be made
 */
export async function verifyTrace(
  path: string,
  held: HeldTrace,
  { programs, judged, keep, stop }: Bench,
): Promise<VerifiedTrace> {
  const { header, events, columnOf } = held;
  const title = header.title ?? null;
  const course = realise(header.config ?? {}, events, judged.set);
  if (isRefusal(course)) {
    const { line, key, why } = course;
    const what = events.find((each) => each.line === line)?.event.event ?? 'the configuration';
    const column = columnOf(line, key);
    return { path, title, verdict: { kind: 'not-exportable', line, column, what, why } };
  }
  const script = vtcText(course, {
    title: title ?? path,
    comment: courseComment(course),
    capture: captureOf(judged.numbers),
  });
  try {
    const kept = keep === null ? null : join(keep, folderName(path));
    return await inFolder(kept, async (folder) => {
      const ran = await runScript(script, folder, programs, stop);
      const observed = observedIn(ran, judged.set);
      if (observed === null) {
        const why = ran.run.failure ?? 'HAProxy was never started';
        return { path, title, verdict: { kind: 'not-reached', why }, others: [] };
      }
      if (kept !== null) {
        await mkdir(kept, { recursive: true });
        await writeFile(join(kept, 'observed.jsonl'), observed.trace);
      }
      const verdict = judge(course, ran.run, observed);
      if (verdict.kind !== 'differs') return { path, title, verdict, others: [] };
      const agrees = agreement(held, verdict.line, course, observed);
      const others = RULE_SETS.filter(agrees).map(({ id }) => id);
      const reason = verdict.reason ?? changeThatAgrees(judged, agrees);
      return { path, title, verdict: { ...verdict, reason }, others };
    });
  } catch (error) {
    if (stop.aborted) throw error;
    throw new KnownError(`the script cannot be run: ${systemErrorText(error)}`);
  }
}
