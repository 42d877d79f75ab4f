import { type Reading, statusOf } from '../lines/reading.ts';
import { isLaterStream } from '../lines/within.ts';
import { attachBack, beginBack, olderMux, unseenBack } from './connect.ts';
import { answer, decideDetach, guessDetach, openDetach } from './detach.ts';
import { endMux } from './release.ts';
import type { Back, Mux } from './state/objects.ts';
import type { Here, Story } from './story.ts';
import { adoptTold } from './take-log.ts';

/*
 * The server's side: connections, the streams on them, and what the server answers.
 */

/** H1 flags of a connection: not connected yet, failed. */
const CONNECTING = 0x00400000;
const FAILED = 0x00100000;

/** Takes a record of a mux of the server's side. */
export function takeBack(s: Story, here: Here, r: Reading, act: string): void {
  const { thread } = here;
  const known = s.muxes.get(r.mux ?? '');
  if (known !== undefined && (known.side !== 'B' || known.kind !== r.kind)) {
    endMux(s, here, known, 'guessed');
  }
  if (act === 'attach' || (thread.attach !== null && thread.attach.mux === r.mux)) {
    takeAttach(s, here, r, act);
    return;
  }
  const mux = s.muxes.get(r.mux ?? '') ?? beginLostBack(s, here, r) ?? olderMux(s, r);
  thread.mux = mux ?? 'unknown';
  if (mux === null || mux.conn === null) return;
  if (r.target !== null) mux.conn.real.target ??= r.target;
  if (r.backend !== null) mux.conn.real.backend ??= r.backend;
  seeConn(s, here, r, mux);
  readBack(s, here, r, mux, act);
}

/** A mux of the server's side of whose init the last line was lost; null where it is older. */
function beginLostBack(s: Story, here: Here, r: Reading): Mux | null {
  const { thread } = here;
  const { lostInit } = thread;
  if (lostInit === null || lostInit.init.kind !== r.kind || isLaterStream(r)) return null;
  const { front, init } = lostInit;
  if (front === null || front.over || front.back !== null) return null;
  thread.lostInit = null;
  beginBack(s, here, r, { ...init, stream: r.stream ?? init.stream }, front);
  return s.muxes.get(r.mux ?? '') ?? null;
}

/** What a line shows of the state of a connection. */
function seeConn(s: Story, here: Here, r: Reading, mux: Mux): void {
  const conn = mux.conn?.real;
  if (conn === undefined || conn.isUp || conn.isFailed || conn.intro === null) return;
  if (r.connFlags !== null) {
    if ((r.connFlags & FAILED) !== 0) {
      conn.isFailed = true;
      conn.last = s.draft(here, 'inferred', (names) => ({
        event: 'conn_update',
        conn: names.conn(conn),
        set: ['ERROR'],
      }));
    } else if ((r.connFlags & CONNECTING) === 0) s.bringUp(here, conn, 'observed', here.line);
    return;
  }
  const isH2Up = mux.kind === 'h2' && r.muxState !== null && !/^(?:PRF|STG)$/.test(r.muxState);
  if (isH2Up || r.message.startsWith('data received')) {
    s.bringUp(here, conn, 'inferred', here.line);
  }
}

function takeAttach(s: Story, here: Here, r: Reading, act: string): void {
  const { thread } = here;
  const isFirst = act === 'attach' && r.message.startsWith('entering');
  if (r.mux !== null && (isFirst || thread.attach === null)) {
    // Where its first line was lost, the last one is all there is.
    if (!s.muxes.has(r.mux)) olderMux(s, r);
    const { connFlags: flags } = r;
    thread.attach = { line: here.line, mux: r.mux, kind: r.kind, stream: r.stream, flags };
    if (isFirst) return;
  }
  const { attach } = thread;
  if (attach === null) return;
  attach.stream = r.stream ?? attach.stream;
  if (act !== 'attach' || !r.message.startsWith('leaving')) return;
  thread.attach = null;
  if (!r.message.includes('error')) attachBack(s, here, attach);
}

/** The last line of an attach was lost: something else speaks on its thread. */
export function closeAttach(s: Story, here: Here, r: Reading): void {
  const { thread } = here;
  const { attach } = thread;
  if (attach === null) return;
  thread.attach = null;
  if (r.mux === attach.mux) attach.stream ??= r.stream;
  attachBack(s, { ...here, line: attach.line }, attach);
}

function backOf(mux: Mux, r: Reading): Back | null {
  if (r.stream !== null) {
    const known = mux.backs.get(r.stream);
    if (known !== undefined) return known;
    const unnamed = mux.backs.get('');
    if (unnamed !== undefined) return unnamed;
  }
  if (r.headId !== null) {
    for (const back of mux.backs.values()) if (back.id === r.headId) return back;
  }
  if (r.stream === null && r.headId === null && mux.kind === 'h1') {
    for (const back of mux.backs.values()) return back;
  }
  return null;
}

function readBack(s: Story, here: Here, r: Reading, mux: Mux, act: string): void {
  const { thread } = here;
  const conn = mux.conn?.real;
  if (conn === undefined) return;
  const back = backOf(mux, r);
  if (back !== null && r.streamId !== null && r.streamId > 0) back.id = r.streamId;
  if (act === 'detach') {
    if (r.message.startsWith('entering')) leaveBack(s, here, r, mux, back);
    else if (thread.detach !== null) decideDetach(thread.detach, r, here.line);
    return;
  }
  if (thread.detach !== null) {
    decideDetach(thread.detach, r, here.line);
    return;
  }
  if (mux.kind === 'h1' && r.message.startsWith('set idle mode')) {
    // The line before it, with which the detach begins, was lost.
    leaveBack(s, here, r, mux, back);
    if (thread.detach !== null) decideDetach(thread.detach, r, here.line);
    return;
  }
  if (act === 'io_cb' && mux.backs.size === 0 && conn.intro !== null && conn.streams.size === 0) {
    if (r.message.startsWith('entering') || r.message.startsWith('in')) requeue(s, here, mux);
    return;
  }
  if (r.stream !== null && /_(?:deferred_shut|destroy)$/.test(r.fn))
    endOrphan(s, here, mux, r.stream);
  if (r.fn.endsWith('_handle_goaway') && r.message.startsWith('entering')) seeGoaway(s, here, mux);
  readAnswer(s, here, r, back);
}

/** I/O on a connection that nobody uses: it moves within its list. */
function requeue(s: Story, here: Here, mux: Mux): void {
  const conn = mux.conn?.real;
  if (conn === undefined || conn.isPrivate || here.thread.io?.conn === conn) return;
  const draft = s.draft(here, 'inferred', (names) => {
    // What is one session's own is in no list, and has no place to go back to.
    if (conn.isBound || s.setting.reuseOf(names.target(conn)) === 'never') return null;
    return { event: 'conn_update', conn: names.conn(conn), requeue: true };
  });
  here.thread.io = { conn, draft };
}

/** A stream that left while blocked ends at last. */
function endOrphan(s: Story, here: Here, mux: Mux, pointer: string): void {
  const front = mux.orphans.get(pointer);
  if (front === undefined) return;
  mux.orphans.delete(pointer);
  s.draft(here, 'inferred', (names) => ({ event: 'stream_destroy', strm: names.strm(front) }));
}

function seeGoaway(s: Story, here: Here, mux: Mux): void {
  const conn = mux.conn?.real;
  if (conn === undefined || conn.isGoaway || conn.intro === null) return;
  conn.isGoaway = true;
  conn.last = s.draft(here, 'observed', (names) => ({
    event: 'conn_update',
    conn: names.conn(conn),
    goaway: true,
  }));
}

function readAnswer(s: Story, here: Here, r: Reading, back: Back | null): void {
  const isAnswer = /^rcvd H[12] response/.test(r.message);
  if (!isAnswer || back === null || back.hasAnswer) return;
  const status = statusOf(r.head);
  if (status === null || (status < 200 && status !== 101)) return;
  const headers = back.headers;
  back.headers = null;
  if (r.kind === 'h2' && (status === 401 || status === 407)) {
    back.challenge = { status, line: here.line, headers };
    return;
  }
  back.headers = headers;
  answer(s, here, back, status, here.line, () => back.headers);
}

/** A stream leaves: one whose connect was not seen gets one. */
function leaveBack(s: Story, here: Here, r: Reading, mux: Mux, back: Back | null): void {
  const { thread } = here;
  const found = back ?? unseenBack(s, here, r, mux);
  if (found === null) return;
  if (thread.told !== null && found.front.mux === null && found.front.log === null) {
    found.front.log = thread.told.log;
    found.front.logLine = thread.told.logLine;
  }
  adoptTold(s, here, found.front);
  if (found.front.log?.target != null) found.conn.real.target ??= found.front.log.target;
  if (mux.kind === 'h1') {
    for (const old of [...found.conn.real.streams]) if (old !== found) guessDetach(s, here, old);
  }
  openDetach(s, here, r, mux, found);
}
