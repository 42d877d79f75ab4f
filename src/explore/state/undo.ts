import { FcgiConn } from '../../engine/functions/mux/mux-fcgi.ts';
import { H1c } from '../../engine/functions/mux/mux-h1.ts';
import { H2c } from '../../engine/functions/mux/mux-h2.ts';
import { MuxPtCtx } from '../../engine/functions/mux/mux-pt.ts';
import type { Connection } from '../../engine/objects/connection-t.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { MuxContext } from '../../engine/objects/mux-t.ts';
import type { Session } from '../../engine/objects/session-t.ts';
import { CONNECTION } from '../../state/connection.ts';
import type { Fields, Kind } from '../../state/field.ts';
import { H1C, MULTIPLEXED, MUX_PT_CTX } from '../../state/mux.ts';
import { SERVER } from '../../state/server.ts';
import { SESSION } from '../../state/session.ts';
import { CONN_STREAM } from '../../state/stream.ts';
import { drain } from './side.ts';

/*
 * What objects of the engine were like, to make them so again. Each memory is used for one object
 * after the other: nothing is allocated once the arrays have grown to what a world needs.
 */

/** Remembers an object of one kind. */
interface Memory {
  save(object: object): void;
  restore(object: object): void;
}

/** Makes an array hold what another one holds. */
function refill<Thing>(to: Thing[], from: readonly Thing[]): void {
  while (to.length > from.length) to.pop();
  for (let at = 0; at < from.length; at++) to[at] = from[at] as Thing;
}

/** How a field is kept: as a value, as the members of an array, or elsewhere. */
const KEPT: { readonly [K in Kind]: 'value' | 'members' | null } = {
  flags: 'value',
  boolean: 'value',
  counter: 'value',
  signed: 'value',
  thread: 'value',
  time: 'value',
  text: 'value',
  note: 'value',
  link: 'value',
  context: 'value',
  counters: 'members',
  entries: 'members',
  streams: 'members',
  // Put back by the lists themselves.
  node: null,
  list: null,
  lists: null,
  objects: null,
  hook: null,
};

/** Compiles the class of what remembers objects with these fields: a line for each, both ways. */
function memoryOf(fields: Fields): new () => Memory {
  const kept = (how: 'value' | 'members'): string[] =>
    Object.keys(fields).filter((name) => KEPT[(fields[name] as Fields[string]).kind] === how);
  const values = kept('value');
  const members = kept('members');
  const body = `return class {
    constructor() {
      ${values.map((name) => `this.${name} = null;`).join(' ')}
      ${members.map((name) => `this.${name} = [];`).join(' ')}
    }
    save(object) {
      ${values.map((name) => `this.${name} = object.${name};`).join(' ')}
      ${members.map((name) => `refill(this.${name}, object.${name});`).join(' ')}
    }
    restore(object) {
      ${values.map((name) => `object.${name} = this.${name};`).join(' ')}
      ${members.map((name) => `refill(object.${name}, this.${name});`).join(' ')}
    }
  };`;
  return new Function('refill', body)(refill) as new () => Memory;
}

const OfConnection = memoryOf(CONNECTION);
const OfH1 = memoryOf(H1C);
const OfMultiplexed = memoryOf(MULTIPLEXED);
const OfPt = memoryOf(MUX_PT_CTX);
const OfSession = memoryOf(SESSION);

/** A server but for its lists. */
export const ServerMemory = memoryOf(SERVER);
/** A stream. */
export const StreamMemory = memoryOf(CONN_STREAM);

/** A connection with the context of its mux, but for the lists that it is in. */
export class ConnMemory {
  readonly #conn = new OfConnection();
  readonly #h1 = new OfH1();
  readonly #multiplexed = new OfMultiplexed();
  readonly #pt = new OfPt();

  save(conn: Connection): void {
    this.#conn.save(conn);
    if (conn.ctx) this.#of(conn.ctx)?.save(conn.ctx);
  }

  restore(conn: Connection): void {
    this.#conn.restore(conn);
    if (conn.ctx) this.#of(conn.ctx)?.restore(conn.ctx);
  }

  #of(ctx: MuxContext): Memory {
    if (ctx instanceof H1c) return this.#h1;
    if (ctx instanceof H2c || ctx instanceof FcgiConn) return this.#multiplexed;
    if (ctx instanceof MuxPtCtx) return this.#pt;
    throw new Error(`a mux that states do not know: ${ctx.mux.name}`);
  }
}

/** The connections of a list, in their order. */
export class ListMemory {
  readonly #conns: Connection[] = [];

  save(list: ConnList): void {
    drain(this.#conns);
    for (let node = list.first; node; node = node.next) this.#conns.push(node.conn);
  }

  /** Appends them again, to a list that was emptied as all others that may hold them. */
  restore(list: ConnList): void {
    for (let at = 0; at < this.#conns.length; at++) {
      list.append(list.nodeOf(this.#conns[at] as Connection));
    }
  }
}

/** A session with its lists. */
export class SessionMemory {
  readonly #sess = new OfSession();
  readonly #lists: ListMemory[] = [];

  save(sess: Session): void {
    this.#sess.save(sess);
    const { srvList } = sess;
    for (let at = 0; at < srvList.length; at++) {
      this.#lists[at] ??= new ListMemory();
      this.#lists[at]?.save((srvList[at] as (typeof srvList)[number]).connList);
    }
  }

  restore(sess: Session): void {
    this.#sess.restore(sess);
  }

  /** Fills the lists of a session that was restored. */
  restoreLists({ srvList }: Session): void {
    for (let at = 0; at < srvList.length; at++) {
      this.#lists[at]?.restore((srvList[at] as (typeof srvList)[number]).connList);
    }
  }
}
