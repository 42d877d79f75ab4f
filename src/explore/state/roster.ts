import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import { Gathering, type SideObjects } from './gathering.ts';
import {
  FREED,
  MUX_SESS_SAME,
  NOBODY,
  STREAM_MUX_SESS_BIT,
  STREAM_NOT_FIRST,
  STREAM_ORPHAN,
} from './refs.ts';
import type { Scene } from './scene.ts';

/** What one side has of the objects of a roster, in its order. */
interface SideRanks {
  readonly objects: SideObjects;
  readonly sessions: Session[];
  readonly conns: (Connection | null)[];
  /** By place: reference to the connection of a stream, and how the stream is on it. */
  readonly streamConns: number[];
  readonly streamHows: number[];
}

/** A connection in no list: its place, and what tells it apart, as far as that was asked for. */
interface Rest {
  readonly place: number;
  readonly glance: number;
  looks: readonly number[] | null;
}

const NO_TIES: readonly number[][] = [];

/**
 * The objects of a scene in a certain order. Gathered once per state, then put in as many orders
 * as are tried. Its arrays are used again and again, as those of the gathering are.
 */
export class Roster {
  readonly gathering: Gathering;
  sessionCount = 0;
  connCount = 0;
  streamCount = 0;
  /** Places in the gathering, by rank. */
  readonly sessionPlaces: number[] = [];
  readonly connPlaces: number[] = [];
  readonly streamPlaces: number[] = [];
  /** What a connection looks like but for its streams; set by whoever packs connections. */
  look: (side: number, conn: Connection | null) => readonly number[] = () => [];
  /** Groups of ranks of connections that only the other side could tell apart; mostly none. */
  connTies = NO_TIES;
  readonly #sides: readonly SideRanks[];
  readonly #isPut: boolean[] = [];
  /** Of each stream, by place: its session, and a number that orders streams. */
  readonly #streamSessions: number[] = [];
  readonly #streamKeys: number[] = [];

  constructor(scene: Scene) {
    this.gathering = new Gathering(scene);
    this.#sides = this.gathering.sides.map((objects) => ({
      objects,
      sessions: [],
      conns: [],
      streamConns: [],
      streamHows: [],
    }));
  }

  /**
   * Puts the sessions in an order of places, then everything else in the order that follows: where
   * states are symmetric, connections by the lists that lead to them, and streams by session and
   * connection; else by name.
   */
  arrange(order: readonly number[], symmetric: boolean): void {
    const { sessionCount, connCount } = this.gathering;
    this.sessionCount = sessionCount;
    for (let rank = 0; rank < sessionCount; rank++) {
      const place = order[rank] ?? 0;
      this.sessionPlaces[rank] = place;
      for (let s = 0; s < this.#sides.length; s++) {
        const { sessions, objects } = this.#sides[s] as SideRanks;
        sessions[rank] = objects.sessions[place] as Session;
      }
    }
    this.connCount = 0;
    this.connTies = NO_TIES;
    for (let place = 0; place < connCount; place++) this.#isPut[place] = false;
    if (!symmetric) {
      const { connNames } = this.gathering;
      for (const place of byName(connNames, connCount)) this.#putConn(place);
    } else {
      for (let s = 0; s < this.#sides.length && this.connCount < connCount; s++) {
        this.#putListed(this.#sides[s] as SideRanks);
      }
      if (this.connCount < connCount) this.#putRest();
    }
    this.#arrangeStreams(symmetric);
  }

  #putListed(ranks: SideRanks): void {
    const { side } = ranks.objects;
    for (let rank = 0; rank < this.sessionCount; rank++) {
      const { srvList } = ranks.sessions[rank] as Session;
      for (let at = 0; at < srvList.length; at++) this.#putList(ranks, srvList[at]?.connList);
    }
    for (let at = 0; at < side.servers.length; at++) {
      const srv = side.servers[at];
      if (!srv) continue;
      for (let thread = 0; thread < srv.availableConns.length; thread++) {
        this.#putList(ranks, srv.idleConns?.[thread]);
        this.#putList(ranks, srv.safeConns?.[thread]);
        this.#putList(ranks, srv.availableConns[thread]);
      }
    }
    const { toremove } = side.world;
    for (let thread = 0; thread < toremove.length; thread++) {
      this.#putList(ranks, toremove[thread]);
    }
  }

  #putList({ objects }: SideRanks, list: ConnList | undefined): void {
    for (let node = list?.first ?? null; node; node = node.next) {
      const place = this.gathering.placeOfConn(objects, node.conn);
      if (!this.#isPut[place]) this.#putConn(place);
    }
  }

  #putConn(place: number): void {
    const rank = this.connCount++;
    this.#isPut[place] = true;
    this.connPlaces[rank] = place;
    for (let s = 0; s < this.#sides.length; s++) {
      const { conns, objects } = this.#sides[s] as SideRanks;
      conns[rank] = objects.conns[place] ?? null;
    }
  }

  /**
   * Those in no list. Two that look the same in every respect are interchangeable under one rule
   * set; under two, what their streams have on the other side is looked at from afar only, and
   * they are a tie.
   */
  #putRest(): void {
    const { connCount } = this.gathering;
    if (this.connCount === connCount - 1) {
      for (let place = 0; place < connCount; place++) {
        if (!this.#isPut[place]) this.#putConn(place);
      }
      return;
    }
    const rest: Rest[] = [];
    for (let place = 0; place < connCount; place++) {
      if (!this.#isPut[place]) rest.push({ place, glance: this.#glanceAt(place), looks: null });
    }
    rest.sort((one, other) => {
      if (one.glance !== other.glance) return one.glance - other.glance;
      one.looks ??= this.#looksOf(one.place);
      other.looks ??= this.#looksOf(other.place);
      return compare(one.looks, other.looks);
    });
    for (let at = 0; at < rest.length; at++) {
      const one = rest[at];
      const before = rest[at - 1];
      if (!one) continue;
      this.#putConn(one.place);
      if (this.#sides.length > 1 && before?.glance === one.glance) this.#noteTie(before, one);
    }
  }

  /** Under two rule sets, those that look alike from afar may have to stand the other way round. */
  #noteTie(before: Rest, one: Rest): void {
    before.looks ??= this.#looksOf(before.place);
    one.looks ??= this.#looksOf(one.place);
    if (compare(before.looks, one.looks) !== 0) return;
    const rank = this.connCount - 1;
    const last = this.connTies.at(-1);
    if (last?.at(-1) === rank - 1) last.push(rank);
    else this.connTies = [...this.connTies, [rank - 1, rank]];
  }

  /** Puts the connections in another order of places, and the streams in the order that follows. */
  rearrange(places: readonly number[]): void {
    this.connCount = 0;
    for (let rank = 0; rank < places.length; rank++) this.#putConn(places[rank] ?? 0);
    this.#arrangeStreams(true);
  }

  /** What tells most connections apart at once. */
  #glanceAt(place: number): number {
    let glance = 0;
    for (let s = 0; s < this.#sides.length; s++) {
      const conn = (this.#sides[s] as SideRanks).objects.conns[place];
      if (!conn) continue;
      // What is freed under its streams is packed without anything else.
      if (conn.freed) {
        glance = Math.imul(glance ^ FREED, 0x9e3779b1) + conn.streams;
        continue;
      }
      const owner = this.refSession(s, conn.owner) * 16 + this.refSession(s, conn.creator);
      glance = Math.imul(glance ^ conn.flags, 0x9e3779b1) + owner * 16 + conn.streams;
    }
    return glance;
  }

  /** What a stream has on the other side: a connection in a list, or what that looks like. */
  #elsewhere(side: number, stream: number): number {
    const { objects } = this.#sides[1 - side] as SideRanks;
    const conn = objects.streams[stream]?.conn;
    if (!conn) return 0;
    const rank = this.refConn(1 - side, conn);
    const place = this.gathering.placeOfConn(objects, conn);
    return rank === FREED ? FREED + (this.#glanceAt(place) >>> 1) : rank;
  }

  /** Everything that is known of a connection in no list but its name, as numbers. */
  #looksOf(place: number): number[] {
    const looks: number[] = [];
    for (let s = 0; s < this.#sides.length; s++) {
      const { objects, sessions } = this.#sides[s] as SideRanks;
      const conn = objects.conns[place] ?? null;
      looks.push(...this.look(s, conn));
      const streams: number[] = [];
      for (let at = 0; at < this.gathering.streamCount; at++) {
        const cs = objects.streams[at];
        if (!cs || cs.conn !== conn) continue;
        const how = this.#howOf(s, cs, objects.isOrphan[at] ?? false);
        const elsewhere = this.#sides.length > 1 ? this.#elsewhere(s, at) : 0;
        streams.push((this.refSession(s, cs.sess) * 256 + how) * 2 ** 32 + elsewhere);
      }
      looks.push(streams.length, ...streams.sort((one, other) => one - other));
      for (let rank = 0; rank < this.sessionCount; rank++) {
        looks.push(sessions[rank]?.preferred === conn ? 1 : 0);
      }
    }
    return looks;
  }

  /** Insertion sort by key: there are two or three. Streams of equal keys are interchangeable. */
  #arrangeStreams(symmetric: boolean): void {
    const { streamCount, streamNames } = this.gathering;
    this.streamCount = streamCount;
    for (let place = 0; place < streamCount; place++) this.#lookAtStream(place);
    if (!symmetric) {
      byName(streamNames, streamCount).forEach((place, rank) => {
        this.streamPlaces[rank] = place;
      });
      return;
    }
    const keys = this.#streamKeys;
    for (let place = 0; place < streamCount; place++) {
      const key = keys[place] ?? 0;
      let rank = place;
      for (; rank > 0; rank--) {
        const before = this.streamPlaces[rank - 1] ?? 0;
        if ((keys[before] ?? 0) <= key) break;
        this.streamPlaces[rank] = before;
      }
      this.streamPlaces[rank] = place;
    }
  }

  /** Session, connections and how the stream is on them: each for itself, and as one number. */
  #lookAtStream(place: number): void {
    let sess = FREED;
    let key = 0;
    for (let s = this.#sides.length - 1; s >= 0; s--) {
      const { objects, streamConns, streamHows } = this.#sides[s] as SideRanks;
      const cs = objects.streams[place] ?? null;
      const conn = cs === null ? NOBODY : this.refConn(s, cs.conn);
      const how = cs === null ? 0 : this.#howOf(s, cs, objects.isOrphan[place] === true);
      streamConns[place] = conn;
      streamHows[place] = how;
      if (cs !== null) sess = this.refSession(s, cs.sess);
      key = key * 4096 + conn * 256 + how;
    }
    this.#streamSessions[place] = sess;
    // Below 2^53: two sides take 12 bits each.
    this.#streamKeys[place] = sess * 2 ** 24 + key;
  }

  /** How a stream is on its connection: a byte. */
  #howOf(side: number, cs: ConnStream, isOrphan: boolean): number {
    const { muxSess } = cs;
    const ref = muxSess === cs.sess ? MUX_SESS_SAME : this.refSession(side, muxSess);
    let how = ref << STREAM_MUX_SESS_BIT;
    if (isOrphan) how |= STREAM_ORPHAN;
    return cs.notFirst ? how | STREAM_NOT_FIRST : how;
  }

  /** The session at a rank. */
  sessionAt(side: number, rank: number): Session {
    return (this.#sides[side] as SideRanks).sessions[rank] as Session;
  }

  /** The connection at a rank, or null where it lives on the other side only. */
  connAt(side: number, rank: number): Connection | null {
    return (this.#sides[side] as SideRanks).conns[rank] ?? null;
  }

  /** Reference to the session of a stream. */
  streamSession(rank: number): number {
    return this.#streamSessions[this.streamPlaces[rank] ?? 0] ?? FREED;
  }

  /** Reference to the connection of a stream, or `NOBODY`. */
  streamConn(side: number, rank: number): number {
    return (this.#sides[side] as SideRanks).streamConns[this.streamPlaces[rank] ?? 0] ?? NOBODY;
  }

  /** How a stream is on its connection. */
  streamHow(side: number, rank: number): number {
    return (this.#sides[side] as SideRanks).streamHows[this.streamPlaces[rank] ?? 0] ?? 0;
  }

  /** A session as a number from 1, `NOBODY` or `FREED`. */
  refSession(side: number, sess: Session | null): number {
    if (sess === null) return NOBODY;
    if (sess.freed) return FREED;
    const { sessions } = this.#sides[side] as SideRanks;
    let rank = 0;
    while (rank < this.sessionCount && sessions[rank] !== sess) rank++;
    return rank + 1;
  }

  /** A connection as a number from 1, or `FREED` when no stream points to it any more. */
  refConn(side: number, conn: Connection): number {
    const { conns } = this.#sides[side] as SideRanks;
    for (let rank = 0; rank < this.connCount; rank++) if (conns[rank] === conn) return rank + 1;
    return FREED;
  }
}

/** Places in the order of names: shorter ones first, so that s2 stands before s10. */
function byName(names: readonly string[], count: number): number[] {
  const order = Array.from({ length: count }, (_, place) => place);
  return order.sort((one, other) => {
    const [a = '', b = ''] = [names[one], names[other]];
    return a.length - b.length || (a < b ? -1 : 1);
  });
}

function compare(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return one.length - other.length;
  for (let at = 0; at < one.length; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
