import type { Reading } from '../lines/reading.ts';
import { isLaterStream } from '../lines/within.ts';
import { guessDetach } from './detach.ts';
import { tellByLog } from './log.ts';
import { type Certainty, Front, type Mux, type Sess } from './state/objects.ts';
import type { Here, Story } from './story.ts';

/*
 * The client's side: sessions, the requests of their streams, and which stream runs on a thread.
 */

/** The mux of a line of the client's side; one that is older than what is known begins here. */
export function frontMux(s: Story, here: Here, r: Reading): Mux | null {
  if (r.mux === null) return null;
  const known = s.muxes.get(r.mux);
  if (known !== undefined && known.side === 'F' && known.kind === r.kind) return known;
  if (known !== undefined) return null;
  const { lostInit } = here.thread;
  if (lostInit !== null && lostInit.front === null && !isLaterStream(r)) {
    here.thread.lostInit = null;
    beginFront(s, here, r, lostInit.init.line, 'inferred');
    return s.muxes.get(r.mux) ?? null;
  }
  const sess = s.beginSession(here, 'inferred', 'older than the capture');
  sess.frontend = r.frontend;
  return s.addMux(r.mux, r.kind, 'F', sess, null);
}

/** An init of the client's side has ended: a session begins, or goes on with another mux. */
export function beginFront(
  s: Story,
  here: Here,
  r: Reading,
  first: number,
  certainty: Certainty = 'observed',
): void {
  if (r.mux === null) return;
  const { thread } = here;
  let sess: Sess | null = thread.upgrade;
  thread.upgrade = null;
  if (sess === null || sess.over) {
    sess = s.beginSession(here, certainty);
    sess.isSeen = true;
    sess.intro?.restsOn(first);
  }
  sess.frontend ??= r.frontend;
  thread.mux = s.addMux(r.mux, r.kind, 'F', sess, null);
}

/** A line names a stream of the client's side. */
export function readFront(s: Story, here: Here, r: Reading, mux: Mux): void {
  const { sess } = mux;
  if (sess === null) return;
  sess.frontend ??= r.frontend;
  if (r.message.startsWith('rcvd H2 request') && r.headId !== null) {
    const front = [...mux.fronts.values()].find(({ id }) => id === r.headId);
    if (front === undefined) {
      mux.requests.set(r.headId, { request: r.head ?? '', line: here.line });
    } else takeRequest(front, r.head, here.line);
    return;
  }
  if (r.stream === null) return;
  const isRequest = r.message.startsWith('rcvd H1 request headers');
  let front = mux.fronts.get(r.stream);
  if (front !== undefined && isAnother(front, r, isRequest)) {
    // Its end was not seen: the same address is the next stream's.
    if (front.back !== null) guessDetach(s, here, front.back);
    endFront(s, here, front);
    front = undefined;
  }
  front ??= addFront(s, here, r, mux, sess, r.stream);
  if (isRequest) {
    takeRequest(front, r.head, here.line);
  }
  seeFirst(front, r);
  const isParsed = r.kind === 'h1' ? r.requestState !== 'MSG_RQBEFORE' : true;
  if (!isParsed || front.over) return;
  s.ran(here.thread, front, here.line);
}

/** Whether a stream of H1 is the first of its connection stands in its flags. */
export function seeFirst(front: Front, r: Reading): void {
  if (r.kind === 'h1' && r.streamFlags !== null) front.notFirst = isLaterStream(r);
}

/** Whether a line speaks of another stream than the one that was at its address. */
function isAnother(front: Front, r: Reading, isRequest: boolean): boolean {
  if (isRequest) return front.requestLine !== null || front.logLine !== null;
  // The parser waits for the next request: the one before is over.
  if (r.requestState === 'MSG_RQBEFORE' && front.requestLine !== null) return true;
  return front.id !== null && r.streamId !== null && front.id !== r.streamId;
}

function takeRequest(front: Front, request: string | null, line: number): void {
  front.request = request;
  front.requestLine = line;
}

function addFront(s: Story, here: Here, r: Reading, mux: Mux, sess: Sess, pointer: string): Front {
  if (r.kind === 'h1') {
    // One at a time: the end of another one was not seen.
    for (const old of [...mux.fronts.values()]) {
      if (old.back !== null) guessDetach(s, here, old.back);
      endFront(s, here, old);
    }
  }
  const front = new Front(mux, sess, pointer, r.streamId, here.thread.number);
  front.notFirst = r.kind === 'h2';
  const request = r.streamId === null ? undefined : mux.requests.get(r.streamId);
  if (request !== undefined && r.streamId !== null) {
    mux.requests.delete(r.streamId);
    takeRequest(front, request.request, request.line);
  }
  mux.fronts.set(pointer, front);
  mux.count++;
  return front;
}

/** A stream of the client's side is over: what its log line told is told now at the latest. */
export function endFront(s: Story, here: Here, front: Front): void {
  if (front.over) return;
  tellByLog(s, here, front);
  front.sess.real.ended++;
  front.over = true;
  front.mux?.fronts.delete(front.pointer ?? '');
  here.thread.waiting.delete(front);
  const own = s.threads.get(front.thread);
  own?.waiting.delete(front);
  if (own?.running === front) own.running = null;
}
