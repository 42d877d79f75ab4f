import type { TraceEvent } from '../../format/index.ts';

/** How the client of a session speaks: one request after the other, or several at a time. */
export type ClientProtocol = 'h1' | 'h2';

/** What its client has to be for a session to take the course that the trace tells. */
export interface SessionCourse {
  readonly fe: string;
  readonly protocol: ClientProtocol;
  /** The streams in the order in which they connect. */
  readonly streams: readonly string[];
  /** How many of them are there at a time. */
  readonly mostAtOnce: number;
}

interface Draft {
  readonly fe: string;
  readonly streams: string[];
  readonly attached: Set<string>;
  mostAtOnce: number;
  /** Of the first stream: it counts as a later request, as all of HTTP/2 do. */
  firstIsLater: boolean;
}

/**
 * The sessions of a trace with the protocol that their clients have to speak: HTTP/2 where two
 * streams are attached at a time, or where the first one counts as a later request already, as all
 * streams of HTTP/2 do.
 */
export function sessionCourses(events: readonly TraceEvent[]): Map<string, SessionCourse> {
  const drafts = new Map<string, Draft>();
  const sessionOf = new Map<string, Draft>();
  for (const event of events) {
    if (event.event === 'session_new') {
      const draft: Draft = {
        fe: event.fe,
        streams: [],
        attached: new Set(),
        mostAtOnce: 0,
        firstIsLater: false,
      };
      drafts.set(event.sess, draft);
    } else if (event.event === 'connect_server') {
      const draft = drafts.get(event.sess);
      if (draft === undefined) continue;
      if (draft.streams.length === 0) draft.firstIsLater = event.not_first === true;
      if (!draft.streams.includes(event.strm)) draft.streams.push(event.strm);
      draft.attached.add(event.strm);
      draft.mostAtOnce = Math.max(draft.mostAtOnce, draft.attached.size);
      sessionOf.set(event.strm, draft);
    } else if (event.event === 'detach') sessionOf.get(event.strm)?.attached.delete(event.strm);
  }
  return new Map(
    [...drafts].map(([sess, { fe, streams, mostAtOnce, firstIsLater }]) => [
      sess,
      { fe, streams, mostAtOnce, protocol: mostAtOnce > 1 || firstIsLater ? 'h2' : 'h1' },
    ]),
  );
}
