import { InvalidArgumentError } from 'commander';
import { parseJobs } from '../jobs/job-count.ts';

/** Reads the value of `--jobs` for commander; throws InvalidArgumentError. */
export function jobsOf(value: string): number {
  const parsed = parseJobs(value);
  if ('problem' in parsed) throw new InvalidArgumentError(parsed.problem);
  return parsed.jobs;
}
