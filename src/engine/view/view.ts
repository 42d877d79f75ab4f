import type { CONNECTION, CONNECTION_UNSAID } from '../../state/connection.ts';
import type { ViewOf } from '../../state/field.ts';
import type { SERVER } from '../../state/server.ts';
import type { SESSION } from '../../state/session.ts';

/** One connection as a report or an expectation sees it. */
export type ConnView = ViewOf<typeof CONNECTION, typeof CONNECTION_UNSAID>;

/** One session as a report or an expectation sees it. */
export type SessView = ViewOf<typeof SESSION>;

/** One server as a report or an expectation sees it: lists of all threads in thread order. */
export type SrvView = ViewOf<typeof SERVER>;

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
