import { connCalculateHash, type Params } from '../../engine/functions/conn-key.ts';
import { FcgiConn } from '../../engine/functions/mux/mux-fcgi.ts';
import { H1c } from '../../engine/functions/mux/mux-h1.ts';
import { H2c } from '../../engine/functions/mux/mux-h2.ts';
import { MuxPtCtx } from '../../engine/functions/mux/mux-pt.ts';
import { Connection } from '../../engine/objects/connection-t.ts';
import { namesOf } from '../../engine/objects/fields/struct.ts';
import type { ConnList } from '../../engine/objects/list.ts';
import type { RuleSet } from '../../engine/objects/rule-set-t.ts';
import type { Frontend, Server, Target } from '../../engine/objects/server-t.ts';
import { Session } from '../../engine/objects/session-t.ts';
import type { ConnStream } from '../../engine/objects/stream-t.ts';
import { World } from '../../engine/objects/world.ts';
import type { Config } from '../../format/index.ts';
import { SERVER } from '../../state/server.ts';
import { WORLD } from '../../state/world.ts';
import { CONN_NAMES, SESS_NAMES } from './names.ts';
import { FREED, type Referred } from './refs.ts';

/** Empties an array and keeps its memory, which an assignment to its length would give back. */
export function drain(array: unknown[]): void {
  while (array.length > 0) array.pop();
}

/** A connection with the contexts that it can have, made once and used again. */
export interface PooledConn {
  readonly conn: Connection;
  readonly h1: H1c;
  readonly h2: H2c;
  readonly fcgi: FcgiConn;
  readonly pt: MuxPtCtx;
}

/** The lists of an object, thread by thread. */
function listsOf(
  fields: typeof SERVER | typeof WORLD,
  object: object,
  threads: number,
): ConnList[] {
  const names = namesOf(fields, 'lists');
  return Array.from({ length: threads }, (_, thread) =>
    names.map((name): ConnList | undefined => Reflect.get(object, name)?.[thread]),
  )
    .flat()
    .filter((list) => list !== undefined);
}

/**
 * One world of the engine that states are loaded into, one after the other, and the objects that
 * it is made of: making them anew for every state would take longer than the step itself.
 */
export class Side {
  readonly world: World;
  readonly frontends: readonly Frontend[];
  readonly servers: readonly Server[];
  /** Servers, then backends: what a connection can go to. */
  readonly targets: readonly Target[];
  /** Every list of the servers, one server after the other, and of the world. */
  readonly lists: readonly ConnList[];
  /** Numbers that servers have for each thread. */
  readonly counters: readonly number[][];
  /** Whether a server knows of the entries that sessions have for it. */
  readonly knowsEntries: boolean;
  /** Stands for every session that has ended and is still pointed to: nothing tells them apart. */
  readonly tombstone: Session;
  /** By target: stands for any connection that is freed and that a preference still points to. */
  readonly freedConns: readonly Connection[];
  /** The thread of each connection, by id; only with several threads. */
  readonly threads = new Map<string, number>();

  /** The state that is loaded, in the order of its slots. */
  readonly sessions: Session[] = [];
  /** Null where a connection lives on the other side only. */
  readonly conns: (Connection | null)[] = [];
  /** The connections that are not freed. */
  readonly live: Connection[] = [];
  /** Attached, or left while blocked; null where a stream is on the other side only. */
  readonly streams: (ConnStream | null)[] = [];
  /** Which of the streams have left while blocked. */
  readonly isOrphan: boolean[] = [];
  /** What references of the state stand for. */
  readonly referred: Referred;

  readonly #sessionPool: Session[] = [];
  readonly #connPool: PooledConn[] = [];

  /** @param params every request that may come: their keys have the same numbers in every world */
  constructor(config: Config, rules: RuleSet, params: readonly Params[] = []) {
    this.world = new World(config, rules);
    const { nbthread } = this.world;
    this.knowsEntries = rules.sessionConns.serversKnow;
    this.frontends = [...this.world.frontends.values()];
    this.servers = [...this.world.servers.values()];
    this.targets = [...this.servers, ...this.world.backends.values()];
    this.lists = [
      ...this.servers.flatMap((srv) => listsOf(SERVER, srv, nbthread)),
      ...listsOf(WORLD, this.world, nbthread),
    ];
    this.counters = this.servers.flatMap((srv) =>
      namesOf(SERVER, 'counters').map((name): number[] => Reflect.get(srv, name)),
    );
    const [fe] = this.frontends;
    const [target] = this.targets;
    if (!fe || !target) throw new RangeError('a world without a frontend or a backend');
    this.tombstone = new Session('freed', fe);
    this.tombstone.freed = true;
    this.freedConns = this.targets.map((to) => {
      const conn = new Connection('freed', to);
      conn.freed = true;
      return conn;
    });
    this.referred = {
      sess: Array.from({ length: FREED + 1 }, (_, ref) => (ref === FREED ? this.tombstone : null)),
      conn: Array.from({ length: FREED + 1 }, (_, ref) => {
        return ref === FREED ? (this.freedConns[0] as Connection) : null;
      }),
      freed: this.freedConns,
    };
    for (const to of this.targets) {
      for (const asked of params) connCalculateHash(this.world, to, asked);
    }
    // The search names every connection that may come to be: no other has that name.
    this.world.nameConnection = (_strm, claimed) => claimed ?? '';
  }

  /** The session of a slot, as some earlier state left it. */
  sessionOf(slot: number, fe: number): Session {
    const at = slot * this.frontends.length + fe;
    let sess = this.#sessionPool[at];
    if (!sess) {
      sess = new Session(SESS_NAMES[slot] ?? '', this.frontends[fe] ?? this.tombstone.fe);
      this.#sessionPool[at] = sess;
    }
    return sess;
  }

  /** The connection of a slot, as some earlier state left it. */
  connOf(slot: number, target: number): PooledConn {
    const at = slot * this.targets.length + target;
    let pooled = this.#connPool[at];
    if (!pooled) {
      const to = this.targets[target] as Target;
      const conn = new Connection(CONN_NAMES[slot] ?? '', to);
      const maxReuse = conn.srv?.maxReuse ?? -1;
      pooled = {
        conn,
        h1: new H1c(),
        h2: new H2c(0, maxReuse),
        fcgi: new FcgiConn(0, maxReuse, true),
        pt: new MuxPtCtx(),
      };
      this.#connPool[at] = pooled;
    }
    return pooled;
  }
}
