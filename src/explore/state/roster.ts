import type { Connection } from '../../engine/objects/connection-t.ts';
import { linksTo } from '../../engine/objects/fields/struct.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import { SESSION } from '../../state/session.ts';
import { Buffer32 } from './bytes.ts';
import { CONNS_OF_CONN, howOf, STREAMS, writeConn } from './codecs.ts';
import { Gathering, type SideObjects } from './gathering.ts';
import { SLOTS_MAX } from './names.ts';
import { FREED, NOBODY, REF_BITS, type Refs, refConn, refSession } from './refs.ts';
import type { Scene } from './scene.ts';

/** What one side has of the objects of a roster. */
interface SideRanks {
  readonly objects: SideObjects;
  readonly refs: Refs;
  /** By place: reference to the connection of a stream, and how the stream is on it. */
  readonly streamConns: number[];
  readonly streamHows: number[];
}

const LINKS_OF_SESSION = linksTo('conn', SESSION);

/** What a stream has on one side: its connection, and how it is on it. */
const HOW_BITS = STREAMS.bits + 1;
const STREAM_BITS = REF_BITS + HOW_BITS;

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
  /** Groups of ranks of connections that looks do not tell apart; mostly none. */
  connTies = NO_TIES;
  readonly #sides: readonly SideRanks[];
  /** By place, the same on all sides: as it stands in a packed state. */
  readonly #sessRefs = new Uint8Array(SLOTS_MAX + 2).fill(FREED);
  readonly #connRefs = new Uint8Array(SLOTS_MAX + 2).fill(FREED);
  /** Of each stream, by place: its session, and a number that orders streams. */
  readonly #streamSessions: number[] = [];
  readonly #streamKeys: number[] = [];
  /** Of connections in no list, by place: what tells most apart, and all there is if asked for. */
  readonly #glances: number[] = [];
  readonly #looks: (readonly number[] | null)[] = [];
  readonly #scratch = new Buffer32();

  constructor(scene: Scene) {
    this.gathering = new Gathering(scene);
    this.#sides = this.gathering.sides.map((objects) => ({
      objects,
      refs: {
        sessRefs: this.#sessRefs,
        connRefs: this.#connRefs,
        conns: objects.conns,
        targets: objects.side.targets,
      },
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
      this.#sessRefs[place] = rank + 1;
    }
    this.#forgetConns();
    this.connTies = NO_TIES;
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

  #forgetConns(): void {
    for (let rank = 0; rank < this.connCount; rank++) {
      this.#connRefs[this.connPlaces[rank] as number] = FREED;
    }
    this.connCount = 0;
  }

  #putListed({ objects }: SideRanks): void {
    for (let rank = 0; rank < this.sessionCount; rank++) {
      const { srvList } = objects.sessions[this.sessionPlaces[rank] as number] as Session;
      for (let at = 0; at < srvList.length; at++) {
        this.#putList((srvList[at] as (typeof srvList)[number]).connList);
      }
    }
    const { lists } = objects.side;
    for (let at = 0; at < lists.length; at++) this.#putList(lists[at] as ConnList);
  }

  #putList(list: ConnList): void {
    for (let node = list.first; node; node = node.next) {
      const { place } = node.conn;
      if (this.#connRefs[place] === FREED) this.#putConn(place);
    }
  }

  #putConn(place: number): void {
    this.connPlaces[this.connCount++] = place;
    this.#connRefs[place] = this.connCount;
  }

  /**
   * Those in no list. Two that look the same in every respect are interchangeable, unless they
   * point to connections, or have streams that are on others under another rule set: that is
   * looked at from afar only, and they are a tie.
   */
  #putRest(): void {
    const { connCount } = this.gathering;
    if (this.connCount === connCount - 1) {
      for (let place = 0; place < connCount; place++) {
        if (this.#connRefs[place] === FREED) this.#putConn(place);
      }
      return;
    }
    const first = this.connCount;
    let count = first;
    for (let place = 0; place < connCount; place++) {
      if (this.#connRefs[place] !== FREED) continue;
      this.#glances[place] = this.#glanceAt(place);
      this.#looks[place] = null;
      let rank = count++;
      for (; rank > first; rank--) {
        const before = this.connPlaces[rank - 1] as number;
        if (this.#compareRest(before, place) <= 0) break;
        this.connPlaces[rank] = before;
      }
      this.connPlaces[rank] = place;
    }
    const canTie = this.#sides.length > 1 || CONNS_OF_CONN.bits > 0;
    for (let rank = first; rank < count; rank++) {
      const place = this.connPlaces[rank] as number;
      this.#putConn(place);
      if (canTie && rank > first) this.#noteTie(rank, this.connPlaces[rank - 1] as number, place);
    }
  }

  /** By a glance, or if that does not tell them apart by everything that is known of them. */
  #compareRest(one: number, other: number): number {
    const difference = (this.#glances[one] as number) - (this.#glances[other] as number);
    return difference === 0 ? compare(this.#allLooksOf(one), this.#allLooksOf(other)) : difference;
  }

  /** Under two rule sets, those that look alike from afar may have to stand the other way round. */
  #noteTie(rank: number, before: number, place: number): void {
    if (this.#compareRest(before, place) !== 0) return;
    const last = this.connTies.at(-1);
    if (last?.at(-1) === rank - 1) last.push(rank);
    else this.connTies = [...this.connTies, [rank - 1, rank]];
  }

  #allLooksOf(place: number): readonly number[] {
    const looks = this.#looks[place] ?? this.#looksOf(place);
    this.#looks[place] = looks;
    return looks;
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
      const { objects, refs } = this.#sides[s] as SideRanks;
      const conn = objects.conns[place];
      if (!conn) continue;
      // What is freed under its streams is packed without anything else.
      if (conn.freed) {
        glance = Math.imul(glance ^ FREED, 0x9e3779b1) + conn.streams;
        continue;
      }
      const owner = refSession(refs, conn.owner) * 16 + refSession(refs, conn.creator);
      glance = Math.imul(glance ^ conn.flags, 0x9e3779b1) + owner * 16 + conn.streams;
    }
    return glance;
  }

  /** What a stream has on the other side: a connection in a list, or what that looks like. */
  #elsewhere(side: number, stream: number): number {
    const { objects, refs } = this.#sides[1 - side] as SideRanks;
    const conn = objects.streams[stream]?.conn;
    if (!conn) return 0;
    const ref = refConn(refs, conn);
    return ref === FREED ? FREED + (this.#glanceAt(conn.place) >>> 1) : ref;
  }

  /** Everything that is known of a connection in no list but its name, as numbers. */
  #looksOf(place: number): number[] {
    const looks: number[] = [];
    const out = this.#scratch;
    for (let s = 0; s < this.#sides.length; s++) {
      const { objects, refs } = this.#sides[s] as SideRanks;
      const conn = objects.conns[place] ?? null;
      const end = writeConn(out.bytes, 0, conn, objects.side, refs);
      looks.push(...out.words.subarray(0, out.finish(end)));
      const streams: number[] = [];
      for (let at = 0; at < this.gathering.streamCount; at++) {
        const cs = objects.streams[at];
        if (!cs || cs.conn !== conn) continue;
        const how = howOf(cs, objects.isOrphan[at] === true, refs);
        const elsewhere = this.#sides.length > 1 ? this.#elsewhere(s, at) : 0;
        addInOrder(streams, (refSession(refs, cs.sess) * 256 + how) * 2 ** 32 + elsewhere);
      }
      looks.push(streams.length, ...streams);
      for (let rank = 0; rank < this.sessionCount; rank++) {
        const sess = objects.sessions[this.sessionPlaces[rank] ?? 0];
        for (const name of LINKS_OF_SESSION) {
          looks.push(sess && conn && Reflect.get(sess, name) === conn ? 1 : 0);
        }
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
      const { objects, refs, streamConns, streamHows } = this.#sides[s] as SideRanks;
      const cs = objects.streams[place] ?? null;
      const conn = cs === null ? NOBODY : refConn(refs, cs.conn);
      const how = cs === null ? 0 : howOf(cs, objects.isOrphan[place] === true, refs);
      streamConns[place] = conn;
      streamHows[place] = how;
      if (cs !== null) sess = refSession(refs, cs.sess);
      key = (key << STREAM_BITS) | (conn << HOW_BITS) | how;
    }
    this.#streamSessions[place] = sess;
    this.#streamKeys[place] = (sess << (2 * STREAM_BITS)) | key;
  }

  /** References to the objects of a side, by their ranks. */
  refsOf(side: number): Refs {
    return (this.#sides[side] as SideRanks).refs;
  }

  /** The session at a rank. */
  sessionAt(side: number, rank: number): Session {
    const { sessions } = (this.#sides[side] as SideRanks).objects;
    return sessions[this.sessionPlaces[rank] as number] as Session;
  }

  /** The connection at a rank, or null where it lives on the other side only. */
  connAt(side: number, rank: number): Connection | null {
    const { conns } = (this.#sides[side] as SideRanks).objects;
    return conns[this.connPlaces[rank] as number] ?? null;
  }

  /** Reference to the session of a stream. */
  streamSession(rank: number): number {
    return this.#streamSessions[this.streamPlaces[rank] as number] as number;
  }

  /** Reference to the connection of a stream, or `NOBODY`. */
  streamConn(side: number, rank: number): number {
    const { streamConns } = this.#sides[side] as SideRanks;
    return streamConns[this.streamPlaces[rank] as number] as number;
  }

  /** How a stream is on its connection. */
  streamHow(side: number, rank: number): number {
    const { streamHows } = this.#sides[side] as SideRanks;
    return streamHows[this.streamPlaces[rank] as number] as number;
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

/** Adds a number where it belongs. */
function addInOrder(numbers: number[], number: number): void {
  let at = numbers.length;
  for (; at > 0 && (numbers[at - 1] as number) > number; at--) {
    numbers[at] = numbers[at - 1] as number;
  }
  numbers[at] = number;
}

function compare(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return one.length - other.length;
  for (let at = 0; at < one.length; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
