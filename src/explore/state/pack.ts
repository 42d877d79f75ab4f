import type { ConnList } from '../../engine/objects/list.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import type { SessSrvList } from '../../engine/objects/session-t.ts';
import { Buffer32, putNumber } from './bytes.ts';
import {
  CONNS_OF_CONN,
  CONNS_OF_SESSION,
  SERVERS,
  SESSIONS,
  THREADS,
  TIMES,
  writeConn,
} from './codecs.ts';
import { slotOf } from './names.ts';
import { placeIn, type Refs, refConn, refSession } from './refs.ts';
import type { Roster } from './roster.ts';
import type { Scene } from './scene.ts';
import type { Side } from './side.ts';

/**
 * Writes a state as bytes, in the order of a roster: budgets, sessions, connections, lists, streams.
 * Everything that the rules can ever look at is written, and nothing that follows from it, so that
 * two states are one exactly when their bytes are.
 */
export class StateWriter {
  readonly out = new Buffer32();
  readonly #scene: Scene;
  readonly #hasThreads: boolean;
  readonly #withSlots: boolean;

  /** @param withSlots objects keep the names that they have: states that differ in them differ */
  constructor(scene: Scene, withSlots: boolean) {
    this.#scene = scene;
    this.#hasThreads = scene.world.nbthread > 1;
    this.#withSlots = withSlots;
  }

  /** Returns how many words the state takes in `out`. */
  write(roster: Roster): number {
    const { bytes } = this.out;
    const { budget, sides } = this.#scene;
    bytes[0] = budget.streams;
    bytes[1] = budget.failures | (budget.retries << 4);
    bytes[2] = roster.sessionCount | (roster.connCount << 4);
    let at = 3;
    for (let rank = 0; rank < roster.sessionCount; rank++) at = this.#session(at, roster, rank);
    for (let rank = 0; rank < roster.connCount; rank++) at = this.#conn(at, roster, rank);
    // What points to connections is read when they are there.
    for (let s = 0; s < sides.length; s++) at = this.#side(at, roster, s);
    bytes[at++] = roster.streamCount;
    for (let rank = 0; rank < roster.streamCount; rank++) at = this.#stream(at, roster, rank);
    return this.out.finish(at);
  }

  #session(start: number, roster: Roster, rank: number): number {
    const { bytes } = this.out;
    const { detached, threads, sides, side } = this.#scene;
    const name = roster.gathering.sessionNames[roster.sessionPlaces[rank] as number] as string;
    let at = start;
    if (this.#withSlots) bytes[at++] = slotOf(name);
    const fe = placeIn(side.frontends, roster.sessionAt(0, rank).fe);
    bytes[at++] = (fe << 4) | (detached.size > 0 ? (detached.get(name) ?? 0) : 0);
    if (this.#hasThreads) bytes[at++] = threads.get(name) ?? 0;
    for (let s = 0; s < sides.length; s++) {
      at = SESSIONS.write(bytes, at, roster.sessionAt(s, rank), roster.refsOf(s), 0);
    }
    return at;
  }

  #conn(start: number, roster: Roster, rank: number): number {
    const { bytes } = this.out;
    const { sides } = this.#scene;
    let at = start;
    if (this.#withSlots) {
      bytes[at++] = slotOf(roster.gathering.connNames[roster.connPlaces[rank] ?? 0] ?? '');
    }
    for (let s = 0; s < sides.length; s++) {
      const side = sides[s] as Side;
      const conn = roster.connAt(s, rank);
      at = writeConn(bytes, at, conn, side, roster.refsOf(s));
      if (this.#hasThreads && conn && !conn.freed) bytes[at++] = side.threads.get(conn.id) ?? 0;
    }
    return at;
  }

  #side(start: number, roster: Roster, s: number): number {
    const { bytes } = this.out;
    const side = this.#scene.sides[s] as Side;
    const refs = roster.refsOf(s);
    let at = start;
    if (CONNS_OF_CONN.bits > 0) {
      for (let rank = 0; rank < roster.connCount; rank++) {
        const conn = roster.connAt(s, rank);
        if (conn && !conn.freed) at = CONNS_OF_CONN.write(bytes, at, conn, refs, 0);
      }
    }
    for (let rank = 0; rank < roster.sessionCount; rank++) {
      const sess = roster.sessionAt(s, rank);
      const { srvList } = sess;
      at = CONNS_OF_SESSION.write(bytes, at, sess, refs, srvList.length);
      for (let entry = 0; entry < srvList.length; entry++) {
        const { target, connList } = srvList[entry] as (typeof srvList)[number];
        bytes[at++] = placeIn(side.targets, target);
        at = this.#list(at, connList, refs);
      }
    }
    for (let srv = 0; srv < side.servers.length; srv++) {
      const server = side.servers[srv] as Server;
      at = this.#server(at, server, refs);
      if (side.knowsEntries) at = this.#knownEntries(at, server, refs);
    }
    for (let of = 0; of < side.counters.length; of++) {
      const counters = side.counters[of] as number[];
      for (let thread = 0; thread < counters.length; thread++) {
        at = putNumber(bytes, at, counters[thread] as number);
      }
    }
    for (let list = 0; list < side.lists.length; list++) {
      at = this.#list(at, side.lists[list] as ConnList, refs);
    }
    return at;
  }

  #server(start: number, srv: Server, refs: Refs): number {
    const { bytes } = this.out;
    let at = SERVERS.write(bytes, start, srv, refs, 0);
    if (this.#scene.hasTimes) {
      for (const name of TIMES) bytes[at++] = Reflect.get(srv, name) === null ? 0 : 1;
    }
    if (!this.#hasThreads) return at;
    for (const name of THREADS) bytes[at++] = Reflect.get(srv, name);
    return at;
  }

  /** By the sessions that have them, where servers know of entries at all. */
  #knownEntries(start: number, { sessConns }: Server, refs: Refs): number {
    const { bytes } = this.out;
    bytes[start] = sessConns.length;
    let at = start + 1;
    for (let entry = 0; entry < sessConns.length; entry++) {
      bytes[at++] = refSession(refs, (sessConns[entry] as SessSrvList).sess);
    }
    return at;
  }

  #list(start: number, list: ConnList, refs: Refs): number {
    const { bytes } = this.out;
    bytes[start] = list.length;
    let at = start + 1;
    for (let node = list.first; node; node = node.next) bytes[at++] = refConn(refs, node.conn);
    return at;
  }

  #stream(start: number, roster: Roster, rank: number): number {
    const { bytes } = this.out;
    let at = start;
    if (this.#withSlots) {
      bytes[at++] = slotOf(roster.gathering.streamNames[roster.streamPlaces[rank] ?? 0] ?? '');
    }
    bytes[at++] = roster.streamSession(rank);
    for (let s = 0; s < this.#scene.sides.length; s++) {
      bytes[at++] = roster.streamConn(s, rank);
      bytes[at++] = roster.streamHow(s, rank);
    }
    return at;
  }
}
