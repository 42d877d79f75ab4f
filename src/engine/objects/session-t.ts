import type { Connection } from './connection-t.ts';
import { ConnList } from './list.ts';
import type { Frontend, Target } from './server-t.ts';

/** `struct sess_srv_list`: the connections of one session to one target. */
export class SessSrvList {
  readonly connList: ConnList;

  constructor(
    readonly sess: Session,
    readonly target: Target,
  ) {
    this.connList = new ConnList(null, null, this);
  }
}

/** `struct session` of include/haproxy/session-t.h: one client. */
export class Session {
  readonly kind = 'sess';
  /** Signed: a foreign owner can push it below zero. */
  idleConns = 0;
  /** SESS_FL_PREFER_LAST, never cleared. */
  preferLast = false;
  /** `srv_list`: one entry per target, in order of first insertion. */
  readonly srvList: SessSrvList[] = [];
  /** Streams of the session that hold a connection. */
  streams = 0;
  /** A tombstone: connections may still point here. */
  freed = false;
  touchedAt = 0;
  /** What the preference for the last server found and unmarked, until that stream connects. */
  preferred: { readonly conn: Connection; readonly strm: string } | null = null;
  /** Every connection whose owner it is, listed or not. HAProxy keeps no such list. */
  readonly owned = new ConnList(null, null, null);
  /** Invariants that do not hold, as bits; as of the last step that looked. */
  broken = 0;

  constructor(
    readonly id: string,
    readonly fe: Frontend,
  ) {}
}
