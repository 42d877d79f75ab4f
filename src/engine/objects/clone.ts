import { CONNECTION } from '../../state/connection.ts';
import type { Fields } from '../../state/field.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';
import { CONN_STREAM } from '../../state/stream.ts';
import { WORLD } from '../../state/world.ts';
import { Connection } from './connection-t.ts';
import { copierOf, namesOnce } from './fields/struct.ts';
import type { ConnList } from './list.ts';
import type { MuxContext } from './mux-t.ts';
import type { Server, Target } from './server-t.ts';
import { Session, SessSrvList } from './session-t.ts';
import { ConnStream } from './stream-t.ts';
import { World } from './world.ts';

/**
 * A copy of a world that shares nothing which can change: steps on one do not show on the other.
 * Tombstones that anything still points to come along. The log and listeners do not.
 */
export function cloneWorld(from: World): World {
  return new Cloning(from).copy();
}

type Linked = Session | Connection | ConnStream;

const listsOf = namesOnce('lists');
const countersOf = namesOnce('counters');
const streamsOf = namesOnce('streams');
const linksOf = namesOnce('link');

/** One copy under way: which object of the copy stands for which original. */
class Cloning {
  readonly #to: World;
  readonly #copies = new Map<Linked, Linked>();
  /** Originals whose copies point to nothing yet. */
  readonly #bare: Linked[] = [];

  constructor(readonly from: World) {
    this.#to = new World(from.config, from.rules, from.counted, from.keys);
  }

  copy(): World {
    const { from } = this;
    const to = this.#to;
    copierOf(WORLD)(from, to);
    for (const [id, sess] of from.sessions) to.sessions.set(id, this.#copyOf(sess));
    for (const [id, conn] of from.connections) to.connections.set(id, this.#copyOf(conn));
    for (const [id, cs] of from.streams) to.streams.set(id, this.#copyOf(cs));
    for (const [id, all] of from.orphans) {
      to.orphans.set(
        id,
        all.map((cs) => this.#copyOf(cs)),
      );
    }
    this.#lists(WORLD, from, to);
    for (const srv of from.servers.values()) {
      const copy = this.#target(srv.id);
      copierOf(SERVER)(srv, copy as typeof srv);
      this.#lists(SERVER, srv, copy);
    }
    // What is pointed to comes along, and points to more.
    for (let next = this.#bare.pop(); next; next = this.#bare.pop()) this.#fill(next);
    for (const srv of from.servers.values()) this.#knownEntries(srv);
    return to;
  }

  /** Fills the lists and the counters of all threads. */
  #lists(fields: Fields, from: object, to: object): void {
    for (const name of listsOf(fields)) {
      const lists: readonly ConnList[] = Reflect.get(from, name) ?? [];
      lists.forEach((list, thread) => {
        const into: ConnList = Reflect.get(to, name)[thread];
        for (const conn of list.toArray()) into.append(into.nodeOf(this.#copyOf(conn)));
      });
    }
    for (const name of countersOf(fields)) {
      Object.assign(Reflect.get(to, name), Reflect.get(from, name));
    }
  }

  /** The entries that a server knows of, when the sessions have theirs. */
  #knownEntries({ id, sessConns }: Server): void {
    const copy = this.#target(id) as Server;
    for (const { sess, target } of sessConns) {
      const entry = this.#copyOf(sess).srvList.find((each) => each.target.id === target.id);
      if (entry !== undefined) copy.sessConns.push(entry);
    }
  }

  #target(id: string): Target {
    const target = this.#to.declared(id);
    if (!target) throw new Error(`clone: target ${id} is not in the configuration`);
    return target;
  }

  /** The copy that stands for an object; its links are made later. */
  #copyOf<Original extends Linked>(from: Original): Original {
    const known = this.#copies.get(from);
    if (known) return known as Original;
    const copy = this.#bareCopy(from);
    this.#copies.set(from, copy);
    this.#bare.push(from);
    return copy as Original;
  }

  #bareCopy(from: Linked): Linked {
    if (from instanceof Session) return copied(SESSION, from, new Session(from.id, from.fe));
    if (from instanceof Connection) {
      return copied(CONNECTION, from, new Connection(from.id, this.#target(from.target.id)));
    }
    const copy = new ConnStream(from.strm, this.#copyOf(from.conn), this.#copyOf(from.sess));
    return copied(CONN_STREAM, from, copy);
  }

  #fill(from: Linked): void {
    const copy = this.#copyOf(from);
    if (from instanceof Session && copy instanceof Session) this.#fillSession(from, copy);
    else if (from instanceof Connection && copy instanceof Connection) {
      this.#links(CONNECTION, from, copy);
      copy.ctx = from.ctx && this.#context(from.ctx);
    } else this.#links(CONN_STREAM, from, copy);
  }

  #fillSession(sess: Session, copy: Session): void {
    this.#links(SESSION, sess, copy);
    for (const { target, connList, tid } of sess.srvList) {
      const entry = new SessSrvList(copy, this.#target(target.id));
      entry.tid = tid;
      for (const conn of connList.toArray()) entry.connList.append(this.#copyOf(conn).sessionList);
      copy.srvList.push(entry);
    }
    for (const conn of sess.owned.toArray()) copy.owned.append(this.#copyOf(conn).ownerLink);
  }

  #context(ctx: MuxContext): MuxContext {
    const copy = ctx.blank();
    const { fields } = ctx.mux;
    copierOf(fields)(ctx, copy);
    this.#links(fields, ctx, copy);
    for (const name of streamsOf(fields)) {
      for (const cs of Reflect.get(ctx, name)) Reflect.get(copy, name).push(this.#copyOf(cs));
    }
    return copy;
  }

  #links(fields: Fields, from: object, to: object): void {
    for (const name of linksOf(fields)) {
      const linked: Linked | null = Reflect.get(from, name);
      Reflect.set(to, name, linked && this.#copyOf(linked));
    }
  }
}

/** The copy with the values of the original, links left out. */
function copied<Copy extends object>(fields: Fields, from: Copy, copy: Copy): Copy {
  copierOf(fields)(from, copy);
  return copy;
}
