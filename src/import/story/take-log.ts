import type { LogLine } from '../lines/log-line.ts';
import { answerChallenge } from './detach.ts';
import { endFront } from './front.ts';
import { guessAttempts, isLater, learnAttempts, learnConn, learnSession } from './log.ts';
import { Front, type Mux, type Sess } from './state/objects.ts';
import type { Here, Story } from './story.ts';

/*
 * Which stream a log line speaks of: it stands just before the stream leaves its connection, on its
 * thread.
 */

/** A log line: joined to the stream that it speaks of, or kept until it shows that there is none. */
export function takeLog(s: Story, here: Here, log: LogLine): void {
  const { thread } = here;
  settleTold(s, here);
  thread.unserved = null;
  const found = findFront(s, here, log);
  if (found === null && log.target === null && log.local === null) {
    thread.unserved = log;
    thread.logged = null;
    return;
  }
  const front = found ?? new Front(null, sessionOf(s, here, log), null, null, thread.number);
  if (found === null) {
    front.request = log.request;
    front.notFirst = isLater(front.sess, log, s);
    thread.told = front;
  }
  thread.logged = front;
  front.log = log;
  front.logLine = here.line;
  learnSession(s, front, log);
  learnAttempts(front, log);
  if (front.back === null) return;
  learnConn(s, front.back.conn, log);
  guessAttempts(s, front, log, here.line);
  // Whatever came over H2 has been looked at by now.
  answerChallenge(s, here, front.back);
}

/** The stream of a log line, by its request, its client and its thread; null if none is seen. */
function findFront(s: Story, { thread }: Here, log: LogLine): Front | null {
  const known = log.client === null ? undefined : s.byClient.get(log.client);
  let found: Front | null = null;
  let best = -1;
  for (const mux of s.muxes.values()) {
    if (mux.side !== 'F') continue;
    for (const front of mux.fronts.values()) {
      if (front.thread !== thread.number || !fits(front, log, known)) continue;
      const likeness = likenessOf(front, log, thread.mux);
      if (likeness === 0 && isAnothers(front, thread.mux)) continue;
      // At its end a stream runs once more: of two that are alike it is the one that ran last.
      const isBetter = likeness > best || (likeness === best && front.ranAt > (found?.ranAt ?? 0));
      if (isBetter) {
        found = front;
        best = likeness;
      }
    }
  }
  return found;
}

/** Whether nothing that is known of a stream speaks against a log line. */
function fits(front: Front, log: LogLine, known: Sess | undefined): boolean {
  if (front.over || front.log !== null) return false;
  // Who reached no server has no connection.
  if (log.target === null && log.local === null && front.connects > 0) return false;
  const sess = front.sess.real;
  if (sess.client !== null && log.client !== null && sess.client !== log.client) return false;
  // The records show that client elsewhere.
  if (known?.real.isSeen === true && known.real !== sess) return false;
  if (front.request !== null) {
    if (log.request !== null && front.request !== log.request) return false;
  } else if (log.request !== null && front.mux !== null) {
    if (/ HTTP\/2(?:\.0)?$/.test(log.request) !== (front.mux.kind === 'h2')) return false;
  }
  const conn = front.back?.conn.real;
  const isSure = front.request !== null && front.request === log.request && sess.client !== null;
  if (conn === undefined || (isSure && sess.client === log.client)) return true;
  if (conn.target !== null && log.target !== null && conn.target !== log.target) return false;
  return conn.local === null || log.local === null || conn.local === log.local;
}

/** Whether what was named last on the thread is the server's side of another stream. */
function isAnothers(front: Front, named: Mux | 'unknown' | null): boolean {
  return named !== null && named !== 'unknown' && named.side === 'B' && front.back?.mux !== named;
}

/** A log line that no stream was found for is that of the one which leaves its connection next. */
export function adoptTold(s: Story, { thread }: Here, front: Front): void {
  const { told } = thread;
  if (told === null || told === front || told.log === null || front.mux === null) return;
  if (!fits(front, told.log, undefined)) return;
  thread.told = null;
  front.log = told.log;
  front.logLine = told.logLine;
  const own = front.sess.real;
  const other = told.sess.real;
  if (own !== other && own.client === null && !other.isSeen) s.joinSessions(own, other);
  learnSession(s, front, told.log);
  if (front.back !== null) learnConn(s, front.back.conn, told.log);
}

/** How much of a log line is known to be so of a stream. */
function likenessOf(front: Front, log: LogLine, named: Mux | 'unknown' | null): number {
  const local = front.back?.conn.real.local ?? null;
  // What was named last on the thread is most often the server's side of the stream that ends.
  const isNamed = front.back?.mux != null && front.back.mux === named;
  return (
    (isNamed ? 1 : 0) +
    (log.client !== null && front.sess.real.client === log.client ? 8 : 0) +
    (local !== null && local === log.local ? 4 : 0) +
    (front.request !== null && front.request === log.request ? 2 : 0)
  );
}

/** The session of a client that no record shows. */
function sessionOf(s: Story, here: Here, log: LogLine): Sess {
  const known = log.client === null ? undefined : s.byClient.get(log.client);
  if (known !== undefined) return known;
  const sess = s.beginSession(here, 'inferred', 'only its log lines were seen');
  if (log.client !== null) {
    sess.client = log.client;
    s.byClient.set(log.client, sess);
  }
  return sess;
}

/** A stream of which only the log line was seen before something else shows is told by that. */
export function settleTold(s: Story, here: Here): void {
  const { told } = here.thread;
  if (told === null) return;
  here.thread.told = null;
  endFront(s, here, told);
}
