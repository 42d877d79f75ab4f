import { Buffer } from 'node:buffer';
import type { Header, TraceEvent } from '../format/index.ts';
import { Replay } from '../replay/index.ts';
import type { FileResult, ReplayObserver, StepResult } from '../replay/result.ts';
import { type Issue, type Problem, TraceReader, type TraceSink } from '../trace/index.ts';
import type { ObjectEdit } from './edit.ts';
import { editLine } from './edit-line.ts';
import type { UpdateMode } from './mode.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { editsFor } from './rewrite.ts';

const LF = 0x0a;

/**
 * Replays a trace line by line, under the rule set that it names itself, and says what becomes of
 * each line. Memory does not grow with the length of the trace.
 */
export class TraceUpdate implements TraceSink, ReplayObserver {
  readonly #mode: UpdateMode;
  readonly #tell: (problem: Problem) => void;
  readonly #reader: TraceReader;
  readonly #replay: Replay;
  /** The event of the line that is being read, and what is changed in it. */
  #pending: { readonly event: TraceEvent; readonly edits: ObjectEdit } | null = null;
  #isValid = true;
  #lines = 0;
  #refusal: Refusal | null = null;

  /** @param tell takes what is wrong with the trace, at once */
  constructor(path: string, mode: UpdateMode, tell: (problem: Problem) => void) {
    this.#mode = mode;
    this.#tell = tell;
    this.#reader = new TraceReader(path, this);
    this.#replay = new Replay(path, { record: 'steps', takesOver: false }, this);
  }

  /** False as soon as anything is wrong with the trace: it is then only read on. */
  get isValid(): boolean {
    return this.#isValid;
  }

  /** Whether the rest of the trace is of no interest. */
  get done(): boolean {
    return this.#reader.done;
  }

  /** How many lines have changed. */
  get lines(): number {
    return this.#lines;
  }

  /** The first reason why the trace should be looked at instead; null while there is none. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /**
   * Takes the next line.
   *
   * @param raw its bytes with the line feed; without one it is the last
   * @returns its new bytes; null when it stays as it is
   */
  line(raw: Buffer): Buffer | null {
    this.#pending = null;
    this.#reader.write(raw);
    if (raw.at(-1) !== LF) this.#reader.end();
    if (this.#pending === null) return null;
    const { event, edits } = this.#pending;
    this.#lines++;
    return Buffer.from(editLine(raw.toString('utf8'), event, edits));
  }

  /** The trace is over; what diverges in it is what it said before the update. */
  end(): FileResult {
    this.#reader.end();
    return this.#replay.end();
  }

  faults(header: Header): readonly Issue[] {
    return this.#replay.faults(header);
  }

  header(header: Header, line: number): void {
    this.#replay.header(header, line);
  }

  event(event: TraceEvent, line: number): void {
    if (this.#isValid) this.#replay.event(event, line);
  }

  problem(problem: Problem): void {
    this.#isValid = false;
    this.#tell(problem);
  }

  start(): void {}

  step(step: StepResult): void {
    this.#refusal ??= refusalOf(step);
    // An event that cannot have happened has no outcome that could be stated.
    if (step.outcome.impossible !== null) return;
    const edits = editsFor(step, this.#mode, () => this.#replay.observed(step));
    if (edits !== null) this.#pending = { event: step.event, edits };
  }
}
