import type { TraceEvent } from '../format/index.ts';
import type { Placed } from './repairs/edit.ts';
import { connOf } from './repairs/scene.ts';

/** Up to where each connection is used, by places that stay what they were while events come and go. */
export class Uses {
  readonly #ranks = new Map<TraceEvent, number>();
  readonly #last = new Map<string, number>();

  constructor(events: readonly TraceEvent[]) {
    events.forEach((event, rank) => {
      this.#ranks.set(event, rank);
      if (event.event !== 'connect_server' || event.expect?.reused === false) return;
      const conn = connOf(event);
      if (conn !== null) this.#last.set(conn, rank);
    });
  }

  /** Whether a stream gets a connection that is there, at an event or behind it. */
  isUsedFrom(conn: string, event: TraceEvent): boolean {
    const last = this.#last.get(conn);
    return last !== undefined && last >= (this.#ranks.get(event) ?? Number.POSITIVE_INFINITY);
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
