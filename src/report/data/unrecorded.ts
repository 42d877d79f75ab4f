import type { FileResult } from '../../replay/result.ts';

/** Ids of rules that verdicts rest on and no recording of HAProxy has exercised, by rule set. */
export type Unrecorded = Readonly<Record<string, readonly string[]>>;

/** What the files so far rest on, and one file more; undefined where that is nothing. */
export function addUnrecorded(
  run: Unrecorded | undefined,
  file: Pick<FileResult, 'rules' | 'unrecorded'> | null,
): Unrecorded | undefined {
  if (file === null || file.unrecorded.length === 0) return run;
  const { rules, unrecorded } = file;
  return { ...run, [rules]: [...new Set([...(run?.[rules] ?? []), ...unrecorded])] };
}
