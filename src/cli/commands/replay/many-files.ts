import { type Command, InvalidArgumentError, Option } from 'commander';
import { jobsOf } from '../../arguments/job-count.ts';
import { parseShard, type Shard } from '../../jobs/shard.ts';

/** The options of `replay` about files that are many, or that change. */
export interface ManyFilesOptions {
  /** Files that are replayed at a time. */
  readonly jobs: number;
  /** The part of the files that this run replays; absent for all of them. */
  readonly shard?: Shard;
  /** Goes on after the first run, with every file that changes. */
  readonly watch?: boolean;
}

function shard(value: string): Shard {
  const parsed = parseShard(value);
  if ('problem' in parsed) throw new InvalidArgumentError(parsed.problem);
  return parsed.shard;
}

/** Adds the options about many files. */
export function addManyFilesOptions(program: Command): void {
  program
    .optionsGroup('Many files:')
    .addOption(
      new Option('--jobs <n>', 'files replayed at a time; auto: one per processor')
        .argParser(jobsOf)
        .default(1),
    )
    .addOption(
      new Option('--shard <i/n>', 'only every n-th file, from the i-th on').argParser(shard),
    )
    .addOption(new Option('--watch', 'replay what changes, until Ctrl-C').conflicts('shard'));
}
