import type { TraceEvent } from '../../format/index.ts';

/**
 * Which session each stream is of, and which thread each session runs on, as events come: HAProxy
 * never changes that. A trace that keeps to it has to keep to it when it gets smaller, or it shows
 * what cannot happen.
 */
export class Affinities {
  readonly #threads = new Map<string, number>();
  /** The session of each stream. */
  readonly #sessions = new Map<string, string>();

  /** The session that an event is about; null for one that is about none. */
  sessionOf(event: TraceEvent): string | null {
    if ('sess' in event) return event.sess;
    return 'strm' in event ? (this.#sessions.get(event.strm) ?? null) : null;
  }

  /** Takes the next event; false when its stream was another session’s, or its thread differs. */
  agrees(event: TraceEvent): boolean {
    if ('sess' in event && 'strm' in event) {
      const before = this.#sessions.get(event.strm) ?? event.sess;
      if (before !== event.sess) return false;
      this.#sessions.set(event.strm, event.sess);
    }
    const sess = this.sessionOf(event);
    if (sess === null) return true;
    const { thread = 0 } = event;
    const known = this.#threads.get(sess) ?? thread;
    this.#threads.set(sess, known);
    return known === thread;
  }
}

/** Whether every stream of a trace keeps to one session, and every session to one thread. */
export function keepsAffinities(events: readonly TraceEvent[]): boolean {
  const affinities = new Affinities();
  return events.every((event) => affinities.agrees(event));
}

/** The events with all of one session on the first thread. */
export function onFirstThread(events: readonly TraceEvent[], sess: string): TraceEvent[] {
  const affinities = new Affinities();
  return events.map((event) => {
    affinities.agrees(event);
    if (affinities.sessionOf(event) !== sess || event.thread === undefined) return event;
    const { thread: _, ...rest } = event;
    return rest;
  });
}
