import type { TraceEvent } from '../../format/index.ts';
import type { Course } from '../course/realise.ts';
import type { Act } from '../course/stage.ts';

/** What clients and servers do by themselves. */
const OVERTAKES: ReadonlySet<string> = new Set<TraceEvent['event']>([
  'connect_server',
  'http_wait_for_response',
  'detach',
  'session_free',
  'mux_release',
  'conn_update',
  'conn_io',
]);

/**
 * Whether something may come to HAProxy before it is done with a stream: its client has the whole
 * answer some moments earlier.
 *
 * @param sess of the stream; over a connection of HTTP/1 its client asks for the next one later
 */
export function mayOvertake({ sessions }: Course, sess: string, next: Act | undefined): boolean {
  if (next === undefined || !OVERTAKES.has(next.event.event)) return false;
  const isOwn = 'sess' in next.event && next.event.sess === sess;
  return !isOwn || sessions.get(sess)?.protocol === 'h2';
}
