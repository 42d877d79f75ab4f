import type { MuxKind, Side } from '../lines/reading.ts';
import {
  type Back,
  type Basis,
  type Certainty,
  Conn,
  Draft,
  type Extra,
  type Front,
  Mux,
  type Names,
  Sess,
} from './state/objects.ts';
import { Queue } from './state/queue.ts';
import { Thread } from './state/thread.ts';

/** What an importer knows beforehand of the program whose capture it reads. */
export interface Setting {
  /** The mux of a server is created after the handshake: `backend/server`. */
  delaysMux(target: string): boolean;
  /** Any server's mux is. */
  readonly anyDelays: boolean;
  /** Health checks exist. */
  readonly hasChecks: boolean;
  /** A health check of that server may be served by a connection that is there. */
  checkReuses(target: string): boolean;
  /** Servers of a name, as `backend/server`. */
  serversNamed(name: string): readonly string[];
  /** The mode of reuse of a target's backend. */
  reuseOf(target: string): string;
  /** The clients' addresses get into the trace. */
  readonly keepsAddresses: boolean;
}

/** Something that the capture does not show, and at which lines. */
export interface Gap {
  readonly lines: readonly [first: number, last: number];
  readonly what: string;
}

/** Gaps that are kept by themselves; the rest is counted. */
const GAPS_MAX = 100;

/** Where the line that is read stands. */
export interface Here {
  readonly line: number;
  readonly at: number | null;
  readonly thread: Thread;
}

/** What is alive in a capture as it is read, and the events that follow from it. */
export class Story {
  readonly queue: Queue;
  readonly muxes = new Map<string, Mux>();
  readonly threads = new Map<number, Thread>();
  /** Sessions by their client's address, connections by their local one. */
  readonly byClient = new Map<string, Sess>();
  readonly byLocal = new Map<string, Conn>();
  /** Servers in maintenance, `backend/server`. */
  readonly maintained = new Set<string>();
  readonly gaps: Gap[] = [];
  gapCount = 0;
  /** Streams that reached a server and are not in the trace. */
  untold = 0;
  /** Streams that only a log line tells of. */
  fromLog = 0;
  readonly setting: Setting;

  constructor(setting: Setting, write: (draft: Draft) => void) {
    this.setting = setting;
    this.queue = new Queue(write);
  }

  thread(number: number): Thread {
    let thread = this.threads.get(number);
    if (thread === undefined) {
      thread = new Thread(number);
      this.threads.set(number, thread);
    }
    return thread;
  }

  gap(first: number, last: number, what: string): void {
    this.gapCount++;
    if (this.gaps.length < GAPS_MAX) this.gaps.push({ lines: [first, last], what });
  }

  /** An event that rests on the line that is read, and takes effect there. */
  draft(
    here: Here,
    certainty: Certainty,
    make: (names: Names) => ReturnType<Draft['make']>,
    more: Partial<Basis> & {
      readonly isReady?: () => boolean;
      readonly extra?: () => Extra;
    } = {},
  ): Draft {
    const { line, at, thread } = here;
    const basis: Basis = {
      place: line,
      lines: [line, line],
      thread: thread.number,
      at,
      certainty,
      ...more,
    };
    thread.eventLine = Math.max(thread.eventLine, basis.place);
    return this.queue.add(new Draft(basis, make, more.isReady, more.extra ?? null));
  }

  /** A session begins. */
  beginSession(here: Here, certainty: Certainty, note?: string): Sess {
    const sess = new Sess(here.thread.number);
    sess.isSeen = certainty === 'observed';
    sess.intro = this.draft(
      here,
      certainty,
      (names) => ({
        event: 'session_new',
        sess: names.sess(sess),
        fe: names.frontend(sess),
      }),
      {
        isReady: () =>
          sess.over ||
          sess.same !== null ||
          (sess.frontend !== null && (sess.client !== null || !this.setting.keepsAddresses)),
        extra: () =>
          this.setting.keepsAddresses && sess.client !== null ? { client: sess.client } : {},
        ...(note === undefined ? {} : { note }),
      },
    );
    return sess;
  }

  /** A session ends; null where it has ended already. */
  endSession(here: Here, sess: Sess, certainty: Certainty, note?: string): Draft | null {
    const { real } = sess;
    if (real.over) return null;
    real.over = true;
    if (real.client !== null && this.byClient.get(real.client) === real) {
      this.byClient.delete(real.client);
    }
    return this.draft(
      here,
      certainty,
      (names) => ({ event: 'session_free', sess: names.sess(real) }),
      note === undefined ? {} : { note },
    );
  }

  /**
   * Two sessions are one: the one that begins earlier stands for both. Nothing happens where the
   * beginning of the other is written already.
   */
  joinSessions(one: Sess, other: Sess): void {
    const isFirst = (one.intro?.place ?? 0) <= (other.intro?.place ?? 0);
    const [kept, gone] = isFirst ? [one, other] : [other, one];
    if (kept === gone || gone.intro === null || gone.intro.isWritten) return;
    gone.intro.isDropped = true;
    gone.same = kept;
    kept.frontend ??= gone.frontend;
    kept.isSeen ||= gone.isSeen;
    kept.client ??= gone.client;
    if (kept.client !== null) this.byClient.set(kept.client, kept);
  }

  /** A mux of a pointer that has not been met. */
  addMux(pointer: string, kind: MuxKind, side: Side, sess: Sess | null, conn: Conn | null): Mux {
    const mux = new Mux(pointer, kind, side, sess, conn);
    if (conn !== null) conn.kind = kind;
    this.muxes.set(pointer, mux);
    return mux;
  }

  /** A connection, by the backend or the server that a line names. */
  newConn(target: string | null, backend: string | null): Conn {
    const conn = new Conn();
    conn.target = target;
    conn.backend = backend;
    return conn;
  }

  /** The stream that an answer is for, by the pointers of its line and its H2 id. */
  answered(pointer: string, stream: string | null, id: number | null): Back | null {
    const backs = this.muxes.get(pointer)?.backs;
    if (backs === undefined) return null;
    if (stream !== null) return backs.get(stream) ?? null;
    for (const back of backs.values()) if (id === null || back.id === id) return back;
    return null;
  }

  /** The address is free: whatever comes there next is another mux. */
  dropMux(mux: Mux): void {
    if (this.muxes.get(mux.pointer) === mux) this.muxes.delete(mux.pointer);
    for (const thread of this.threads.values()) {
      if (thread.mux === mux) thread.mux = null;
    }
  }

  /** A connection is no more. */
  loseConn(conn: Conn): void {
    const { real } = conn;
    real.isGone = true;
    if (real.local !== null && this.byLocal.get(real.local) === real) {
      this.byLocal.delete(real.local);
    }
  }

  /** The connection can be used: its handshake is over. */
  bringUp(here: Here, conn: Conn, certainty: Certainty, place: number): void {
    const { real } = conn;
    if (real.isUp || real.isFailed || real.intro === null) return;
    real.isUp = true;
    real.last = this.draft(
      here,
      certainty,
      (names) => ({ event: 'conn_update', conn: names.conn(real), clear: ['WAIT_XPRT'] }),
      { place, lines: [Math.min(place, here.line), here.line] },
    );
  }

  /** A stream got ready to run. */
  ran(thread: Thread, front: Front, line: number): void {
    front.ranAt = line;
    thread.running = front;
    if (front.back === null && !front.over && front.connects === 0) thread.waiting.add(front);
  }
}
