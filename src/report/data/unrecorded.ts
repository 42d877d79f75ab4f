import type { FileResult } from '../../replay/result.ts';

/** Ids of rules that verdicts rest on and no recording of HAProxy has exercised, by rule set. */
export type Unrecorded = Readonly<Record<string, readonly string[]>>;

/** What a run so far rests on, and some rules of a rule set more; undefined where that is nothing. */
export function withUnrecorded(
  run: Unrecorded | undefined,
  rules: string,
  unrecorded: readonly string[],
): Unrecorded | undefined {
  if (unrecorded.length === 0) return run;
  return { ...run, [rules]: [...new Set([...(run?.[rules] ?? []), ...unrecorded])] };
}

/** What the files so far rest on, and one file more; undefined where that is nothing. */
export function addUnrecorded(
  run: Unrecorded | undefined,
  file: Pick<FileResult, 'rules' | 'unrecorded'> | null,
): Unrecorded | undefined {
  return file === null ? run : withUnrecorded(run, file.rules, file.unrecorded);
}
