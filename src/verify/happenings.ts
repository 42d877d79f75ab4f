import type { Act } from '../export/index.ts';

/** Something that is seen from outside, of the model or of the program: what it is, in words. */
export interface Happening {
  /** The same for the same thing, whatever a trace calls it. */
  readonly says: string;
  /** Line of the trace that it comes from; null where there is none. */
  readonly line: number | null;
  /** Place among the acts, from 0. */
  readonly act: number;
}

/**
 * What of a course of events is seen from outside, in its order: which client comes and goes, which
 * request takes which connection, new or not, when a request leaves it, and what is closed.
 *
 * @param pathOf the path of the request of a stream
 */
export function happeningsOf(
  acts: readonly Act[],
  pathOf: (strm: string) => string,
): readonly Happening[] {
  // A client that asks for nothing leaves no trace in what HAProxy prints.
  const asking = new Set(
    acts.flatMap(({ event }) => (event.event === 'connect_server' ? [event.sess] : [])),
  );
  const clients = new Map<string, number>();
  const found: Happening[] = [];
  for (const [at, act] of acts.entries()) {
    const tell = (says: string): void => {
      found.push({ says, line: act.line, act: at });
    };
    const { event, conn, isReused } = act;
    switch (event.event) {
      case 'session_new':
        if (!asking.has(event.sess)) break;
        clients.set(event.sess, clients.size + 1);
        tell(`client ${clients.size} comes`);
        break;
      case 'connect_server': {
        const how = isReused ? '' : 'a new one, ';
        tell(`request ${pathOf(event.strm)} takes ${how}connection ${(conn ?? -1) + 1}`);
        break;
      }
      case 'detach':
        tell(`request ${pathOf(event.strm)} leaves its connection`);
        break;
      case 'session_free':
        if (clients.has(event.sess)) tell(`client ${clients.get(event.sess)} goes`);
        break;
      default:
        break;
    }
    for (const number of [...act.freed].sort((one, other) => one - other)) {
      tell(`connection ${number + 1} is closed`);
    }
  }
  return found;
}
