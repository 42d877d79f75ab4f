import type { FlagName, ListName, MuxName, UpdateFlagName } from '../../format/index.ts';

/**
 * One connection as a report or an expectation sees it. Keys are those of the trace format;
 * `target`, `streams` and `io` are what the format leaves unsaid and a reader wants to know.
 */
export interface ConnView {
  /** Session id, `null`, or `s1!freed` when it dangles. */
  readonly owner: string | null;
  readonly flags: readonly FlagName[];
  /** Session whose server list holds the connection. */
  readonly listed_in: string | null;
  readonly list: ListName | null;
  readonly mux: MuxName | null;
  /** Both stream counts are `null` without a mux. */
  readonly used_streams: number | null;
  readonly avail_streams: number | null;
  /** `backend/server`, or a backend when there is no server. */
  readonly target: string;
  /** Streams attached now, oldest first; an orphan has left and is not among them. */
  readonly streams: readonly string[];
  /** Streams that left while blocked and that the mux still holds, oldest first. */
  readonly orphans: readonly string[];
  /** Flags that the outside world sets. */
  readonly io: readonly UpdateFlagName[];
}

/** One session as a report or an expectation sees it. */
export interface SessView {
  readonly idle_conns: number;
  readonly prefer_last: boolean;
  /** `[target, [connection, …]]` in list order. */
  readonly srv_list: readonly (readonly [string, readonly string[]])[];
}

/** One server as a report or an expectation sees it: lists of all threads in thread order. */
export interface SrvView {
  readonly idle: readonly string[];
  readonly safe: readonly string[];
  readonly available: readonly string[];
  readonly curr_idle_conns: number;
  readonly curr_idle_nb: number;
  readonly curr_safe_nb: number;
  readonly curr_used_conns: number;
  readonly max_used_conns: number;
  readonly est_need_conns: number;
}

/** Everything that is alive: sessions and connections in order of creation, all servers. */
export interface WorldView {
  readonly sess: ReadonlyMap<string, SessView>;
  readonly conn: ReadonlyMap<string, ConnView>;
  readonly srv: ReadonlyMap<string, SrvView>;
}

/** What a step did to one object; `null` is an object that did not exist yet, or that is freed. */
export type Change =
  | {
      readonly kind: 'conn';
      readonly id: string;
      readonly before: ConnView | null;
      readonly after: ConnView | null;
    }
  | {
      readonly kind: 'sess';
      readonly id: string;
      readonly before: SessView | null;
      readonly after: SessView | null;
    }
  | {
      readonly kind: 'srv';
      readonly id: string;
      readonly before: SrvView | null;
      readonly after: SrvView | null;
    };

/**
 * A connection that nothing will ever give back: alive, without a stream or an orphan, and in no
 * list.
 */
export function isLeaked(conn: ConnView): boolean {
  const held = conn.streams.length > 0 || conn.orphans.length > 0;
  return !held && conn.list === null && conn.listed_in === null;
}
