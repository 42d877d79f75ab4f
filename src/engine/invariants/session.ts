import { CO_FL_SESS_IDLE } from '../objects/connection-t.ts';
import type { Session } from '../objects/session-t.ts';
import { isAlone } from './broken-by-connection.ts';
import type { InvariantOf } from './invariant.ts';

const IDLE_COUNT = 1 << 0;
const IDLE_LIMIT = 1 << 1;
const ENTRY_NOT_EMPTY = 1 << 2;

/** What a session lists, counted. */
function countListed(sess: Session): { marked: number; idle: number; empty: number } {
  let marked = 0;
  let idle = 0;
  let empty = 0;
  for (const { connList } of sess.srvList) {
    if (connList.first === null) empty++;
    for (let node = connList.first; node; node = node.next) {
      if (node.conn.has(CO_FL_SESS_IDLE)) marked++;
      if (isAlone(node.conn)) idle++;
    }
  }
  return { marked, idle, empty };
}

/** The invariants of sessions. */
export const SESS_INVARIANTS: readonly InvariantOf<Session>[] = [
  {
    bit: IDLE_COUNT,
    name: 'idle-count',
    says: 'The idle count of a session is the number of connections in its list marked idle.',
    source: 'V8; B2, B17, B27',
    severity: 'broken',
    since: null,
    tells: (sess) =>
      `${sess.id} counts ${sess.idleConns} idle, and lists ${countListed(sess).marked} marked`,
  },
  {
    bit: IDLE_LIMIT,
    name: 'idle-limit',
    says: 'A session lists no more connections without a stream than max-session-srv-conns.',
    source: 'V10, of the connections themselves and not of the count; B18',
    severity: 'broken',
    since: null,
    tells: (sess) =>
      `${sess.id} lists ${countListed(sess).idle} without a stream, and may keep ${sess.fe.maxOutConns}`,
  },
  {
    bit: ENTRY_NOT_EMPTY,
    name: 'entry-not-empty',
    says: 'A session has an entry for a target only while it lists a connection to it.',
    source: 'B2',
    severity: 'broken',
    since: null,
    tells: (sess) => `${sess.id} has an entry without a connection`,
  },
];

/** The invariants that a session breaks now, as bits. */
export function brokenBySess(sess: Session): number {
  if (sess.srvList.length === 0) return sess.idleConns === 0 ? 0 : IDLE_COUNT;
  const { marked, idle, empty } = countListed(sess);
  let broken = 0;
  if (marked !== sess.idleConns) broken |= IDLE_COUNT;
  if (idle > sess.fe.maxOutConns) broken |= IDLE_LIMIT;
  if (empty > 0) broken |= ENTRY_NOT_EMPTY;
  return broken;
}
