import type { KeptName } from '../../state/told.ts';
import type { Connection } from './connection-t.ts';
import type { Server, Target } from './server-t.ts';
import type { Session } from './session-t.ts';
import type { World } from './world.ts';

/*
 * The mechanisms that releases replace as a whole. Each has one interface here, which the modelled
 * functions call through `w.rules`, and an implementation per file in src/engine/mechanisms/. What
 * differs in one place only is a choice: src/engine/rule-sets/choices/.
 */

/** What every implementation of a mechanism tells about itself. */
export interface Implementation {
  /** HAProxy's name for it: of its structure or function. */
  readonly name: string;
  /** How it works, in one sentence. */
  readonly says: string;
  /** Ids of the rules that can decide only under it, or under another that names them. */
  readonly rules: readonly string[];
  /**
   * What it keeps of an object that others do not, by the names that it is told by; `toremove`: a
   * removal list that the places of the pool know nothing of.
   */
  readonly keeps?: readonly KeptName[];
}

/** How a session keeps its connections: include/haproxy/session.h. */
export interface SessionConns extends Implementation {
  /**
   * session_add_conn.
   *
   * @returns false when the entry for the target cannot be allocated; true does not imply that
   * the connection is listed in this session
   */
  sessionAddConn(w: World, sess: Session | null, conn: Connection): boolean;
  /**
   * session_unown_conn. `sess` is the owner, which need not be the session whose list holds the
   * connection.
   */
  sessionUnownConn(w: World, sess: Session | null, conn: Connection): void;
  /**
   * session_check_idle_conn.
   *
   * @returns false when the session keeps enough idle connections: this one is freed
   */
  sessionCheckIdleConn(w: World, sess: Session | null, conn: Connection): boolean;
  /** What session_free does with the connections that the session lists. */
  freeListed(w: World, sess: Session): void;
}

/** How a server keeps the connections that others may use, by thread. */
export interface Pool extends Implementation {
  /** Whether connections are kept, and looked for, by key. */
  readonly isKeyed: boolean;
  /** Whether who has to go is chosen by the order of keys, which a trace can only claim. */
  readonly choosesByKey: boolean;
  /** Whether the server has places for idle connections at all. */
  hasPlaces(srv: Server): boolean;
  /** Whether nothing idle, or nothing safe, is kept on a thread. */
  isEmpty(srv: Server, thread: number, isSafe: boolean): boolean;
  /** The idle or safe connection that is taken first from a thread by a request of some key. */
  first(srv: Server, thread: number, isSafe: boolean, key: number): Connection | null;
  /** The one that is taken after it, from the same place. */
  next(conn: Connection): Connection | null;
  /** The available connection that a request of some key joins first on a thread. */
  firstAvailable(srv: Server, thread: number, key: number): Connection | null;
  /** Puts a connection, which is in no place, last among the idle or safe ones of the thread. */
  addIdle(w: World, srv: Server, conn: Connection, isSafe: boolean): void;
  /** Puts it among the available ones of the thread: it has just been made or taken. */
  addAvailable(w: World, srv: Server, conn: Connection): void;
  /** The same, for one that a stream has left while others stay. */
  returnAvailable(w: World, srv: Server, conn: Connection): void;
  /** The connection of a thread that file descriptor pressure costs the server. */
  victim(w: World, srv: Server, thread: number, isOwn: boolean): Connection | null;
  /**
   * srv_migrate_conns_to_remove, src/server.c: moves idle and safe connections of a thread to the
   * end of its removal list, in the order in which the server has to lose them. Flags and counters
   * stay.
   *
   * @param quota how many at most
   * @returns how many were moved
   */
  migrate(w: World, srv: Server, thread: number, quota: number): number;
  /** The same for all that the thread keeps. */
  migrateAll(w: World, srv: Server, thread: number): void;
}

/** A stream looks for a connection. */
export interface Wanted {
  readonly sess: Session;
  readonly target: Target;
  /** The number of the key that its connection has to have. */
  readonly key: number;
  /** The reuse mode that applies: one of the `REUSE_*` values. */
  readonly mode: number;
  /** TX_NOT_FIRST: not the first request of its client. */
  readonly notFirst: boolean;
}

/** What a stream has found. */
export interface Find {
  readonly conn: Connection | null;
  /** It was idle (`reuse_orphan`), neither in the available nor in the session's list. */
  readonly wasIdle: boolean;
  /** An idle list was asked, so whatever serves now was not counted as used before. */
  readonly wasUnused: boolean;
}

/** How connect_server, src/backend.c, looks a connection up. */
export interface Lookup extends Implementation {
  find(w: World, wanted: Wanted): Find;
  /** What is left to do about the idle mark of a connection of the session that was found. */
  dropIdleMark(w: World, conn: Connection): void;
}

/** How a server counts its connections in use: curr_used_conns, max_used_conns, est_need_conns. */
export interface UsedCount extends Implementation {
  /** Whether private connections are among those that it counts. */
  readonly countsPrivate: boolean;
  /** conn_new has made it. */
  onNew(w: World, conn: Connection): void;
  /** conn_backend_get has taken it from the pool. */
  onGet(w: World, srv: Server, conn: Connection): void;
  /** connect_server serves a stream with it, which was not counted as used before. */
  onServe(w: World, srv: Server, conn: Connection): void;
  /** tcpcheck_eval_connect has made it. */
  onCheck(w: World, srv: Server, conn: Connection): void;
  /** conn_set_private has been called, and it was not private before. */
  onPrivate(w: World, conn: Connection): void;
  /** conn_free is about to free it; `wasListed`: a session has just given it up. */
  onFree(w: World, conn: Connection, wasListed: boolean): void;
}

/** How the purge of idle connections is reckoned and scheduled: src/server.c. */
export interface Purge extends Implementation {
  /** srv_add_to_idle_list has pooled a connection of the server, which was touched. */
  schedule(w: World, srv: Server): void;
  /**
   * srv_cleanup_idle_connections for one server: what exceeds the need is to go.
   *
   * @throws Impossible when no pass can come over the server now
   */
  cleanupIdle(w: World, srv: Server): void;
  /** srv_cleanup_connections: all is to go. */
  cleanupAll(w: World, srv: Server): void;
}

/** The mechanisms that a rule set chooses, one implementation of each. */
export interface Mechanisms {
  readonly sessionConns: SessionConns;
  readonly pool: Pool;
  readonly lookup: Lookup;
  readonly usedCount: UsedCount;
  readonly purge: Purge;
}
