import type { Reading } from '../lines/reading.ts';
import { beginCheck } from './check.ts';
import { guessDetach, seenFlags } from './detach.ts';
import { makeRoom } from './make-room.ts';
import {
  Back,
  type Basis,
  type Certainty,
  type Conn,
  type Draft,
  Front,
  type Mux,
  Sess,
} from './state/objects.ts';
import type { OpenAttach, OpenInit } from './state/thread.ts';
import type { Here, Story } from './story.ts';

/*
 * A stream gets a connection: a mux of the server's side begins, or takes one stream more. Which
 * stream it is for no line says: it is the one that runs on the thread.
 */

/** How a connect is written. */
export interface Connect {
  readonly place: number;
  readonly first: number;
  readonly isReused: boolean;
  readonly certainty: Certainty;
  readonly note?: string;
  readonly mux: Mux | null;
  readonly pointer: string | null;
}

/** Writes that a stream gets a connection, which it holds from then on. */
export function connectDraft(
  s: Story,
  here: Here,
  front: Front,
  conn: Conn,
  connect: Connect,
): Back {
  const { place, first, isReused, certainty, note, mux, pointer } = connect;
  let back: Back;
  const notFirst = (): boolean => back.front.notFirst;
  const more: Partial<Basis> = {
    place,
    lines: [Math.min(first, here.line), here.line],
    ...(note === undefined ? {} : { note }),
  };
  const draft = s.draft(
    here,
    certainty,
    (names) => {
      const { conn: id, isReused: reused } = names.connect(conn, isReused);
      return {
        event: 'connect_server',
        strm: names.strm(back.front),
        sess: names.sess(back.front.sess),
        target: names.target(conn),
        conn: id,
        ...(notFirst() ? { not_first: true } : {}),
        expect: { reused },
      };
    },
    {
      ...more,
      isReady: () => back.front.over,
      extra: () => ({
        ...(back.front.requestLine === null ? {} : { request: back.front.requestLine }),
        ...(back.front.logLine === null ? {} : { log: back.front.logLine }),
      }),
    },
  );
  back = new Back(front, conn, mux, pointer, draft);
  front.back = back;
  front.connects++;
  conn.real.streams.add(back);
  conn.real.last = draft;
  if (mux !== null) mux.backs.set(pointer ?? '', back);
  here.thread.waiting.delete(front);
  s.threads.get(front.thread)?.waiting.delete(front);
  if (front.log !== null) conn.real.target ??= front.log.target;
  return back;
}

/** A connection begins with the stream that made it. */
export function beginConn(conn: Conn, back: Back): void {
  conn.intro = back.connect;
}

/** The stream that connects on a thread; null where none fits. */
function takerOf(s: Story, { thread }: Here, target: string | null): Front | null {
  const { running } = thread;
  const delays = target === null ? s.setting.anyDelays : s.setting.delaysMux(target);
  if (delays) {
    // The mux comes after the handshake, in the order in which the streams asked.
    for (const front of thread.waiting) if (!front.over && front.back === null) return front;
  }
  return running !== null && !running.over && running.back === null ? running : null;
}

/** A stream whose own side was not seen. */
function unseenFront(s: Story, here: Here): Front {
  const sess = s.beginSession(here, 'guessed', 'the stream that connects was not seen');
  const front = new Front(null, sess, null, null, here.thread.number);
  here.thread.running = null;
  return front;
}

/** Where the look-up of a stream took place: when it ran last, before the socket was opened. */
function placeOf(here: Here, front: Front, fallback: number): number {
  const { thread } = here;
  const ran = front.thread === thread.number ? front.ranAt : 0;
  const place = Math.max(ran, Math.min(thread.eventLine, fallback));
  return ran === 0 ? fallback : Math.min(place, fallback);
}

/** An init of the server's side has ended: a connection is new. */
export function beginBack(
  s: Story,
  here: Here,
  r: Reading,
  init: OpenInit,
  known: Front | null = null,
): void {
  if (r.mux === null) return;
  const { thread } = here;
  const conn = s.newConn(r.target, r.backend);
  const mux = s.addMux(r.mux, r.kind, 'B', null, conn);
  thread.mux = mux;
  const pointer = r.stream ?? init.stream;
  if (thread.check !== null) {
    beginCheck(s, here, thread.check, { mux, conn, pointer, isReused: false });
    return;
  }
  const taker = known ?? takerOf(s, here, r.target);
  if (taker === null && s.setting.hasChecks) {
    beginCheck(s, here, { server: null, line: init.line }, { mux, conn, pointer, isReused: false });
    return;
  }
  const front = taker ?? unseenFront(s, { ...here, line: init.line });
  const place = taker === null ? init.line : placeOf(here, front, init.before);
  if (taker !== null) makeRoom(s, here, place);
  const back = connectDraft(s, here, front, conn, {
    place,
    first: init.line,
    isReused: false,
    certainty: taker === null ? 'guessed' : 'inferred',
    mux,
    pointer,
  });
  beginConn(conn, back);
  const { kind } = mux;
  conn.last = s.draft(here, 'inferred', (names) =>
    s.setting.delaysMux(names.target(conn))
      ? { event: 'conn_create_mux', conn: names.conn(conn), mux: kind }
      : null,
  );
  if (r.connFlags !== null) seeFlags(conn, back, r.connFlags);
}

function seeFlags(conn: Conn, back: Back, flags: number): void {
  conn.isPrivate = (flags & 0x10000000) !== 0;
  back.wasPrivate = conn.isPrivate;
}

/** A mux of the server's side that is older than what is known. */
export function olderMux(s: Story, r: Reading): Mux | null {
  if (r.mux === null) return null;
  const conn = s.newConn(r.target, r.backend);
  conn.isOlder = true;
  return s.addMux(r.mux, r.kind, 'B', null, conn);
}

/** An attach has ended: a stream is on a connection that was there. */
export function attachBack(s: Story, here: Here, attach: OpenAttach): void {
  const mux = s.muxes.get(attach.mux);
  if (mux === undefined || mux.conn === null) return;
  const conn = mux.conn.real;
  if (mux.kind === 'h1') for (const old of [...conn.streams]) guessDetach(s, here, old);
  if (here.thread.check !== null) {
    const { stream: pointer } = attach;
    beginCheck(s, here, here.thread.check, { mux, conn, pointer, isReused: true });
    return;
  }
  const taker = takerOf(s, here, null);
  const front = taker ?? unseenFront(s, { ...here, line: attach.line });
  if (attach.flags !== null) conn.isPrivate = (attach.flags & 0x10000000) !== 0;
  if (conn.intro === null) before(s, { ...here, line: attach.line }, conn, front);
  const back = connectDraft(s, { ...here, line: here.line }, front, conn, {
    place: attach.line,
    first: attach.line,
    isReused: true,
    certainty: taker === null ? 'guessed' : 'inferred',
    mux,
    pointer: attach.stream,
  });
  back.wasPrivate = conn.isPrivate;
  if (attach.flags !== null) {
    // What the event before has left, but that the look-up has cleared SESS_IDLE.
    seeFlags(conn, back, attach.flags);
    back.connect.flags.set(conn, seenFlags(attach.flags));
  }
}

/**
 * A stream leaves that was not seen to connect. The log line before it says whose it is; that it is
 * the first of its mux, that the connection was new.
 */
export function unseenBack(s: Story, here: Here, r: Reading, mux: Mux): Back | null {
  const conn = mux.conn?.real;
  if (conn === undefined) return null;
  const { thread } = here;
  if (mux.kind === 'h1') for (const old of [...conn.streams]) guessDetach(s, here, old);
  const { told, logged } = thread;
  const known = told ?? (logged !== null && logged.back === null && !logged.over ? logged : null);
  const front = known ?? unseenFront(s, here);
  const isFirst =
    mux.kind === 'h1' ? r.streamFlags !== null && (r.streamFlags & 0x80) === 0 : r.streamId === 1;
  const isNew = isFirst && conn.intro === null;
  if (!isNew && conn.intro === null) before(s, here, conn, front);
  const back = connectDraft(s, here, front, conn, {
    place: here.line,
    first: front.requestLine ?? here.line,
    isReused: !isNew,
    certainty: known === null ? 'guessed' : 'inferred',
    mux,
    pointer: r.stream,
  });
  if (isNew) beginConn(conn, back);
  return back;
}

/** What must have been before a connection that is older than the capture is used. */
export function before(s: Story, here: Here, conn: Conn, front: Front): void {
  const prelude: Draft[] = [];
  const note = 'older than the capture';
  const own = new Sess(here.thread.number);
  const maker = new Front(null, own, null, null, here.thread.number);
  const sess = conn.isPrivate ? front.sess : own;
  const add = (make: Parameters<Story['draft']>[2]): void => {
    prelude.push(s.draft(here, 'guessed', make, { note }));
  };
  const isShared = !conn.isPrivate;
  if (isShared) {
    own.over = true;
    add((names) => ({
      event: 'session_new',
      sess: names.sess(own),
      fe: names.frontend(front.sess),
    }));
  }
  // A first request finds what is known to be safe only: what has been used again.
  const rounds = isShared && !front.notFirst ? 2 : 1;
  for (let round = 1; round <= rounds; round++) {
    add((names) => {
      const target = names.target(conn);
      if (round === 2 && s.setting.reuseOf(target) !== 'safe') return null;
      return {
        event: 'connect_server',
        strm: names.strm(maker),
        sess: names.sess(sess),
        target,
        conn: names.connect(conn, round === 2).conn,
        ...(round === 2 ? { not_first: true } : {}),
        expect: { reused: round === 2 },
      };
    });
    if (round === 1) {
      const { kind } = conn;
      add((names) =>
        s.setting.delaysMux(names.target(conn)) && kind !== null
          ? { event: 'conn_create_mux', conn: names.conn(conn), mux: kind }
          : null,
      );
      add((names) => ({ event: 'conn_update', conn: names.conn(conn), clear: ['WAIT_XPRT'] }));
      if (conn.isPrivate) {
        add((names) =>
          s.setting.reuseOf(names.target(conn)) === 'never'
            ? null
            : {
                event: 'http_wait_for_response',
                strm: names.strm(maker),
                status: 401,
                headers: { 'WWW-Authenticate': ['NTLM'] },
              },
        );
      }
    }
    add((names) =>
      round === 2 && s.setting.reuseOf(names.target(conn)) !== 'safe'
        ? null
        : { event: 'detach', strm: names.strm(maker) },
    );
  }
  if (isShared) add((names) => ({ event: 'session_free', sess: names.sess(own) }));
  conn.prelude = prelude;
  conn.intro = prelude[0] ?? null;
  conn.isUp = true;
  conn.isOlder = true;
}
