import { fileReportOf } from '../../../report/data/collect.ts';
import type { ReportFile } from '../../../report/data/schema.ts';
import { addFile, NO_RUN, type RunReport } from '../../../report/data/tally.ts';
import type { Palette } from '../../../report/text/palette.ts';
import type { Source } from '../../files/paths.ts';
import type { StreamSpec } from '../../reports/stream-spec.ts';
import type { Host } from '../../streams/host.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { type FileOptions, replayFile } from './replay-file.ts';
import type { ReplayJobs } from './replay-jobs.ts';

/** How the files of a run are replayed. */
export interface AllOptions {
  readonly file: FileOptions;
  /** The streams of the sink, for workers to make their own. */
  readonly specs: readonly StreamSpec[];
  /** Files replayed at a time. */
  readonly jobs: number;
  readonly hasErrorColor: boolean;
  readonly errorPalette: Palette;
}

/** What came of the files of a run. */
export interface AllReplayed {
  /** Of the files, as far as somebody read what was told of them. */
  readonly totals: RunReport;
  /** A worker died. */
  readonly hasFailed: boolean;
}

/** Makes sure that no problem overtakes the results printed before it, nor the other way round. */
async function flushBoth({ stdout, stderr }: Host): Promise<void> {
  await stdout.flush();
  await stderr.flush();
}

/** Threads for the files of a run; null when it has only one, or is not to have any. */
async function jobsFor(
  sources: readonly Source[],
  options: AllOptions,
  host: Host,
): Promise<ReplayJobs | null> {
  const files = sources.filter(({ isRegular }) => isRegular);
  if (options.jobs === 1 || files.length < 2) return null;
  const { specs, hasErrorColor } = options;
  const { sink, stdin: _stdin, stop, ...settings } = options.file;
  const setup = { settings, specs, stepsMax: sink.stepsMax, hasErrorColor };
  const { ReplayJobs } = await import('./replay-jobs.ts');
  return new ReplayJobs(files, options.jobs, setup, { sink, stderr: host.stderr, stop });
}

async function replayHere(
  source: Source,
  { file: options, errorPalette }: AllOptions,
  { stderr }: Host,
): Promise<ReportFile> {
  const problems = new ProblemPrinter(source.path, stderr, errorPalette);
  const file = await replayFile(source, options, problems);
  problems.end();
  return file;
}

/**
 * Replays the files of a run in their order, by threads if there are several of both. Every output
 * gets the same text either way.
 *
 * @param keep takes what came of each file, in their order
 */
export async function replayAll(
  sources: readonly Source[],
  options: AllOptions,
  host: Host,
  keep: (file: ReportFile) => void,
): Promise<AllReplayed> {
  const jobs = await jobsFor(sources, options, host);
  let totals = NO_RUN;
  try {
    for (const source of sources) {
      // What may be waited for without end holds no worker.
      const isHere = jobs === null || !source.isRegular;
      const file = isHere ? await replayHere(source, options, host) : await jobs.next(source);
      if (file !== null) {
        totals = addFile(totals, fileReportOf(file));
        keep(file);
      }
      await flushBoth(host);
      if (options.file.sink.isAbandoned) break;
    }
  } finally {
    await jobs?.close();
  }
  return { totals, hasFailed: jobs?.hasFailed ?? false };
}
