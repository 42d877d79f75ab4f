import { type ConnView, isLeaked } from '../engine/view/view.ts';
import type { ListName } from '../state/told.ts';
import type { SegmentState } from './picture.ts';

const BY_LIST: Readonly<Record<ListName, SegmentState>> = {
  idle: 'idle',
  safe: 'safe',
  available: 'available',
  toremove: 'to be removed',
};

/** Whether the mux, or the handshake, of a connection is still to come. */
export function isWaiting({ mux, io }: Pick<ConnView, 'mux' | 'io'>): boolean {
  return mux === null || io.includes('WAIT_XPRT');
}

/** Whether a connection waits for somebody to use it, as only one does that has served. */
export function isIdle({ streams, orphans, list, flags }: ConnView): boolean {
  if (streams.length > 0 || orphans.length > 0) return false;
  return list !== null || flags.includes('SESS_IDLE');
}

/**
 * How a connection that is alive is.
 *
 * @param isNew nothing has come over it, and it has not been idle yet. A trace need not tell when a
 *   handshake is over: what has served once is connecting no more
 */
export function stateOf(conn: ConnView, isNew: boolean): SegmentState {
  const { list, toremove, listed_in: lister, flags } = conn;
  if (conn.streams.length > 0 || conn.orphans.length > 0) {
    return isNew && isWaiting(conn) ? 'connecting' : 'in use';
  }
  if (toremove === true) return 'to be removed';
  if (list !== null) return BY_LIST[list];
  if (lister !== null) return flags.includes('SESS_IDLE') ? 'session idle' : 'session list';
  return isLeaked(conn) ? 'leaked' : 'in use';
}
