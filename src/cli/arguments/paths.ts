/** What the paths of traces may be, for the help of every command that takes them. */
export const PATHS_HELP =
  'traces: files, directories (every *.jsonl and *.jsonl.gz below), or - for stdin';

/** Collects the paths of an option that may be repeated, in the order in which they are given. */
export function repeatedPath(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
