import type { TraceEvent } from '../../format/index.ts';

/** What has to come before an event for it to be possible: detaches of these streams. */
export interface Verdict {
  readonly isPossible: boolean;
  readonly detachFirst: readonly string[];
}

const POSSIBLE: Verdict = { isPossible: true, detachFirst: [] };
const IMPOSSIBLE: Verdict = { isPossible: false, detachFirst: [] };

/** What a written trace has alive: no event may speak of anything else. */
export class Guard {
  readonly #sessions = new Map<string, Set<string>>();
  /** Attached streams, with session and connection. */
  readonly #attached = new Map<string, { readonly sess: string; readonly conn: string }>();
  /** Streams that left while blocked. */
  readonly #orphans = new Set<string>();
  /** Connections that were introduced and not freed, with the streams on them. */
  readonly #conns = new Map<string, Set<string>>();

  /** Whether an event can happen as things stand, and what has to happen before. */
  judge(event: TraceEvent): Verdict {
    switch (event.event) {
      case 'connect_server':
      case 'tcpcheck_eval_connect':
      case 'check_connect':
        return this.#judgeConnect(event);
      case 'http_wait_for_response':
      case 'detach':
        return this.#attached.has(event.strm) ? POSSIBLE : IMPOSSIBLE;
      case 'stream_destroy':
        return this.#orphans.has(event.strm) ? POSSIBLE : IMPOSSIBLE;
      case 'conn_create_mux':
      case 'conn_update':
        return this.#conns.has(event.conn) ? POSSIBLE : IMPOSSIBLE;
      case 'mux_release':
        return this.#after(this.#conns.get(event.conn));
      case 'session_free':
        return this.#after(this.#sessions.get(event.sess));
      case 'session_new':
        return this.#sessions.has(event.sess) ? IMPOSSIBLE : POSSIBLE;
      default:
        return POSSIBLE;
    }
  }

  #judgeConnect(event: Extract<TraceEvent, { readonly strm: string; readonly sess: string }>) {
    if (!this.#sessions.has(event.sess)) return IMPOSSIBLE;
    return this.#attached.has(event.strm)
      ? { isPossible: true, detachFirst: [event.strm] }
      : POSSIBLE;
  }

  #after(streams: ReadonlySet<string> | undefined): Verdict {
    if (streams === undefined) return IMPOSSIBLE;
    return streams.size === 0 ? POSSIBLE : { isPossible: true, detachFirst: [...streams] };
  }

  /** An event is written. */
  take(event: TraceEvent): void {
    switch (event.event) {
      case 'session_new':
        this.#sessions.set(event.sess, new Set());
        break;
      case 'session_free':
        this.#sessions.delete(event.sess);
        break;
      case 'connect_server':
      case 'tcpcheck_eval_connect':
      case 'check_connect':
        this.#attach(event.strm, event.sess, event.conn ?? '');
        break;
      case 'detach':
        this.#detach(event.strm);
        if (event.blocked) this.#orphans.add(event.strm);
        break;
      case 'stream_destroy':
        this.#orphans.delete(event.strm);
        break;
      default:
    }
    const { conn } = event.expect ?? {};
    for (const id in conn) if (conn[id] === null) this.#conns.delete(id);
  }

  /** Whether a connection was introduced and lives. */
  hasConn(conn: string): boolean {
    return this.#conns.has(conn);
  }

  #attach(strm: string, sess: string, conn: string): void {
    this.#attached.set(strm, { sess, conn });
    this.#sessions.get(sess)?.add(strm);
    const streams = this.#conns.get(conn);
    if (streams === undefined) this.#conns.set(conn, new Set([strm]));
    else streams.add(strm);
  }

  #detach(strm: string): void {
    const held = this.#attached.get(strm);
    if (held === undefined) return;
    this.#attached.delete(strm);
    this.#sessions.get(held.sess)?.delete(strm);
    this.#conns.get(held.conn)?.delete(strm);
  }
}
