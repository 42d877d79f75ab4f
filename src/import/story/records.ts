import type { Reading } from '../lines/reading.ts';
import { isWithin } from '../lines/within.ts';
import { closeAttach, takeBack } from './back.ts';
import { beginBack } from './connect.ts';
import { answerChallenge, closeDetach, decideDetach, guessDetach } from './detach.ts';
import { beginFront, endFront, frontMux, readFront, seeFirst } from './front.ts';
import { learnSession } from './log.ts';
import { endMux, goodbye, namesDestroyed } from './release.ts';
import { adoptFront, exchange, joinTold } from './relink.ts';
import { Front, type Mux } from './state/objects.ts';
import type { OpenInit, Thread } from './state/thread.ts';
import type { Here, Story } from './story.ts';

/*
 * Records of muxes, one after the other as they were written.
 */

/** What a record is, by the function that prints it. */
function actOf({ kind, fn }: Reading): string {
  return fn.startsWith(`${kind}_`) ? fn.slice(kind.length + 1) : '';
}

/** Takes a record of a mux. */
export function takeRecord(s: Story, here: Here, r: Reading): void {
  const { thread } = here;
  const act = actOf(r);
  if (thread.detach !== null && !belongs(thread, r, act)) closeDetach(s, here);
  const { attach } = thread;
  if (attach !== null && act !== 'attach' && !(r.mux === attach.mux && isWithin(r))) {
    closeAttach(s, here, r);
  }
  if (act === 'init') takeInit(s, here, r);
  else if (act === 'release' || act === 'destroy') goodbye(s, here, r, act);
  else {
    if (r.mux !== null) take(s, here, r, act);
    else if (thread.detach !== null && act === 'detach') {
      decideDetach(thread.detach, r, here.line);
      if (r.message.startsWith('leaving')) closeDetach(s, here);
    }
    if (act === 'timeout_task') thread.isTimeout = true;
  }
  thread.line = here.line;
}

/** Whether a record still belongs to the detach that is open on its thread. */
function belongs({ detach }: Thread, r: Reading, act: string): boolean {
  if (r.mux !== null) {
    return r.mux === detach?.mux.pointer && act !== 'attach' && act !== 'init' && act !== 'io_cb';
  }
  return act === 'detach' || act === 'release' || act === 'destroy';
}

function takeInit(s: Story, here: Here, r: Reading): void {
  const { thread } = here;
  if (r.message.startsWith('entering')) {
    loseInit(s, here);
    thread.init = openInit(here, r);
    return;
  }
  if (!r.message.startsWith('leaving')) return;
  const { init } = thread;
  thread.init = null;
  if (r.mux === null || r.message.includes('error')) return;
  const old = s.muxes.get(r.mux);
  if (old !== undefined) endMux(s, here, old, 'guessed');
  if (r.side === 'F') beginFront(s, here, r, init?.line ?? here.line);
  else {
    beginBack(s, here, r, init ?? openInit(here, r));
  }
  settleGoodbye(thread);
}

function openInit({ line, thread }: Here, { kind }: Reading): OpenInit {
  return { line, kind, before: thread.line, stream: null, seen: null };
}

/** The last line of an init was lost: something else speaks on its thread. */
function loseInit(s: Story, here: Here): void {
  const { thread } = here;
  const { init, running } = thread;
  if (init === null) return;
  thread.init = null;
  const isWaiting = running !== null && !running.over && running.back === null;
  const { seen } = init;
  if (seen === null) thread.lostInit = { init, front: isWaiting ? running : null };
  else if (seen.side === 'F') beginFront(s, here, seen, init.line, 'inferred');
  else beginBack(s, here, seen, init);
}

/** A row of releases is over. */
function settleGoodbye(thread: Thread): void {
  thread.freed = null;
  thread.purge = null;
  thread.isDestroying = false;
  thread.isTimeout = false;
}

function take(s: Story, here: Here, r: Reading, act: string): void {
  const { thread } = here;
  const { init } = thread;
  if (init !== null) {
    if (init.kind === r.kind && !s.muxes.has(r.mux ?? '') && isWithin(r)) {
      // The first lines of a mux stand within its init.
      init.stream ??= r.side === 'B' ? r.stream : null;
      init.seen = r;
      return;
    }
    loseInit(s, here);
  }
  if (act === 'shutw_conn') {
    namesDestroyed(s, here, r);
    return;
  }
  if (act === 'timeout_task') {
    thread.mux = s.muxes.get(r.mux ?? '') ?? 'unknown';
    return;
  }
  if (r.fn === '' && r.message.startsWith('freeing h')) {
    thread.mux = s.muxes.get(r.mux ?? '') ?? 'unknown';
    return;
  }
  settleGoodbye(thread);
  if (act !== 'io_cb' && act !== 'process') thread.io = null;
  if (r.side === 'F') takeFront(s, here, r, act);
  else if (r.side === 'B') takeBack(s, here, r, act);
}

function takeFront(s: Story, here: Here, r: Reading, act: string): void {
  const { thread } = here;
  // No client speaks while a health check connects: the line that ends it was lost.
  thread.check = null;
  const known = s.muxes.get(r.mux ?? '');
  if (known !== undefined && (known.side !== 'F' || known.kind !== r.kind)) {
    endMux(s, here, known, 'guessed');
  }
  const mux = frontMux(s, here, r);
  thread.mux = mux ?? 'unknown';
  if (mux === null) return;
  if (r.message.startsWith('upgrading H1 to H2')) {
    thread.upgrade = mux.sess;
    for (const front of [...mux.fronts.values()]) endFront(s, here, front);
    mux.sess = null;
    s.dropMux(mux);
    return;
  }
  if (act === 'detach' && r.message.startsWith('entering')) leaveFront(s, here, r, mux);
  else if (act !== 'detach') {
    readFront(s, here, r, mux);
    const back = r.stream === null ? null : (mux.fronts.get(r.stream)?.back ?? null);
    if (back !== null && back.challenge !== null && r.stream !== null) {
      answerChallenge(s, here, back);
    }
  }
}

/** The client's side of a stream ends: right after its server's side, on the same thread. */
function leaveFront(s: Story, here: Here, r: Reading, mux: Mux): void {
  const { thread } = here;
  const front = r.stream === null ? undefined : mux.fronts.get(r.stream);
  const { left, told } = thread;
  thread.left = null;
  if (thread.unserved !== null && mux.sess !== null && front?.log == null) {
    const stream = front ?? new Front(mux, mux.sess, null, null, thread.number);
    learnSession(s, stream, thread.unserved);
  }
  thread.unserved = null;
  if (told !== null && front === undefined && mux.sess !== null) {
    // Nothing but its end was seen of the stream.
    thread.told = null;
    seeFirst(told, r);
    joinTold(s, mux, told.sess);
    endFront(s, here, told);
  }
  if (front === undefined) return;
  if (left !== null && left.front !== front && left.front.mux !== null) {
    exchange(left, front);
  } else if (left !== null && left.front.mux === null && left.front !== front) {
    adoptFront(left, front);
  }
  // Its server's side ends before.
  if (front.back !== null) guessDetach(s, here, front.back, 'inferred');
  endFront(s, here, front);
}

const CONNECT = /^tcpcheck_eval_connect\(\): (\S+)/;
const SERVER = / SRV=(\S+)/;

/** A record of a health check: whether one connects just now. */
export function takeCheck({ thread, line }: Here, text: string): void {
  const message = CONNECT.exec(text)?.[1];
  if (message === 'entering') thread.check = { server: SERVER.exec(text)?.[1] ?? null, line };
  else if (message === 'leaving') thread.check = null;
}
