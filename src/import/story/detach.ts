import type { Reading } from '../lines/reading.ts';
import type { Back, Certainty, Draft, Mux, SeenFlag } from './state/objects.ts';
import type { OpenDetach } from './state/thread.ts';
import type { Here, Story } from './story.ts';

/*
 * A stream leaves its connection. What the mux decides stands in the lines after the one with which
 * the detach begins; it takes effect at the last of them.
 */

const PRIVATE = 0x10000000;
const SESS_IDLE = 0x40000000;
/** `H1S_F_WANT_KAL`, the same in all releases. */
const KEEP_ALIVE = 0x10;

/** The ownership flags that lines of H1 show. */
export function seenFlags(flags: number): SeenFlag[] {
  const seen: SeenFlag[] = [];
  if ((flags & PRIVATE) !== 0) seen.push('PRIVATE');
  if ((flags & SESS_IDLE) !== 0) seen.push('SESS_IDLE');
  return seen;
}

/** A detach begins. */
export function openDetach(s: Story, here: Here, r: Reading, mux: Mux, back: Back): void {
  const { conn } = back;
  if (r.connFlags !== null) {
    const isPrivate = (r.connFlags & PRIVATE) !== 0;
    back.becamePrivate = isPrivate && !back.wasPrivate;
    conn.real.isPrivate = isPrivate;
    // Nothing else makes one private in between, but that checks are: the answer was lost.
    if (back.becamePrivate && !back.hasAnswer && !back.front.isCheck) guessChallenge(s, here, back);
    const { last } = conn.real;
    if (last !== null && !last.isWritten) last.flags.set(conn, seenFlags(r.connFlags));
  }
  const isDone = r.requestState === 'MSG_DONE' && r.responseState === 'MSG_DONE';
  here.thread.detach = {
    back,
    mux,
    line: here.line,
    end: here.line,
    at: here.at,
    isComplete: isDone && ((r.streamFlags ?? KEEP_ALIVE) & KEEP_ALIVE) !== 0,
    isIdle: false,
    hasExcess: false,
    isShut: false,
    isKilled: false,
    isFreed: false,
    isBlocked: false,
    isDead: false,
    obuf: (r.pending ?? 0) > 0,
  };
  if (back.challenge !== null) answerChallenge(s, here, back);
}

/** What a line within a detach says was decided. */
export function decideDetach(detach: OpenDetach, { message }: Reading, line: number): void {
  detach.end = line;
  if (message.startsWith('set idle mode')) detach.isIdle = true;
  else if (message.startsWith('set shudown') || message.startsWith('set shutdown')) {
    detach.isShut = true;
  } else if (message.startsWith('close h1c')) detach.isShut = true;
  else if (message.includes('remaining data')) detach.hasExcess = true;
  else if (message.includes('killing dead connection')) {
    detach.isKilled = true;
    detach.isDead = true;
  } else if (message.includes('killing outgoing') || message.includes('connection killed')) {
    detach.isKilled = true;
  } else if (message.includes('leaving on stream blocked')) detach.isBlocked = true;
}

/** A detach is over: something else speaks on its thread. */
export function closeDetach(s: Story, here: Here): void {
  const { detach } = here.thread;
  if (detach === null) return;
  here.thread.detach = null;
  const { back, mux } = detach;
  const conn = back.conn.real;
  const isKilled = detach.isFreed || detach.isKilled;
  const inputs = mux.kind === 'h1' ? h1Inputs(detach) : multiplexedInputs(detach);
  const place: Here = { ...here, line: detach.end, at: detach.at };
  if (mux.kind !== 'h1' || detach.isComplete) s.bringUp(place, conn, 'inferred', detach.line);
  const draft = s.draft(
    place,
    detach.isShut || mux.kind !== 'h1' || detach.isComplete || !isKilled ? 'observed' : 'inferred',
    (names) => ({ event: 'detach', strm: names.strm(back.front), ...inputs }),
    { lines: [detach.line, detach.end] },
  );
  if (isKilled) {
    draft.frees.add(conn);
    s.loseConn(conn);
  }
  leave(back, draft);
  if (detach.isBlocked && back.pointer !== null) mux.orphans.set(back.pointer, back.front);
  here.thread.left = back;
  if (back.front.isCheck) endCheck(s, place, back);
}

function h1Inputs(detach: OpenDetach): Record<string, boolean> {
  const { isComplete, isIdle, isShut, isFreed, isKilled, hasExcess, obuf } = detach;
  if (isIdle || (isComplete && !isShut)) return hasExcess ? { excess_data: true } : {};
  const closes = isShut || (isFreed && !isKilled);
  return {
    idle: false,
    ...(hasExcess ? { excess_data: true } : {}),
    ...(closes ? { shutdown: true } : {}),
    ...(obuf ? { obuf_data: true } : {}),
  };
}

function multiplexedInputs({ isBlocked, isDead }: OpenDetach): Record<string, boolean> {
  return {
    ...(isBlocked ? { blocked: true } : {}),
    ...(isDead && !isBlocked ? { dead: true } : {}),
  };
}

/** The stream holds its connection no more. */
function leave(back: Back, draft: Draft): void {
  const conn = back.conn.real;
  back.over = true;
  conn.streams.delete(back);
  back.conn.streams.delete(back);
  conn.last = draft;
  back.mux?.backs.delete(back.pointer ?? '');
  const { front } = back;
  if (front.back === back) front.back = null;
  if (front.log === null && front.attempts.length < ATTEMPTS_MAX) front.attempts.push(conn);
}

/** Connections that are kept of a stream until its log line says which servers it went to. */
const ATTEMPTS_MAX = 16;

/** The session of a health check ends with its stream. */
function endCheck(s: Story, here: Here, back: Back): void {
  const { sess } = back.front;
  back.front.over = true;
  const free = s.endSession(here, sess, 'observed');
  if (free !== null && back.conn.real.isGone) free.frees.add(back.conn.real);
}

/** A stream has left its connection, and no line shows it. */
export function guessDetach(
  s: Story,
  here: Here,
  back: Back,
  certainty: Certainty = 'guessed',
  isIdle = true,
): void {
  if (back.over) return;
  s.bringUp(here, back.conn, 'inferred', here.line);
  const conn = back.conn.real;
  const draft = s.draft(
    here,
    certainty,
    (names) => ({
      event: 'detach',
      strm: names.strm(back.front),
      ...(isIdle || conn.kind !== 'h1' ? {} : { idle: false, shutdown: true }),
    }),
    certainty === 'guessed' ? { note: 'its end was not seen' } : {},
  );
  leave(back, draft);
  if (back.front.isCheck) endCheck(s, here, back);
}

/** A challenge that no line shows, but what came of it. */
function guessChallenge(s: Story, here: Here, back: Back): void {
  s.bringUp(here, back.conn, 'inferred', here.line);
  back.hasAnswer = true;
  back.conn.real.last = s.draft(
    here,
    'guessed',
    (names) => ({
      event: 'http_wait_for_response',
      strm: names.strm(back.front),
      status: 401,
      headers: { 'WWW-Authenticate': ['NTLM'] },
    }),
    { note: 'its answer was not seen' },
  );
}

/** A challenge is looked at: over H2 that is later than it comes. */
export function answerChallenge(s: Story, here: Here, back: Back): void {
  const { challenge } = back;
  if (challenge === null) return;
  back.challenge = null;
  answer(s, here, back, challenge.status, challenge.line, () => challenge.headers);
}

/** A final answer of a stream, and what binds its connection to the client. */
export function answer(
  s: Story,
  here: Here,
  back: Back,
  status: number,
  line: number,
  headers: () => Map<string, string[]> | null,
): void {
  const conn = back.conn.real;
  s.bringUp(here, conn, 'inferred', here.line);
  back.hasAnswer = true;
  const isChallenge = status === 401 || status === 407;
  const draft = s.draft(
    here,
    'observed',
    (names) => {
      const seen = isChallenge ? challengeHeaders(back, status, headers()) : null;
      if (seen !== null) back.conn.real.isBound = true;
      return {
        event: 'http_wait_for_response',
        strm: names.strm(back.front),
        status,
        ...(seen === null ? {} : { headers: seen }),
      };
    },
    {
      lines: [Math.min(line, here.line), here.line],
      isReady: () => !isChallenge || back.front.over,
    },
  );
  conn.last = draft;
}

/** The headers of a challenge as far as anything shows them: of each value the scheme alone. */
function challengeHeaders(
  back: Back,
  status: number,
  seen: Map<string, string[]> | null,
): Record<string, string[]> | null {
  if (seen !== null && seen.size > 0) return Object.fromEntries(seen);
  if (back.front.log?.challenged || back.becamePrivate) {
    return { [status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate']: ['NTLM'] };
  }
  return null;
}
