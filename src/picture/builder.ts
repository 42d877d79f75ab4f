import type { Change, ConnView } from '../engine/view/view.ts';
import { freedIdOf } from '../format/calls.ts';
import type { TraceEvent } from '../format/index.ts';
import type { Divergence, Finding, StepOutcome, StepResult, Subject } from '../replay/result.ts';
import { type LayoutOptions, layoutOf } from './layout.ts';
import { attach, follow } from './links.ts';
import type { Mark, MarkSubject, Picture, Segment, StreamLink } from './picture.ts';
import type { ConnectionRecord, Open, SessionRecord } from './records.ts';
import { isIdle, isWaiting, stateOf } from './segment-state.ts';

/** What a picture needs of a step: a result has it, and so has each side of a comparison. */
export interface PictureStep extends Pick<StepResult, 'number' | 'event' | 'changes'> {
  readonly outcome: Pick<StepOutcome, 'kind' | 'crash'> & { readonly abort?: string | null };
  readonly divergences: readonly Pick<Divergence, 'subject' | 'field' | 'expected' | 'follows'>[];
  readonly findings: readonly Pick<Finding, 'subject' | 'invariant' | 'severity' | 'stated'>[];
}

/** What a trace states of a connection that a picture shows. */
const TAKEN_FIELDS = ['owner', 'flags', 'listed_in', 'list'] as const;

type ConnChange = Extract<Change, { kind: 'conn' }>;
type SessChange = Extract<Change, { kind: 'sess' }>;

/** Whether two segments show the same. */
function isSame(one: Segment, other: Segment): boolean {
  return (
    one.state === other.state &&
    one.owner === other.owner &&
    one.dangles === other.dangles &&
    one.list === other.list &&
    one.lister === other.lister &&
    one.flags.join() === other.flags.join()
  );
}

/** Lets a segment follow on those of a connection; one that shows the same merely goes on. */
function show(record: ConnectionRecord, segment: Open<Segment>): void {
  const { segments } = record;
  const last = segments.at(-1);
  if (last !== undefined) {
    if (isSame(last, segment)) return;
    // What a step makes of it twice is what it makes of it in the end.
    if (last.from === segment.from) segments.pop();
    else last.to = segment.from;
  }
  segments.push(segment);
}

/**
 * Collects what a picture shows, step by step, and lays it out. Takes the steps of one trace, all of
 * them and in order, as recorded with their changes. Memory grows with what there is to draw: a
 * few numbers for each step, connection, session and stream, and for each time that one changes.
 */
export class PictureBuilder {
  readonly #at: (number | null)[] = [];
  readonly #sessions: SessionRecord[] = [];
  readonly #connections: ConnectionRecord[] = [];
  readonly #streams: StreamLink[] = [];
  readonly #marks: Mark[] = [];
  /** The last one of an id, alive or not. */
  readonly #sessionById = new Map<string, SessionRecord>();
  readonly #connectionById = new Map<string, ConnectionRecord>();
  /** The session that a stream was last named with, and the connection that it is on. */
  readonly #sessionOf = new Map<string, SessionRecord>();
  readonly #connectionOf = new Map<string, ConnectionRecord>();
  /** The last step that diverged: after it the state may have become what the trace says. */
  #diverged = 0;
  #step = 0;
  #thread = 0;

  /** Takes the next step. */
  add(step: PictureStep): void {
    const { number, event, outcome } = step;
    this.#step = number;
    this.#thread = event.thread ?? 0;
    while (this.#at.length < number - 1) this.#at.push(null);
    this.#at.push(event.at ?? null);
    for (const change of step.changes) if (change.kind === 'sess') this.#session(change, event);
    this.#hear(event);
    for (const change of step.changes) if (change.kind === 'conn') this.#connection(change);
    if (outcome.kind === 'impossible') this.#marks.push({ kind: 'impossible', step: number });
    if (outcome.kind === 'crash' || outcome.kind === 'abort') {
      const fn = outcome[outcome.kind] ?? '';
      this.#marks.push({ kind: outcome.kind, step: number, fn });
    }
    for (const { follows, subject, field } of step.divergences) {
      const kind = follows === null ? 'divergence' : 'follower';
      this.#marks.push({ kind, step: number, on: this.#subject(subject), field });
    }
    for (const { subject, invariant, severity, stated } of step.findings) {
      const on = this.#subject(subject);
      this.#marks.push({ kind: 'finding', step: number, on, invariant, severity, stated });
    }
    if (step.divergences.length === 0) return;
    this.#diverged = number;
    // After its end a program has no state that could be another.
    if (outcome.kind === 'done') this.#takeAsExpected(step);
  }

  /** Marks that two rule sets part at the step that was taken last. */
  part(cause: string): void {
    this.#marks.push({ kind: 'parting', step: this.#step, cause });
  }

  /** What was taken until now, or a part of it, as a picture. Can be asked for at any time, again. */
  layout(options: LayoutOptions = {}): Picture {
    const records = {
      at: this.#at,
      sessions: this.#sessions,
      connections: this.#connections,
      streams: this.#streams,
      marks: this.#marks,
    };
    return layoutOf(records, options);
  }

  /** What an event says that no change tells: whose stream it is, and that an answer has come. */
  #hear(event: TraceEvent): void {
    if ('sess' in event && 'strm' in event) {
      this.#sessionOf.set(event.strm, this.#sessionCalled(event.sess));
    }
    if (event.event !== 'http_wait_for_response') return;
    const record = this.#connectionOf.get(event.strm);
    const last = record?.segments.at(-1);
    if (record === undefined || last === undefined) return;
    record.isNew = false;
    if (last.state !== 'connecting') return;
    show(record, { ...last, from: this.#step, to: null, state: 'in use' });
  }

  #session({ id, before, after }: SessChange, event: TraceEvent): void {
    if (before === null) this.#newSession(id, event.event === 'session_new' ? event.fe : null);
    const record = this.#sessionCalled(id);
    if (after === null) {
      record.to = this.#step;
      return;
    }
    const last = record.idleConns.at(-1);
    if (last?.[1] === after.idle_conns) return;
    record.idleConns.push([this.#step, after.idle_conns]);
  }

  #newSession(id: string, frontend: string | null): SessionRecord {
    const record: SessionRecord = {
      id,
      frontend,
      thread: this.#thread,
      place: this.#sessions.length,
      from: this.#step,
      to: null,
      idleConns: [],
    };
    this.#sessions.push(record);
    this.#sessionById.set(id, record);
    return record;
  }

  /** The session of an id. One that no step has made was there before: it begins where it is met. */
  #sessionCalled(id: string): SessionRecord {
    return this.#sessionById.get(id) ?? this.#newSession(id, null);
  }

  #connection({ id, before, after }: ConnChange): void {
    if (before === null && after === null) return;
    const known = before === null ? undefined : this.#connectionById.get(id);
    const record = known ?? this.#newConnection(id, (after ?? before)?.target ?? '');
    if (known !== undefined && before !== null) this.#catchUp(known, before);
    const from = this.#step;
    const last = record.segments.at(-1);
    record.view = after;
    if (after === null) {
      follow(record, [], [], from);
      record.to = from;
      const stay = record.stays.at(-1);
      if (stay !== undefined) stay.to = from + 1;
      const nothing = { owner: null, dangles: false, flags: [], list: null, lister: null } as const;
      show(record, { from, to: from + 1, state: 'freed', ...(last ? ownerOf(last) : nothing) });
      return;
    }
    const attached = follow(record, after.streams, after.orphans, from);
    for (const strm of attached) {
      const session = this.#sessionOf.get(strm)?.place ?? null;
      this.#streams.push(attach(record, strm, session, from));
      this.#connectionOf.set(strm, record);
    }
    if (attached.length > 0) this.#takeOver(record);
    if (!isWaiting(after) || isIdle(after)) record.isNew = false;
    show(record, this.#segment(record, after, from));
  }

  /** After a divergence the state becomes what the trace expects, wherever that is possible. */
  #takeAsExpected({ divergences, number }: PictureStep): void {
    const views = new Map<ConnectionRecord, ConnView>();
    for (const { subject, field, expected } of divergences) {
      const record = subject.kind === 'conn' ? this.#connectionById.get(subject.id) : undefined;
      const name = TAKEN_FIELDS.find((each) => field.endsWith(`.${each}`));
      const view = record === undefined ? null : (views.get(record) ?? record.view);
      if (record === undefined || view === null || name === undefined) continue;
      views.set(record, { ...view, [name]: expected });
    }
    for (const [record, view] of views) {
      record.view = view;
      show(record, this.#segment(record, view, number + 1));
    }
  }

  /**
   * What a step has found is what there was since the divergence before it: where that is not what
   * was expected there, the state could not become that, or the trace has borne out another one.
   */
  #catchUp(record: ConnectionRecord, before: ConnView): void {
    const from = this.#diverged + 1;
    const last = record.segments.at(-1);
    if (this.#diverged === 0 || from >= this.#step || last === undefined) return;
    if (last.from <= from) show(record, this.#segment(record, before, from));
  }

  #newConnection(id: string, target: string): ConnectionRecord {
    const record: ConnectionRecord = {
      id,
      target,
      place: this.#connections.length,
      from: this.#step,
      to: null,
      stays: [{ thread: this.#thread, from: this.#step, to: null }],
      segments: [],
      isNew: true,
      view: null,
      streams: [],
      orphans: [],
      links: new Map(),
    };
    this.#connections.push(record);
    this.#connectionById.set(id, record);
    return record;
  }

  #segment(record: ConnectionRecord, view: ConnView, from: number): Open<Segment> {
    const freed = view.owner === null ? null : freedIdOf(view.owner);
    const owner = freed ?? view.owner;
    const { flags, list, listed_in: lister } = view;
    return {
      from,
      to: null,
      state: stateOf(view, record.isNew),
      owner: owner === null ? null : this.#sessionCalled(owner).place,
      dangles: freed !== null,
      flags,
      list,
      lister: lister === null ? null : this.#sessionCalled(lister).place,
    };
  }

  /** A stream of another thread has come: the connection moves to that thread. */
  #takeOver(record: ConnectionRecord): void {
    const stay = record.stays.at(-1);
    if (stay === undefined || stay.thread === this.#thread) return;
    stay.to = this.#step;
    record.stays.push({ thread: this.#thread, from: this.#step, to: null });
    this.#marks.push({
      kind: 'takeover',
      step: this.#step,
      on: { kind: 'conn', id: record.id, place: record.place },
      fromThread: stay.thread,
      toThread: this.#thread,
    });
  }

  #subject({ kind, id }: Subject): MarkSubject {
    const known =
      kind === 'conn'
        ? this.#connectionById.get(id)
        : kind === 'sess'
          ? this.#sessionById.get(id)
          : undefined;
    return { kind, id, place: known?.place ?? null };
  }
}

/** What a connection that is freed had last. */
function ownerOf({
  owner,
  dangles,
  flags,
  list,
  lister,
}: Segment): Omit<Segment, 'from' | 'to' | 'state'> {
  return { owner, dangles, flags, list, lister };
}
