import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import { ByteWriter } from './bytes.ts';
import { CONN_LINKS, SERVERS, SESSIONS, THREADS, TO_CONNS, writeConn } from './codecs.ts';
import { slotOf } from './names.ts';
import { FREED, type Refs, refConn } from './refs.ts';
import type { Roster } from './roster.ts';
import type { Scene } from './scene.ts';
import type { Side } from './side.ts';

/**
 * Writes a state as bytes, in the order of a roster: budgets, sessions, connections, lists, streams.
 * Everything that the rules can ever look at is written, and nothing that follows from it, so that
 * two states are one exactly when their bytes are.
 */
export class StateWriter {
  readonly out: ByteWriter;
  readonly #scene: Scene;
  readonly #hasThreads: boolean;
  readonly #withSlots: boolean;

  /** @param withSlots objects keep the names that they have: states that differ in them differ */
  constructor(scene: Scene, withSlots: boolean) {
    this.out = new ByteWriter();
    this.#scene = scene;
    this.#hasThreads = scene.world.nbthread > 1;
    this.#withSlots = withSlots;
  }

  /** Returns how many words the state takes in `out`. */
  write(roster: Roster): number {
    const { out } = this;
    const { budget, sides } = this.#scene;
    out.clear();
    out.byte(budget.streams);
    out.byte(budget.failures | (budget.retries << 4));
    out.byte(roster.sessionCount | (roster.connCount << 4));
    for (let rank = 0; rank < roster.sessionCount; rank++) this.#session(roster, rank);
    for (let rank = 0; rank < roster.connCount; rank++) this.#conn(roster, rank);
    // What points to connections is read when they are there.
    for (let s = 0; s < sides.length; s++) this.#side(roster, s);
    out.byte(roster.streamCount);
    for (let at = 0; at < roster.streamCount; at++) this.#stream(roster, at);
    return out.finish();
  }

  #session(roster: Roster, rank: number): void {
    const { out } = this;
    const { detached, threads, sides, side } = this.#scene;
    const name = roster.gathering.sessionNames[roster.sessionPlaces[rank] ?? 0] ?? '';
    if (this.#withSlots) out.byte(slotOf(name));
    const fe = side.frontends.indexOf(roster.sessionAt(0, rank).fe);
    out.byte((fe << 4) | (detached.size > 0 ? (detached.get(name) ?? 0) : 0));
    if (this.#hasThreads) out.byte(threads.get(name) ?? 0);
    for (let s = 0; s < sides.length; s++) {
      SESSIONS.write(out, roster.sessionAt(s, rank), roster.refsOf(s), 0);
    }
  }

  #conn(roster: Roster, rank: number): void {
    const { out } = this;
    const { sides } = this.#scene;
    if (this.#withSlots) {
      out.byte(slotOf(roster.gathering.connNames[roster.connPlaces[rank] ?? 0] ?? ''));
    }
    for (let s = 0; s < sides.length; s++) {
      const side = sides[s] as Side;
      const conn = roster.connAt(s, rank);
      writeConn(out, side, conn, roster.refsOf(s));
      if (this.#hasThreads && conn && !conn.freed) out.byte(side.threads.get(conn.id) ?? 0);
    }
  }

  #side(roster: Roster, s: number): void {
    const { out } = this;
    const side = this.#scene.sides[s] as Side;
    const refs = roster.refsOf(s);
    if (TO_CONNS.conn.length > 0) {
      for (let rank = 0; rank < roster.connCount; rank++) {
        const conn = roster.connAt(s, rank);
        if (conn && !conn.freed) this.#links(side, 'conn', conn, refs, 0);
      }
    }
    for (let rank = 0; rank < roster.sessionCount; rank++) {
      const sess = roster.sessionAt(s, rank);
      const { srvList } = sess;
      this.#links(side, 'sess', sess, refs, srvList.length);
      for (let at = 0; at < srvList.length; at++) {
        const entry = srvList[at] as (typeof srvList)[number];
        out.byte(side.targets.indexOf(entry.target));
        this.#list(entry.connList, refs);
      }
    }
    for (let at = 0; at < side.servers.length; at++) this.#server(side.servers[at] as object, refs);
    for (let at = 0; at < side.counters.length; at++) {
      const counters = side.counters[at] as number[];
      for (let thread = 0; thread < counters.length; thread++) out.number(counters[thread] ?? 0);
    }
    for (let at = 0; at < side.lists.length; at++) this.#list(side.lists[at] as ConnList, refs);
  }

  /** Of a connection that is gone its target is left: its stream still goes to that server. */
  #links(side: Side, kind: keyof typeof TO_CONNS, object: object, refs: Refs, lead: number): void {
    CONN_LINKS[kind].write(this.out, object, refs, lead);
    const names = TO_CONNS[kind];
    for (let at = 0; at < names.length; at++) {
      const conn: Connection | null = Reflect.get(object, names[at] as string);
      if (conn && refConn(refs, conn) === FREED) this.out.byte(side.targets.indexOf(conn.target));
    }
  }

  #server(srv: object, refs: Refs): void {
    SERVERS.write(this.out, srv, refs, 0);
    if (!this.#hasThreads) return;
    for (const name of THREADS) this.out.byte(Reflect.get(srv, name));
  }

  #list(list: ConnList, refs: Refs): void {
    const { out } = this;
    out.byte(list.length);
    for (let node = list.first; node; node = node.next) out.byte(refConn(refs, node.conn));
  }

  #stream(roster: Roster, at: number): void {
    const { out } = this;
    if (this.#withSlots) {
      out.byte(slotOf(roster.gathering.streamNames[roster.streamPlaces[at] ?? 0] ?? ''));
    }
    out.byte(roster.streamSession(at));
    for (let s = 0; s < this.#scene.sides.length; s++) {
      out.byte(roster.streamConn(s, at));
      out.byte(roster.streamHow(s, at));
    }
  }
}
