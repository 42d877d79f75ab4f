import type { Here, Story } from './story.ts';

/** Why, as the trace says it: how many descriptors were in use no line tells. */
const REASON = 'destroyed as a stream connects';

/**
 * Connections that were destroyed from outside right before a stream got a new one, with no other
 * line of the thread in between: no pass of the purge, but room that the connect made as file
 * descriptors ran short, or as the server had as many connections as it may.
 *
 * @param place where the stream looked for a connection
 */
export function makeRoom(s: Story, here: Here, place: number): void {
  const { purge } = here.thread;
  if (purge === null || purge.destroys.isWritten) return;
  here.thread.purge = null;
  for (const draft of [...purge.cleanups, purge.destroys]) draft.isDropped = true;
  const { first, last } = purge.destroys;
  for (const conn of purge.conns) {
    const draft = s.draft(
      here,
      'inferred',
      (names) => ({ event: 'mux_release', conn: names.conn(conn), reason: REASON }),
      { place, lines: [first, last] },
    );
    draft.frees.add(conn);
  }
}
