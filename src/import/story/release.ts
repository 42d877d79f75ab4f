import type { Reading } from '../lines/reading.ts';
import { guessDetach } from './detach.ts';
import { endFront } from './front.ts';
import { type Certainty, type Conn, Draft, type Mux } from './state/objects.ts';
import type { Here, Story } from './story.ts';

/*
 * The end of a mux. The lines that say so bear no pointer: they speak of the mux that was named last
 * on their thread.
 */

/** A line of a release or of a destruction from outside. */
export function goodbye(s: Story, here: Here, r: Reading, act: 'release' | 'destroy'): void {
  const { thread } = here;
  if (act === 'destroy') {
    thread.isDestroying = true;
    // From 3.2 on it names nothing: the line that shuts the connection does.
    if (thread.detach === null) thread.mux = mux(s, r) ?? 'unknown';
    return;
  }
  if (r.mux !== null) thread.mux = mux(s, r) ?? 'unknown';
  if (!r.message.startsWith('freeing conn')) return;
  const named = thread.mux;
  const { detach } = thread;
  if (detach !== null && named === detach.mux) {
    detach.isFreed = true;
    detach.end = here.line;
    s.dropMux(detach.mux);
  } else if (named !== null && named !== 'unknown') free(s, here, named);
  thread.mux = null;
  thread.isDestroying = false;
  thread.isTimeout = false;
}

function mux(s: Story, r: Reading): Mux | null {
  return r.mux === null ? null : (s.muxes.get(r.mux) ?? null);
}

/** The line that shuts a connection for writing names the mux that is about to end. */
export function namesDestroyed(s: Story, here: Here, r: Reading): void {
  here.thread.mux = mux(s, r) ?? 'unknown';
}

/** A mux ends, as lines say. */
function free(s: Story, here: Here, ended: Mux): void {
  const { thread } = here;
  if (ended.side === 'F') {
    endMux(s, here, ended, 'observed');
    return;
  }
  s.dropMux(ended);
  const conn = ended.conn?.real;
  if (conn === undefined) return;
  for (const back of [...conn.streams]) guessDetach(s, here, back);
  s.loseConn(conn);
  if (conn.intro === null) return;
  if (thread.io?.conn === conn) {
    thread.io.draft.isDropped = true;
    thread.io = null;
  }
  if (thread.isDestroying && thread.freed !== null) {
    thread.freed.frees.add(conn);
    thread.freed.restsOn(here.line);
  } else if (thread.isDestroying) purge(s, here, conn);
  else {
    const isTimeout = thread.isTimeout;
    const draft = s.draft(here, 'observed', (names) => ({
      event: 'mux_release',
      conn: names.conn(conn),
      ...(isTimeout ? { reason: 'timeout' } : {}),
    }));
    draft.frees.add(conn);
  }
}

/** A connection that is destroyed from outside while it waits in its server's lists. */
function purge(s: Story, here: Here, conn: Conn): void {
  const { thread } = here;
  thread.purge ??= {
    conns: new Set(),
    written: new Set(),
    cleanups: [],
    destroys: s.draft(here, 'inferred', () => ({ event: 'srv_cleanup_toremove_connections' })),
  };
  const pass = thread.purge;
  pass.conns.add(conn);
  pass.destroys.frees.add(conn);
  pass.destroys.restsOn(here.line);
  const { line, at } = here;
  const maintained = new Set(s.maintained);
  const cleanup = new Draft(
    { place: line, lines: [line, line], thread: thread.number, at, certainty: 'inferred' },
    (names) => {
      const srv = names.target(conn);
      // Entering maintenance has put them on the removal list.
      if (pass.written.has(srv) || maintained.has(srv)) return null;
      pass.written.add(srv);
      return { event: 'srv_cleanup_idle_connections', srv };
    },
  );
  pass.cleanups.push(cleanup);
  s.queue.addBefore(cleanup, pass.destroys);
}

const UNSEEN_END = 'its end was not seen';

/** A mux is no more: its release was seen, or something else has its address. */
export function endMux(s: Story, here: Here, ended: Mux, certainty: Certainty): void {
  s.dropMux(ended);
  if (ended.side === 'B') {
    const conn = ended.conn?.real;
    if (conn === undefined) return;
    for (const back of [...conn.streams]) guessDetach(s, here, back);
    s.loseConn(conn);
    if (conn.intro === null) return;
    const draft = s.draft(
      here,
      certainty,
      (names) => ({ event: 'mux_release', conn: names.conn(conn) }),
      { note: UNSEEN_END },
    );
    draft.frees.add(conn);
    return;
  }
  const { sess } = ended;
  for (const front of [...ended.fronts.values()]) {
    if (front.back !== null) guessDetach(s, here, front.back);
    endFront(s, here, front);
  }
  if (sess === null) return;
  const note = certainty === 'observed' ? undefined : UNSEEN_END;
  here.thread.freed = s.endSession(here, sess, certainty, note);
}

/** A server enters or leaves maintenance, as a message of HAProxy's own says. */
export interface Maintenance {
  /** `backend/server` */
  readonly server: string;
  readonly enters: boolean;
}

/** Takes such a message; the same may come twice, by the log and by standard error. */
export function takeMaintenance(s: Story, here: Here, { server, enters }: Maintenance): void {
  if (s.maintained.has(server) === enters) return;
  if (enters) s.maintained.add(server);
  else s.maintained.delete(server);
  s.draft(here, 'observed', (names) => ({
    event: 'srv_admin',
    srv: names.server(server),
    maint: enters,
  }));
}
