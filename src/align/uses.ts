import type { TraceEvent } from '../format/index.ts';
import type { Placed } from './repairs/edit.ts';
import { connOf } from './repairs/scene.ts';

/** A stream of a session gets a connection that is there. */
interface Use {
  readonly rank: number;
  readonly sess: string;
}

/** When each connection is used, by places that stay what they were while events come and go. */
export class Uses {
  readonly #ranks = new Map<TraceEvent, number>();
  readonly #uses = new Map<string, Use[]>();

  constructor(events: readonly TraceEvent[]) {
    events.forEach((event, rank) => {
      this.#ranks.set(event, rank);
      if (event.event !== 'connect_server' || event.expect?.reused === false) return;
      const conn = connOf(event);
      if (conn === null) return;
      const use = { rank, sess: event.sess };
      const uses = this.#uses.get(conn);
      if (uses === undefined) this.#uses.set(conn, [use]);
      else uses.push(use);
    });
  }

  /** Whether a stream gets a connection that is there, at an event or behind it. */
  isUsedFrom(conn: string, event: TraceEvent): boolean {
    const last = this.#uses.get(conn)?.at(-1);
    return last !== undefined && last.rank >= this.#rankOf(event);
  }

  /** The sessions whose streams do. */
  sessionsFrom(conn: string, event: TraceEvent): ReadonlySet<string> {
    const from = this.#rankOf(event);
    const later = (this.#uses.get(conn) ?? []).filter(({ rank }) => rank >= from);
    return new Set(later.map(({ sess }) => sess));
  }

  #rankOf(event: TraceEvent): number {
    return this.#ranks.get(event) ?? Number.POSITIVE_INFINITY;
  }

  /** Events of a repair take the places of those beside them. */
  replace(behind: TraceEvent | undefined, changed: readonly Placed[]): void {
    let rank = behind === undefined ? 0 : (this.#ranks.get(behind) ?? 0);
    for (const { event } of changed.toReversed()) {
      const known = this.#ranks.get(event);
      if (known === undefined) this.#ranks.set(event, rank);
      else rank = known;
    }
  }
}
