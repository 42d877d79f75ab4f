import type { World } from '../../engine/objects/world.ts';
import type { EventOf, TraceEvent } from '../../format/index.ts';
import type { Obstacle } from './exportable.ts';
import type { SessionCourse } from './sessions.ts';

const obstacle = (why: string, key: string | null = null): Obstacle => ({ why, key });

/** What comes when the last of an answer has come over the wire. */
const ENDS: ReadonlySet<string> = new Set(['http_wait_for_response', 'detach', 'conn_update']);

/** Whether a connection is closed by its peer with this event. */
export function closesConn(event: TraceEvent): event is EventOf<'conn_update'> {
  return event.event === 'conn_update' && event.set !== undefined && event.set.length > 0;
}

/**
 * What the peers of HAProxy bring about besides what the event says: a server that closes ends the
 * streams of its connection at once, and with some of them the session of their client.
 */
export class Peers {
  readonly #sessions: ReadonlyMap<string, SessionCourse>;
  /** Streams that a closed connection leaves without an end of their answer, in their order. */
  #broken: string[] = [];
  /** A stream has ended on the wire, and leaves next. */
  #endsOnWire = false;
  /** That connection. */
  #closed = '';
  /** The connection that its server has closed while nothing used it. */
  #idle: string | null = null;
  /** The session that HAProxy ends, as its client has to send its request again. */
  #ending: string | null = null;
  readonly #sessionOf = new Map<string, string>();
  /** Streams of which an answer has come. */
  readonly #answered = new Set<string>();

  constructor(sessions: ReadonlyMap<string, SessionCourse>) {
    this.#sessions = sessions;
  }

  /** What comes next by itself, before anything else; null: nothing. */
  get next(): TraceEvent | null {
    const [strm] = this.#broken;
    if (strm !== undefined) return { event: 'detach', strm };
    if (this.#ending !== null) return { event: 'session_free', sess: this.#ending };
    return this.#idle === null ? null : { event: 'mux_release', conn: this.#idle };
  }

  /** What makes an event impossible to bring about after those before it; null: nothing. */
  obstacle(w: World, event: TraceEvent): Obstacle | null {
    const [next] = this.#broken;
    if (next !== undefined && !(event.event === 'detach' && event.strm === next)) {
      return obstacle(`stream ${next} ends at once when the server closes its connection`);
    }
    if (this.#ending !== null && !(event.event === 'session_free' && event.sess === this.#ending)) {
      return obstacle(`session ${this.#ending} ends at once: its client has got no whole answer`);
    }
    if (this.#idle !== null && !(event.event === 'mux_release' && event.conn === this.#idle)) {
      return obstacle(`connection ${this.#idle} is released at once when its server closes it`);
    }
    if (this.#endsOnWire && !ENDS.has(event.event)) {
      return obstacle('a stream that has ended on the wire leaves before anything else happens');
    }
    if (event.event === 'http_wait_for_response' && this.#answered.has(event.strm)) {
      return obstacle('a stream has one answer', 'strm');
    }
    const isIo = event.event === 'conn_io' || (event.event === 'conn_update' && event.requeue);
    if (isIo === true && muxOf(w, event.conn) !== 'h2') {
      const key = event.event === 'conn_io' ? null : 'requeue';
      return obstacle('bytes that come over an idle HTTP/1 connection are the end of it', key);
    }
    if (event.event === 'del_server' && (w.server(event.srv)?.currIdleConns ?? 0) > 0) {
      return obstacle('a server has to be in maintenance before, by which its idle connections go');
    }
    return null;
  }

  /**
   * Takes note of an event that has happened.
   *
   * @returns what cannot come of it; null: nothing
   */
  follow(w: World, event: TraceEvent): Obstacle | null {
    if (event.event === 'conn_update' && event.nb_streams !== undefined) this.#endsOnWire = true;
    if (event.event === 'detach') this.#endsOnWire = false;
    if (event.event === 'connect_server') this.#sessionOf.set(event.strm, event.sess);
    else if (event.event === 'http_wait_for_response') this.#answered.add(event.strm);
    else if (event.event === 'session_free') this.#ending = null;
    else if (event.event === 'mux_release') this.#idle = null;
    else if (event.event === 'detach') return this.#leave(w, event.strm);
    else if (closesConn(event)) {
      const conn = w.connections.get(event.conn);
      this.#broken = conn?.ctx?.streams.map(({ strm }) => strm) ?? [];
      this.#closed = event.conn;
      if (this.#broken.length === 0) this.#idle = event.conn;
    }
    return null;
  }

  #leave(w: World, strm: string): Obstacle | null {
    if (this.#broken[0] !== strm) return null;
    this.#broken.shift();
    if (this.#broken.length === 0 && w.connections.has(this.#closed)) {
      return obstacle('a connection that its server has closed goes with its last stream');
    }
    const sess = this.#sessionOf.get(strm) ?? '';
    const session = this.#sessions.get(sess);
    if (session?.protocol !== 'h1') return null;
    const isFirst = session.streams[0] === strm;
    if (!isFirst || this.#answered.has(strm)) this.#ending = sess;
    return null;
  }
}

function muxOf(w: World, conn: string): string | null {
  return w.connections.get(conn)?.ctx?.mux.name ?? null;
}
