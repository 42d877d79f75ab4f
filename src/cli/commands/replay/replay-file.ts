import type { Readable } from 'node:stream';
import type { Header, InvariantName, TraceEvent } from '../../../format/index.ts';
import { type Recorded, Replay } from '../../../replay/index.ts';
import type { ReplayObserver, StepResult } from '../../../replay/result.ts';
import { FileCollector } from '../../../report/data/collect.ts';
import type { FileHead } from '../../../report/data/file-head.ts';
import type { ReportFile } from '../../../report/data/schema.ts';
import { isFiltered, isRemarkable, partOf, type Selection } from '../../../report/data/select.ts';
import type { Strict } from '../../../report/data/severity.ts';
import { Tally } from '../../../report/data/tally.ts';
import { type Issue, type Problem, TraceReader } from '../../../trace/index.ts';
import { CHUNK_BYTES } from '../../files/chunks.ts';
import type { Source } from '../../files/paths.ts';
import { bytesOf } from '../../files/source-bytes.ts';
import { systemErrorText } from '../../outcome/errors.ts';
import type { ReportSink } from '../../reports/report-stream.ts';
import { breathe } from '../../streams/breathe.ts';
import type { ProblemPrinter } from '../../streams/problems.ts';

/**
 * Bytes that are replayed before output is flushed, when every step has output: a step may show
 * the whole state, many times as long as its event.
 */
const SHOWN_PIECE_BYTES = 16 * 1024;

/** How files are replayed, the same for all of them, as plain data. */
export interface FileSettings {
  readonly rules: string | null;
  readonly selection: Selection;
  readonly full: boolean;
  /** The decisions of each step are told. */
  readonly explain: boolean;
  /** It is counted which rules decide. */
  readonly coverage: boolean;
  /** Invariants that are watched; null: those that the rule set promises. */
  readonly invariants: readonly InvariantName[] | null;
  /** Findings of these severities that a trace does not state count like divergences. */
  readonly strict: Strict;
  /** Divergences that follow from earlier ones are shown as well, at all steps. */
  readonly allDivergences: boolean;
}

/** What replaying a file needs besides. */
export interface FileOptions extends FileSettings {
  readonly sink: ReportSink;
  /** Standard input; null where no source is it. */
  readonly stdin: Readable | null;
  /** Ends the replay by an error when aborted, so that Ctrl-C is heard; null if nothing does. */
  readonly stop: AbortSignal | null;
}

/** Steps that agree are told only when something has to be shown or counted of them. */
function recordingFor({ full, selection, sink }: FileOptions): Recorded {
  const isShown = selection.steps !== 'none' && sink.streams.length > 0;
  const isWatched = sink.streams.some(({ watch }) => watch !== undefined);
  if (!isShown) return isFiltered(selection) || isWatched ? 'changes' : 'nothing';
  return full ? 'state' : 'changes';
}

/** A step as it is told where nobody asked for its decisions. */
function withoutDecisions(step: StepResult): StepResult {
  return step.decisions.length === 0 ? step : { ...step, decisions: [] };
}

/** One file on its way from the reader through the model to the report. */
class FileRun implements ReplayObserver {
  readonly #source: Source;
  readonly #options: FileOptions;
  readonly #problems: ProblemPrinter;
  readonly #tally: Tally;
  readonly #collector: FileCollector;
  readonly #replay: Replay;
  #head: FileHead | null = null;

  constructor(source: Source, options: FileOptions, problems: ProblemPrinter) {
    this.#source = source;
    this.#options = options;
    this.#problems = problems;
    this.#tally = new Tally(source.path, options.selection);
    this.#collector = new FileCollector(source, options.selection.unfolded, options.sink.stepsMax);
    const record = recordingFor(options);
    const rules = options.rules === null ? {} : { rules: options.rules };
    const { coverage, strict, sink } = options;
    const isExplained = sink.streams.some(({ explains }) => explains === true);
    const explain = options.explain || (isExplained ? ('apart' as const) : false);
    const invariants = options.invariants ?? undefined;
    // Also where no step that agrees is shown: a report holds them, or they count.
    const findings = strict.length > 0 || sink.stepsMax > 0;
    const replayOptions = { ...rules, record, explain, coverage, invariants, findings };
    this.#replay = new Replay(source.path, replayOptions, this);
  }

  faults(header: Header): readonly Issue[] {
    return this.#replay.faults(header);
  }

  header(header: Header, line: number): void {
    this.#replay.header(header, line);
  }

  /** After a problem the file is only read on: what follows would be judged from a wrong state. */
  event(event: TraceEvent, line: number): void {
    if (this.#problems.count === 0) this.#replay.event(event, line);
  }

  problem(problem: Problem): void {
    this.#problems.add(problem);
    this.#collector.problem(problem);
  }

  /** The file as such cannot be read. */
  fail(what: string): void {
    this.#problems.addFile(what);
    this.#collector.problem({ line: null, column: null, what, allowed: null });
  }

  fault({ number, line, reason }: Parameters<NonNullable<ReplayObserver['fault']>>[0]): void {
    const what = `step ${number} is impossible: ${reason}`;
    this.problem({ path: this.#source.path, line, column: 1, what, allowed: null });
  }

  start({ path, header, rules }: Parameters<ReplayObserver['start']>[0]): void {
    this.#head = {
      path,
      stdin: this.#source.stdin,
      title: header.title ?? null,
      rules,
    };
    for (const stream of this.#options.sink.streams) stream.start(this.#head);
  }

  step(step: StepResult): void {
    const { sink } = this.#options;
    const isMatched = this.#tally.add(step);
    for (const stream of sink.streams) stream.watch?.(step, isMatched);
    if (!isMatched || this.#head === null) return;
    this.#tell(step, this.#head);
  }

  #tell(step: StepResult, head: FileHead): void {
    const { selection, sink, strict, explain } = this.#options;
    const part = partOf(step, selection, strict);
    const isShown = part === 'whole' || isRemarkable(step, strict);
    if (!isShown && step.divergences.length + step.findings.length === 0) return;
    const told = explain ? step : withoutDecisions(step);
    this.#collector.step(told);
    if (!isShown) return;
    for (const stream of sink.streams) stream.step(head, told, part);
  }

  end(): ReportFile {
    const result = this.#head === null ? null : this.#replay.end();
    const file = this.#collector.end(this.#tally.end(result, this.#problems.count));
    for (const stream of this.#options.sink.streams) stream.end(file);
    return file;
  }
}

/** Reads a source through; stops early when nobody reads the output any more. */
async function feed(source: Source, run: FileRun, options: FileOptions): Promise<void> {
  const { stdin, sink, selection, stop } = options;
  const reader = new TraceReader(source.path, run);
  const piece = selection.steps === 'all' ? SHOWN_PIECE_BYTES : CHUNK_BYTES;
  for await (const chunk of bytesOf(source, source.stdin ? stdin : null)) {
    await breathe(stop);
    for (let at = 0; at < chunk.length; at += piece) {
      reader.write(chunk.subarray(at, at + piece));
      await sink.relieve();
      if (sink.isAbandoned) return;
    }
    if (reader.done) break;
  }
  reader.end(true);
}

/** Replays one file, printing as it goes, and reports what came of it. */
export async function replayFile(
  source: Source,
  options: FileOptions,
  problems: ProblemPrinter,
): Promise<ReportFile> {
  const run = new FileRun(source, options, problems);
  try {
    await feed(source, run, options);
  } catch (error) {
    run.fail(`cannot be read: ${systemErrorText(error)}`);
  }
  return run.end();
}
