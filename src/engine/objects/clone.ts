import { Connection } from './connection-t.ts';
import type { ConnList } from './list.ts';
import type { Target } from './server-t.ts';
import { Session, SessSrvList } from './session-t.ts';
import { ConnStream } from './stream-t.ts';
import { World } from './world.ts';

/** Numbers of a server that a copy takes over. */
const COUNTERS = [
  'currIdleConns',
  'currIdleNb',
  'currSafeNb',
  'currUsedConns',
  'maxUsedConns',
  'estNeedConns',
  'nextTakeover',
  'liveConns',
  'liveIdleConns',
  'broken',
] as const;

/**
 * A copy of a world that shares nothing which can change: steps on one do not show on the other.
 * Tombstones that anything still points to come along. The log and listeners do not.
 */
export function cloneWorld(from: World): World {
  return new Cloning(from).copy();
}

/** One copy under way: which object of the copy stands for which original. */
class Cloning {
  readonly #to: World;
  readonly #sessions = new Map<Session, Session>();
  readonly #connections = new Map<Connection, Connection>();
  readonly #streams = new Map<ConnStream, ConnStream>();

  constructor(readonly from: World) {
    this.#to = new World(from.config, from.rules);
  }

  copy(): World {
    const { from } = this;
    const to = this.#to;
    to.clock = from.clock;
    for (const [id, sess] of from.sessions) to.sessions.set(id, this.#session(sess));
    for (const [id, conn] of from.connections) to.connections.set(id, this.#connection(conn));
    for (const [id, cs] of from.streams) to.streams.set(id, this.#stream(cs));
    for (const [id, all] of from.orphans) {
      to.orphans.set(
        id,
        all.map((cs) => this.#stream(cs)),
      );
    }
    for (const sess of from.sessions.values()) this.#sessionList(sess);
    // With the tombstones, which connections may still point to.
    for (const [sess, copy] of this.#sessions) this.#owned(sess, copy);
    this.#lists(from.toremove, to.toremove);
    for (const srv of from.servers.values()) {
      const copy = to.servers.get(srv.id);
      if (!copy) throw new Error(`clone: server ${srv.id} is not in the configuration`);
      for (const counter of COUNTERS) copy[counter] = srv[counter];
      srv.currIdleThr.forEach((n, thread) => {
        copy.currIdleThr[thread] = n;
      });
      this.#lists(srv.idleConns ?? [], copy.idleConns ?? []);
      this.#lists(srv.safeConns ?? [], copy.safeConns ?? []);
      this.#lists(srv.availableConns, copy.availableConns);
    }
    return to;
  }

  #lists(from: readonly ConnList[], to: readonly ConnList[]): void {
    from.forEach((list, thread) => {
      for (const conn of list.toArray()) to[thread]?.append(this.#connection(conn).list);
    });
  }

  #target(id: string): Target {
    const target = this.#to.target(id);
    if (!target) throw new Error(`clone: target ${id} is not in the configuration`);
    return target;
  }

  #session(sess: Session): Session {
    const known = this.#sessions.get(sess);
    if (known) return known;
    const copy = new Session(sess.id, sess.fe);
    this.#sessions.set(sess, copy);
    copy.idleConns = sess.idleConns;
    copy.preferLast = sess.preferLast;
    copy.streams = sess.streams;
    copy.freed = sess.freed;
    copy.broken = sess.broken;
    return copy;
  }

  #sessionList(sess: Session): void {
    const copy = this.#session(sess);
    for (const { target, connList } of sess.srvList) {
      const entry = new SessSrvList(copy, this.#target(target.id));
      for (const conn of connList.toArray()) {
        entry.connList.append(this.#connection(conn).sessionList);
      }
      copy.srvList.push(entry);
    }
  }

  #owned(sess: Session, copy: Session): void {
    const { preferred } = sess;
    copy.preferred = preferred && { ...preferred, conn: this.#connection(preferred.conn) };
    for (const conn of sess.owned.toArray()) copy.owned.append(this.#connection(conn).ownerLink);
  }

  #connection(conn: Connection): Connection {
    const known = this.#connections.get(conn);
    if (known) return known;
    const copy = new Connection(conn.id, this.#target(conn.target.id));
    this.#connections.set(conn, copy);
    copy.flags = conn.flags;
    copy.owner = conn.owner && this.#session(conn.owner);
    copy.creator = conn.creator && this.#session(conn.creator);
    copy.joinedEarly = conn.joinedEarly;
    copy.challenged = conn.challenged && this.#session(conn.challenged);
    copy.streams = conn.streams;
    copy.broken = conn.broken;
    copy.countedIdle = conn.countedIdle;
    copy.listBusy = conn.listBusy;
    copy.freed = conn.freed;
    copy.cs = conn.cs && this.#stream(conn.cs);
    copy.ctx = conn.ctx?.copy((cs) => this.#stream(cs)) ?? null;
    return copy;
  }

  #stream(cs: ConnStream): ConnStream {
    // First: copying the connection copies the streams that it holds.
    const conn = this.#connection(cs.conn);
    const known = this.#streams.get(cs);
    if (known) return known;
    const copy = new ConnStream(cs.strm, conn, this.#session(cs.sess));
    this.#streams.set(cs, copy);
    copy.notFirst = cs.notFirst;
    copy.muxSess = cs.muxSess && this.#session(cs.muxSess);
    return copy;
  }
}
