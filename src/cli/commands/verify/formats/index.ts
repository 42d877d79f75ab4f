import type { VerifyReport } from '../result.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { tap } from './tap.ts';

/** How results can be told; the first is for people, and is told while the run goes on. */
export const VERIFY_REPORTERS = ['pretty', 'json', 'junit', 'tap'] as const;
/** One of them. */
export type VerifyReporter = (typeof VERIFY_REPORTERS)[number];

/** Those that tell of the whole run, once it is over. */
export const WHOLE: Readonly<
  Record<Exclude<VerifyReporter, 'pretty'>, (report: VerifyReport) => string>
> = { json, junit, tap };
