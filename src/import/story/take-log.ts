import type { LogLine } from '../lines/log-line.ts';
import { endFront } from './front.ts';
import { isLater, learnConn, learnSession } from './log.ts';
import { Front, type Sess } from './objects.ts';
import type { Here, Story } from './story.ts';

/*
 * Which stream a log line speaks of: it stands just before the stream leaves its connection, on its
 * thread.
 */

/** A log line: joined to the stream that it speaks of, or kept until it shows that there is none. */
export function takeLog(s: Story, here: Here, log: LogLine): void {
  const { thread } = here;
  settleTold(s, here);
  const found = findFront(s, here, log);
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
  if (front.back !== null) learnConn(s, front.back.conn, log);
}

/** The stream of a log line, by its request, its client and its thread; null if none is seen. */
function findFront(s: Story, { thread }: Here, log: LogLine): Front | null {
  const fits = (front: Front): boolean => {
    if (front.over || front.log !== null) return false;
    const { client } = front.sess.real;
    if (client !== null && log.client !== null && client !== log.client) return false;
    if (front.request !== null && log.request !== null && front.request !== log.request) {
      return false;
    }
    const local = front.back?.conn.real.local ?? null;
    return local === null || log.local === null || local === log.local;
  };
  const { running } = thread;
  if (running !== null && fits(running) && isSure(running, log)) return running;
  const found: Front[] = [];
  for (const mux of s.muxes.values()) {
    if (mux.side !== 'F') continue;
    for (const front of mux.fronts.values()) {
      if (front.thread === thread.number && fits(front)) found.push(front);
    }
  }
  const sure = found.filter((front) => front.sess.real.client === log.client);
  if (sure.length > 0) return sure.length === 1 ? (sure[0] ?? null) : newest(sure);
  return found.length === 0 ? null : newest(found);
}

function isSure(front: Front, log: LogLine): boolean {
  return front.request !== null && log.request !== null && front.sess.real.client === log.client;
}

/** The one that ran last: at its end a stream runs once more. */
function newest(fronts: readonly Front[]): Front | null {
  let found: Front | null = null;
  for (const front of fronts) if (found === null || front.ranAt > found.ranAt) found = front;
  return found;
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
