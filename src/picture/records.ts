import type { ConnView } from '../engine/view/view.ts';
import type { ConnectionLife, Mark, Segment, SessionLife, Stay, StreamLink } from './picture.ts';

/** What can still change while a trace is read. */
export type Open<T> = { -readonly [Key in keyof T]: T[Key] };

/** A time on a thread, before it has a lane. */
export type StayRecord = Open<Omit<Stay, 'lane'>>;

/** A connection while the trace is read. */
export interface ConnectionRecord extends Open<Omit<ConnectionLife, 'stays' | 'segments'>> {
  /** Its place among all of the trace. */
  readonly place: number;
  readonly stays: StayRecord[];
  readonly segments: Open<Segment>[];
  /** Nothing has come over it, and it has not been idle yet. */
  isNew: boolean;
  /** As it was told last; null once it is freed. */
  view: ConnView | null;
  /** The streams that hold it, and those that left while blocked. */
  streams: readonly string[];
  orphans: readonly string[];
  /** The links of both, by stream. */
  readonly links: Map<string, Open<StreamLink>>;
}

/** A session while the trace is read. */
export interface SessionRecord extends Open<Omit<SessionLife, 'lane' | 'idleConns'>> {
  readonly place: number;
  readonly idleConns: [step: number, idleConns: number][];
}

/** All that a trace has had, in the order of its making. */
export interface Records {
  readonly at: (number | null)[];
  readonly sessions: readonly SessionRecord[];
  readonly connections: readonly ConnectionRecord[];
  readonly streams: readonly StreamLink[];
  readonly marks: readonly Mark[];
}
