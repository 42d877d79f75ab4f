import type { LogLine } from '../lines/log-line.ts';
import { beginConn, connectDraft } from './connect.ts';
import { guessDetach } from './detach.ts';
import { type Back, Conn, Draft, type Front, type Sess } from './state/objects.ts';
import type { Here, Story } from './story.ts';

/*
 * What a log line says: it names what the records do not, frontend, server and both addresses. A
 * stream that no record tells of is told by its log line alone.
 */

/** What a log line says of the session. */
export function learnSession(s: Story, front: Front, log: LogLine): void {
  const sess = front.sess.real;
  sess.frontend ??= log.frontend;
  if (log.client === null || sess.client === log.client) return;
  const other = s.byClient.get(log.client);
  if (other !== undefined && other !== sess) {
    // Known by its log lines before its records were there.
    if (sess.client === null && !sess.isSeen && !other.over) {
      s.joinSessions(other, sess);
      return;
    }
  }
  sess.client = log.client;
  s.byClient.set(log.client, sess);
}

/** What a log line says of the connection. */
export function learnConn(s: Story, conn: Conn, log: LogLine): void {
  const { real } = conn;
  if (log.target !== null) real.target ??= log.target;
  if (log.local === null || real.local === log.local) return;
  const other = s.byLocal.get(log.local);
  if (other !== undefined && other !== real && real.local === null && real.isOlder) {
    const isFree = !real.prelude.some(({ isWritten }) => isWritten) && !other.isGone;
    if (isFree && !real.isGone) {
      for (const draft of real.prelude) draft.isDropped = true;
      for (const back of real.streams) other.streams.add(back);
      if (other.kind === null) other.kind = real.kind;
      other.last = real.last ?? other.last;
      other.isUp ||= real.isUp;
      real.same = other;
      return;
    }
  }
  real.local ??= log.local;
  s.byLocal.set(log.local, real);
}

/** What a log line says of the connections that the stream had before. */
export function learnAttempts(front: Front, log: LogLine): void {
  for (const { real } of front.attempts) {
    if (real.target !== null || log.target === null) continue;
    // A stream that was sent on had another server before, of the same backend.
    if (log.isRedispatched) real.notTarget = log.target;
    else real.target = log.target;
    real.backend ??= log.backend;
  }
  front.attempts.length = 0;
}

/** Attempts that are guessed of one stream. */
const ATTEMPTS_MAX = 16;

/** Attempts that a log line counts and no record shows: they failed before there was a mux. */
export function guessAttempts(s: Story, front: Front, log: LogLine, line: number): void {
  const last = front.back?.connect;
  if (last === undefined || last.isWritten) return;
  const tried = new Conn();
  tried.backend = log.backend;
  if (log.isRedispatched) tried.notTarget = log.target;
  else tried.target = log.target;
  const { place, thread, at } = last;
  const note = 'an attempt of which no line tells but the count of retries';
  const basis = { place, lines: [line, line], thread, at, certainty: 'guessed', note } as const;
  const missing = Math.min(log.retries + 1 - front.connects, ATTEMPTS_MAX);
  for (let attempt = 1; attempt <= missing; attempt++) {
    const connect = new Draft(basis, (names) => ({
      event: 'connect_server',
      strm: names.strm(front),
      sess: names.sess(front.sess),
      target: names.target(tried),
      ...(front.notFirst ? { not_first: true } : {}),
      error: 'connect',
    }));
    const leave = new Draft(basis, (names) => ({ event: 'detach', strm: names.strm(front) }));
    for (const draft of [connect, leave]) s.queue.addBefore(draft, last);
  }
}

/** What a log line says of attempts and answers that no record shows. */
export function tellByLog(s: Story, here: Here, front: Front): void {
  const { log, logLine } = front;
  if (log === null || logLine === null || front.connects > 0) return;
  if (log.target === null) return;
  if (log.local === null) {
    s.untold++;
    return;
  }
  s.fromLog++;
  const place: Here = { line: logLine, at: here.at, thread: here.thread };
  const known = s.byLocal.get(log.local);
  const isReused = known !== undefined && !known.isGone;
  const conn = isReused ? known : s.newConn(log.target, null);
  for (const other of conn.kind === 'h1' || conn.kind === null ? [...conn.streams] : []) {
    guessDetach(s, place, other);
  }
  const back = connectDraft(s, place, front, conn, {
    place: logLine,
    first: front.requestLine ?? logLine,
    isReused,
    certainty: 'inferred',
    mux: null,
    pointer: null,
  });
  if (!isReused) beginConn(conn, back);
  learnConn(s, conn, log);
  guessAttempts(s, front, log, logLine);
  s.bringUp(place, conn, 'inferred', logLine);
  answerByLog(s, place, back, log);
  endByLog(s, place, back, log);
}

/**
 * Whether a stream that only its log line shows is a later request of its client: of H2 every one
 * is, of H1 all but the first; and behind a gap nobody knows what came before.
 */
export function isLater({ real }: Sess, { request }: LogLine, s: Story): boolean {
  if (real.ended > 0 || (!real.isSeen && s.gapCount > 0)) return true;
  return request !== null && / HTTP\/2(?:\.0)?$/.test(request);
}

function answerByLog(s: Story, here: Here, back: Back, log: LogLine): void {
  const { status } = log;
  if (status === null || log.ended.includes('C')) return;
  back.hasAnswer = true;
  back.conn.real.last = s.draft(here, 'inferred', (names) => ({
    event: 'http_wait_for_response',
    strm: names.strm(back.front),
    status,
    ...(log.challenged ? { headers: challengeOf(status) } : {}),
  }));
}

/** The header that a challenge of that status stands in; of its value the scheme alone. */
export function challengeOf(status: number): Record<string, string[]> {
  return { [status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate']: ['NTLM'] };
}

function endByLog(s: Story, here: Here, back: Back, log: LogLine): void {
  const isWhole = log.ended === '--';
  guessDetach(s, here, back, 'inferred', isWhole);
  if (!isWhole && back.conn.real.kind === 'h1') s.loseConn(back.conn);
}
