import type { Connection } from '../../engine/objects/connection-t.ts';
import { resetterOf } from '../../engine/objects/fields/struct.ts';
import type { Server, Target } from '../../engine/objects/server-t.ts';
import { type Session, SessSrvList } from '../../engine/objects/session-t.ts';
import { ConnStream } from '../../engine/objects/stream-t.ts';
import { countAlive, setOwner } from '../../engine/objects/tracked.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';
import { ByteReader } from './bytes.ts';
import {
  CONNS_OF_CONN,
  CONNS_OF_SESSION,
  isOrphaned,
  placeStream,
  readConn,
  SERVERS,
  SESSIONS,
  THREADS,
  TIMES,
} from './codecs.ts';
import { PREFERRED_NAMES, SESS_NAMES, STRM_NAMES } from './names.ts';
import type { Scene } from './scene.ts';
import { drain, type Side } from './side.ts';

const resetSession = resetterOf(SESSION);
const resetServer = resetterOf(SERVER);

/**
 * Loads packed states into a scene: the inverse of StateWriter. The worlds are used again, with
 * most of the objects in them; nothing of the state before is left.
 */
export class StateReader {
  readonly #in = new ByteReader();
  readonly #scene: Scene;
  readonly #hasThreads: boolean;
  readonly #withSlots: boolean;

  constructor(scene: Scene, withSlots: boolean) {
    this.#scene = scene;
    this.#hasThreads = scene.world.nbthread > 1;
    this.#withSlots = withSlots;
  }

  /** Loads the state whose words begin at a place. */
  read(words: Uint32Array, at: number): void {
    const { budget, sides, threads, detached } = this.#scene;
    const input = this.#in;
    input.open(words, at);
    if (this.#hasThreads) threads.clear();
    if (detached.size > 0) detached.clear();
    for (let s = 0; s < sides.length; s++) clear(sides[s] as Side);
    budget.streams = input.byte();
    const left = input.byte();
    budget.failures = left & 15;
    budget.retries = left >> 4;
    const counts = input.byte();
    for (let rank = 0; rank < (counts & 15); rank++) this.#session(rank);
    for (let rank = 0; rank < counts >> 4; rank++) {
      const slot = this.#withSlots ? input.byte() : rank;
      for (let s = 0; s < sides.length; s++) this.#conn(sides[s] as Side, slot, rank + 1);
    }
    for (let s = 0; s < sides.length; s++) this.#side(sides[s] as Side);
    const streams = input.byte();
    for (let rank = 0; rank < streams; rank++) this.#stream(rank);
  }

  #session(rank: number): void {
    const input = this.#in;
    const { sides, threads, detached } = this.#scene;
    const slot = this.#withSlots ? input.byte() : rank;
    const name = SESS_NAMES[slot] ?? '';
    const byte = input.byte();
    if ((byte & 15) > 0) detached.set(name, byte & 15);
    if (this.#hasThreads) threads.set(name, input.byte());
    for (let s = 0; s < sides.length; s++) {
      const side = sides[s] as Side;
      const sess = side.sessionOf(slot, byte >> 4);
      resetSession(sess);
      SESSIONS.read(input, sess, side.referred);
      drain(sess.srvList);
      sess.owned.clear();
      side.referred.sess[rank + 1] = sess;
      side.sessions.push(sess);
    }
  }

  #conn(side: Side, slot: number, ref: number): void {
    const conn = readConn(this.#in, side, slot);
    side.conns.push(conn);
    side.referred.conn[ref] = conn;
    if (!conn) return;
    conn.cs = null;
    conn.list.forget();
    conn.toremoveList.forget();
    conn.idleList.forget();
    conn.sessionList.forget();
    conn.ownerLink.forget();
    if (conn.freed) return;
    setOwner(conn, conn.owner);
    countAlive(conn);
    if (conn.countedIdle && conn.srv) conn.srv.liveIdleConns++;
    if (this.#hasThreads) side.threads.set(conn.id, this.#in.byte());
    side.live.push(conn);
  }

  #side(side: Side): void {
    const input = this.#in;
    keepOnly(side.world.sessions, side.sessions);
    keepOnly(side.world.connections, side.live);
    if (CONNS_OF_CONN.bits > 0) {
      for (const conn of side.live) CONNS_OF_CONN.read(input, conn, side.referred);
    }
    for (const sess of side.sessions) {
      let entries = CONNS_OF_SESSION.read(input, sess, side.referred);
      if (sess.preferred) sess.preferredBy = PREFERRED_NAMES[SESS_NAMES.indexOf(sess.id)] ?? '';
      for (; entries > 0; entries--) {
        const entry = new SessSrvList(sess, side.targets[input.byte()] as Target);
        for (let left = input.byte(); left > 0; left--) {
          entry.connList.append(this.#connAt(side).sessionList);
        }
        sess.srvList.push(entry);
      }
    }
    for (const srv of side.servers) this.#server(srv, side);
    for (const counters of side.counters) {
      for (let thread = 0; thread < counters.length; thread++)
        counters[thread] = input.number() >>> 0;
    }
    for (const list of side.lists) {
      for (let left = input.byte(); left > 0; left--) list.append(list.nodeOf(this.#connAt(side)));
    }
  }

  #server(srv: Server, { referred }: Side): void {
    SERVERS.read(this.#in, srv, referred);
    if (this.#scene.hasTimes) {
      for (const name of TIMES) Reflect.set(srv, name, this.#in.byte() === 0 ? null : true);
    }
    if (this.#hasThreads) for (const name of THREADS) Reflect.set(srv, name, this.#in.byte());
  }

  #connAt({ conns }: Side): Connection {
    const ref = this.#in.byte();
    const conn = conns[ref - 1];
    if (!conn) throw new RangeError(`a state without a connection ${ref}`);
    return conn;
  }

  #stream(rank: number): void {
    const input = this.#in;
    const { sides } = this.#scene;
    const name = STRM_NAMES[this.#withSlots ? input.byte() : rank] ?? '';
    const sess = input.byte();
    for (let s = 0; s < sides.length; s++) {
      const side = sides[s] as Side;
      const conn = side.referred.conn[input.byte()];
      const how = input.byte();
      const cs = conn ? attach(side, name, conn, sess, how) : null;
      side.streams.push(cs);
      side.isOrphan.push(isOrphaned(how));
    }
  }
}

function attach(side: Side, name: string, conn: Connection, sess: number, how: number): ConnStream {
  const cs = new ConnStream(name, conn, side.referred.sess[sess] ?? side.tombstone);
  placeStream(cs, how, side.referred);
  if (isOrphaned(how)) side.world.rememberOrphan(cs);
  else side.world.holdStream(cs);
  return cs;
}

/** Makes a map hold some objects by their ids, and nothing else. */
function keepOnly<Thing extends Session | Connection>(
  map: Map<string, Thing>,
  things: readonly Thing[],
): void {
  for (let at = 0; at < things.length; at++) {
    const thing = things[at] as Thing;
    if (map.get(thing.id) !== thing) map.set(thing.id, thing);
  }
  if (map.size === things.length) return;
  for (const [id, thing] of map) if (!things.includes(thing)) map.delete(id);
}

/** Empties a world, so that a state can be loaded into it. */
function clear(side: Side): void {
  const { world } = side;
  drain(side.sessions);
  drain(side.conns);
  drain(side.live);
  drain(side.streams);
  drain(side.isOrphan);
  side.threads.clear();
  if (world.streams.size > 0) for (const id of world.streams.keys()) world.streams.delete(id);
  if (world.orphans.size > 0) world.orphans.clear();
  side.tombstone.owned.clear();
  for (const list of side.lists) list.clear();
  for (const srv of side.servers) resetServer(srv);
}
