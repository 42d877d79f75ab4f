import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import { type Session, SessSrvList } from '../../engine/objects/session-t.ts';
import { ConnStream } from '../../engine/objects/stream-t.ts';
import { countAlive, setOwner } from '../../engine/objects/tracked.ts';
import { ByteReader } from './bytes.ts';
import { placeStream, unpackContext } from './contexts.ts';
import { drain } from './drain.ts';
import { unpackFlags } from './flags.ts';
import { empty, unlink } from './lists.ts';
import { PREFERRED_NAMES, SESS_NAMES, STRM_NAMES } from './names.ts';
import {
  ABSENT,
  FREED,
  MUX_SESS_SAME,
  NOBODY,
  STREAM_MUX_SESS_BIT,
  STREAM_NOT_FIRST,
  STREAM_ORPHAN,
} from './refs.ts';
import type { Scene } from './scene.ts';
import type { Side } from './side.ts';

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
    for (let s = 0; s < sides.length; s++) clear(sides[s] as Side, this.#hasThreads);
    budget.streams = input.byte();
    const left = input.byte();
    budget.failures = left & 15;
    budget.retries = left >> 4;
    const counts = input.byte();
    for (let rank = 0; rank < (counts & 15); rank++) this.#session(rank);
    for (let rank = 0; rank < counts >> 4; rank++) {
      const slot = this.#withSlots ? input.byte() : rank;
      for (let s = 0; s < sides.length; s++) this.#conn(sides[s] as Side, slot);
    }
    for (let s = 0; s < sides.length; s++) {
      const side = sides[s] as Side;
      keepOnly(side.world.sessions, side.sessions);
      keepOnly(side.world.connections, side.live);
      this.#lists(side);
    }
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
      const number = input.number();
      sess.idleConns = number >> 1;
      sess.preferLast = (number & 1) !== 0;
      drain(sess.srvList);
      sess.streams = 0;
      sess.freed = false;
      sess.preferred = null;
      sess.preferredBy = null;
      empty(sess.owned);
      side.sessions.push(sess);
    }
  }

  #conn(side: Side, slot: number): void {
    const input = this.#in;
    const byte = input.byte();
    if (byte === ABSENT) {
      side.conns.push(null);
      return;
    }
    const pooled = side.connOf(slot, byte >> 4);
    const { conn } = pooled;
    unpackFlags(conn, ((byte & 15) << 8) | input.byte());
    conn.cs = null;
    conn.streams = 0;
    conn.listBusy = false;
    unlink(conn.list);
    unlink(conn.sessionList);
    unlink(conn.ownerLink);
    conn.owner = null;
    side.conns.push(conn);
    conn.creator = null;
    conn.challenged = null;
    if (conn.freed) {
      conn.ctx = unpackContext(input, pooled);
      return;
    }
    const refs = input.byte();
    setOwner(conn, sessionRef(side, refs >> 4));
    conn.creator = sessionRef(side, refs & 15);
    conn.challenged = sessionRef(side, input.byte());
    conn.ctx = unpackContext(input, pooled);
    countAlive(conn);
    if (conn.countedIdle && conn.srv) conn.srv.liveIdleConns++;
    if (this.#hasThreads) side.threads.set(conn.id, input.byte());
    side.live.push(conn);
  }

  #lists(side: Side): void {
    const input = this.#in;
    for (const sess of side.sessions) {
      const byte = input.byte();
      for (let at = 0; at < (byte & 15); at++) {
        const target = side.targets[input.byte()] as Side['targets'][number];
        const entry = new SessSrvList(sess, target);
        for (let left = input.byte(); left > 0; left--) {
          entry.connList.append(connRef(side, input.byte()).sessionList);
        }
        sess.srvList.push(entry);
      }
      if (byte >> 4 === NOBODY) continue;
      const strm = PREFERRED_NAMES[SESS_NAMES.indexOf(sess.id)] ?? '';
      const isFreed = byte >> 4 === FREED;
      const conn = isFreed ? side.freedConns[input.byte()] : side.conns[(byte >> 4) - 1];
      if (!conn) continue;
      sess.preferred = conn;
      sess.preferredBy = strm;
    }
    for (const srv of side.servers) this.#server(side, srv);
    for (const list of side.world.toremove) this.#list(side, list);
  }

  #server(side: Side, srv: Server): void {
    const input = this.#in;
    srv.currIdleConns = input.number() >>> 0;
    srv.currIdleNb = input.number() >>> 0;
    srv.currSafeNb = input.number() >>> 0;
    srv.currUsedConns = input.number() >>> 0;
    srv.maxUsedConns = input.number() >>> 0;
    srv.estNeedConns = input.number() >>> 0;
    if (this.#hasThreads) srv.nextTakeover = input.byte();
    for (let thread = 0; thread < srv.currIdleThr.length; thread++) {
      srv.currIdleThr[thread] = input.number() >>> 0;
      this.#list(side, srv.idleConns?.[thread]);
      this.#list(side, srv.safeConns?.[thread]);
      this.#list(side, srv.availableConns[thread]);
    }
  }

  #list(side: Side, list: ConnList | undefined): void {
    const input = this.#in;
    for (let left = input.byte(); left > 0; left--) {
      list?.append(connRef(side, input.byte()).list);
    }
  }

  #stream(rank: number): void {
    const input = this.#in;
    const { sides } = this.#scene;
    const name = STRM_NAMES[this.#withSlots ? input.byte() : rank] ?? '';
    const sess = input.byte();
    for (let s = 0; s < sides.length; s++) {
      const side = sides[s] as Side;
      const ref = input.byte();
      const how = input.byte();
      const cs = ref === NOBODY ? null : attach(side, name, sess, ref, how);
      side.streams.push(cs);
      side.isOrphan.push((how & STREAM_ORPHAN) !== 0);
      side.muxSess.push(cs?.muxSess ?? null);
    }
  }
}

function attach(side: Side, name: string, sessRef: number, ref: number, how: number): ConnStream {
  const conn = connRef(side, ref);
  const cs = new ConnStream(name, conn, sessionRef(side, sessRef) ?? side.tombstone);
  const muxSess = how >> STREAM_MUX_SESS_BIT;
  if (muxSess !== MUX_SESS_SAME) cs.muxSess = sessionRef(side, muxSess);
  cs.notFirst = (how & STREAM_NOT_FIRST) !== 0;
  const isOrphan = (how & STREAM_ORPHAN) !== 0;
  placeStream(conn, cs, isOrphan);
  if (isOrphan) side.world.rememberOrphan(cs);
  else side.world.holdStream(cs);
  return cs;
}

function sessionRef(side: Side, ref: number): Session | null {
  if (ref === NOBODY) return null;
  return ref === FREED ? side.tombstone : (side.sessions[ref - 1] ?? null);
}

function connRef(side: Side, ref: number): Connection {
  const conn = side.conns[ref - 1];
  if (!conn) throw new RangeError(`a state without a connection ${ref}`);
  return conn;
}

/** Makes a map hold some objects by their ids, and nothing else. */
function keepOnly<Thing extends { readonly id: string }>(
  map: Map<string, Thing>,
  things: readonly (Thing | null)[],
): void {
  let count = 0;
  for (let at = 0; at < things.length; at++) {
    const thing = things[at];
    if (!thing) continue;
    count++;
    if (map.get(thing.id) !== thing) map.set(thing.id, thing);
  }
  if (map.size === count) return;
  for (const [id, thing] of map) if (!things.includes(thing)) map.delete(id);
}

/** Empties a world, so that a state can be loaded into it. */
function clear(side: Side, hasThreads: boolean): void {
  const { world } = side;
  drain(side.sessions);
  drain(side.conns);
  drain(side.live);
  drain(side.streams);
  drain(side.isOrphan);
  drain(side.muxSess);
  if (hasThreads) side.threads.clear();
  if (world.streams.size > 0) for (const id of world.streams.keys()) world.streams.delete(id);
  if (world.orphans.size > 0) world.orphans.clear();
  empty(side.tombstone.owned);
  for (const list of world.toremove) empty(list);
  for (const srv of side.servers) {
    srv.liveConns = 0;
    srv.liveIdleConns = 0;
    srv.livePrivateConns = 0;
    for (let thread = 0; thread < srv.availableConns.length; thread++) {
      empty(srv.idleConns?.[thread]);
      empty(srv.safeConns?.[thread]);
      empty(srv.availableConns[thread]);
    }
  }
}
