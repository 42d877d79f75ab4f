import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { Server } from '../../engine/objects/server-t.ts';
import { ByteWriter } from './bytes.ts';
import { packContext } from './contexts.ts';
import { packFlags, packFreed } from './flags.ts';
import { slotOf } from './names.ts';
import { ABSENT, FREED, NOBODY } from './refs.ts';
import type { Roster } from './roster.ts';
import type { Scene } from './scene.ts';
import type { Side } from './side.ts';

/**
 * Writes a state as bytes, in the order of a roster: budgets, sessions, connections, streams,
 * then servers and their lists. Everything that the rules can ever look at is written, and nothing
 * that follows from it, so that two states are one exactly when their bytes are.
 */
export class StateWriter {
  readonly out: ByteWriter;
  readonly #scene: Scene;
  readonly #hasThreads: boolean;
  readonly #withSlots: boolean;

  /** @param withSlots objects keep the names that they have: states that differ in them differ */
  constructor(scene: Scene, withSlots: boolean, out = new ByteWriter()) {
    this.out = out;
    this.#scene = scene;
    this.#hasThreads = scene.world.nbthread > 1;
    this.#withSlots = withSlots;
  }

  /** Returns how many words the state takes in `out`. */
  write(roster: Roster): number {
    const { out } = this;
    const { gathering } = roster;
    const { budget, sides } = this.#scene;
    out.clear();
    out.byte(budget.streams);
    out.byte(budget.failures | (budget.retries << 4));
    out.byte(roster.sessionCount | (roster.connCount << 4));
    for (let rank = 0; rank < roster.sessionCount; rank++) this.#session(roster, rank);
    for (let rank = 0; rank < roster.connCount; rank++) {
      if (this.#withSlots)
        out.byte(slotOf(gathering.connNames[roster.connPlaces[rank] ?? 0] ?? ''));
      for (let s = 0; s < sides.length; s++) this.#conn(roster, s, roster.connAt(s, rank));
    }
    // The lists of sessions name connections, which have to be there when they are read.
    for (let s = 0; s < sides.length; s++) this.#lists(roster, s);
    out.byte(roster.streamCount);
    for (let at = 0; at < roster.streamCount; at++) this.#stream(roster, at);
    return out.finish();
  }

  /** What a connection looks like, its streams and its place in lists left out. */
  look(roster: Roster, side: number, conn: Connection | null): number[] {
    const { out } = this;
    out.clear();
    this.#conn(roster, side, conn);
    return [...out.words.subarray(0, out.finish())];
  }

  #session(roster: Roster, rank: number): void {
    const { out } = this;
    const name = roster.gathering.sessionNames[roster.sessionPlaces[rank] ?? 0] ?? '';
    const first = roster.sessionAt(0, rank);
    if (this.#withSlots) out.byte(slotOf(name));
    const fe = this.#scene.side.frontends.indexOf(first.fe);
    out.byte((fe << 4) | (this.#scene.detached.get(name) ?? 0));
    if (this.#hasThreads) out.byte(this.#scene.threads.get(name) ?? 0);
    for (let s = 0; s < this.#scene.sides.length; s++) {
      const sess = roster.sessionAt(s, rank);
      out.number((sess.idleConns << 1) | (sess.preferLast ? 1 : 0));
    }
  }

  #conn(roster: Roster, side: number, conn: Connection | null): void {
    const { out } = this;
    if (conn === null) {
      out.byte(ABSENT);
      return;
    }
    // What is freed under its streams is only ever seen to be freed.
    const flags = conn.freed ? packFreed() : packFlags(conn);
    out.byte((this.#targetOf(side, conn) << 4) | (flags >> 8));
    out.byte(flags & 0xff);
    if (conn.freed) {
      packContext(out, conn);
      return;
    }
    out.byte((roster.refSession(side, conn.owner) << 4) | roster.refSession(side, conn.creator));
    out.byte(roster.refSession(side, conn.challenged));
    packContext(out, conn);
    if (this.#hasThreads) out.byte(this.#scene.sides[side]?.threads.get(conn.id) ?? 0);
  }

  #targetOf(s: number, conn: Connection): number {
    return this.#scene.sides[s]?.targets.indexOf(conn.target) ?? 0;
  }

  #lists(roster: Roster, s: number): void {
    const { out } = this;
    const side = this.#scene.sides[s] as Side;
    for (let rank = 0; rank < roster.sessionCount; rank++) {
      const { srvList, preferred } = roster.sessionAt(s, rank);
      const { length } = srvList;
      const found = preferred === null ? NOBODY : roster.refConn(s, preferred);
      out.byte(length | (found << 4));
      for (let at = 0; at < length; at++) {
        const entry = srvList[at];
        if (!entry) continue;
        out.byte(side.targets.indexOf(entry.target));
        this.#list(roster, s, entry.connList);
      }
      // Its stream goes to the server that was found, though the connection is gone.
      if (preferred && found === FREED) out.byte(this.#targetOf(s, preferred));
    }
    for (let at = 0; at < side.servers.length; at++) this.#server(roster, s, side.servers[at]);
    const { toremove } = side.world;
    for (let thread = 0; thread < toremove.length; thread++) {
      this.#list(roster, s, toremove[thread]);
    }
  }

  #list(roster: Roster, side: number, list: ConnList | undefined): void {
    const { out } = this;
    out.byte(list?.length ?? 0);
    for (let node = list?.first ?? null; node; node = node.next) {
      out.byte(roster.refConn(side, node.conn));
    }
  }

  #server(roster: Roster, side: number, srv: Server | undefined): void {
    if (!srv) return;
    const { out } = this;
    out.number(srv.currIdleConns);
    out.number(srv.currIdleNb);
    out.number(srv.currSafeNb);
    out.number(srv.currUsedConns);
    out.number(srv.maxUsedConns);
    out.number(srv.estNeedConns);
    if (this.#hasThreads) out.byte(srv.nextTakeover);
    for (let thread = 0; thread < srv.currIdleThr.length; thread++) {
      out.number(srv.currIdleThr[thread] ?? 0);
      this.#list(roster, side, srv.idleConns?.[thread]);
      this.#list(roster, side, srv.safeConns?.[thread]);
      this.#list(roster, side, srv.availableConns[thread]);
    }
  }

  #stream(roster: Roster, at: number): void {
    const { out } = this;
    const { gathering } = roster;
    if (this.#withSlots)
      out.byte(slotOf(gathering.streamNames[roster.streamPlaces[at] ?? 0] ?? ''));
    out.byte(roster.streamSession(at));
    for (let s = 0; s < this.#scene.sides.length; s++) {
      out.byte(roster.streamConn(s, at));
      out.byte(roster.streamHow(s, at));
    }
  }
}
