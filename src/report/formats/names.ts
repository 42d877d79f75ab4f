/** Every name of a reporter, in the order in which they are told; the first is the default. */
export const REPORTER_NAMES = [
  'pretty',
  'json',
  'jsonl',
  'junit',
  'tap',
  'github',
  'sarif',
  'agent',
  'svg',
  'html',
] as const;

/** The name of a reporter. */
export type ReporterName = (typeof REPORTER_NAMES)[number];

/** A reporter whose text is made when the run is over; the others write while it goes on. */
export type WholeReporterName = Exclude<ReporterName, 'pretty' | 'jsonl' | 'svg' | 'html'>;
