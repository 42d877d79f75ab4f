import { CONN_STREAM } from '../../state/stream.ts';
import type { Connection } from './connection-t.ts';
import { struct } from './fields/struct.ts';
import type { Session } from './session-t.ts';

/**
 * What a stream holds of a connection: HAProxy's `struct conn_stream` and, below it, the mux
 * stream (`h1s`, `h2s`, `fcgi_strm`) with the session that it was given.
 */
export class ConnStream extends struct(CONN_STREAM) {
  constructor(
    readonly strm: string,
    readonly conn: Connection,
    /** The session of the stream. */
    readonly sess: Session,
  ) {
    super();
    this.muxSess = sess;
  }
}
