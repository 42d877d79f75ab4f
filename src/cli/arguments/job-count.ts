import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { suggest } from '../../trace/text/suggest.ts';

/** Each worker has a memory of its own; more of them than this is a slip of the finger. */
const JOBS_MAX = 256;
const AUTO = 'auto';

/** What came of reading the value of `--jobs`. */
export type JobsArgument =
  | { readonly jobs: number }
  /** What is allowed, and what was probably meant, as a sentence. */
  | { readonly problem: string };

/** The value of `--jobs`: a number of workers, or `auto` for one per processor. */
export function parseJobs(value: string): JobsArgument {
  if (value === AUTO) return { jobs: Math.min(availableParallelism(), JOBS_MAX) };
  const jobs = /^\d+$/.test(value) ? Number(value) : 0;
  if (jobs >= 1 && jobs <= JOBS_MAX) return { jobs };
  const meant = suggest(value, [AUTO]);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  return { problem: `A number from 1 to ${JOBS_MAX} is allowed, or auto.${hint}` };
}

/** Reads the value of `--jobs` for commander; throws InvalidArgumentError. */
export function jobsOf(value: string): number {
  const parsed = parseJobs(value);
  if ('problem' in parsed) throw new InvalidArgumentError(parsed.problem);
  return parsed.jobs;
}
