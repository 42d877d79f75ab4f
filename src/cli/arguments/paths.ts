/** What the paths of traces may be, for the help of every command that takes them. */
export const PATHS_HELP =
  'traces: files, directories (every *.jsonl and *.jsonl.gz below), or - for stdin';
