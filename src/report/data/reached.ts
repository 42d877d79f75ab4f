/** How often each rule has decided something, by rule set and rule id. */
export type Reached = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What was counted so far and the counts of one file more. */
export function addReached(
  run: Reached,
  rules: string,
  file: Readonly<Record<string, number>>,
): Reached {
  const sum: Record<string, number> = { ...run[rules] };
  for (const [id, times] of Object.entries(file)) sum[id] = (sum[id] ?? 0) + times;
  return { ...run, [rules]: sum };
}
