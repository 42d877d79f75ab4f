import type { TraceEvent } from '../../format/index.ts';
import { formatLine } from '../../trace/index.ts';
import type { Certainty, Draft } from '../story/state/objects.ts';
import { Guard } from './guard.ts';
import type { TraceNames } from './names.ts';

/** Events by how sure they are. */
export type Counts = Record<Certainty, number>;

/**
 * Makes lines of a trace of events that nothing can change any more. What is impossible after what
 * was written is put right by the smallest guess, or left out and counted: the trace is valid.
 */
export class TraceWriter {
  readonly #names: TraceNames;
  readonly #write: (line: string) => void;
  readonly #guard = new Guard();
  readonly counts: Counts = { observed: 0, inferred: 0, guessed: 0 };
  /** Events that were left out, as they could not have happened. */
  leftOut = 0;
  /** Highest number of a thread. */
  lastThread = 0;
  #first: number | null = null;
  #at = 0;

  /** @param write takes each line, with its line feed */
  constructor(names: TraceNames, write: (line: string) => void) {
    this.#names = names;
    this.#write = write;
  }

  /** Events that were written. */
  get total(): number {
    const { observed, inferred, guessed } = this.counts;
    return observed + inferred + guessed;
  }

  /** Writes an event that is not dropped. */
  take(draft: Draft): void {
    this.#names.begin();
    const body = draft.make(this.#names);
    if (body === null) return;
    if (this.#names.hasGuessed) draft.weaken('guessed');
    const event = this.#whole(body as unknown as TraceEvent, draft);
    const { isPossible, detachFirst } = this.#guard.judge(event);
    if (!isPossible) {
      this.leftOut++;
      this.#names.undo();
      return;
    }
    for (const strm of detachFirst) {
      const note = 'its end was not seen';
      const source = { lines: [draft.first, draft.last], certainty: 'guessed' };
      const { at, thread } = this.#common(draft);
      this.#put({ event: 'detach', ...at, ...thread, strm, note, source }, 'guessed');
    }
    this.#put(event, draft.certainty);
    for (const conn of draft.frees) this.#names.free(conn);
  }

  #common(draft: Draft) {
    this.lastThread = Math.max(this.lastThread, draft.thread);
    if (draft.at !== null) {
      this.#first ??= draft.at;
      this.#at = Math.max(this.#at, Math.floor(draft.at - this.#first));
    }
    return {
      at: this.#first === null ? {} : { at: this.#at },
      thread: draft.thread === 0 ? {} : { thread: draft.thread },
    };
  }

  /** The event with all that events have in common. */
  #whole(body: TraceEvent, draft: Draft): TraceEvent {
    const conn: Record<string, object | null> = {};
    for (const [each, flags] of draft.flags) {
      if (!draft.frees.has(each.real)) conn[this.#names.conn(each)] = { flags: [...flags] };
    }
    for (const each of draft.frees) {
      const id = this.#names.conn(each);
      if (this.#guard.hasConn(id)) conn[id] = null;
    }
    const hasConn = Object.keys(conn).length > 0;
    const { event, expect, ...rest } = body;
    const { at, thread } = this.#common(draft);
    return {
      event,
      ...at,
      ...thread,
      ...rest,
      ...(draft.note === null ? {} : { note: draft.note }),
      source: {
        lines: [draft.first, draft.last],
        certainty: draft.certainty,
        ...draft.extra?.(),
      },
      ...(expect === undefined && !hasConn
        ? {}
        : { expect: { ...expect, ...(hasConn ? { conn } : {}) } }),
    } as TraceEvent;
  }

  #put(event: TraceEvent, certainty: Certainty): void {
    this.#guard.take(event);
    this.counts[certainty]++;
    this.#write(`${formatLine(event)}\n`);
  }
}
