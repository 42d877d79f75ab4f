import type { Connection } from '../../engine/objects/connection-t.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import { freeName, isStreamName, STRM_NAMES } from './names.ts';
import type { Scene } from './scene.ts';
import type { Side } from './side.ts';

/**
 * What one side has of the objects of a scene. Only as many members of an array are valid as there
 * are objects: cutting an array short would throw its memory away at every transition.
 */
export interface SideObjects {
  readonly side: Side;
  readonly sessions: Session[];
  /** Null where a connection lives on the other side only. */
  readonly conns: (Connection | null)[];
  /** Null where a stream is on the other side only. */
  readonly streams: (ConnStream | null)[];
  /** Which of the streams have left while blocked. */
  readonly isOrphan: boolean[];
}

/**
 * The objects of a scene, as they come: each has one place on whichever sides it is, which sessions
 * and connections note themselves.
 */
export class Gathering {
  readonly sides: readonly SideObjects[];
  sessionCount = 0;
  connCount = 0;
  streamCount = 0;
  readonly sessionNames: string[] = [];
  readonly connNames: string[] = [];
  readonly streamNames: string[] = [];

  constructor(scene: Scene) {
    this.sides = scene.sides.map((side) => ({
      side,
      sessions: [],
      conns: [],
      streams: [],
      isOrphan: [],
    }));
  }

  /** Takes stock of the scene. */
  gather(): void {
    this.sessionCount = 0;
    this.connCount = 0;
    this.streamCount = 0;
    for (let s = 0; s < this.sides.length; s++) this.#gatherSide(this.sides[s] as SideObjects, s);
  }

  /** Gives streams that connect again, or at last, one of the names that a state can keep. */
  nameStreams(): void {
    for (let at = 0; at < this.streamCount; at++) {
      if (isStreamName(this.streamNames[at] ?? '')) continue;
      const taken = this.streamNames.slice(0, this.streamCount);
      this.streamNames[at] = freeName(STRM_NAMES, (name) => taken.includes(name));
    }
  }

  #gatherSide(objects: SideObjects, s: number): void {
    const { world } = objects.side;
    for (let at = 0; at < this.connCount; at++) objects.conns[at] = null;
    for (let at = 0; at < this.streamCount; at++) objects.streams[at] = null;
    let sessions = 0;
    for (const sess of world.sessions.values()) {
      // The same sessions live on both sides, in the same order.
      if (s === 0) this.sessionNames[sessions] = sess.id;
      sess.place = sessions;
      objects.sessions[sessions++] = sess;
    }
    this.sessionCount = sessions;
    for (const conn of world.connections.values()) this.#addConn(objects, s, conn);
    for (const cs of world.streams.values()) this.#addStream(objects, s, cs, false);
    if (world.orphans.size === 0) return;
    for (const all of world.orphans.values()) {
      for (const cs of all) this.#addStream(objects, s, cs, true);
    }
  }

  #addConn(objects: SideObjects, s: number, conn: Connection): void {
    let at = s === 0 ? this.connCount : placeOf(this.connNames, this.connCount, conn.id);
    if (at === this.connCount) {
      at = this.connCount++;
      this.connNames[at] = conn.id;
      for (let other = 0; other < this.sides.length; other++) {
        (this.sides[other] as SideObjects).conns[at] = null;
      }
    }
    conn.place = at;
    objects.conns[at] = conn;
  }

  #addStream(objects: SideObjects, s: number, cs: ConnStream, isOrphan: boolean): void {
    // Freed under its streams: no list of the world knows it any more.
    if (cs.conn.freed && this.placeOfConn(objects, cs.conn) === -1) {
      this.#addConn(objects, s, cs.conn);
    }
    let at = s === 0 ? this.streamCount : placeOf(this.streamNames, this.streamCount, cs.strm);
    if (at === this.streamCount) {
      at = this.streamCount++;
      this.streamNames[at] = cs.strm;
      for (let other = 0; other < this.sides.length; other++) {
        (this.sides[other] as SideObjects).streams[at] = null;
      }
    }
    objects.streams[at] = cs;
    objects.isOrphan[at] = isOrphan;
  }

  /** Where a connection stands, or -1. */
  placeOfConn({ conns }: SideObjects, conn: Connection): number {
    const { place } = conn;
    return place < this.connCount && conns[place] === conn ? place : -1;
  }
}

/** Where a name stands among the first ones, or their number. */
function placeOf(names: readonly string[], count: number, name: string): number {
  let at = 0;
  while (at < count && names[at] !== name) at++;
  return at;
}
