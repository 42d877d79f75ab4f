import type { Back, Front, Mux, Sess } from './state/objects.ts';
import type { Story } from './story.ts';

/*
 * What the end of a stream puts right: its log line, its server's side and its client's side follow
 * each other on its thread.
 */

/** A session that its log lines told of turns out to be that of a mux. */
export function joinTold(s: Story, mux: Mux, known: Sess): void {
  const own = mux.sess?.real ?? null;
  if (own === null || own.isSeen || own.client !== null) return;
  s.joinSessions(own, known.real);
}

/** Whether the log line of a stream is its own beyond doubt: by its request, or its client. */
function isNamed({ log, request, sess }: Front): boolean {
  if (log === null) return false;
  const isRequest = request !== null && request === log.request;
  return (
    isRequest || (log.client !== null && sess.real.client === log.client && sess.real.ended > 0)
  );
}

/** The end is right: what was taken for the connect of one stream is that of the other. */
export function exchange(left: Back, front: Front): void {
  if (left.connect.isWritten) return;
  const other = left.front;
  // Its log line has said whose it is: what was lost is the end of the client's side.
  if (isNamed(other)) return;
  const back = front.back;
  left.front = front;
  front.connects++;
  other.connects--;
  if (back !== null && !back.connect.isWritten) {
    back.front = other;
    front.back = null;
    other.back = back;
    other.connects++;
    front.connects--;
  }
}

/** A stream whose own side was not seen when it connected turns out to be this one. */
export function adoptFront(left: Back, front: Front): void {
  if (left.connect.isWritten || front.connects > 0) return;
  const ghost = left.front;
  const { intro } = ghost.sess.real;
  if (ghost.log !== null && front.log === null) {
    front.log = ghost.log;
    front.logLine = ghost.logLine;
  }
  left.front = front;
  front.connects++;
  left.connect.certainty = 'inferred';
  if (intro !== null && !intro.isWritten && ghost.sess.client === null) intro.isDropped = true;
}
