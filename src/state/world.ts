import {
  aside,
  boolean,
  type Fields,
  follows,
  hook,
  lists,
  note,
  objects,
  time,
  withinStep,
} from './field.ts';

/** What one process has beside the fields of its objects. */
export const WORLD = {
  /** Alive, in order of creation. */
  sessions: objects(),
  connections: objects(),
  /** What each stream holds of a connection, by stream id; detached ones are not here. */
  streams: objects(),
  /** Streams that left while blocked, oldest first, by stream id. */
  orphans: objects(),
  /** Those that are declared, for ever. */
  frontends: follows(objects()),
  backends: follows(objects()),
  servers: follows(objects()),
  /** `toremove_conns`: the removal list of each thread. */
  toremove: lists(),
  /** The trace has told of a handshake that is over, or is not: it tells of all of them. */
  tellsHandshakes: aside(boolean()),
  /** Number of the running step; 0 before the first. */
  clock: withinStep(note()),
  /** What the running event says of the thread, of file descriptors and of the time. */
  thread: withinStep(note()),
  usedFds: withinStep(note()),
  /** When the running event happens; null where the trace does not tell. */
  at: withinStep(time()),
  /** Called with an object before its first change in a step; null when nobody listens. */
  beforeChange: withinStep(hook()),
  /**
   * Names a new connection. By default the name that the trace gives it, else `<strm>.conn`,
   * `<strm>.conn.2`, …: the first that no live connection bears.
   */
  nameConnection: withinStep(hook()),
} as const satisfies Fields;
