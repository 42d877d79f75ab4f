import {
  aside,
  boolean,
  entries,
  type Fields,
  follows,
  link,
  list,
  note,
  signed,
  text,
  thread,
  withinStep,
} from './field.ts';

/** `struct session` of include/haproxy/session-t.h. */
export const SESSION = {
  /** A foreign owner can push it below zero. */
  idleConns: signed('idle_conns'),
  /** SESS_FL_PREFER_LAST, never cleared. */
  preferLast: boolean('prefer_last'),
  /** `srv_list`: one entry per target, in order of first insertion. */
  srvList: entries('srv_list', '[target, [connection, …]] in list order'),
  /** The thread that it was made on, which runs all of it. */
  thread: aside(note()),
  /** A tombstone: connections may still point here, though the world knows it no more. */
  freed: follows(boolean()),

  // What follows HAProxy does not keep: the invariants are told by it.

  /** What the preference for the last server found and unmarked, until its stream connects. */
  preferred: link('conn'),
  /** The stream that it was found for. */
  preferredBy: text(),
  /** Every connection whose owner it is, listed or not. */
  owned: follows(list()),
  /** Streams of the session that hold a connection. */
  streams: note(),
  /** Invariants that do not hold, as bits; as of the last step that looked. */
  broken: note(),
  /** The step that last touched it. */
  touchedAt: withinStep(note()),
  /** A number of whoever walks over the objects; means nothing to the engine. */
  place: withinStep(note()),
} as const satisfies Fields;

/** `struct sess_srv_list`: the connections of one session to one target. */
export const SESS_SRV_LIST = {
  connList: list(),
  /** The thread that made it, which is that of its session. */
  tid: follows(thread()),
} as const satisfies Fields;
