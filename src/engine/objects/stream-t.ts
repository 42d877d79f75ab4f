import type { Connection } from './connection-t.ts';
import type { Session } from './session-t.ts';

/**
 * What a stream holds of a connection: HAProxy's `struct conn_stream` and, below it, the mux
 * stream (`h1s`, `h2s`, `fcgi_strm`) with the session that it was given.
 */
export class ConnStream {
  /** H1S_F_NOT_FIRST: another request went over the connection before. */
  notFirst = false;
  /** Session given to the mux with the stream: the owner's, when the mux came late. */
  muxSess: Session | null;

  constructor(
    readonly strm: string,
    readonly conn: Connection,
    /** The session of the stream. */
    readonly sess: Session,
  ) {
    this.muxSess = sess;
  }
}
