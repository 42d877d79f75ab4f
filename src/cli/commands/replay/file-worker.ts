import { parentPort, workerData } from 'node:worker_threads';
import type { ReportFile } from '../../../report/data/schema.ts';
import type { Source } from '../../files/paths.ts';
import type { FromWorker, ToWorker } from '../../jobs/pool.ts';
import { Relay } from '../../jobs/relay.ts';
import { type StreamSpec, streamFor } from '../../reports/stream-spec.ts';
import { paletteFor } from '../../streams/palette.ts';
import { ProblemPrinter } from '../../streams/problems.ts';
import { type FileSettings, replayFile } from './replay-file.ts';

/** What a thread that replays files is given at its start. */
export interface WorkerSetup {
  readonly settings: FileSettings;
  /** Reports that are written while the run goes on; their outputs bear the same numbers. */
  readonly specs: readonly StreamSpec[];
  /** Steps of a file that are collected for reports that are made at the end. */
  readonly stepsMax: number;
  /** Problems are in colour. Their output has the number after the last report's. */
  readonly hasErrorColor: boolean;
  /** Of the terminals that the outputs are, by their numbers; null for one that is none. */
  readonly columns: readonly (number | null)[];
}

/** The thread: replays one file after the other, and hands on what its reports say. */
async function work(port: NonNullable<typeof parentPort>, setup: WorkerSetup): Promise<void> {
  const { settings, specs, stepsMax, hasErrorColor, columns } = setup;
  const relay = new Relay((message: FromWorker<ReportFile>) => port.postMessage(message));
  const streams = await Promise.all(
    specs.map((spec, at) => streamFor(spec, relay.output(at, columns[at] ?? null))),
  );
  const problemOutput = relay.output(specs.length, columns[specs.length] ?? null);
  const palette = await paletteFor(hasErrorColor);
  const sink = {
    streams,
    stepsMax,
    // Whoever has the real outputs ends this thread.
    isAbandoned: false,
    relieve: () => relay.relieve(),
  };
  const replay = async (source: Source): Promise<void> => {
    const problems = new ProblemPrinter(source.path, problemOutput, palette);
    const options = { ...settings, sink, stdin: null, stop: null };
    const file = await replayFile(source, options, problems);
    problems.end();
    relay.done(file);
  };
  port.on('message', (message: ToWorker<Source>) => {
    if (message.kind === 'go-on') relay.goOn();
    // A rejection is a bug: it ends the thread, and reaches the one who started it.
    else void replay(message.task);
  });
}

if (parentPort !== null) await work(parentPort, workerData);
